"""What it costs to keep a token: ``python -m benchmarks.stores [--json FILE]``.

The first way is the same statement, built once, on SQLAlchemy Core over a pooled
connection set up as the store sets up its own, with the token as bytes and the version
at hand. To that the store adds what makes a row of a token: the check of the key, the
JSON, the version, the expiry, and where there is a sealing the encryption. "Driver" is
the statement as text on one open connection: ``sqlite3``, psycopg, PyMySQL.

PostgreSQL and MariaDB are measured where they listen on their usual ports.
"""

from __future__ import annotations

import json
import socket
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Engine, Executable, MetaData, create_engine, text

from benchmarks.measure import Measured, Work, measure
from benchmarks.report import Report, command, row, versions
from typedoauth.stores import AESGCMSealing, MemoryTokenStore, SQLTokenStore
from typedoauth.stores._sql_schema import make_tables
from typedoauth.stores._sql_statements import TokenStatements, token_statements
from typedoauth.tokens import AnyToken, TokenKey

PREFIX: Final = "bench_"
ROWS: Final = 10_000
BY_HAND: Final = "Core, by hand"
SEALED: Final = "typedoauth, sealed"
SERVERS: Final = {
    "PostgreSQL": (5432, "postgresql+psycopg://root@127.0.0.1:5432/test"),
    "MariaDB": (3306, "mariadb+pymysql://root@127.0.0.1:3306/test"),
}
TOKEN: Final[AnyToken] = {
    "access_token": "ya29.a0AfH6SMBx3v9kQ2mTz" * 6,
    "token_type": "Bearer",
    "expires_in": 3599,
    "expires_at": 1_900_000_000,
    "refresh_token": "1//0gKx3v9kQ2mTzCgYIARAAGBASNwF-L9Ir",
    "scope": "openid email profile https://www.example.com/auth/calendar.readonly",
}
KEPT: Final = json.dumps(TOKEN, separators=(",", ":")).encode()
_BATCH: Final = 2000


def keys(rows: int) -> Iterator[TokenKey]:
    """Keys of a thousand users, chosen once and for all ways alike."""
    chosen = Random(7)  # noqa: S311  no secret
    return cycle([TokenKey("github", f"user-{chosen.randrange(rows)}") for _ in range(1000)])


def fill(url: str, rows: int) -> None:
    """Make the tables, and put a token of each user in."""
    with closing(SQLTokenStore(url, prefix=PREFIX)) as store:
        store.prepare()
        described = store.metadata()
    assert isinstance(described, MetaData)
    tokens = described.tables[f"{PREFIX}tokens"]
    engine = create_engine(url)
    encode: Callable[[str], object] = str.encode if url.startswith("maria") else str
    with engine.begin() as connection:
        for start in range(0, rows, _BATCH):
            connection.execute(
                tokens.insert(),
                [
                    {
                        "owner": encode(f"user-{number}"),
                        "client": encode("github"),
                        "account": encode(""),
                        "tenant": encode(""),
                        "token": KEPT,
                        "version": number,
                        "expires_at": 1_900_000_000,
                        "refreshable": 1,
                        "updated_at": 1.0,
                        "lease_holder": encode(""),
                        "lease_until": 0.0,
                        "key_id": encode(""),
                    }
                    for number in range(start, min(start + _BATCH, rows))
                ],
            )
    engine.dispose()


