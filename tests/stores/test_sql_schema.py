"""The tables: made, brought up to date and shared, by however many processes start at once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, inspect, text

from tests.stores.databases import database_url, drop_tables, engine_of, new_prefix
from tests.stores.tokens import KEY, NEW, sealing, token
from typedoauth.errors import StoreError
from typedoauth.protocols import Sealing
from typedoauth.stores import SQLCredentialStore, SQLTokenStore

KINDS = ("sqlite", "postgresql", "mariadb")


class Place:
    """A database in which a test has a prefix of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.prefix = new_prefix()
        self._stores: list[SQLTokenStore] = []

    def open(self, *, create_tables: bool = True, sealed: Sealing | None = None) -> SQLTokenStore:
        """A store on it."""
        store = SQLTokenStore(
            self.url,
            prefix=self.prefix,
            create_tables=create_tables,
            sealing=sealed,
        )
        self._stores.append(store)
        return store

    def run(self, *statements: str) -> None:
        """Run statements; ``{p}`` is the prefix."""
        with engine_of(self.url) as engine, engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement.format(p=self.prefix)))

    def versions(self) -> dict[str, int]:
        """What the table of versions says."""
        with engine_of(self.url) as engine, engine.connect() as connection:
            rows = connection.execute(
                text(f"SELECT name, version FROM {self.prefix}versions")  # noqa: S608  our own
            )
            return {
                (name.decode() if isinstance(name, bytes) else name).removeprefix(
                    self.prefix
                ): number
                for name, number in rows
            }

    def columns(self) -> set[str]:
        """The columns of the tokens."""
        with engine_of(self.url) as engine:
            return {
                column["name"] for column in inspect(engine).get_columns(f"{self.prefix}tokens")
            }

    def become_version_1(self) -> None:
        """As the tables were before ``key_id``."""
        self.run(
            "ALTER TABLE {p}tokens DROP COLUMN key_id",
            "UPDATE {p}versions SET version = 1",
        )

    def close(self) -> None:
        """Leave nothing behind."""
        for store in self._stores:
            store.close()
        drop_tables(self.url, self.prefix)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each kind of database."""
    made = Place(database_url(request.param, tmp_path))
    yield made
    made.close()


def test_tables_are_made_at_the_first_use(place: Place) -> None:
    """Not before: an application starts before its database does."""
    store = place.open()
    with engine_of(place.url) as engine:
        assert not inspect(engine).has_table(f"{place.prefix}tokens")
    store.prepare()
    assert place.versions() == {"tokens": 2}


def test_tables_of_both_stores_have_versions(place: Place) -> None:
    """Each its own."""
    place.open().prepare()
    credentials = SQLCredentialStore(place.url, prefix=place.prefix)
    credentials.prepare()
    credentials.close()
    assert place.versions() == {"tokens": 2, "credentials": 1}


def test_version_1_is_brought_up_to_date(place: Place) -> None:
    """With what it holds, which a rotation then looks at."""
    place.open().set(KEY, token("of version 1"))
    place.become_version_1()
    store = place.open(sealed=sealing(NEW, accept_unsealed=True))
    assert store.get(KEY) == token("of version 1")
    assert place.versions() == {"tokens": 2}
    assert "key_id" in place.columns()
    assert list(store.reseal()) == [(1, 1)]
    assert place.open(sealed=sealing(NEW)).get(KEY) == token("of version 1")


@pytest.mark.parametrize(
    "left",
    ["UPDATE {p}versions SET version = 1", "DELETE FROM {p}versions", "DROP TABLE {p}versions"],
)
def test_migration_that_was_killed_is_finished(place: Place, left: str) -> None:
    """Whatever step was the last."""
    place.open().set(KEY, token())
    place.run(left)
    assert place.open().get(KEY) == token()
    assert place.versions() == {"tokens": 2}


@pytest.mark.parametrize("create_tables", [True, False])
def test_newer_tables_are_left_alone(place: Place, create_tables: bool) -> None:
    """An older program among newer ones says what is the matter."""
    place.open().set(KEY, token())
    place.run("UPDATE {p}versions SET version = 3")
    store = place.open(create_tables=create_tables)
    for _ in range(2):
        with pytest.raises(StoreError, match="of version 3 and this typedoauth knows version 2"):
            store.get(KEY)
    assert place.versions() == {"tokens": 3}


def test_tables_of_the_application_are_used_as_they_are(place: Place) -> None:
    """Alembic makes them from the metadata; no version is written then."""
    store = place.open(create_tables=False)
    described = store.metadata()
    assert isinstance(described, MetaData)
    assert sorted(name.removeprefix(place.prefix) for name in described.tables) == [
        "credentials",
        "tokens",
        "versions",
    ]
    with engine_of(place.url) as engine:
        described.create_all(engine)
    store.set(KEY, token())
    assert store.get(KEY) == token()
    assert place.versions() == {}
    assert place.open().get(KEY) == token()


def test_tables_that_are_not_there_are_asked_for(place: Place) -> None:
    """With what lacks; and once they are there, the same store works."""
    store = place.open(create_tables=False)
    with pytest.raises(StoreError, match=r"tokens has no owner, .*create_tables=True"):
        store.get(KEY)
    place.open().prepare()
    place.become_version_1()
    with pytest.raises(StoreError, match=r"tokens has no key_id; make it with a migration"):
        store.get(KEY)
    place.open().prepare()
    assert store.get(KEY) is None


_WORKER = """
import sys, time
from typedoauth.stores import SQLTokenStore
from typedoauth.tokens import TokenKey
url, prefix, start, number = sys.argv[1:]
store = SQLTokenStore(url, prefix=prefix)
time.sleep(max(0, float(start) - time.time()))
store.set(TokenKey("github", number), {"access_token": number})
store.close()
"""


@pytest.mark.parametrize("before", ["nothing", "version 1"])
def test_workers_that_start_at_once_make_them_once(place: Place, before: str) -> None:
    """Each of six processes works; none sees half of it."""
    if before == "version 1":
        place.open().prepare()
        place.become_version_1()
    start = str(time.time() + 2)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, place.url, place.prefix, start, str(number)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    said = [worker.communicate(timeout=60)[1] for worker in workers]
    assert said == [""] * 6
    assert place.versions() == {"tokens": 2}
    owners = [told.key.owner for told in place.open().summaries()]
    assert owners == [str(number) for number in range(6)]


def test_threads_that_start_at_once_make_them_once(place: Place) -> None:
    """Of one store, and of several."""
    stores = [place.open() for _ in range(3)] * 3
    with ThreadPoolExecutor(9) as threads:
        for done in [threads.submit(store.set, KEY, token()) for store in stores]:
            done.result()
    assert place.versions() == {"tokens": 2}


def test_file_of_sqlite_is_written_ahead(tmp_path: Path) -> None:
    """Readers do not wait for writers; a file of the application's stays as it is."""
    own, given = tmp_path / "own.db", tmp_path / "given.db"
    store = SQLTokenStore(f"sqlite:///{own}")
    store.set(KEY, token())
    store.close()
    with engine_of(f"sqlite:///{given}") as engine:
        SQLTokenStore(engine).set(KEY, token())
    modes: list[str] = []
    for file in (own, given):
        with engine_of(f"sqlite:///{file}") as engine, engine.connect() as connection:
            modes.append(connection.execute(text("PRAGMA journal_mode")).scalar_one())
    assert modes == ["wal", "delete"]


def test_engine_of_the_application_stays_open(tmp_path: Path) -> None:
    """``close`` closes what the store opened."""
    engine = create_engine(f"sqlite:///{tmp_path / 'given.db'}")
    store = SQLTokenStore(engine)
    store.prepare()
    pool = engine.pool
    store.close()
    assert engine.pool is pool
    engine.dispose()
