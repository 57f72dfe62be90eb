"""One expired token, or a thousand, and a whole fleet that wants it: ``-m tests.fleet.race``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Final

from tests.fleet import servers
from tests.fleet.fleet import PROCESSES, THREADS, Fleet, ProviderProcess, Use, fleet, provider
from tests.fleet.places import Place, close, fill
from tests.fleet.tables import head, row

SHARED: Final = ("sqlite", "postgresql", "mariadb", "redis")
"""Where processes share tokens, and a refresh is safe between them."""

POLL: Final = 0.25
"""Seconds: the longest that a worker waits before it looks again."""

_SERVERS: Final[dict[str, Callable[[Path], servers.Service]]] = {
    "postgresql": servers.PostgreSQL,
    "mariadb": servers.MariaDB,
    "redis": servers.Redis,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a race.

    Attributes:
        place: Where the tokens were kept.
        users: How many tokens had expired.
        calls: How many times one was used.
        failed: How many of those failed.
        refreshes: How many refreshes the provider granted.
        asked: How many it was asked for.
        tokens: How many different access tokens were used.
        processes: How many processes began before the first was done.
        refresh: How many seconds the longest refresh request lasted.
        slowest: How many seconds the slowest caller waited.
        seconds: How many seconds all of it lasted.
        errors: What went wrong.
    """

    place: Place
    users: int
    calls: int
    failed: int
    refreshes: int
    asked: int
    tokens: int
    processes: int
    refresh: float
    slowest: float
    seconds: float
    errors: frozenset[str]

    @property
    def once(self) -> bool:
        """Whether each token was refreshed once, nobody was logged out, and all agree."""
        return self.asked == self.refreshes == self.tokens == self.users and not self.failed


def run(
    server: ProviderProcess,
    workers: Fleet,
    place: Place,
    users: int,
    *,
    rounds: int = THREADS,
    api: bool = True,
) -> Outcome:
    """Let a fleet use tokens that have expired.

    Args:
        server: The provider.
        workers: The fleet.
        place: Where the tokens are kept.
        users: How many tokens.
        rounds: How often each process uses each.
        api: Whether to call the API with each token.
    """
    names = [f"{token_hex(4)}-{number}" for number in range(users)]
    label = f"{place.kind} {place.sealed}"
    store = place.open()
    try:
        fill(store, server.mint(names))
    finally:
        close(store)
    workers.open(place, label=label)
    workers.took()
    before = server.counts()
    by_worker = workers.race(label, names, rounds=rounds, api=api)
    after = server.counts()
    return _outcome(place, users, by_worker, before, after, workers.took())


def _outcome(
    place: Place,
    users: int,
    by_worker: list[list[Use]],
    before: dict[str, int],
    after: dict[str, int],
    took: list[float],
) -> Outcome:
    uses = [use for several in by_worker for use in several]
    first = min(use.ended for use in uses)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown.get("refresh_token_reuse", 0) == 0, "a refresh token was used twice"
    return Outcome(
        place=place,
        users=users,
        calls=len(uses),
        failed=sum(use.error is not None for use in uses),
        refreshes=grown["refresh_token"],
        asked=grown["token_requests"],
        tokens=len({(use.user, use.access) for use in uses}),
        processes=sum(min(use.begun for use in several) < first for several in by_worker),
        refresh=max(took),
        slowest=max(use.waited for use in uses),
        seconds=max(use.ended for use in uses) - min(use.begun for use in uses),
        errors=frozenset(f"{use.error}: {use.text}" for use in uses if use.error),
    )


@contextmanager
def services() -> Generator[dict[str, servers.Service]]:
    """Run every server that processes can share tokens in, by the kind of store."""
    with ExitStack() as stack, ThreadPoolExecutor(len(_SERVERS)) as pool:
        # Side by side: each takes a second or two, most of it waiting.
        running = {
            kind: pool.submit(stack.enter_context, servers.running(server))
            for kind, server in _SERVERS.items()
        }
        yield {kind: service.result() for kind, service in running.items()}


def places(folder: Path, services: Mapping[str, servers.Service]) -> dict[str, Place]:
    """Every place that processes can share, by its kind.

    Args:
        folder: For SQLite.
        services: For the others.
    """
    made = {"sqlite": Place("sqlite", f"sqlite:///{folder / 'tokens.db'}")}
    return made | {kind: Place(kind, service.url) for kind, service in services.items()}


def sealed(place: Place) -> Place:
    """The same place, where tokens are encrypted."""
    return replace(place, prefix="sealed_", sealed=True)


def main() -> None:
    """Run every race, and print what came of it."""
    sizes = [int(one) for one in sys.argv[1:]] or [1, 1000]
    head(
        "store", "sealed", "users", "calls", "failed", "refreshes", "reuse",
        "processes in the race", "longest refresh", "slowest caller", "all",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        server = stack.enter_context(provider(folder / "provider.log"))
        workers = stack.enter_context(fleet(server.base, folder))
        for place in places(folder, stack.enter_context(services())).values():
            for one in (place, sealed(place)):
                for users in sizes:
                    found = run(server, workers, one, users, api=users == 1)
                    assert found.once, found
                    row(
                        one.kind,
                        "yes" if one.sealed else "no",
                        users,
                        found.calls,
                        found.failed,
                        found.refreshes,
                        0,
                        f"{found.processes} of {PROCESSES}",
                        f"{found.refresh * 1000:.0f} ms",
                        f"{found.slowest * 1000:.0f} ms",
                        f"{found.seconds:.1f} s",
                    )


if __name__ == "__main__":
    main()
