"""Where a fleet keeps its tokens, as text that can be told to another process."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from typedoauth.protocols import TokenStore
from typedoauth.stores import (
    AESGCMSealing,
    CacheTokenStore,
    MemoryTokenStore,
    RedisTokenStore,
    SQLTokenStore,
)
from typedoauth.tokens import AnyToken, OAuth2Token, TokenKey

KEY: Final = "c2V2ZW50ZWVuIGdyZWVuIGJvdHRsZXMgb24gYSB3YWw="
OTHER_KEY: Final = "ZWlnaHRlZW4gZ3JlZW4gYm90dGxlcyBvbiBhIHdhbGw="
CLIENT_NAME: Final = "service"


class DictStore:
    """The smallest store there is."""

    def __init__(self) -> None:
        self.kept: dict[TokenKey, AnyToken] = {}

    def get(self, key: TokenKey, /) -> AnyToken | None:
        """Return the token."""
        return self.kept.get(key)

    def set(self, key: TokenKey, token: AnyToken, /) -> None:
        """Keep the token."""
        self.kept[key] = token

    def delete(self, key: TokenKey, /) -> None:
        """Forget the token."""
        self.kept.pop(key, None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where tokens are kept.

    Attributes:
        kind: ``sqlite``, ``postgresql``, ``mariadb``, ``redis``, ``redis cache``; and of this
            process only: ``memory``, ``dict``.
        url: Its address, if it has one.
        prefix: What the names of tables or keys begin with.
        sealed: Whether tokens are encrypted.
    """

    kind: str
    url: str = ""
    prefix: str = "t_"
    sealed: bool = False

    def open(self) -> TokenStore[AnyToken]:
        """A store there."""
        sealing = AESGCMSealing({"one": KEY}) if self.sealed else None
        match self.kind:
            case "memory":
                return MemoryTokenStore(sealing=sealing)
            case "dict":
                return DictStore()
            case "redis":
                return RedisTokenStore(self.redis(), sealing=sealing, prefix=self.prefix)
            case "redis cache":
                return CacheTokenStore(self.redis(), sealing=sealing, prefix=self.prefix)
            case _:
                return SQLTokenStore(self.url, sealing=sealing, prefix=self.prefix)

    def redis(self) -> redis.Redis:
        """A client of the Redis there."""
        # Once more and at once: by itself it tries for seconds.
        retry = Retry(NoBackoff(), 1)
        return redis.Redis("127.0.0.1", self._port, socket_timeout=10, retry=retry)

    def flush(self) -> None:
        """Empty the Redis there."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as connection:
            connection.sendall(b"FLUSHDB\r\n")
            assert connection.recv(16) == b"+OK\r\n"

    @property
    def _port(self) -> int:
        return urlsplit(self.url).port or 6379


def key_of(user: str) -> TokenKey:
    """What a user's token is kept under."""
    return TokenKey(CLIENT_NAME, user)


def fill(store: TokenStore[AnyToken], tokens: dict[str, OAuth2Token]) -> None:
    """Keep tokens, by user."""
    for user, token in tokens.items():
        store.set(key_of(user), token)


def close(store: TokenStore[AnyToken]) -> None:
    """Close what a store has open."""
    if isinstance(store, SQLTokenStore):
        store.close()
