"""Every backend that tokens are kept in, each with a way around its store."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Final, cast

import redis
from cachelib import SimpleCache
from flask import Flask
from flask_caching import Cache as FlaskCache
from sqlalchemy import Engine, LargeBinary, TextClause, bindparam, create_engine, text
from sqlalchemy.pool import StaticPool
from typing_extensions import override

from tests.flask.caches import Forgetful
from tests.services import redis_client
from tests.stores.databases import database_url, drop_tables, engine_of, new_prefix
from typedoauth.protocols import Cache, LeasingTokenStore, ManagedTokenStore, Sealing, TokenStore
from typedoauth.stores import (
    CacheTokenStore,
    MemoryTokenStore,
    RedisClient,
    RedisTokenStore,
    SQLTokenStore,
)
from typedoauth.tokens import AnyToken, TokenKey


class FullStore(LeasingTokenStore[AnyToken], ManagedTokenStore, ABC):
    """What the larger stores are, for annotations."""


class Backend(ABC):
    """One place where tokens are kept."""

    shared: bool = True
    """Whether two stores on it see the same tokens."""

    @abstractmethod
    def open(self, sealing: Sealing | None = None) -> TokenStore[AnyToken]:
        """A store on it."""

    @abstractmethod
    def empty(self) -> None:
        """Forget everything."""

    def read(self, key: TokenKey) -> bytes:
        """What is really kept under a key."""
        raise NotImplementedError

    def write(self, key: TokenKey, content: bytes) -> None:
        """Put something else there, behind the store's back."""
        raise NotImplementedError


class MemoryBackend(Backend):
    """The memory of this process."""

    shared = False

    @override
    def open(self, sealing: Sealing | None = None) -> MemoryTokenStore:
        return MemoryTokenStore(sealing=sealing)

    @override
    def empty(self) -> None:
        """Each store is a new one."""


class CacheBackend(Backend):
    """A cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.stem = f"typedoauth:test:{token_hex(8)}:"
        self._prefix = self.stem

    @override
    def open(self, sealing: Sealing | None = None) -> CacheTokenStore:
        return CacheTokenStore(self._cache, sealing=sealing, prefix=self._prefix, lifetime=600)

    @override
    def empty(self) -> None:
        self._prefix = self.stem + token_hex(8)

    def _name(self, key: TokenKey) -> str:
        return self._prefix + _digest(key)

    @override
    def read(self, key: TokenKey) -> bytes:
        kept = self._cache.get(self._name(key))
        assert kept is not None
        return kept if isinstance(kept, bytes) else kept.encode()

    @override
    def write(self, key: TokenKey, content: bytes) -> None:
        self._cache.set(self._name(key), content.decode("latin-1"), 600)


class RedisBackend(Backend):
    """Redis, with leases."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.prefix = f"typedoauth:test:{token_hex(8)}:"

    @override
    def open(self, sealing: Sealing | None = None) -> RedisTokenStore:
        return RedisTokenStore(self.client, sealing=sealing, prefix=self.prefix, lifetime=600)

    @override
    def empty(self) -> None:
        _forget(self.client, self.prefix)

    def _name(self, key: TokenKey) -> str:
        owner = hashlib.sha256(key.owner.encode()).hexdigest()[:32]
        return f"{self.prefix}{{{owner}}}:token:{_digest(key)}"

    @override
    def read(self, key: TokenKey) -> bytes:
        kept = self.client.hget(self._name(key), "token")
        assert kept is not None
        return kept if isinstance(kept, bytes) else kept.encode()

    @override
    def write(self, key: TokenKey, content: bytes) -> None:
        self.client.hset(self._name(key), "token", content)


