"""Tokens in Redis, or what speaks like it: with leases, and with what an owner has."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from typing import Final, Protocol, cast

from typedoauth._json import parse_object
from typedoauth.errors import ConfigurationError, MalformedResponseError, StoreError
from typedoauth.protocols import Sealing
from typedoauth.stores import _redis_scripts as scripts
from typedoauth.stores._documents import (
    checked_sealing,
    context_of,
    decode,
    encode,
    expiry_of,
    is_current,
    is_refreshable,
    reencode,
    unopened,
)
from typedoauth.stores._keys import HOLDER_BYTES, checked, columns_of, key_of
from typedoauth.tokens import AnyToken, StoredToken, TokenKey, TokenSummary

__all__ = ["RedisClient", "RedisTokenStore"]

_VERSION_BITS: Final = 62
_SCANNED: Final = 500
_PREFIX: Final = re.compile(r"[A-Za-z0-9:._-]{0,64}")


class RedisClient(Protocol):
    """A client of Redis, such as ``redis.Redis``."""

    def execute_command(self, *args: str | bytes | float) -> object:
        """Send one command, and return its answer."""
        ...


class RedisTokenStore:
    """Keeps tokens in Redis; several processes and machines may share it.

    Each step is one command or one script, so that nobody sees half of it. Leases end by
    the clock of Redis. A Redis that is flushed, or that keeps nothing on disk and starts
    anew, has no tokens: users then log in again.

    Args:
        client: The client; whether it decodes answers does not matter.
        sealing: Encrypts the tokens.
        lifetime: For how many seconds after it was written a token is kept.
        prefix: What the keys begin with.

    Raises:
        ConfigurationError: It is no client, the prefix cannot be one, the lifetime is
            none, or *sealing* cannot seal.
    """

    __slots__ = ("_client", "_lifetime", "_prefix", "_sealing")

    def __init__(
        self,
        client: RedisClient,
        *,
        sealing: Sealing | None = None,
        lifetime: int = 90 * 86_400,
        prefix: str = "typedoauth:",
    ) -> None:
        if not callable(getattr(client, "execute_command", None)) or isinstance(client, type):
            raise ConfigurationError(
                f"client: a client of redis-py, not {type(client).__name__}: "
                "RedisTokenStore(Redis.from_url(url))"
            )
        if not _PREFIX.fullmatch(prefix):
            raise ConfigurationError("prefix is up to 64 of A-Z a-z 0-9 : . _ -")
        if lifetime < 1:
            raise ConfigurationError("lifetime is at least a second")
        self._client: RedisClient = client
        self._sealing: Sealing | None = checked_sealing(sealing)
        self._lifetime: int = lifetime
        self._prefix: str = prefix

    def get(self, key: TokenKey, /) -> AnyToken | None:
        """Return the token that is kept under *key*, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token, or ``None``.

        Raises:
            StoreError: Redis failed, or the token cannot be opened.
        """
        kept = self._send("HGET", self._names(key)[0], "token")
        return None if kept is None else decode(key, _octets(kept), self._sealing)

    def set(self, key: TokenKey, token: AnyToken, /) -> None:
        """Keep *token* under *key*; a lease on what was there ends.

        Args:
            key: What to keep it under.
            token: The token.

        Raises:
            StoreError: Redis failed, or the token cannot be kept.
        """
        self._write(key, token, "")

    def delete(self, key: TokenKey, /) -> None:
        """Forget what is kept under *key*, if anything is.

        Args:
            key: What it is kept under.

        Raises:
            StoreError: Redis failed.
        """
        self._run(scripts.DELETE, self._names(key))

    def load(self, key: TokenKey, /) -> StoredToken[AnyToken] | None:
        """Return the token that is kept under *key*, with its version, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token and its version, or ``None``.

        Raises:
            StoreError: Redis failed, or the token cannot be opened.
        """
        kept, version = self._fields(self._names(key)[0], "token", "version")
        if kept is None or version is None:
            return None
        return StoredToken(decode(key, kept, self._sealing), int(version))

    def acquire(self, key: TokenKey, holder: str, seconds: float, /) -> bool:
        """Take the lease of a token; see :class:`LeasingTokenStore`.

        Args:
            key: What it is kept under.
            holder: Who takes it.
            seconds: When it ends by itself.

        Returns:
            Whether it was taken.

        Raises:
            StoreError: Redis failed.
        """
        checked("holder", holder, HOLDER_BYTES)
        milliseconds = max(1, round(seconds * 1000))
        return self._run(scripts.ACQUIRE, self._names(key), holder, milliseconds) == 1

    def replace(self, key: TokenKey, token: AnyToken, version: int, /) -> bool:
        """Write a token for the one that was read; see :class:`LeasingTokenStore`.

        Args:
            key: What it is kept under.
            token: The new token.
            version: The version that was read.

        Returns:
            Whether it was written.

        Raises:
            StoreError: Redis failed, or the token cannot be kept.
        """
        return self._write(key, token, str(version)) == 1

    def release(self, key: TokenKey, holder: str, /) -> None:
        """End a lease; see :class:`LeasingTokenStore`.

        Args:
            key: What the token is kept under.
            holder: Who has it.

        Raises:
            StoreError: Redis failed.
        """
        checked("holder", holder, HOLDER_BYTES)
        self._run(scripts.RELEASE, self._names(key), holder)

    def summaries(
        self, *, owner: str | None = None, client: str | None = None
    ) -> Iterator[TokenSummary]:
        """Tell what is kept; see :class:`ManagedTokenStore`.

        Without an owner every key of the database is looked at, in no order; a token that
        is written meanwhile may be told of twice.

        Args:
            owner: Only of this owner.
            client: Only of this client.

        Returns:
            A summary of each token.

        Raises:
            StoreError: Redis failed.
        """
        for name in self._scan() if owner is None else self._owned(owner):
            fields = self._fields(name, "key", "expires_at", "refreshable", "updated_at")
            if fields[0] is None:
                continue
            key, expires_at = _read_key(fields[0]), fields[1]
            if client in (None, key.client) and owner in (None, key.owner):
                yield TokenSummary(
                    key,
                    int(expires_at) if expires_at else None,
                    fields[2] == b"1",
                    float(fields[3] or 0),
                )

    def delete_owner(self, owner: str, /) -> int:
        """Forget every token of an owner.

        Args:
            owner: Whose.

        Returns:
            How many there were.

        Raises:
            StoreError: Redis failed.
        """
        return self._run(scripts.DELETE_OWNER, [self._index(owner)])

    def purge(self, before: float, /) -> int:
        """Forget what expired before a moment and cannot be renewed.

        Args:
            before: Seconds since the epoch.

        Returns:
            How many there were.

        Raises:
            StoreError: Redis failed.
        """
        return sum(
            self._run(scripts.PURGE, self._names(told.key), before)
            for told in self.summaries()
            if told.expires_at is not None and not told.refreshable
        )

    def reseal(self) -> Iterator[tuple[int, int]]:
        """Encrypt anew what the first key did not; see :class:`ManagedTokenStore`.

        Returns:
            How many are done and how many there are, after each batch.

        Raises:
            KeyRotationError: At the end: some could not be opened, and stayed as they were.
            StoreError: Redis failed.
        """
        there = sum(self._is_stale(name) for name in self._scan())
        done = failed = 0
        for name in self._scan() if there else ():
            text, kept, version = self._fields(name, "key", "token", "version")
            if text is None or kept is None or version is None or is_current(kept, self._sealing):
                continue
            done += 1
            try:
                anew = reencode(_read_key(text), kept, self._sealing)
            except StoreError:
                failed += 1
            else:
                self._run(scripts.RESEAL, [name], version, anew)
            if done % _SCANNED == 0 and done < there:
                yield done, there
        if done:
            yield done, max(done, there)
        if failed:
            raise unopened(failed)

    def _is_stale(self, name: str) -> bool:
        (kept,) = self._fields(name, "token")
        return kept is not None and not is_current(kept, self._sealing)

    def _write(self, key: TokenKey, token: AnyToken, read: str) -> int:
        expiry = expiry_of(token)
        return self._run(
            scripts.WRITE,
            self._names(key),
            read,
            secrets.randbits(_VERSION_BITS),
            self._lifetime,
            json.dumps(columns_of(key)),
            encode(key, token, self._sealing),
            "" if expiry is None else expiry,
            int(is_refreshable(token)),
        )

    def _names(self, key: TokenKey) -> list[str]:
        """The names of a token, of its lease, and of what its owner has."""
        columns_of(key)
        index = self._index(key.owner)
        digest = hashlib.sha256(context_of(key)).hexdigest()
        base = index.removesuffix("owner")
        return [f"{base}token:{digest}", f"{base}lease:{digest}", index]

    def _index(self, owner: str) -> str:
        # In braces: what scripts change together is kept on the same machine of a cluster.
        digest = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return f"{self._prefix}{{{digest}}}:owner"

    def _owned(self, owner: str) -> Iterator[str]:
        members = self._send("SMEMBERS", self._index(owner))
        yield from sorted(_octets(one).decode() for one in _several(members))

    def _scan(self) -> Iterator[str]:
        cursor = 0
        while True:
            answer = self._send(
                "SCAN", cursor, "MATCH", f"{self._prefix}{{*}}:token:*", "COUNT", _SCANNED
            )
            next_cursor, names = _several(answer)
            cursor = int(_octets(next_cursor))
            # Within one answer, Redis may name a key twice.
            yield from sorted({_octets(one).decode() for one in _several(names)})
            if cursor == 0:
                return

    def _fields(self, name: str, *fields: str) -> list[bytes | None]:
        answer = _several(self._send("HMGET", name, *fields))
        return [None if one is None else _octets(one) for one in answer]

    def _run(self, script: str, names: list[str], *values: str | bytes | float) -> int:
        answer = self._send("EVAL", script, len(names), *names, *values)
        return answer if isinstance(answer, int) else 0

    def _send(self, *command: str | bytes | float) -> object:
        try:
            return self._client.execute_command(*command)
        except Exception as error:
            # Not its message: Redis repeats what it does not understand.
            raise StoreError(
                f"Redis failed with {type(error).__name__}; see the cause of this error"
            ) from error


def _octets(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _several(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise StoreError("Redis gave an answer of another kind; give a redis.Redis")
    return list(cast("Sequence[object]", value))  # of what is looked at one by one


def _read_key(text: bytes) -> TokenKey:
    try:
        columns = parse_object(b'{"key":' + text + b"}", "the key of a token")["key"]
        owner, client, account, tenant = cast("list[str]", columns)  # as _write() made it
    except (MalformedResponseError, ValueError, TypeError):
        raise StoreError("a key in Redis is not of this store; something else wrote it") from None
    return key_of(owner, client, account, tenant)