@contextmanager
def database(name: str, rows: int) -> Generator[str]:
    """A filled database; nothing of it is left."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tokens.db'}" if name == "SQLite" else SERVERS[name][1]
        fill(url, rows)
        try:
            yield url
        finally:
            engine = create_engine(url)
            with engine.begin() as connection:
                for kind in ("tokens", "versions"):
                    connection.execute(text(f"DROP TABLE {PREFIX}{kind}"))
            engine.dispose()


def like_the_store(url: str) -> Engine:
    """An engine set up as the store sets up its own."""
    return create_engine(url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)


def where(engine: Engine, key: TokenKey) -> dict[str, Any]:  # any: parameters
    """The parameters that find a row."""
    if engine.dialect.name == "mariadb":
        return {
            "p_owner": key.owner.encode(),
            "p_client": key.client.encode(),
            "p_account": b"",
            "p_tenant": b"",
        }
    return {"p_owner": key.owner, "p_client": key.client, "p_account": "", "p_tenant": ""}


def written(engine: Engine) -> dict[str, Any]:  # any: parameters
    """The parameters of a row besides its key, ready made."""
    empty = b"" if engine.dialect.name == "mariadb" else ""
    return {
        "p_token": KEPT,
        "p_version": 7,
        "p_expires_at": 1_900_000_000,
        "p_refreshable": 1,
        "p_nobody": empty,
        "p_key_id": empty,
    }


def statements_of(engine: Engine) -> TokenStatements:
    """The statements, built once."""
    kind = "mysql" if engine.dialect.name == "mariadb" else engine.dialect.name
    return token_statements(make_tables(PREFIX).tokens, kind)


def core_get(engine: Engine, statement: Executable, turn: Iterator[TokenKey]) -> Work:
    """SQLAlchemy Core, by hand."""

    def get() -> object:
        with engine.connect() as connection:
            return connection.execute(statement, where(engine, next(turn))).first()

    return Work(BY_HAND, get)


def core_set(engine: Engine, statement: Executable, turn: Iterator[TokenKey]) -> Work:
    """SQLAlchemy Core, by hand."""
    rest = written(engine)

    def put() -> None:
        with engine.connect() as connection:
            connection.execute(statement, where(engine, next(turn)) | rest)

    return Work(BY_HAND, put)


def driver(
    connection: Connection, statement: Any, turn: Iterator[TokenKey], *, put: bool
) -> Work:  # any: of SQLAlchemy
    """The text of the statement on an open connection."""
    engine = connection.engine
    compiled = statement.compile(dialect=engine.dialect)
    sql = str(compiled)
    rest = written(engine) if put else {}
    order: list[str] | None = compiled.positiontup
    fixed: dict[str, Any] = compiled.params  # any: of columns
    raw: Any = connection.connection.driver_connection  # any: of a driver

    def run() -> object:
        given = fixed | where(engine, next(turn)) | rest
        cursor = raw.cursor()
        cursor.execute(sql, given if order is None else [given[name] for name in order])
        row = None if put else cursor.fetchone()
        cursor.close()
        return row

    return Work("driver, by hand", run)


def measured(url: str, rows: int, seconds: float, rounds: int) -> dict[str, list[Measured]]:
    """Measure ``get`` and ``set`` on one database."""
    sealing = AESGCMSealing({"2027": b"k" * 32})
    with ExitStack() as stack:
        engine = like_the_store(url)
        stack.callback(engine.dispose)
        connection = stack.enter_context(engine.connect())
        made = statements_of(engine)
        plain = stack.enter_context(closing(SQLTokenStore(url, prefix=PREFIX)))
        sealed = stack.enter_context(closing(SQLTokenStore(url, prefix=PREFIX, sealing=sealing)))
        turns = [keys(rows) for _ in range(5)]
        sets = [
            core_set(engine, made.set, turns[0]),
            Work("typedoauth", lambda: plain.set(next(turns[1]), TOKEN)),
            Work(SEALED, lambda: sealed.set(next(turns[2]), TOKEN)),
            driver(connection, made.set, turns[3], put=True),
        ]
        result = {"set": measure(sets, seconds=seconds, rounds=rounds)}
        for _ in range(1000):
            plain.set(next(turns[1]), TOKEN)
        gets = [
            core_get(engine, made.get, turns[0]),
            Work("typedoauth", lambda: plain.get(next(turns[1]))),
            Work(SEALED, lambda: sealed.get(next(turns[2]))),
            driver(connection, made.get, turns[3], put=False),
        ]
        assert plain.get(next(turns[4])) == TOKEN
        # Of the same rows: some encrypted for a client of its own.
        other = (TokenKey("sealed", key.owner) for key in keys(rows))
        mine = [next(other) for _ in range(1000)]
        for key in mine:
            sealed.set(key, TOKEN)
        round_and_round = cycle(mine)
        gets[2] = Work(SEALED, lambda: sealed.get(next(round_and_round)))
        result["get"] = measure(gets, seconds=seconds, rounds=rounds)
        return dict(reversed(result.items()))


def memory(seconds: float, rounds: int) -> list[Measured]:
    """A store in memory beside a dict."""
    kept: dict[TokenKey, AnyToken] = {}
    store, turn = MemoryTokenStore(), keys(10_000)
    for key in (next(turn) for _ in range(1000)):
        kept[key] = TOKEN
        store.set(key, TOKEN)
    one = next(turn)
    works = [Work("dict", lambda: kept.get(one)), Work("typedoauth", lambda: store.get(one))]
    return measure(works, seconds=seconds, rounds=rounds)


def run(seconds: float, rounds: int, rows: int = ROWS) -> Report:
    """Measure every database that is there, and the memory."""
    results: dict[str, list[Measured]] = {}
    for name in ("SQLite", *SERVERS):
        if name in SERVERS:
            try:
                socket.create_connection(("127.0.0.1", SERVERS[name][0]), timeout=2).close()
            except OSError:
                print(f"{name} does not listen on 127.0.0.1:{SERVERS[name][0]}", file=sys.stderr)
                continue
        with database(name, rows) as url:
            of_this_one = measured(url, rows, seconds, rounds)
            results |= {f"{name} {what}": one for what, one in of_this_one.items()}
    shown = [
        row(f"{heading} of a token, with {rows:,}", found, against=BY_HAND, peers=[SEALED])
        for heading, found in results.items()
    ]
    results["memory get"] = memory(seconds, rounds)
    shown.append(row("memory get of a token", results["memory get"], against="dict"))
    return Report(
        "stores",
        f"Token stores, {rows:,} tokens: CPU time, as a ratio to SQLAlchemy Core by hand",
        versions("sqlalchemy", "psycopg", "pymysql"),
        results,
        shown,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("stores", run, arguments, seconds=0.3)


if __name__ == "__main__":
    main()
