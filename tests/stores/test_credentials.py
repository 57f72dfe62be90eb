"""Pending authorizations, over every store that keeps them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cachelib import SimpleCache
from sqlalchemy import Engine, create_engine, text

from tests.services import redis_client
from tests.stores.contract import at_once
from tests.stores.databases import database_url, drop_tables, engine_of, new_prefix
from tests.stores.tokens import NEW, OLD, sealing
from typedoauth.errors import StoreError
from typedoauth.protocols import CredentialStore
from typedoauth.stores import CacheCredentialStore, MemoryCredentialStore, SQLCredentialStore

VALUE = '{"state": "s3cret", "name": "Zo\u00eb \U0001f511"}'
DATABASES = (
    "sqlite",
    "sqlite engine",
    "postgresql",
    "postgresql engine",
    "mariadb",
    "mysql",
    "mariadb old",
)


@pytest.fixture(params=["memory", "cachelib", "redis", *DATABASES, "sqlite sealed"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CredentialStore]:
    """Each store."""
    kind: str = request.param
    with ExitStack() as stack:
        match kind.split():
            case ["memory"]:
                yield MemoryCredentialStore()
            case ["cachelib"]:
                yield CacheCredentialStore(SimpleCache())
            case ["redis"]:
                yield CacheCredentialStore(stack.enter_context(redis_client()))
            case [name, *how]:
                url, prefix = database_url(name, tmp_path), new_prefix()
                stack.callback(drop_tables, url, prefix)
                given: str | Engine = url
                if how == ["engine"]:
                    given = stack.enter_context(engine_of(url))
                if how == ["old"]:
                    given = _without_returning(stack.enter_context(engine_of(url)))
                sealed = sealing() if how == ["sealed"] else None
                made = SQLCredentialStore(given, prefix=prefix, sealing=sealed)
                stack.callback(made.close)
                yield made
            case _:
                raise AssertionError(kind)


def _without_returning(engine: Engine) -> Engine:
    """As MySQL is, which cannot tell what it deletes."""
    engine.connect().close()
    engine.dialect.delete_returning = False
    return engine


@pytest.fixture
def key() -> str:
    """One that no other test has."""
    return f"typedoauth:test:{new_prefix()}"


def test_what_is_put_is_taken_once(store: CredentialStore, key: str) -> None:
    """As it was."""
    store.put(key, VALUE, 60)
    assert store.take(key) == VALUE
    assert store.take(key) is None


def test_nothing_is_none(store: CredentialStore, key: str) -> None:
    """Nobody put anything there."""
    assert store.take(key) is None


def test_the_later_one_counts(store: CredentialStore, key: str) -> None:
    """In the place of the earlier."""
    store.put(key, "earlier", 60)
    store.put(key, VALUE, 60)
    assert store.take(key) == VALUE
    assert store.take(key) is None


def test_what_has_expired_is_gone(store: CredentialStore, key: str) -> None:
    """After its seconds."""
    store.put(key, VALUE, 1)
    time.sleep(1.1)
    assert store.take(key) is None


def test_every_key_is_one_of_its_own(store: CredentialStore, key: str) -> None:
    """Case and spaces count; length does not matter."""
    keys = [key, key.upper(), f"{key}\u00e9", f"{key}e", key + "x" * 200]
    for number, one in enumerate(keys):
        store.put(one, str(number), 60)
    assert [store.take(one) for one in keys] == ["0", "1", "2", "3", "4"]


def test_long_value_is_kept_whole(store: CredentialStore, key: str) -> None:
    """An application may put its own data in."""
    store.put(key, VALUE * 3000, 60)
    assert store.take(key) == VALUE * 3000


# But not cachelib, which cannot get and delete in one step.
@pytest.mark.parametrize("store", ["memory", "redis", *DATABASES], indirect=True)
def test_of_eight_threads_one_takes_it(store: CredentialStore, key: str) -> None:
    """Whoever sends a callback twice logs in once."""
    for turn in range(5):
        store.put(f"{key}{turn}", VALUE, 60)

        def take(_: int, at: int = turn) -> str | None:
            return store.take(f"{key}{at}")

        taken = at_once(take)
        assert [one for one in taken if one is not None] == [VALUE]


class Place:
    """A database with a prefix of its own."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.url = database_url(kind, folder)
        self.prefix = new_prefix()
        self.engine = create_engine(self.url)

    def open(self, *keys: tuple[str, bytes]) -> SQLCredentialStore:
        """A store on it."""
        return SQLCredentialStore(
            self.engine, prefix=self.prefix, sealing=sealing(*keys) if keys else None
        )

    def kept(self) -> list[bytes]:
        """What is really there."""
        statement = text(f"SELECT content FROM {self.prefix}credentials")  # noqa: S608  our own
        with self.engine.connect() as connection:
            return [bytes(content) for content in connection.execute(statement).scalars()]


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each kind of database."""
    made = Place(request.param, tmp_path)
    yield made
    made.engine.dispose()
    drop_tables(made.url, made.prefix)


def test_what_has_expired_is_deleted(place: Place) -> None:
    """By ``purge``, which says how many; and by itself, now and then."""
    store = place.open()
    store.put("later", VALUE, 60)  # the first time, it looks for what has expired
    for number in range(3):
        store.put(f"key {number}", VALUE, -1)
    assert len(place.kept()) == 4
    assert (store.purge(), store.purge()) == (3, 0)
    assert store.take("later") == VALUE
    store.put("expired", VALUE, -1)
    place.open().put("another", VALUE, 60)
    assert len(place.kept()) == 1


def test_key_is_not_kept(place: Place) -> None:
    """Only its hash: who reads the database cannot answer for the browser."""
    place.open().put("the state of a login", VALUE, 60)
    with place.engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT * FROM {place.prefix}credentials")  # noqa: S608  our own
        ).all()
    assert "the state of a login" not in repr(rows)


def test_what_is_sealed_is_not_read(place: Place) -> None:
    """Nor under another key, nor without the key."""
    store = place.open(OLD)
    store.put("a", VALUE, 60)
    store.put("b", '{"of": "b"}', 60)
    assert all(content.startswith(b"\x012026.") for content in place.kept())
    assert not any(b"s3cret" in content for content in place.kept())
    with place.engine.begin() as connection:
        (content,) = (c for c in place.kept() if len(c) == max(map(len, place.kept())))
        connection.execute(
            text(f"UPDATE {place.prefix}credentials SET content = :c"),  # noqa: S608  our own
            {"c": content},
        )
    with pytest.raises(StoreError, match="cannot be opened"):
        store.take("b")
    with pytest.raises(StoreError, match="encrypted with the key '2026'"):
        place.open(NEW).take("a")


def test_key_may_be_rotated_during_a_login(place: Place) -> None:
    """With the old one still in the list."""
    place.open(OLD).put("a", VALUE, 60)
    assert place.open(NEW, OLD).take("a") == VALUE


def test_what_is_no_text_is_a_store_error(place: Place) -> None:
    """Something else wrote it."""
    store = place.open()
    store.put("a", VALUE, 60)
    with place.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE {place.prefix}credentials SET content = :c"),  # noqa: S608  our own
            {"c": b"\xff\xfe"},
        )
    with pytest.raises(StoreError, match="something else wrote it"):
        store.take("a")
