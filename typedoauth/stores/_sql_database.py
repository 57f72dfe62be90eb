"""A database: its engine, its failures, and what happens to both when a process forks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, TypeAlias, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.pool import Pool, QueuePool, SingletonThreadPool, StaticPool

from typedoauth.errors import ConfigurationError, StoreError
from typedoauth.stores._sql_statements import family

Parameters: TypeAlias = Mapping[str, object]
Row: TypeAlias = Sequence[Any]  # any: the columns that a statement asks for
_Result = TypeVar("_Result")

_POOL_SECONDS: Final = 10.0
_BUSY_SECONDS: Final = 10.0
_MYSQL_DEADLOCK: Final = 1213
_POSTGRESQL_CONFLICTS: Final = ("40001", "40P01")
_ASYNCHRONOUS: Final = {
    "aiomysql": "mysql+pymysql",
    "aiosqlite": "sqlite",
    "asyncmy": "mysql+pymysql",
    "asyncpg": "postgresql+psycopg",
}


class Database:
    """Runs statements, each in one step that is kept or not kept as a whole.

    An engine of its own commits each statement by itself, without a BEGIN and a COMMIT
    to wait for. One that is the application's is used as the application has set it up.

    Args:
        source: The URL of a database, or an engine.
        prepare: Makes sure of the tables, before the first statement of a process.

    Raises:
        ConfigurationError: It is no database that the stores can use.
    """

    def __init__(self, source: object, prepare: Callable[[Database], object]) -> None:
        self.engine: Engine
        if isinstance(source, Engine):
            self._own = False
            self.engine = source
        else:
            self._own = True
            self.engine = _open(source)
        kind = family(self.engine.dialect.name)
        if kind is None:
            raise ConfigurationError(
                f"the SQL stores do not know {self.engine.dialect.name}; they know SQLite, "
                "PostgreSQL, MariaDB and MySQL"
            )
        self.kind: str = kind
        self._bytes = kind == "mysql"
        self._prepare = prepare
        self._ready = False
        self._lock = threading.Lock()
        self._turns = _turns_at(self.engine.pool)
        _databases.add(self)

    def text(self, value: str) -> str | bytes:
        """A text as this database keeps it."""
        return value.encode() if self._bytes else value

    def one(self, statement: Executable, parameters: Parameters) -> Row | None:
        """Run a statement that finds one row, or none."""
        rows = self._run(statement, parameters, _all)
        return rows[0] if rows else None

    def all(self, statement: Executable, parameters: Parameters) -> Sequence[Row]:
        """Run a statement that finds rows; in these, texts are text."""
        rows = self._run(statement, parameters, _all)
        if not self._bytes:
            return rows
        return [
            [value.decode() if at < 4 and isinstance(value, bytes) else value
             for at, value in enumerate(row)]
            for row in rows
        ]  # fmt: skip

    def count(self, statement: Executable, parameters: Parameters) -> int:
        """Run a statement that changes rows, and tell how many."""
        return self._run(statement, parameters, _count)

    def many(self, statement: Executable, parameters: Sequence[Parameters]) -> int:
        """Run a statement several times in one transaction, and tell how many rows it changed."""
        self.make_ready()

        def act() -> int:
            with self.transaction() as connection:
                return _count(connection.execute(statement, parameters))

        return self.attempt(act)

    def attempt(self, act: Callable[[], _Result]) -> _Result:
        """Do something; once again, if the connection was gone or the database said so.

        Raises:
            StoreError: The database failed.
        """
        try:
            return act()
        except DBAPIError as error:
            if not _passes(error):
                raise failed(error) from error
        except SQLAlchemyError as error:
            raise failed(error) from error
        try:
            return act()
        except SQLAlchemyError as error:
            raise failed(error) from error

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """A transaction, whatever the engine does by itself."""
        level = "SERIALIZABLE" if self.kind == "sqlite" else "READ COMMITTED"
        with (
            self._turns or nullcontext(),
            self.engine.connect().execution_options(isolation_level=level) as connection,
            connection.begin(),
        ):
            yield connection

    def make_ready(self) -> None:
        """Make sure of the tables, once in each process.

        Raises:
            StoreError: They are not there, or of a version that this code does not know.
        """
        if not self._ready:
            with self._lock:
                if not self._ready:
                    self._prepare(self)
                    self._ready = True

    def close(self) -> None:
        """Close the connections of an engine of its own."""
        if self._own:
            self.engine.dispose()

    def forget_connections(self) -> None:
        """Leave the connections that a process inherited to the one that it is a child of."""
        self._lock = threading.Lock()
        self._ready = False
        pool = self.engine.pool
        if self._own or not isinstance(pool, StaticPool | SingletonThreadPool):
            # Held for good: to close them, even unused, would speak on the parent's sockets.
            _left_alone.append(pool)
            self.engine.dispose(close=False)
        self._turns = _turns_at(self.engine.pool)

    def _run(
        self,
        statement: Executable,
        parameters: Parameters,
        read: Callable[[CursorResult[Any]], _Result],  # any: rows of any columns
    ) -> _Result:
        if not self._ready:
            self.make_ready()
        try:
            with self._connection() as connection:
                return read(connection.execute(statement, parameters))
        except DBAPIError as error:
            if not _passes(error):
                raise failed(error) from error
        except SQLAlchemyError as error:
            raise failed(error) from error
        try:
            with self._connection() as connection:
                return read(connection.execute(statement, parameters))
        except SQLAlchemyError as error:
            raise failed(error) from error

    def _connection(self) -> AbstractContextManager[Connection]:
        return self._opened() if self._turns is None else self._in_turn(self._turns)

    def _opened(self) -> AbstractContextManager[Connection]:
        return self.engine.connect() if self._own else self.engine.begin()

    @contextmanager
    def _in_turn(self, turns: threading.RLock) -> Generator[Connection]:
        with turns, self._opened() as connection:
            yield connection


_databases: Final[WeakSet[Database]] = WeakSet()
_left_alone: Final[list[Pool]] = []
_turns: Final[WeakKeyDictionary[Pool, threading.RLock]] = WeakKeyDictionary()


def _turns_at(pool: Pool) -> threading.RLock | None:
    """For a pool that gives its one connection to all threads: a lock of all its stores.

    Whoever gave the connection back would roll back what another thread does on it.
    """
    if not isinstance(pool, StaticPool):
        return None
    return _turns.setdefault(pool, threading.RLock())


def _forked() -> None:
    _turns.clear()  # a thread that is no more may have had one
    for database in list(_databases):
        database.forget_connections()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def failed(error: SQLAlchemyError) -> StoreError:
    """What is raised for an error of SQLAlchemy, which then no longer shows what was to be kept."""
    original = ""
    if isinstance(error, StatementError):
        error.hide_parameters = True
        error.params = None
        name = type(error.orig).__name__
        if error.orig is not None and name != type(error).__name__:
            original = f" ({name})"
    return StoreError(
        f"the database failed with {type(error).__name__}{original}; see the cause of this error"
    )


def _passes(error: DBAPIError) -> bool:
    """Whether the same can succeed when it is tried again at once."""
    original = error.orig
    return (
        error.connection_invalidated
        or getattr(original, "sqlstate", None) in _POSTGRESQL_CONFLICTS
        or (getattr(original, "args", None) or (None,))[0] == _MYSQL_DEADLOCK
    )


def _all(result: CursorResult[Any]) -> Sequence[Row]:  # any: as above
    return result.all()


def _count(result: CursorResult[Any]) -> int:  # any: as above
    return result.rowcount


def _open(source: object) -> Engine:
    """Make an engine for a URL."""
    if not isinstance(source, str | URL):
        raise ConfigurationError(
            f"database: the URL of one or an engine of SQLAlchemy, not {type(source).__name__}; "
            "with Flask-SQLAlchemy give db.engine"
        )
    try:
        url = make_url(source)
        dialect = url.get_dialect()
    except (ArgumentError, ValueError):
        # Without the URL and without the cause: both hold its password.
        raise ConfigurationError(
            "database: not the URL of a database that SQLAlchemy knows; they look like "
            "sqlite:///tokens.db or postgresql+psycopg://user:password@host/name"
            f"{_instead(source)}"
        ) from None
    options: dict[str, Any] = {  # any: keywords of create_engine()
        "isolation_level": "AUTOCOMMIT",
        "skip_autocommit_rollback": True,
        "hide_parameters": True,
        "poolclass": QueuePool,
        "pool_timeout": _POOL_SECONDS,
    }
    lite = family(dialect.name) == "sqlite"
    if lite:
        options["connect_args"] = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
        if _in_memory(url):
            # One connection, since each has a database of its own.
            options["poolclass"] = StaticPool
            del options["pool_timeout"]
    try:
        engine = create_engine(url, **options)
    except ImportError as error:
        raise ConfigurationError(
            f"database: the driver {dialect.driver} {_lacking(dialect.driver)}"
        ) from error
    except (SQLAlchemyError, TypeError):
        raise ConfigurationError("database: SQLAlchemy makes no engine of this URL") from None
    if lite and not _in_memory(url):
        event.listen(engine, "first_connect", _write_ahead)
    return engine


def _instead(source: str | URL) -> str:
    """What to write for a URL that others understand; it is told by its scheme alone."""
    scheme = source.drivername if isinstance(source, URL) else source.partition(":")[0]
    if scheme == "postgres":
        return "; for postgres:// SQLAlchemy's name is postgresql://"
    if scheme in {"redis", "rediss"}:
        return f"; for {scheme}:// there is RedisTokenStore"
    return ""


def _lacking(driver: str) -> str:
    """What to do about a driver that cannot be imported."""
    if driver in _ASYNCHRONOUS:
        return (
            "is asynchronous, and such drivers are not usable here; take another, such as "
            f"{_ASYNCHRONOUS[driver]}://"
        )
    if driver == "mysqldb":
        return "is not installed; install the package mysqlclient, or use mysql+pymysql://"
    return "is not installed; install the package of it"


def _in_memory(url: URL) -> bool:
    name = url.database or ":memory:"
    return ":memory:" in name or "mode=memory" in name


def _write_ahead(connection: Any, record: object) -> None:  # any: of sqlite3, or like it
    """Let readers of a SQLite file go on while somebody writes; the file keeps this setting."""
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone() not in {("wal",), ("memory",)}:
            cursor.execute("PRAGMA journal_mode=WAL")
    except Exception:  # noqa: BLE001, S110  busy just now, or a file that cannot: it works without
        pass
    finally:
        cursor.close()
