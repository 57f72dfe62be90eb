"""A server's own words, made safe to put into an exception or a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast
from urllib.parse import quote

_LONGEST: Final = 500
_LONGEST_CODE: Final = 100
_SHORTEST_SECRET: Final = 6
_HIDDEN: Final = "[hidden]"


def _spellings(secrets: Iterable[str]) -> list[str]:
    """Every form in which a server may quote a secret; the longest first, whole before part."""
    found: set[str] = set()
    for one in secrets:
        quoted = quote(one, safe="", errors="replace")
        found.update((one, quoted, quoted.replace("%20", "+")))
    return sorted(found - {""}, key=len, reverse=True)


def _without(text: str, spellings: Iterable[str]) -> str:
    for secret in spellings:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, _HIDDEN)
        else:
            # A short one stands in many a word; on its own it is hidden all the same.
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _HIDDEN, text)
    return text


def printable(text: str, secrets: Iterable[str] = (), *, longest: int = _LONGEST) -> str:
    """One line of at most *longest* characters in which no secret stands."""
    shown = _without(text, _spellings(secrets))[:longest]
    # isprintable() also knows what reverses or hides text: U+202E, U+200B, U+2028, ...
    return " ".join("".join([one if one.isprintable() else " " for one in shown]).split())


def server_error_words(
    document: Mapping[str, object], secrets: Iterable[str] = ()
) -> tuple[str | None, str | None, str | None]:
    """Read ``error``, ``error_description`` and ``error_uri`` (RFC 6749 4.1.2.1, 5.2).

    An ``error`` that is an object, as some services send, gives its ``type`` or
    ``code`` and its ``message``.
    """
    secrets = list(secrets)
    error, description = document.get("error"), document.get("error_description")
    uri = document.get("error_uri")
    if isinstance(error, Mapping):
        details = cast("Mapping[object, object]", error)  # only read by key, each value checked
        description = description or details.get("message")
        kind = details.get("type") or details.get("code")
        error = str(kind) if isinstance(kind, str | int) else "invalid_request"
    web = isinstance(uri, str) and uri.startswith(("https://", "http://"))
    return (
        printable(error, secrets, longest=_LONGEST_CODE) or "invalid_request"
        if isinstance(error, str) and error
        else None,
        printable(description, secrets) if isinstance(description, str) else None,
        printable(uri, secrets) if isinstance(uri, str) and web else None,
    )
