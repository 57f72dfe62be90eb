"""A database that is shared: with the application's own tables, with threads, with children."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool

from tests.stores.contract import at_once
from tests.stores.databases import database_url, drop_tables, engine_of, new_prefix
from tests.stores.tokens import KEY, token
from typedoauth.errors import ConfigurationError
from typedoauth.stores import SQLCredentialStore, SQLTokenStore
from typedoauth.tokens import TokenKey


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.mark.parametrize("where", ["file", "memory"])
def test_engine_of_flask_sqlalchemy_is_shared(tmp_path: Path, where: str) -> None:
    """What the session has not committed yet is there after the store was used."""
    app = Flask("shared")
    name = f"/{tmp_path / 'app.db'}" if where == "file" else ":memory:"
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{name}"
    db = SQLAlchemy(app, model_class=Base)
    with app.app_context():
        db.create_all()
        store = SQLTokenStore(db.engine)
        store.set(KEY, token("first"))
        assert store.get(KEY) == token("first")
        db.session.add(User(name="Ada"))
        assert store.get(KEY) == token("first")
        if where == "memory":  # one connection; a file would be locked by the session
            db.session.flush()
            store.set(KEY, token("second"))
            assert store.get(KEY) == token("second")
        db.session.commit()
        assert db.session.query(User).count() == 1
        db.session.remove()
        db.engine.dispose()


def test_engine_that_begins_by_an_event_is_committed(tmp_path: Path) -> None:
    """The way that SQLAlchemy's page on SQLite shows, for transactions that are real."""
    with engine_of(f"sqlite:///{tmp_path / 'tokens.db'}") as engine:

        @event.listens_for(engine, "connect")
        def leave_it(connection: sqlite3.Connection, record: object) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN")

        store = SQLTokenStore(engine)
        store.set(KEY, token())
        assert SQLTokenStore(engine).get(KEY) == token()
        stored = store.load(KEY)
        assert stored is not None
        assert store.acquire(KEY, "one", 60)
        assert store.replace(KEY, token("new"), stored.version)
        assert list(store.reseal()) == []
        assert SQLTokenStore(engine).get(KEY) == token("new")


def test_memory_is_one_database_for_all_threads() -> None:
    """Of one store; another store has another one."""
    store = SQLTokenStore("sqlite://")
    store.set(KEY, token())
    assert at_once(lambda _: store.get(KEY)) == [token()] * 8
    other = SQLTokenStore("sqlite:///:memory:")
    assert other.get(KEY) is None
    other.close()
    store.close()


def test_engine_of_one_connection_loses_nothing() -> None:
    """Eight threads, and two stores, take turns at it."""
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    store, other = SQLTokenStore(engine), SQLTokenStore(engine)
    store.prepare()
    other.prepare()

    def act(number: int) -> None:
        for turn in range(40):
            (store if number % 2 else other).set(TokenKey("github", f"{number} {turn}"), token())

    at_once(act)
    assert len(list(store.summaries())) == 8 * 40
    engine.dispose()


_FORKING = """
import os, sys
from sqlalchemy import create_engine
from typedoauth.stores import SQLTokenStore
from typedoauth.tokens import TokenKey

url, prefix, kind = sys.argv[1:]
store = SQLTokenStore(create_engine(url) if kind == "engine" else url, prefix=prefix)

def work(name):
    for turn in range(30):
        key = TokenKey("github", f"{name} {turn}")
        store.set(key, {"access_token": name})
        assert store.get(key) == {"access_token": name}

work("before")
children = []
for number in range(3):
    child = os.fork()
    if not child:
        status = 1
        try:
            work(f"child {number}")
            status = 0
        finally:
            os._exit(status)
    children.append(child)
work("parent")
statuses = [os.waitpid(child, 0)[1] for child in children]
work("after")
found = sum(1 for _ in store.summaries())
print(statuses, found)
"""


