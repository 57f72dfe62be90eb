"""Making the tables and bringing them up to date, by one process at a time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final
from zlib import crc32

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateColumn

from typedoauth.errors import StoreError
from typedoauth.stores._sql_database import Database
from typedoauth.stores._sql_schema import Tables
from typedoauth.stores._sql_statements import version_statements

_PATIENCE: Final = 60


def ensure(database: Database, tables: Tables, table: Table, current: int, *, make: bool) -> None:
    """Make sure that a table is there, as this code needs it.

    Args:
        database: Where.
        tables: All tables of the prefix.
        table: Which one.
        current: The version that this code knows.
        make: Whether to make it, or bring it up to date.

    Raises:
        StoreError: It is not as it must be.
    """
    found = database.attempt(lambda: _look(database, tables, table))
    if found == current:
        return
    if found is not None and found > current:
        raise _newer(table, found, current)
    if make:
        database.attempt(lambda: _migrate(database, tables, table, current))
        return
    lacking = database.attempt(lambda: _lacking(database, table))
    if lacking:
        raise StoreError(
            f"the table {table.name} has no {', '.join(lacking)}; make it with a migration of "
            "Alembic (metadata() tells how it is to be) or give create_tables=True"
        )


def _newer(table: Table, found: int, current: int) -> StoreError:
    return StoreError(
        f"the table {table.name} is of version {found} and this typedoauth knows version "
        f"{current}; install the typedoauth that made it; nothing was changed"
    )


def _look(database: Database, tables: Tables, table: Table) -> int | None:
    with database.engine.connect() as connection:
        return _version(connection, database, tables, table)


def _lacking(database: Database, table: Table) -> list[str]:
    with database.engine.connect() as connection:
        found = _columns(connection, table)
    return [column.name for column in table.columns if column.name not in found]


def _columns(connection: Connection, table: Table) -> set[str]:
    inspector = inspect(connection)
    if not inspector.has_table(table.name):
        return set()
    return {column["name"] for column in inspector.get_columns(table.name)}


def _version(
    connection: Connection, database: Database, tables: Tables, table: Table
) -> int | None:
    if not inspect(connection).has_table(tables.versions.name):
        return None
    read, _, _ = version_statements(tables.versions)
    version: Any = connection.execute(  # any: of a column
        read, {"p_name": database.text(table.name)}
    ).scalar()
    return None if version is None else int(version)


def _migrate(database: Database, tables: Tables, table: Table, current: int) -> None:
    with _alone(database, tables) as connection:
        found = _version(connection, database, tables, table)
        if found == current:
            return
        if found is not None and found > current:
            raise _newer(table, found, current)
        tables.versions.create(connection, checkfirst=True)
        table.create(connection, checkfirst=True)
        # What is there counts, not what is said of it: MySQL keeps each step by itself, so a
        # process that was killed may have left any of them as the last.
        there = _columns(connection, table)
        for column in table.columns:
            if column.name not in there:
                _add(connection, table, str(column.name))
        _, forget, write = version_statements(tables.versions)
        name = database.text(table.name)
        connection.execute(forget, {"p_name": name})
        connection.execute(write, {"p_name": name, "p_version": current})


def _add(connection: Connection, table: Table, name: str) -> None:
    dialect = connection.dialect
    quoted = dialect.identifier_preparer.format_table(table)
    column = CreateColumn(table.c[name]).compile(dialect=dialect)
    connection.execute(text(f"ALTER TABLE {quoted} ADD COLUMN {column}"))


@contextmanager
def _alone(database: Database, tables: Tables) -> Generator[Connection]:
    """A connection while nobody else migrates; in a transaction where tables can be part of one."""
    match database.kind:
        case "postgresql":
            with database.transaction() as connection:
                number = crc32(tables.prefix.encode())
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:number)"), {"number": number}
                )
                yield connection
        case "sqlite":
            with database.engine.begin() as connection:
                _begin_to_write(connection)
                try:
                    yield connection
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK")
                    raise
        case _:
            with database.engine.connect() as opened:
                connection = opened.execution_options(isolation_level="AUTOCOMMIT")
                name = {"name": f"{tables.prefix}migration", "seconds": _PATIENCE}
                if connection.execute(text("SELECT GET_LOCK(:name, :seconds)"), name).scalar() != 1:
                    raise StoreError(
                        f"another process has been making the tables for {_PATIENCE} seconds; "
                        "look what it waits for"
                    )
                try:
                    yield connection
                finally:
                    connection.execute(text("SELECT RELEASE_LOCK(:name)"), name)


def _begin_to_write(connection: Connection) -> None:
    """Begin a transaction of SQLite that waits for others now, and not when it writes."""
    driver: Any = connection.connection.dbapi_connection  # any: of sqlite3
    if driver.in_transaction:
        if isinstance(connection.engine.pool, StaticPool):
            return  # of the application, on the one connection that there is
        # Begun by a listener of the engine, by a BEGIN that does not wait.
        connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
