"""What goes wrong beneath a store: what the caller sees, and what is still there."""

from __future__ import annotations

import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any, cast

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import create_engine, event

from tests.services import redis_client
from tests.stores.backends import FULL, FullStore, RedisBackend, SQLBackend, backend, keys_of
from tests.stores.databases import MARIADB, POSTGRESQL, database_url, drop_tables, new_prefix
from tests.stores.proxy import Wire, wire
from tests.stores.tokens import KEY, token
from typedoauth.errors import ConfigurationError, StoreError
from typedoauth.stores import RedisTokenStore, SQLCredentialStore, SQLTokenStore

SECRET = "gho_16C7e42F292c6912E7"


def told(error: BaseException) -> str:
    """All that a log would show of an error, with its causes."""
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("client", ["redis://localhost", None, redis.Redis])
def test_what_is_no_client_of_redis_is_refused(client: Any) -> None:  # any: an untyped program
    """When the store is made, not at the first login."""
    with pytest.raises(ConfigurationError, match=r"Redis\.from_url"):
        RedisTokenStore(client)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://user:s3cret@127.0.0.1:1/x",
        "mysql+pymysql://user:s3cret@127.0.0.1:1/x",
        "sqlite:////nowhere/at/all/tokens.db",
    ],
)
def test_database_out_of_reach_is_a_store_error(url: str) -> None:
    """Each time it is asked; with what failed as its cause."""
    store, credentials = SQLTokenStore(url), SQLCredentialStore(url)
    acts: list[Callable[[], object]] = [
        lambda: store.get(KEY),
        lambda: store.set(KEY, token(SECRET)),
        lambda: list(store.summaries()),
        lambda: credentials.put("key", "value", 60),
        lambda: credentials.take("key"),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="database failed with OperationalError") as caught:
            act()
        assert caught.value.__cause__ is not None
        assert "(OperationalError)" not in str(caught.value)  # the driver's has the same name
        assert "s3cret" not in told(caught.value)


@pytest.mark.parametrize(
    "kind", ["sqlite", "sqlite engine", "postgresql", "postgresql engine", "mariadb engine"]
)
def test_error_shows_nothing_that_was_to_be_kept(tmp_path: Path, kind: str) -> None:
    """Not in its cause either, which shows the parameters of a statement by itself."""
    with backend(kind, tmp_path) as place:
        assert isinstance(place, SQLBackend)
        store = place.open()
        store.set(KEY, token(SECRET))
        drop_tables(place.url, place.prefix)
        with pytest.raises(StoreError) as caught:
            store.set(KEY, token(SECRET, refresh_token=SECRET))
        assert caught.value.__cause__ is not None
        assert SECRET not in told(caught.value)