@pytest.mark.parametrize("kind", ["url", "engine"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_children_have_connections_of_their_own(tmp_path: Path, database: str, kind: str) -> None:
    """After a fork, as gunicorn does with ``--preload``; the parent's go on working."""
    url, prefix = database_url(database, tmp_path), new_prefix()
    try:
        run = subprocess.run(
            [sys.executable, "-c", _FORKING, url, prefix, kind],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (run.stdout.strip(), run.stderr) == (f"[0, 0, 0] {30 * 6}", "")
    finally:
        drop_tables(url, prefix)


_IN_MEMORY_FORKING = """
import os
from typedoauth.stores import SQLTokenStore
from typedoauth.tokens import TokenKey
store, key = SQLTokenStore("sqlite://"), TokenKey("github", "ada")
store.set(key, {"access_token": "a"})
if not (child := os.fork()):
    os._exit(0 if store.get(key) is None else 1)
print(os.waitpid(child, 0)[1], store.get(key))
"""


def test_memory_is_of_one_process() -> None:
    """A child has a database of its own, which is empty."""
    run = subprocess.run(
        [sys.executable, "-c", _IN_MEMORY_FORKING], capture_output=True, text=True, timeout=60
    )
    assert (run.stdout.strip(), run.stderr) == ("0 {'access_token': 'a'}", "")


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("no url, but s3cret", "not the URL of a database"),
        ("nosuch://user:s3cret@host/x", "not the URL of a database"),
        ("postgresql://user:s3cret@host:port/x", "not the URL of a database"),
        ("mysql+nosuch://user:s3cret@host/x", "not the URL of a database"),
        ("oracle+oracledb://user:s3cret@host/x", "do not know oracle|driver oracledb"),
        ("mysql+mysqldb://user:s3cret@host/x", "the driver mysqldb is not installed"),
        ("mysql://user:s3cret@host/x", r"package mysqlclient, or use mysql\+pymysql://"),
        ("postgres://user:s3cret@host/x", "SQLAlchemy's name is postgresql://"),
        ("redis://user:s3cret@host/0", "for redis:// there is RedisTokenStore"),
        ("rediss://user:s3cret@host/0", "for rediss:// there is RedisTokenStore"),
        ("postgresql+asyncpg://user:s3cret@host/x", "asyncpg is asynchronous.*not usable"),
        ("sqlite+aiosqlite:///s3cret.db", "aiosqlite is asynchronous.*not usable"),
        ("mysql+aiomysql://user:s3cret@host/x", "aiomysql is asynchronous.*not usable"),
        ("mysql+asyncmy://user:s3cret@host/x", "asyncmy is asynchronous.*not usable"),
        (7, "not int"),
        (None, "not NoneType"),
    ],
)
@pytest.mark.parametrize("kind", [SQLTokenStore, SQLCredentialStore])
def test_what_is_no_database_is_refused(
    kind: type[SQLTokenStore] | type[SQLCredentialStore], database: str, said: str
) -> None:
    """At start, without its password."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        kind(database)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["", "Tokens_", "x; DROP TABLE y; --", "a" * 41, "1", "a.b"])
def test_prefix_that_is_no_name_is_refused(prefix: str) -> None:
    """It becomes part of statements."""
    with pytest.raises(ConfigurationError, match="prefix"):
        SQLTokenStore("sqlite://", prefix=prefix)


def test_repr_shows_no_password() -> None:
    """Only the kind of database."""
    store = SQLTokenStore("postgresql+psycopg://user:s3cret@host/x")
    assert repr(store) == "<SQLTokenStore postgresql>"


def _fresh(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stderr == ""
    return run.stdout.strip()


def test_sqlalchemy_is_imported_when_a_store_is_made() -> None:
    """Whoever has no database does without."""
    code = "import typedoauth.stores, typedoauth.flask, sys; print('sqlalchemy' in sys.modules)"
    assert _fresh(code) == "False"


def test_without_sqlalchemy_the_extra_is_named() -> None:
    """By an error that is an ImportError, too."""
    code = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from typedoauth import MissingExtraError\n"
        "from typedoauth.stores import SQLCredentialStore, SQLTokenStore\n"
        "for kind in (SQLTokenStore, SQLCredentialStore):\n"
        "    try: kind('sqlite://')\n"
        "    except MissingExtraError as error: print(error)\n"
    )
    line = (
        "missing_extra: the SQL stores need SQLAlchemy, which is not installed: "
        "pip install 'typedoauth[sql]'"
    )
    assert _fresh(code).splitlines() == [line, line]
