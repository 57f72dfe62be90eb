"""Strict reading of JSON that a counterpart sent (RFC 8259)."""

from __future__ import annotations

import json
from typing import NoReturn, cast

from typedoauth.errors import MalformedResponseError


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member occurs twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def parse_object(content: bytes, what: str) -> dict[str, object]:
    """Parse *content* as one JSON object.

    Members that occur twice, NaN and infinities, and text that is not UTF-8 are
    refused: two readers would understand them differently.
    """
    try:
        value: object = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError):
        # No cause: its text quotes the document, which may hold a token.
        raise MalformedResponseError(f"{what} is not a valid JSON document") from None
    if not isinstance(value, dict):
        raise MalformedResponseError(f"{what} is JSON, but not an object")
    return cast("dict[str, object]", value)  # json.loads makes no other keys than text
