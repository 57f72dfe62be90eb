"""Strict reading of JSON that a counterpart sent (RFC 8259)."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isinf
from typing import Final, NoReturn, cast

from typedoauth.errors import MalformedResponseError

_BROKEN: Final = object()
_BLANK: Final = " \t\n\r"


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member occurs twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise ValueError("a number is beyond all measure")
    return number


# Made once: json.loads() would make one for each document.
_read: Final[Callable[[str], tuple[object, int]]] = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
).raw_decode


def _load(content: bytes) -> object:
    try:
        text = content.decode().removeprefix("\ufeff").strip(_BLANK)
        value, end = _read(text)
        if end != len(text):
            return _BROKEN
        if "\\" in text and ("\\ud" in text or "\\uD" in text):
            # Half a surrogate pair, which no store and no request could take (RFC 8259 8.2).
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return _BROKEN
    return value


def parse_object(content: bytes, what: str) -> dict[str, object]:
    """Parse *content* as one JSON object.

    Members that occur twice, NaN and infinities, halves of surrogate pairs and
    text that is not UTF-8 are refused: two readers would understand them
    differently.
    """
    value = _load(content)
    # Raised out here: the parser's own error holds the document, and with it a token.
    if value is _BROKEN:
        raise MalformedResponseError(f"{what} is not a valid JSON document")
    if not isinstance(value, dict):
        raise MalformedResponseError(f"{what} is JSON, but not an object")
    return cast("dict[str, object]", value)  # json.loads makes no other keys than text
