"""Credentials and tokens in the memory of this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, cast

from typedoauth._forks import ForkLock
from typedoauth.errors import StoreError
from typedoauth.protocols import Clock, Sealing
from typedoauth.stores._documents import (
    checked_sealing,
    decode,
    encode,
    expiry_of,
    is_current,
    is_dead,
    is_refreshable,
    reencode,
    unopened,
)
from typedoauth.stores._keys import HOLDER_BYTES, checked, columns_of
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
        self._lock: ForkLock = ForkLock()

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
    token: AnyToken | bytes  # bytes: sealed
    flat: bool  # a shallow copy is a whole one
    version: int
    expires_at: int | None
    refreshable: bool
    updated_at: float
    holder: str = ""
    leased_until: float = 0.0


class MemoryTokenStore:
    """Keeps tokens in the memory of this process, for tests and scripts.

    Args:
        sealing: Encrypts the tokens, as it does in other stores; that makes a test like
            the real thing, and keeps them out of a memory dump as long as they are not used.
        clock: Tells the time; ``time.time`` when left out.
        most: How many tokens are kept at the most; the one that was written first goes.

    Raises:
        ConfigurationError: *sealing* cannot seal.
    """

    __slots__ = ("_clock", "_lock", "_most", "_rows", "_sealing", "_versions")

    def __init__(
        self, *, sealing: Sealing | None = None, clock: Clock = time.time, most: int = 100_000
    ) -> None:
        self._sealing: Sealing | None = checked_sealing(sealing)
        self._clock: Clock = clock
        self._most: int = most
        self._rows: OrderedDict[TokenKey, _Row] = OrderedDict()
        self._versions: int = 0
        self._lock: ForkLock = ForkLock()

    def get(self, key: TokenKey, /) -> AnyToken | None:
        """Return the token that is kept under *key*, as a copy, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token, or ``None``.

        Raises:
            StoreError: It cannot be opened.
        """
        row = self._rows.get(key)
        return None if row is None else self._read(key, row)

    def set(self, key: TokenKey, token: AnyToken, /) -> None:
        """Keep a copy of *token* under *key*; a lease on what was there ends.

        Args:
            key: What to keep it under.
            token: The token.

        Raises:
            StoreError: The token cannot be kept.
        """
        columns_of(key)
        kept = encode(key, token, self._sealing)
        with self._lock:
            self._write(key, token, kept)

    def delete(self, key: TokenKey, /) -> None:
        """Forget what is kept under *key*, if anything is.

        Args:
            key: What it is kept under.
        """
        with self._lock:
            self._rows.pop(key, None)

    def load(self, key: TokenKey, /) -> StoredToken[AnyToken] | None:
        """Return the token that is kept under *key*, with its version, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token and its version, or ``None``.

        Raises:
            StoreError: It cannot be opened.
        """
        row = self._rows.get(key)
        return None if row is None else StoredToken(self._read(key, row), row.version)

    def acquire(self, key: TokenKey, holder: str, seconds: float, /) -> bool:
        """Take the lease of a token; see :class:`LeasingTokenStore`.

        Args:
            key: What it is kept under.
            holder: Who takes it.
            seconds: When it ends by itself.

        Returns:
            Whether it was taken.

        Raises:
            StoreError: The holder cannot be kept.
        """
        checked("holder", holder, HOLDER_BYTES)
        now = self._clock()
        with self._lock:
            row = self._rows.get(key)
            if row is None or row.leased_until > now:
                return False
            row.holder, row.leased_until = holder, now + seconds
            return True

    def replace(self, key: TokenKey, token: AnyToken, version: int, /) -> bool:
        """Write a token for the one that was read; see :class:`LeasingTokenStore`.

        Args:
            key: What it is kept under.
            token: The new token.
            version: The version that was read.

        Returns:
            Whether it was written.

        Raises:
            StoreError: The token cannot be kept.
        """
        columns_of(key)
        kept = encode(key, token, self._sealing)
        with self._lock:
            row = self._rows.get(key)
            if row is None or row.version != version:
                return False
            self._write(key, token, kept)
            return True

    def release(self, key: TokenKey, holder: str, /) -> None:
        """End a lease; see :class:`LeasingTokenStore`.

        Args:
            key: What the token is kept under.
            holder: Who has it.
        """
        with self._lock:
            row = self._rows.get(key)
            if row is not None and row.holder == holder:
                row.holder, row.leased_until = "", 0.0

    def summaries(
        self, *, owner: str | None = None, client: str | None = None
    ) -> Iterator[TokenSummary]:
        """Tell what is kept; see :class:`ManagedTokenStore`.

        Args:
            owner: Only of this owner.
            client: Only of this client.

        Returns:
            A summary of each token.
        """
        with self._lock:
            rows = list(self._rows.items())
        for key, row in rows:
            if owner in (None, key.owner) and client in (None, key.client):
                yield _summary(key, row)

    def delete_owner(self, owner: str, /) -> int:
        """Forget every token of an owner.

        Args:
            owner: Whose.

        Returns:
            How many there were.
        """
        with self._lock:
            return self._forget([key for key in self._rows if key.owner == owner])

    def purge(self, before: float, /) -> int:
        """Forget what expired before a moment and cannot be renewed.

        Args:
            before: Seconds since the epoch.

        Returns:
            How many there were.
        """
        with self._lock:
            rows = self._rows.items()
            return self._forget([key for key, row in rows if is_dead(_summary(key, row), before)])

    def reseal(self) -> Iterator[tuple[int, int]]:
        """Encrypt anew what the first key did not; see :class:`ManagedTokenStore`.

        Returns:
            How many are done and how many there are.

        Raises:
            KeyRotationError: At the end: some could not be opened, and stayed as they were.
        """
        done = failed = 0
        with self._lock:
            for key, row in self._rows.items():
                if isinstance(row.token, bytes) and not is_current(row.token, self._sealing):
                    done += 1
                    try:
                        row.token = reencode(key, row.token, self._sealing)
                    except StoreError:
                        failed += 1
        if done:
            yield done, done
        if failed:
            raise unopened(failed)

    def _read(self, key: TokenKey, row: _Row) -> AnyToken:
        token = row.token
        if isinstance(token, bytes):
            return decode(key, token, self._sealing)
        return token.copy() if row.flat else _copied(token)

    def _write(self, key: TokenKey, token: AnyToken, kept: bytes) -> None:
        self._versions += 1
        held = decode(key, kept, None) if self._sealing is None else kept
        flat = not any(isinstance(value, dict | list) for value in _values(held))
        self._rows.pop(key, None)
        self._rows[key] = _Row(
            held, flat, self._versions, expiry_of(token), is_refreshable(token), self._clock()
        )
        while len(self._rows) > self._most:
            self._rows.popitem(last=False)

    def _forget(self, keys: list[TokenKey]) -> int:
        for key in keys:
            del self._rows[key]
        return len(keys)


def _summary(key: TokenKey, row: _Row) -> TokenSummary:
    return TokenSummary(key, row.expires_at, row.refreshable, row.updated_at)


def _values(held: AnyToken | bytes) -> Collection[object]:
    return () if isinstance(held, bytes) else held.values()


def _copied(token: AnyToken) -> AnyToken:
    return cast("AnyToken", _copy(token))  # of the same members


def _copy(value: object) -> object:
    """Copy what JSON made: cheaper than :func:`copy.deepcopy`, which looks for cycles."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)  # JSON has no other
        return {name: _copy(member) for name, member in members.items()}
    if isinstance(value, list):
        return [_copy(member) for member in cast("list[object]", value)]  # whatever they are
    return value
