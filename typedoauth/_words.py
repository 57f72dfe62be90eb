"""A server's own words, made safe to put into an exception or a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast

_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e\u00a1-\ud7ff\ue000-\ufffd]+")
_LONGEST: Final = 500
_SHORTEST_SECRET: Final = 6


def printable(text: str, secrets: Iterable[str] = (), *, longest: int = _LONGEST) -> str:
    """One line of at most *longest* characters in which no secret stands."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[hidden]")
    return _UNPRINTABLE.sub(" ", text)[:longest].strip()


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
    return (
        printable(error, secrets, longest=100) if isinstance(error, str) and error else None,
        printable(description, secrets) if isinstance(description, str) else None,
        printable(uri, secrets) if isinstance(uri, str) and uri.startswith("http") else None,
    )
