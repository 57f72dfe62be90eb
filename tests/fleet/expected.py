"""Every fault, and what must come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.fleet import race

_SQL: Final = ("sqlite", "postgresql", "mariadb")
_DATABASES: Final = ("postgresql", "mariadb")
_SERVERS: Final = (*_DATABASES, "redis")


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a fault, once.

    Attributes:
        store: Where the tokens were kept.
        sees: The error of whoever called when it happened; empty where there was none.
        later: The error of whoever calls once it is over.
        kept: Whether the store then has a token that the provider honours.
        asked: How many refreshes the provider was asked for.
        granted: How many of those it granted.
        waited: For how many seconds the slowest caller waited.
    """

    store: str
    sees: str
    later: str
    kept: bool
    asked: int
    granted: int
    waited: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and what must come of it.

    Attributes:
        stores: Where it is tried.
        sees: As in :class:`Run`.
        later: Likewise.
        kept: Likewise.
        asked: Likewise.
        granted: Likewise.
        why: Why a token is lost, where one is.
    """

    stores: Sequence[str]
    sees: str = ""
    later: str = ""
    kept: bool = True
    asked: int = 1
    granted: int = 1
    why: str = ""

    def broken(self, run: Run) -> list[str]:
        """Where a run differs."""
        names = ("sees", "later", "kept", "asked", "granted")
        return [
            f"{run.store}: {name} is {getattr(run, name)!r}, not {getattr(self, name)!r}"
            for name in names
            if getattr(run, name) != getattr(self, name)
        ]


_ONLY_THE_DEAD: Final = "only the process that was killed had it"

KILLED_BEFORE: Final = "kill -9 before the refresh request"
KILLED_UNPROCESSED: Final = "kill -9 during it, and the provider has not processed it"
KILLED_PROCESSED: Final = "kill -9 during it, and the provider has processed it"
KILLED_AFTER: Final = "kill -9 after the answer, before the write"
STOPPED: Final = "server stopped and started, the token is good"
CRASHED: Final = "kill -9 of the database, and started"
STOPPED_EXPIRED: Final = "server stopped and started, the token has expired"
STOPPED_DURING: Final = "server stopped during a refresh and started, the same process goes on"
STOPPED_ELSEWHERE: Final = "server stopped during a refresh and started, two processes go on"
STOPPED_FORGOTTEN: Final = "server stopped during a refresh and started, only another one goes on"
FLUSHED: Final = "Redis flushed during a refresh"
FULL_BEFORE: Final = "disk full before a refresh"
FULL_DURING: Final = "disk full during a refresh"
OLD_TABLES: Final = "tables of an older version, four processes start at once"
OLD_WRITER: Final = "a process of the older version goes on writing"
NEW_TABLES: Final = "tables of a newer version"
SKEWED: Final = "clocks two minutes apart, the token has expired"
SKEWED_NEARLY: Final = "clocks two minutes apart, the token has expired by some of them"
SLOW_PROVIDER: Final = "the provider hangs for one user: others with good tokens"
SLOW_REFRESH: Final = "the provider hangs for one user: others with expired tokens"
SLOW_STORE: Final = "the store hangs for one user: others"
REDIRECTED: Final = "kill -9 between redirect and callback"
REDIRECTED_REDIS: Final = "kill -9 between redirect and callback, open logins in Redis"
FLUSHED_LOGIN: Final = "Redis flushed between redirect and callback, open logins in Redis"

FAULTS: Final = {
    KILLED_BEFORE: Fault(race.SHARED, asked=1),
    KILLED_UNPROCESSED: Fault(race.SHARED, asked=2),
    KILLED_PROCESSED: Fault(
        race.SHARED,
        "InvalidGrantError",
        "TokenExpiredError",
        kept=False,
        asked=2,
        why=_ONLY_THE_DEAD,
    ),
    KILLED_AFTER: Fault(
        race.SHARED,
        "InvalidGrantError",
        "TokenExpiredError",
        kept=False,
        asked=2,
        why=_ONLY_THE_DEAD,
    ),
    STOPPED: Fault(_SERVERS, "StoreError", asked=0, granted=0),
    CRASHED: Fault(_DATABASES, "StoreError", asked=0, granted=0),
    STOPPED_EXPIRED: Fault(_SERVERS, "StoreError"),
    STOPPED_DURING: Fault(_SERVERS, "StoreError"),
    STOPPED_ELSEWHERE: Fault(_SERVERS, "StoreError"),
    STOPPED_FORGOTTEN: Fault(("postgresql",)),
    FLUSHED: Fault(("redis",), later="none", kept=False, why="the store was emptied"),
    FULL_BEFORE: Fault(("sqlite",), "StoreError"),
    FULL_DURING: Fault(("sqlite",), "StoreError"),
    OLD_TABLES: Fault(_SQL),
    OLD_WRITER: Fault(_SQL),
    NEW_TABLES: Fault(_SQL, "StoreError", asked=0, granted=0),
    SKEWED: Fault(race.SHARED),
    SKEWED_NEARLY: Fault(race.SHARED),
    SLOW_PROVIDER: Fault(race.SHARED, asked=0, granted=0),
    SLOW_REFRESH: Fault(race.SHARED),
    SLOW_STORE: Fault(_SQL, asked=0, granted=0),
    REDIRECTED: Fault(("postgresql",), asked=0, granted=0),
    REDIRECTED_REDIS: Fault(("postgresql",), asked=0, granted=0),
    FLUSHED_LOGIN: Fault(("memory",), "StateMismatchError", asked=0, granted=0),
}
"""Every fault, and what must come of it."""

_WORDS: Final = {"": "a token", "none": "`MissingTokenError`"}


def documented() -> list[list[str]]:
    """The rows of the table in the documentation."""
    return [
        [
            name,
            ", ".join(fault.stores),
            _WORDS.get(fault.sees, f"`{fault.sees}`"),
            _WORDS.get(fault.later, f"`{fault.later}`"),
            "yes" if fault.kept else f"no: {fault.why}",
        ]
        for name, fault in FAULTS.items()
    ]