def test_full_disk_keeps_what_there_was(tmp_path: Path) -> None:
    """What does not fit is an error; what is there is read, and can be deleted."""
    engine = create_engine(f"sqlite:///{tmp_path / 'tokens.db'}")

    @event.listens_for(engine, "connect")
    def limit(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA max_page_count = 60").close()

    store = SQLTokenStore(engine)
    store.set(KEY, token("before", refresh_token="r"))
    stored = store.load(KEY)
    assert stored is not None
    with pytest.raises(StoreError, match="OperationalError") as caught:
        store.set(KEY, token(SECRET * 20_000))
    assert "full" in str(caught.value.__cause__)
    with pytest.raises(StoreError):
        store.replace(KEY, token(SECRET * 20_000), stored.version)
    assert store.load(KEY) == stored
    assert store.replace(KEY, token("after"), stored.version)
    assert store.delete_owner("ada") == 1
    engine.dispose()


def test_locked_file_is_read_and_waited_for(tmp_path: Path) -> None:
    """Another process writes: readers go on, a writer waits for it."""
    file = tmp_path / "tokens.db"
    store = SQLTokenStore(f"sqlite:///{file}")
    store.set(KEY, token("before"))
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE").close()
    assert store.get(KEY) == token("before")
    timer = Timer(0.3, lambda: other.execute("COMMIT").close())
    timer.start()
    start = time.monotonic()
    store.set(KEY, token("after"))
    assert time.monotonic() - start > 0.2
    timer.join()
    other.close()
    assert store.get(KEY) == token("after")
    store.close()


class Cut:
    """A store behind a wire."""

    def __init__(self, store: FullStore, wire: Wire) -> None:
        self.store = store
        self.wire = wire


@pytest.fixture(params=["postgresql", "postgresql engine", "mariadb", "mariadb engine", "redis"])
def cut(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cut]:
    """Each server, with a wire between it and the store."""
    kind, _, given = request.param.partition(" ")
    prefix = new_prefix()
    if kind == "redis":
        with redis_client() as direct, wire(6379) as line:
            client = redis.Redis("127.0.0.1", line.port, retry=Retry(NoBackoff(), 1))
            place = RedisBackend(direct)
            yield Cut(
                cast("FullStore", RedisTokenStore(client, prefix=place.prefix, lifetime=60)), line
            )
            client.close()
            place.empty()
        return
    url = database_url(kind, tmp_path)
    port = 5432 if kind == "postgresql" else 3306
    with wire(port) as line:
        through = url.replace(f":{port}", f":{line.port}")
        engine = create_engine(through)
        store = SQLTokenStore(engine if given else through, prefix=prefix)
        yield Cut(cast("FullStore", store), line)
        store.close()
        engine.dispose()
    drop_tables(url, prefix)


def test_connection_that_was_cut_is_made_again(cut: Cut) -> None:
    """A server that was stopped and started is noticed by nobody."""
    store = cut.store
    store.set(KEY, token("old"))
    stored = store.load(KEY)
    assert stored is not None
    acts: list[Callable[[], object]] = [
        lambda: store.get(KEY) == token("old"),
        lambda: store.acquire(KEY, "one", 60),
        lambda: store.release(KEY, "one") or True,
        lambda: store.replace(KEY, token("new"), stored.version),
        lambda: store.set(KEY, token("set")) or True,
        lambda: len(list(store.summaries())) == 1,
        lambda: store.delete(KEY) or True,
    ]
    for act in acts:
        cut.wire.cut()
        assert act() is True
    assert store.get(KEY) is None


def test_answer_that_was_lost_is_asked_for_again(cut: Cut) -> None:
    """A token that was replaced was replaced: nobody renews it once more for that."""
    store = cut.store
    store.set(KEY, token("old"))
    stored = store.load(KEY)
    assert stored is not None
    assert store.acquire(KEY, "one", 60)
    cut.wire.lose_next_answer()
    assert store.replace(KEY, token("new"), stored.version) is True
    assert store.get(KEY) == token("new")
    assert store.replace(KEY, token("late"), stored.version) is False
    cut.wire.lose_next_answer()
    store.set(KEY, token("set"))
    assert store.get(KEY) == token("set")


def test_server_that_is_gone_is_a_store_error(cut: Cut) -> None:
    """With what failed as its cause, and nothing of the token."""
    cut.store.set(KEY, token())
    cut.wire.close()
    with pytest.raises(StoreError, match="failed with") as caught:
        cut.store.set(KEY, token(SECRET))
    assert caught.value.__cause__ is not None
    assert SECRET not in told(caught.value)


def test_redis_that_was_flushed_has_no_tokens() -> None:
    """Everybody logs in again; what comes late brings nothing back."""
    with redis_client() as client:
        place = RedisBackend(client)
        store = place.open()
        store.set(KEY, token("before"))
        stored = store.load(KEY)
        assert stored is not None
        assert store.acquire(KEY, "one", 60)
        place.empty()
        client.script_flush()
        assert store.get(KEY) is None
        assert store.load(KEY) is None
        assert store.replace(KEY, token("late"), stored.version) is False
        assert store.acquire(KEY, "one", 60) is False
        assert list(store.summaries()) == []
        assert store.delete_owner("ada") == 0
        store.set(KEY, token("after"))
        assert store.acquire(KEY, "two", 60)
        place.empty()


def test_redis_keeps_a_token_for_its_lifetime() -> None:
    """And what an owner has for as long; a lease for its own time."""
    with redis_client() as client:
        place = RedisBackend(client)
        store = place.open()
        store.set(KEY, token())
        assert store.acquire(KEY, "one", 30)
        left = sorted(client.ttl(name) for name in keys_of(client, place.prefix))
        assert [round(seconds / 10) for seconds in left] == [3, 60, 60]
        place.empty()


@pytest.mark.parametrize("ahead", [-120, 120])
@pytest.mark.parametrize("kind", [kind for kind in FULL if kind in {
    "redis", "sqlite", "postgresql", "mariadb"}])  # fmt: skip
def test_clock_of_a_worker_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, ahead: int
) -> None:
    """Two minutes before or after the others, it neither breaks a lease nor takes one too long."""
    with backend(kind, tmp_path) as place:
        mine, other = (cast("FullStore", place.open()) for _ in range(2))
        mine.set(KEY, token())
        assert mine.acquire(KEY, "one", 60)
        now = time.time
        with monkeypatch.context() as patched:
            patched.setattr(time, "time", lambda: now() + ahead)
            assert not other.acquire(KEY, "two", 60)
            mine.release(KEY, "one")
            assert other.acquire(KEY, "two", 0.2)
        time.sleep(0.3)
        assert mine.acquire(KEY, "one", 60)
        (summary,) = mine.summaries()
        assert abs(summary.updated_at - now()) < 60


@pytest.mark.parametrize("url", [POSTGRESQL, MARIADB])
@pytest.mark.parametrize("zone", ["+00:00", "+05:45", "-11:00"])
def test_time_zone_of_a_connection_does_not_matter(tmp_path: Path, url: str, zone: str) -> None:
    """Nor does its summer."""
    url = database_url("postgresql" if url == POSTGRESQL else "mariadb", tmp_path)
    prefix = new_prefix()
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def move(connection: Any, record: object) -> None:  # any: of a driver
        cursor = connection.cursor()
        name = "TIME ZONE" if url == POSTGRESQL else "time_zone ="
        cursor.execute(f"SET {name} '{zone}'")
        cursor.close()
        connection.commit()

    store = SQLTokenStore(engine, prefix=prefix)
    store.set(KEY, token())
    (summary,) = store.summaries()
    engine.dispose()
    drop_tables(url, prefix)
    assert abs(summary.updated_at - time.time()) < 60


def test_foreign_value_in_redis_is_a_store_error() -> None:
    """Somebody else's key under our name."""
    with redis_client() as client:
        place = RedisBackend(client)
        store = place.open()
        client.set(f"{place.prefix}{{x}}:token:y", "text")
        with pytest.raises(StoreError, match="Redis failed with ResponseError"):
            list(store.summaries())
        place.empty()
        client.hset(f"{place.prefix}{{x}}:token:y", "key", "[1]")
        with pytest.raises(StoreError, match="something else wrote it"):
            list(store.summaries())
        place.empty()