class SQLBackend(Backend):
    """A database, by its URL or by an engine of the application's."""

    def __init__(self, url: str, engine: Engine | None = None) -> None:
        self.url = url
        self.prefix = new_prefix()
        self._given = engine
        self._engine = engine if engine is not None else create_engine(url)
        self.stores: list[SQLTokenStore] = []

    @override
    def open(self, sealing: Sealing | None = None) -> SQLTokenStore:
        store = SQLTokenStore(self._given or self.url, sealing=sealing, prefix=self.prefix)
        self.stores.append(store)
        return store

    @override
    def empty(self) -> None:
        self.close_stores()
        self.open().prepare()
        with self._engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {self.prefix}tokens"))  # noqa: S608  our own

    def close_stores(self) -> None:
        """Close what a test opened."""
        while self.stores:
            self.stores.pop().close()

    def close(self) -> None:
        """Leave nothing behind."""
        self.close_stores()
        if ":memory:" not in self.url:
            drop_tables(self.url, self.prefix)
        self._engine.dispose()

    def _parameters(self, key: TokenKey) -> dict[str, str | bytes]:
        texts = (key.owner, key.client, key.account or "", key.tenant or "")
        octets = self._engine.dialect.name in {"mysql", "mariadb"}
        return {
            name: value.encode() if octets else value
            for name, value in zip(("o", "c", "a", "t"), texts, strict=True)
        }

    def _statement(self, head: str) -> TextClause:
        where = "owner = :o AND client = :c AND account = :a AND tenant = :t"
        return text(f"{head.format(f'{self.prefix}tokens')} WHERE {where}")

    @override
    def read(self, key: TokenKey) -> bytes:
        with self._engine.connect() as connection:
            return bytes(
                connection.execute(
                    self._statement("SELECT token FROM {}"),
                    self._parameters(key),
                ).scalar_one()
            )

    @override
    def write(self, key: TokenKey, content: bytes) -> None:
        statement = self._statement("UPDATE {} SET token = :token")
        with self._engine.begin() as connection:
            connection.execute(
                statement.bindparams(bindparam("token", type_=LargeBinary)),
                {**self._parameters(key), "token": content},
            )


class MemorySQLBackend(SQLBackend):
    """SQLite in memory, by its URL: each store has a database of its own."""

    shared = False

    def __init__(self) -> None:
        super().__init__("sqlite:///:memory:")

    @override
    def empty(self) -> None:
        self.close_stores()


SMALL: Final = ("memory", "cachelib", "flask-caching", "page", "redis cache")
FULL: Final = (
    "memory",
    "redis",
    "redis text",
    "sqlite",
    "sqlite engine",
    "sqlite in memory",
    "sqlite in memory, engine",
    "postgresql",
    "postgresql engine",
    "mariadb",
    "mariadb engine",
    "mysql",
)
"""Which lease, and can be managed."""

ALL: Final = (*SMALL, *(name for name in FULL if name not in SMALL))
RAW: Final = tuple(name for name in ALL if name not in {"memory", "sqlite in memory"})
"""Which can be written to behind the store's back."""


@contextmanager
def backend(kind: str, folder: Path) -> Generator[Backend]:
    """Set one up; what is written to it is gone in the end.

    Args:
        kind: Which.
        folder: For files.
    """
    with ExitStack() as stack:
        match kind:
            case "memory":
                yield MemoryBackend()
            case "cachelib":
                yield CacheBackend(SimpleCache(threshold=10_000))
            case "flask-caching":
                app = Flask("cached")
                made = FlaskCache(app, config={"CACHE_TYPE": "SimpleCache"})
                stack.enter_context(app.app_context())
                yield CacheBackend(made)
            case "page":
                yield CacheBackend(Forgetful())
            case "redis cache":
                client = stack.enter_context(redis_client())
                cached = CacheBackend(client)
                stack.callback(_forget, client, cached.stem)
                yield cached
            case "redis" | "redis text":
                client = stack.enter_context(redis_client(decode_responses=kind == "redis text"))
                full = RedisBackend(client)
                stack.callback(full.empty)
                yield full
            case "sqlite in memory":
                yield stack.enter_context(_closing(MemorySQLBackend()))
            case "sqlite in memory, engine":
                engine = create_engine(
                    "sqlite:///:memory:",
                    poolclass=StaticPool,
                    connect_args={"check_same_thread": False},
                )
                yield stack.enter_context(_closing(SQLBackend("sqlite:///:memory:", engine)))
            case _:
                url = database_url(kind.removesuffix(" engine"), folder)
                given = stack.enter_context(engine_of(url)) if kind.endswith(" engine") else None
                yield stack.enter_context(_closing(SQLBackend(url, given)))


@contextmanager
def _closing(made: SQLBackend) -> Generator[SQLBackend]:
    try:
        yield made
    finally:
        made.close()


def _digest(key: TokenKey) -> str:
    texts = (key.client, key.owner, key.account or "", key.tenant or "")
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def keys_of(client: RedisClient, prefix: str) -> list[str | bytes]:
    """Every key that begins with a prefix."""
    found = client.execute_command("KEYS", f"{prefix}*")
    return cast("list[str | bytes]", found)  # as Redis says


def _forget(client: RedisClient, prefix: str) -> None:
    for name in keys_of(client, prefix):
        client.execute_command("DEL", name)
