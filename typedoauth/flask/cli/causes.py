"""Why a store failed: what the driver of the database, or of Redis, said first."""

from __future__ import annotations

import re
from typing import Final

from typedoauth.errors import OAuthError, StoreError

__all__ = ["explained"]

_LONGEST: Final = 200
_POINTER: Final = "; see the cause of this error"
_LIBRARIES: Final = ("sqlalchemy", "redis")
_MYSQL_SYNTAX: Final = 1064  # its message repeats the statement, with the values in it
# Errors of other names may repeat a value that was to be kept.
_TELLING: Final = frozenset(
    {
        *["DatabaseError", "InterfaceError", "InternalError", "OperationalError"],
        *["ProgrammingError", "TimeoutError"],
        *["AuthenticationError", "AuthorizationError", "BusyLoadingError", "ConnectionError"],
        *["MaxConnectionsError", "NoPermissionError", "OutOfMemoryError", "ReadOnlyError"],
    }
)
# Of a URL that was misread, a part of the password may stand before the @ of the host.
_CREDENTIALS: Final = re.compile(r"[^\s'\"]+@")


def explained(error: OAuthError) -> str:
    """Describe an error, with what the database or Redis said where one failed.

    Args:
        error: What was raised.

    Returns:
        A text for a person, without a password.
    """
    said = error.description or error.error
    reason = _reason(error.__cause__) if isinstance(error, StoreError) else ""
    return f"{said.removesuffix(_POINTER)}: {reason}" if reason else said


def _reason(cause: BaseException | None) -> str:
    kind = type(cause)
    if kind.__module__.partition(".")[0] not in _LIBRARIES or kind.__name__ not in _TELLING:
        return ""
    original: object = getattr(cause, "orig", None)
    driver = original if isinstance(original, BaseException) else cause
    parts: tuple[object, ...] = () if driver is None else driver.args
    if not parts or parts[0] == _MYSQL_SYNTAX:
        return ""
    text = str(parts[-1])  # MySQL's number stands before it
    line = next(iter(text.strip().splitlines()), "")
    if "password=" in line.replace(" ", "").lower():
        return ""
    shown = "".join(one for one in _CREDENTIALS.sub("…@", line) if one.isprintable())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
