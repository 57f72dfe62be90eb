"""A registry under load for a minute: ``python -m benchmarks.soak [--json FILE]``.

64 threads share one registry, one transport and one token, which is renewed every two
seconds. Each answer is compared with its own request. Then one thread makes 100,000
calls, and 10,000 people log in, and the memory of the process is compared before and
after.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Final

from flask import Flask

from benchmarks.people import Logins
from benchmarks.report import Report, Row, versions
from benchmarks.serving import FIRST_TOKEN, serving, status
from typedoauth.flask import OAuth
from typedoauth.stores import MemoryTokenStore
from typedoauth.transports import Urllib3Transport

__all__ = ["Caller", "Soaked", "calling", "grown", "soak"]

THREADS: Final = 64
_LIVES: Final = 4.0
_POOL: Final = 64  # idle connections that the transport keeps for each origin


class Caller:
    """A registry with one user's token, and what it calls.

    Args:
        service: The URL of the service.
        lives: How many seconds an access token is good for.
    """

    def __init__(self, service: str, lives: float) -> None:
        self.service: str = service
        self.transport: Urllib3Transport = Urllib3Transport()
        self._app: Flask = Flask("soak")
        oauth = OAuth(
            self._app,
            token_store=MemoryTokenStore(),
            owner=lambda: "ada",
            transport=self.transport,
        )
        self._api = oauth.register(
            "api",
            client_id="s6BhdRkqt3",
            client_secret="gX1fBat3bV",
            access_token_url=f"{service}/token",
            authorize_url=f"{service}/authorize",
            api_base_url=f"{service}/",
        )
        with self._app.app_context():
            self._api.save_token(
                {
                    "access_token": FIRST_TOKEN,
                    "refresh_token": "refresh-0",
                    "token_type": "Bearer",
                    "expires_in": int(lives),
                    "expires_at": int(time.time() + lives),
                }
            )

    def right(self, thread: int, number: int) -> bool:
        """Make a call, in one of three ways; tell whether the answer is the one to it."""
        path = f"checked/{thread}/{number}"
        with self._app.app_context():
            if number % 3 == 0:
                response = self._api.get(path, stream=True)
            elif number % 3 == 1:
                response = self._api.post(path, json={"thread": thread})
            else:
                response = self._api.get(path)
            return response.status_code == 200 and response.json()["target"] == f"/{path}"


@dataclass(frozen=True)
class Soaked:
    """What came of it.

    Attributes:
        calls: How many calls there were.
        wrong: How many had another answer than theirs, or none.
        renewals: How often the token was renewed.
        refused: How often the service refused a token.
        connections: How many connections the service accepted.
        most_open: How many were open at the same time.
        left_open: How many were open after the transport was closed.
        descriptors: How many more file descriptors the process has than before.
    """

    calls: int
    wrong: int
    renewals: int
    refused: int
    connections: int
    most_open: int
    left_open: int
    descriptors: int


def _descriptors() -> int:
    return len(os.listdir("/dev/fd"))


@contextmanager
def _watching(service: str, seconds: float) -> Generator[list[int]]:
    """Note now and then how many connections are open."""
    found: list[int] = []
    ended = Event()

    def watch() -> None:
        while not ended.wait(seconds):
            found.append(status(service)["open"])

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def soak(seconds: float, *, threads: int = THREADS, lives: float = _LIVES) -> Soaked:
    """Let threads call at once.

    Args:
        seconds: How long.
        threads: How many.
        lives: How many seconds an access token is good for; it is renewed after half of them.
    """
    with serving(lives=lives) as service:
        before = _descriptors()
        caller = Caller(service, lives)
        ends = time.monotonic() + seconds

        def work(thread: int) -> tuple[int, int]:
            wrong = 0
            for number in count():
                if time.monotonic() > ends:
                    return number, wrong
                try:
                    wrong += not caller.right(thread, number)
                except Exception:  # noqa: BLE001  counted, whatever it is
                    wrong += 1
            raise AssertionError("it counts for ever")

        with _watching(service, seconds / 50) as open_, ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(work, range(threads)))
        caller.transport.close()
        counts = status(service, open_is=0)
        return Soaked(
            calls=sum(calls for calls, _ in results),
            wrong=sum(wrong for _, wrong in results),
            renewals=counts["renewals"],
            refused=counts["refused"],
            connections=counts["accepted"],
            most_open=max(open_, default=0),
            left_open=counts["open"],
            descriptors=_descriptors() - before,
        )


@contextmanager
def calling() -> Generator[Callable[[], object]]:
    """What makes one call after another."""
    with serving() as service:
        caller = Caller(service, 3600)
        numbers = count()

        def call() -> None:
            assert caller.right(0, next(numbers))

        yield call
        caller.transport.close()


def _resident() -> int:
    """The memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def grown(work: Callable[[], object], times: int, size: Callable[[], int] = _resident) -> int:
    """By how many bytes memory grows.

    Args:
        work: What is done; a tenth of the times before it counts.
        times: How often.
        size: Tells how much memory there is in use.
    """
    for _ in range(times // 10):
        work()
    gc.collect()
    before = size()
    for _ in range(times):
        work()
    gc.collect()
    return size() - before


def main(arguments: Sequence[str] | None = None) -> None:
    """Soak, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--seconds", type=float, default=60, help="how long the threads call")
    parser.add_argument("--calls", type=int, default=100_000, help="calls whose memory is measured")
    parser.add_argument("--logins", type=int, default=10_000, help="logins, likewise")
    parser.add_argument("--rounds", type=int, help="of no meaning here")
    chosen = parser.parse_args(arguments)
    found = soak(chosen.seconds)
    with calling() as call:
        of_calls = grown(call, chosen.calls) / 1024
    of_logins = grown(Logins().one, chosen.logins) / 1024
    under = f"{THREADS} threads, {chosen.seconds:g} s"
    rows = [
        Row(f"{under}: calls", "number", found.calls),
        Row(f"{under}: wrong answers", "number", found.wrong, 0),
        Row(f"{under}: refreshes", "number", found.renewals),
        Row(f"{under}: tokens refused", "number", found.refused, 0),
        Row(f"{under}: connections opened", "number", found.connections),
        Row(f"{under}: connections open at once", "number", found.most_open, THREADS),
        Row(f"{under}: connections left open", "number", found.left_open, 0),
        Row(f"{under}: file descriptors left open", "number", found.descriptors, 0),
        Row(f"{chosen.calls:,} calls: growth", "KiB", of_calls),
        Row(f"{chosen.logins:,} logins: growth", "KiB", of_logins),
    ]
    title = "A registry under load: threads, connections, memory"
    report = Report("soak", title, versions("flask", "urllib3"), {}, rows)
    report.show()
    if chosen.json:
        report.write(chosen.json)


if __name__ == "__main__":
    main()
