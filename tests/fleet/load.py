"""A million tokens: what a look-up costs, how much disk they take, how long new keys take.

``python -m tests.fleet.load`` measures it; sizes may be given: ``… 1000000 100000``.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Final

from sqlalchemy import create_engine, text
from typing_extensions import override

from tests.fleet import servers
from tests.fleet.places import CLIENT_NAME, KEY, OTHER_KEY, Place, close
from tests.fleet.tables import head, row
from typedoauth.protocols import LeasingTokenStore, TokenStore
from typedoauth.stores import AESGCMSealing, RedisTokenStore, SQLTokenStore
from typedoauth.tokens import AnyToken, OAuth2Token, TokenKey

SMALL: Final = 1000
_PRIME: Final = 1_000_003
_STEP: Final = 600_011
_COLUMNS: Final = (
    "client, account, tenant, token, version, expires_at, refreshable, updated_at, lease_holder, "
    "lease_until, key_id"
)
_SERIES: Final = {
    "postgresql": "SELECT n FROM generate_series(CAST(1 AS bigint), {rows}) AS numbers(n)",
    "mariadb": "SELECT seq AS n FROM seq_1_to_{rows}",
    "sqlite": (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
        "WHERE n < {rows}) SELECT n FROM numbers"
    ),
}
_OWNER: Final = {
    "postgresql": "'user-' || (n * {step} % {prime})",
    "mariadb": "concat('user-', n * {step} % {prime})",
    "sqlite": "'user-' || (n * {step} % {prime})",
}
_ANALYZE: Final = {"postgresql": "VACUUM ANALYZE {table}", "mariadb": "ANALYZE TABLE {table}"}
_SIZES: Final = {
    "sqlite": "SELECT page_count * page_size, 0 FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_table_size('{table}'), pg_indexes_size('{table}')",
    "mariadb": (
        "SELECT data_length, index_length FROM information_schema.tables "
        "WHERE table_name = '{table}'"
    ),
}


def token() -> OAuth2Token:
    """A token as large as most."""
    return {
        "access_token": token_urlsafe(48),
        "refresh_token": token_urlsafe(48),
        "token_type": "Bearer",
        "scope": "profile email offline_access",
        "expires_in": 3600,
        "expires_at": int(time.time()) + 3600,
    }


def owner(number: int) -> str:
    """A user; they are spread over the index, as those of a real application are."""
    return f"user-{number * _STEP % _PRIME}"


def key(number: int) -> TokenKey:
    """What the token of a user is kept under."""
    return TokenKey(CLIENT_NAME, owner(number))


def fill(place: Place, rows: int) -> None:
    """Keep so many tokens there, by statements of the database: a million takes a minute."""
    assert rows < _PRIME
    store = SQLTokenStore(place.url, prefix=place.prefix)
    store.set(TokenKey(CLIENT_NAME, "pattern"), token())
    table = f"{place.prefix}tokens"
    names = {"rows": rows, "step": _STEP, "prime": _PRIME}
    series, name = _SERIES[place.kind].format(**names), _OWNER[place.kind].format(**names)
    engine = create_engine(place.url)
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO {table} (owner, {_COLUMNS}) SELECT {name}, {_COLUMNS} "  # noqa: S608
                f"FROM ({series}) AS series, {table} AS pattern WHERE pattern.owner = 'pattern'"
            )
        )
    if place.kind in _ANALYZE:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(_ANALYZE[place.kind].format(table=table)))
    engine.dispose()
    store.delete(TokenKey(CLIENT_NAME, "pattern"))
    store.close()


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in microseconds.

    Attributes:
        median: Of half of the calls, at most.
        slow: Of 95 in 100, at most.
    """

    median: float
    slow: float

    @override
    def __str__(self) -> str:
        return f"{self.median:.0f} µs ({self.slow:.0f})"


