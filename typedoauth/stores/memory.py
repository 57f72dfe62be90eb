"""Credentials and tokens in the memory of this process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from typedoauth.protocols import Clock
from typedoauth.stores._documents import is_dead, summary
from typedoauth.tokens import AnyToken, StoredToken, TokenKey, TokenSummary

__all__ = ["MemoryCredentialStore", "MemoryTokenStore"]

_MOST_KEPT: Final = 10_000


class MemoryCredentialStore:
    """Keeps values until they are taken, have expired, or are the oldest of too many.

    Args:
        clock: Tells the time; ``time.time`` when left out.
        most: How many are kept at the most.
    """

    __slots__ = ("_clock", "_kept", "_lock", "_most")

    def __init__(self, *, clock: Clock = time.time, most: int = _MOST_KEPT) -> None:
        self._clock: Clock = clock
        self._most: int = most
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock: threading.Lock = threading.Lock()

    def put(self, key: str, value: str, expires: int, /) -> None:
        """Keep *value* under *key* for *expires* seconds.

        Args:
            key: A text that cannot be guessed.
            value: JSON text.
            expires: Seconds.
        """
        now = self._clock()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = value, now + expires
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def take(self, key: str, /) -> str | None:
        """Return what is kept under *key* and forget it, in one step.

        Args:
            key: The key it was put under.

        Returns:
            The value, or ``None`` when there is none, or it has expired.
        """
        now = self._clock()
        with self._lock:
            value, until = self._kept.pop(key, (None, now))
        return value if until > now else None


@dataclass(slots=True)
class _Row:
    token: AnyToken
    version: int
    updated_at: float
    holder: str = ""
    leased_until: float = 0.0


class MemoryTokenStore:
    """Keeps tokens in the memory of this process, for tests and scripts.

    Args:
        clock: Tells the time; ``time.time`` when left out.
        most: How many tokens are kept at the most; the one that was written first goes.
    """

    __slots__ = ("_clock", "_lock", "_most", "_rows", "_versions")

    def __init__(self, *, clock: Clock = time.time, most: int = 100_000) -> None:
        self._clock: Clock = clock
        self._most: int = most
        self._rows: OrderedDict[TokenKey, _Row] = OrderedDict()
        self._versions: int = 0
        self._lock: threading.Lock = threading.Lock()

    def get(self, key: TokenKey, /) -> AnyToken | None:
        """Return the token that is kept under *key*, as a copy, or ``None``."""
        row = self._rows.get(key)
        return None if row is None else row.token.copy()

    def set(self, key: TokenKey, token: AnyToken, /) -> None:
        """Keep a copy of *token* under *key*."""
        with self._lock:
            self._write(key, token)

    def delete(self, key: TokenKey, /) -> None:
        """Forget what is kept under *key*, if anything is."""
        with self._lock:
            self._rows.pop(key, None)

    def load(self, key: TokenKey, /) -> StoredToken[AnyToken] | None:
        """Return the token that is kept under *key*, with its version, or ``None``."""
        row = self._rows.get(key)
        return None if row is None else StoredToken(row.token.copy(), row.version)

    def acquire(self, key: TokenKey, holder: str, seconds: float, /) -> bool:
        """Take the lease of a token; see :class:`LeasingTokenStore`."""
        now = self._clock()
        with self._lock:
            row = self._rows.get(key)
            if row is None or row.leased_until > now:
                return False
            row.holder, row.leased_until = holder, now + seconds
            return True

    def replace(self, key: TokenKey, token: AnyToken, version: int, /) -> bool:
        """Write a token for the one that was read; see :class:`LeasingTokenStore`."""
        with self._lock:
            row = self._rows.get(key)
            if row is None or row.version != version:
                return False
            self._write(key, token)
            return True

    def release(self, key: TokenKey, holder: str, /) -> None:
        """End a lease; see :class:`LeasingTokenStore`."""
        with self._lock:
            row = self._rows.get(key)
            if row is not None and row.holder == holder:
                row.holder, row.leased_until = "", 0.0

    def summaries(
        self, *, owner: str | None = None, client: str | None = None
    ) -> Iterator[TokenSummary]:
        """Tell what is kept; see :class:`ManagedTokenStore`."""
        with self._lock:
            rows = list(self._rows.items())
        for key, row in rows:
            if owner in (None, key.owner) and client in (None, key.client):
                yield summary(key, row.token, row.updated_at)

    def delete_owner(self, owner: str, /) -> int:
        """Forget every token of an owner, and tell how many there were."""
        with self._lock:
            return self._forget([key for key in self._rows if key.owner == owner])

    def purge(self, before: float, /) -> int:
        """Forget what is dead; see :class:`ManagedTokenStore`."""
        with self._lock:
            return self._forget(
                [
                    key
                    for key, row in self._rows.items()
                    if is_dead(summary(key, row.token, row.updated_at), before)
                ]
            )

    def reseal(self) -> Iterator[tuple[int, int]]:
        """Do nothing: nothing is encrypted here."""
        yield len(self._rows), len(self._rows)

    def _write(self, key: TokenKey, token: AnyToken) -> None:
        self._versions += 1
        self._rows[key] = _Row(token.copy(), self._versions, self._clock())
        while len(self._rows) > self._most:
            self._rows.popitem(last=False)

    def _forget(self, keys: list[TokenKey]) -> int:
        for key in keys:
            del self._rows[key]
        return len(keys)
