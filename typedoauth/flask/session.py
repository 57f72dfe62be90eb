"""The open logins of one browser, as Flask's session holds them."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Final, TypeAlias, cast

from flask.sessions import SessionMixin

from typedoauth.errors import ConfigurationError

__all__ = ["Details", "Entry", "Logins"]

SESSION_KEY: Final = "_typedoauth"
_MOST_BYTES: Final = 700  # compressed as Flask does; encoded and signed it is under 1 KiB
_MOST_OPEN: Final = 8
_MOST_USED: Final = 3
_as_json: Final = json.JSONEncoder(separators=(",", ":")).encode

Details: TypeAlias = dict[str, object]
Entry: TypeAlias = tuple[str, str, int, Details]
"""State, client name, expiry in seconds since the epoch, details."""


def mark(state: str) -> str:
    """A short mark of a state that has been answered."""
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class Logins:
    """The session's part: entries, marks of those that were answered, the browser's id."""

    __slots__ = ("_session", "browser", "entries", "used")

    def __init__(self, session: SessionMixin) -> None:
        self._session = session
        kept: object = session.get(SESSION_KEY)
        members = cast("dict[str, object]", kept) if isinstance(kept, dict) else {}
        self.entries: list[Entry] = _entries(members.get("p"))
        used = members.get("u")
        marks = cast("list[object]", used) if isinstance(used, list) else []
        self.used: list[str] = [one for one in marks if isinstance(one, str)]
        browser = members.get("b")
        self.browser: str | None = browser if isinstance(browser, str) else None

    def find(self, state: str, name: str) -> Entry | None:
        """The open login of that state and client, if there is one."""
        found = [entry for entry in self.entries if entry[:2] == (state, name)]
        return found[0] if found else None

    def was_used(self, state: str) -> bool:
        """Whether a login of that state was answered a short while ago."""
        return mark(state) in self.used

    def add(self, entry: Entry) -> list[Entry]:
        """Add an entry and save.

        Args:
            entry: One login.

        Returns:
            The oldest ones, which had to go.

        Raises:
            ConfigurationError: The entry alone is too large for a cookie.
        """
        self.entries = [one for one in self.entries if one[:2] != entry[:2]]
        self.entries.append(entry)
        dropped: list[Entry] = []
        while len(self.entries) > 1 and (len(self.entries) > _MOST_OPEN or not self._fits()):
            dropped.append(self.entries.pop(0))
        if len(self.entries) == 1 and not self._fits():
            raise ConfigurationError(
                f"a login's redirect_uri, data= and secrets take more than {_MOST_BYTES} bytes, "
                "too much for a cookie; pass less, or give OAuth a cache="
            )
        self._save()
        return dropped

    def remove(self, entry: Entry, *, used: bool) -> None:
        """Take an entry out.

        Args:
            entry: One that :meth:`find` gave.
            used: Whether to remember that it was answered.
        """
        self.entries.remove(entry)
        if used:
            self.used = [*self.used, mark(entry[0])][-_MOST_USED:]
        self._save()

    def _members(self) -> dict[str, object]:
        members: dict[str, object] = {
            "p": [list(one) if one[3] else list(one[:3]) for one in self.entries],
            "u": self.used,
            "b": self.browser,
        }
        return {name: value for name, value in members.items() if value}

    def _fits(self) -> bool:
        text = _as_json(self._members())  # ASCII
        return len(text) <= _MOST_BYTES or len(zlib.compress(text.encode())) <= _MOST_BYTES

    def _save(self) -> None:
        self._session[SESSION_KEY] = self._members()


def _entries(value: object) -> list[Entry]:
    found: list[Entry] = []
    for one in cast("list[object]", value) if isinstance(value, list) else []:
        parts = cast("list[object]", one) if isinstance(one, list) else []
        match parts:
            case [str() as state, str() as name, int() as expires]:
                found.append((state, name, expires, {}))
            case [str() as state, str() as name, int() as expires, dict()]:
                found.append((state, name, expires, cast("Details", parts[3])))
            case _:
                continue
    return found
