"""The databases of this machine: each is skipped where it lacks, and fails where ``CI`` is set."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Engine, create_engine, inspect, text

from tests.real_servers.requirement import lacking

POSTGRESQL = "postgresql+psycopg://root@127.0.0.1:5432/test"
MARIADB = "mariadb+pymysql://root@127.0.0.1:3306/test"
MYSQL = MARIADB.replace("mariadb", "mysql", 1)

_PORTS = {
    POSTGRESQL: ("PostgreSQL", 5432, "its user root with no password and its database test"),
    MARIADB: ("MariaDB", 3306, "its user root with an empty password and its database test"),
}


def database_url(kind: str, folder: Path) -> str:
    """The URL of a database.

    Args:
        kind: ``sqlite``, ``postgresql``, ``mariadb`` or ``mysql`` (MariaDB by its other name).
        folder: Where to keep a file.
    """
    if kind == "sqlite":
        return f"sqlite:///{folder / 'tokens.db'}"
    url = POSTGRESQL if kind == "postgresql" else MARIADB
    name, port, needs = _PORTS[url]
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        lacking(name, f"start it on 127.0.0.1:{port}, with {needs}")
    return MYSQL if kind == "mysql" else url


def new_prefix() -> str:
    """What the tables of one test begin with: nobody else's do, in another run either."""
    return f"t{os.getpid()}_{token_hex(4)}_"


@contextmanager
def engine_of(url: str) -> Generator[Engine]:
    """An engine for the test's own use."""
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def drop_tables(url: str, prefix: str) -> None:
    """Leave nothing behind."""
    with engine_of(url) as engine, engine.begin() as connection:
        for name in inspect(connection).get_table_names():
            if name.startswith(prefix):
                connection.execute(text(f"DROP TABLE {name}"))