def times(actions: Sequence[Callable[[], object]], calls: int) -> list[Times]:
    """Measure several actions side by side, so that a busy machine is as busy for each."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(calls):
        for action, mine in zip(actions, taken, strict=True):
            begun = time.perf_counter()
            action()
            mine.append((time.perf_counter() - begun) * 1e6)
    return [Times(statistics.median(mine), statistics.quantiles(mine, n=20)[-1]) for mine in taken]


def lookups(place: Place, rows: int, calls: int) -> list[Times]:
    """What a look-up costs among a thousand tokens and among so many, side by side."""
    stores = [replace(place, prefix=f"{name}_").open() for name in ("small", "large")]
    sizes = (SMALL, rows)

    def look(store: TokenStore[AnyToken], size: int) -> Callable[[], object]:
        def act() -> None:
            assert store.get(key(random.randint(1, size))) is not None

        return act

    actions = [look(store, size) for store, size in zip(stores, sizes, strict=True)]
    try:
        times(actions, calls // 10)
        return times(actions, calls)
    finally:
        for store in stores:
            close(store)


def lease_costs(place: Place, calls: int) -> list[Times]:
    """What a look-up costs and all that a refresh asks of the store; plain, then encrypted."""
    stores = [
        replace(place, prefix=f"lease_{sealed}_".lower(), sealed=sealed).open()
        for sealed in (False, True)
    ]
    actions: list[Callable[[], object]] = []
    for store in stores:
        store.set(key(1), token())
        actions += [partial(store.get, key(1)), partial(_refresh, store)]
    try:
        times(actions, calls // 10)
        return times(actions, calls)
    finally:
        for store in stores:
            close(store)


def _refresh(store: TokenStore[AnyToken]) -> None:
    """All that is asked of a store when a token is renewed."""
    assert isinstance(store, LeasingTokenStore)
    holder = token_hex(8)
    assert store.load(key(1)) is not None
    assert store.acquire(key(1), holder, 35)
    found = store.load(key(1))
    assert found is not None
    assert store.replace(key(1), token(), found.version)


def size_on_disk(place: Place) -> tuple[int, int]:
    """The bytes of the table and of its index; of a SQLite file, all in the first."""
    engine = create_engine(place.url)
    try:
        with engine.connect() as connection:
            if place.kind == "sqlite":  # else what is still in the log does not count
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
            statement = _SIZES[place.kind].format(table=f"{place.prefix}tokens")
            table, index = connection.execute(text(statement)).one()
            return int(table), int(index)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Rotation:
    """What replacing the key came to.

    Attributes:
        tokens: How many were sealed anew.
        steps: How often it told how far it was.
        seconds: How long it took.
        left: How many could not be opened with the new key alone, of a sample.
    """

    tokens: int
    steps: int
    seconds: float
    left: int


def rotate(place: Place, rows: int) -> Rotation:
    """Seal so many tokens with one key, and replace it."""
    before = AESGCMSealing({"one": KEY})
    both, after = AESGCMSealing({"two": OTHER_KEY, "one": KEY}), AESGCMSealing({"two": OTHER_KEY})

    def opened(sealing: AESGCMSealing) -> SQLTokenStore | RedisTokenStore:
        if place.kind == "redis":
            return RedisTokenStore(place.redis(), sealing=sealing, prefix=place.prefix)
        return SQLTokenStore(place.url, sealing=sealing, prefix=place.prefix)

    first = opened(before)
    for number in range(1, rows + 1):
        first.set(key(number), token())
    close(first)
    second, begun = opened(both), time.perf_counter()
    steps = list(second.reseal())
    seconds = time.perf_counter() - begun
    close(second)
    assert steps[-1] == (rows, rows)
    third = opened(after)
    sample = random.sample(range(1, rows + 1), min(rows, 500))
    left = sum(third.get(key(number)) is None for number in sample)
    close(third)
    return Rotation(rows, len(steps), seconds, left)


def main() -> None:
    """Measure, and print tables."""
    rows, sealed = map(int, sys.argv[1:3] or (1_000_000, 100_000))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        places = [
            Place("sqlite", f"sqlite:///{folder / 'tokens.db'}"),
            Place("postgresql", stack.enter_context(servers.running(servers.PostgreSQL)).url),
            Place("mariadb", stack.enter_context(servers.running(servers.MariaDB)).url),
            Place("redis", stack.enter_context(servers.running(servers.Redis)).url),
        ]
        head("store", "tokens", "filled in", "look-up at 1,000 (95 %)", f"look-up at {rows:,}",
             "ratio", "table", "index")  # fmt: skip
        for place in places[:3]:
            begun = time.perf_counter()
            fill(replace(place, prefix="large_"), rows)
            filled = time.perf_counter() - begun
            large = replace(place, prefix="large_")
            table, index = size_on_disk(large)
            fill(replace(place, prefix="small_"), SMALL)
            small, big = lookups(place, rows, 5000)
            row(place.kind, f"{rows:,}", f"{filled:.0f} s", small, big,
                f"{big.median / small.median:.2f}", f"{table / 1e6:.0f} MB",
                f"{index / 1e6:.0f} MB")  # fmt: skip
        print()  # noqa: T201  a script
        head("store", "look-up", "all that a refresh asks of the store", "sealed: look-up",
             "sealed: refresh")  # fmt: skip
        for place in places:
            row(place.kind, *lease_costs(place, 1000))
        print()  # noqa: T201  likewise
        head("store", "tokens sealed anew", "seconds", "a second", "times it told its progress")
        for place in places:
            found = rotate(replace(place, prefix="rotation_"), sealed)
            row(place.kind, f"{found.tokens:,}", f"{found.seconds:.1f}",
                f"{found.tokens / found.seconds:,.0f}", found.steps)  # fmt: skip


if __name__ == "__main__":
    main()
