"""Workers and their provider, as the tests see them."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import urllib3

from tests.fleet.places import Place
from tests.fleet.worker import THREADS as THREADS
from tests.real_servers import process
from typedoauth.tokens import OAuth2Token, check_oauth2_token

PROCESSES: Final = 4
LATENCY: Final = 0.08
"""Seconds that a refresh takes, unless a test says otherwise."""
SHORT: Final = 2.0
"""Seconds that a request may take where a test waits for a lease to end."""
LEASE: Final = SHORT + 5
"""Seconds that such a lease lasts."""

_ROOT: Final = Path(__file__).parents[2]
_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Use:
    """What came of one use of a stored token.

    Attributes:
        user: Whose it was.
        access: The access token, or ``None``.
        error: The name of the error's class, or ``None``.
        begun: When, by the clock that all processes share.
        ended: When there was a token, or the error.
        text: What the error said.
    """

    user: str
    access: str | None
    error: str | None
    begun: float
    ended: float
    text: str

    @property
    def waited(self) -> float:
        """For how many seconds the caller waited."""
        return self.ended - self.begun


class ProviderProcess:
    """The provider's process, seen from the tests.

    Args:
        base: Its address.
    """

    def __init__(self, base: str) -> None:
        self.base: str = base
        self._http: urllib3.PoolManager = urllib3.PoolManager(retries=False, timeout=30)

    def mint(self, users: Iterable[str], *, expired: bool = True) -> dict[str, OAuth2Token]:
        """Tokens of new logins.

        Args:
            users: Whose.
            expired: Whether the application believes them to have expired.
        """
        names = list(users)
        tokens = [check_oauth2_token(one) for one in self._tell("mint", users=names)]
        for token in tokens if expired else ():
            token["expires_at"] = int(time.time()) - 10
        return dict(zip(names, tokens, strict=True))

    def hold(self, user: str, where: str) -> None:
        """Let a user's refreshes go no further: ``before`` or ``after`` they are processed."""
        self._tell("hold", user=user, where=where)

    def wait_for(self, user: str, count: int = 1) -> None:
        """Wait until so many refreshes are held."""
        wait_until(lambda: self._tell("held", user=user) >= count)

    def release(self, user: str, *, drop: bool = False) -> None:
        """Let a user's refreshes go on, or be dropped without being processed."""
        self._tell("release", user=user, drop=drop)

    def redirect_to(self, uri: str) -> None:
        """Where logins may lead back to from now on."""
        self._tell("redirect", uri=uri)

    def latency(self, seconds: float) -> None:
        """How long the token endpoint takes."""
        self._tell("latency", seconds=seconds)

    def asked(self, user: str) -> int:
        """How many refreshes of a user's tokens have come in."""
        return int(self._tell("counts")[1].get(user, 0))

    def granted(self, user: str) -> int:
        """How many of those succeeded."""
        return int(self._tell("counts")[2].get(user, 0))

    def counts(self) -> dict[str, int]:
        """What the provider has counted."""
        counts: dict[str, int] = self._tell("counts")[0]
        return counts

    def honours(self, access: str | None) -> bool:
        """Whether the API takes an access token."""
        answer = self._http.request(
            "GET", f"{self.base}/api/me", headers={"Authorization": f"Bearer {access}"}
        )
        return answer.status == 200

    def _tell(self, what: str, **given: object) -> Any:  # any: whatever JSON can say
        answer = self._http.request("POST", f"{self.base}/harness/{what}", json=given)
        assert answer.status == 200, (what, answer.status, answer.data)
        return answer.json()


@contextmanager
def provider(log: Path, *, latency: float = LATENCY) -> Generator[ProviderProcess]:
    """Run the provider.

    Args:
        log: Where its standard error goes.
        latency: How many seconds its token endpoint takes.
    """
    command = [sys.executable, "-m", "tests.fleet.provider"]
    with process.running("the provider", command, log, settings={"latency": latency}) as running:
        yield ProviderProcess(running.base_url)


class WorkerProcess:
    """A worker's process, seen from the tests.

    Args:
        base: The provider's address.
        log: Where its standard error goes.
        environment: What its environment has besides.
    """

    def __init__(self, base: str, log: Path) -> None:
        self._base: str = base
        self._log: Path = log
        with log.open("ab") as errors:
            self._process: subprocess.Popen[str] = subprocess.Popen(
                [sys.executable, "-m", "tests.fleet.worker"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._answers: dict[int, Future[Any]] = {}  # any: whatever JSON can say
        self._lock: threading.Lock = threading.Lock()
        self._number: int = 0
        self._reader: threading.Thread = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def open(
        self, place: Place, *, label: str = "", skew: float = 0, seconds: float = 30
    ) -> Future[object]:
        """Make a client whose tokens are kept at *place*.

        Args:
            place: Where.
            label: What to call it; the kind of the place when left out.
            skew: How far its clock is ahead.
            seconds: How long a request may take; a lease is five seconds longer.
        """
        return self.tell(
            "open",
            place=asdict(place),
            label=label or place.kind,
            skew=skew,
            seconds=seconds,
            base=self._base,
        )

    def use(
        self,
        label: str,
        users: Sequence[Sequence[str]],
        *,
        at: float | None = None,
        api: bool = False,
    ) -> Future[list[Use]]:
        """Use stored tokens, each list of users in a thread of its own.

        Args:
            label: By which client.
            users: Whose tokens.
            at: When to begin, by the clock that all processes share.
            api: Whether to call the API with them.
        """
        answer: Future[list[list[Any]]] = self.tell(  # any: as above
            "call", label=label, users=[list(one) for one in users], at=at or 0.0, api=api
        )
        return _then(answer, lambda found: [Use(*one) for one in found])

    def stop_at(self, where: str) -> None:
        """Stop for good ``before`` or ``after`` each refresh request."""
        self.tell("stop", where=where).result(_SECONDS)

    def wait_until_stopped(self, count: int = 1) -> None:
        """Wait until so many threads have stopped there."""
        wait_until(lambda: int(self.tell("stopped").result(_SECONDS)) >= count)

    def took(self) -> list[float]:
        """For how many seconds each refresh request lasted, since this was last asked."""
        took: list[float] = self.tell("took").result(_SECONDS)
        return took

    def kill(self) -> None:
        """``kill -9``."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(_SECONDS)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait(_SECONDS)
        self._reader.join(_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def tell(self, what: str, **given: object) -> Future[Any]:  # any: whatever JSON can say
        """Give it a command."""
        answer: Future[Any] = Future()  # any: likewise
        with self._lock:
            self._number += 1
            self._answers[self._number] = answer
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"do": what, "number": self._number, **given}))
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        return answer

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message: dict[str, Any] = json.loads(line)  # any: likewise
            answer = self._answers.pop(message["number"])
            if "failed" in message:
                answer.set_exception(RuntimeError(message["failed"]))
            else:
                answer.set_result(message["answer"])
        for left in self._answers.values():
            left.set_exception(ChildProcessError(f"the worker ended; see {self._log}"))


class Fleet:
    """Several workers.

    Args:
        workers: Them.
    """

    def __init__(self, workers: Sequence[WorkerProcess]) -> None:
        self.workers: Sequence[WorkerProcess] = workers
        self._opened: dict[str, object] = {}

    def open(
        self,
        place: Place,
        *,
        skews: Sequence[float] = (),
        label: str = "",
        seconds: float = 30,
    ) -> None:
        """Let each make a client whose tokens are kept at *place*, unless it has one."""
        asked = (place, tuple(skews), seconds)
        if self._opened.get(label or place.kind) == asked:
            return
        opened = [
            worker.open(place, label=label, skew=skew, seconds=seconds)
            for worker, skew in zip(self.workers, skews or [0] * len(self.workers), strict=True)
        ]
        for one in opened:
            one.result(_SECONDS)
        self._opened[label or place.kind] = asked

    def race(
        self, label: str, users: Sequence[str], *, rounds: int = THREADS, api: bool = True
    ) -> list[list[Use]]:
        """Let every thread of every worker use tokens, all beginning at the same moment.

        Args:
            label: By which client.
            users: Whose tokens.
            rounds: How often each process uses each user's token, in random order.
            api: Whether to call the API with them.

        Returns:
            What came of it, by worker.
        """
        at = time.monotonic() + 0.3
        asked: list[Future[list[Use]]] = []
        for worker in self.workers:
            mine = [user for user in users for _ in range(rounds)]
            random.shuffle(mine)
            asked.append(
                worker.use(label, [mine[one::THREADS] for one in range(THREADS)], at=at, api=api)
            )
        return [one.result(_SECONDS * 4) for one in asked]

    def took(self) -> list[float]:
        """For how many seconds each refresh request lasted, since this was last asked."""
        return [one for worker in self.workers for one in worker.took()]


@contextmanager
def fleet(base: str, folder: Path, *, size: int = PROCESSES) -> Generator[Fleet]:
    """Run several workers.

    Args:
        base: The provider's address.
        folder: For their logs.
        size: How many.
    """
    with ExitStack() as stack:
        workers: list[WorkerProcess] = []
        for number in range(size):
            worker = WorkerProcess(base, folder / f"worker-{number}.log")
            stack.callback(worker.close)
            workers.append(worker)
        yield Fleet(workers)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    ends = time.monotonic() + _SECONDS
    while not true():
        assert time.monotonic() < ends, "it does not come true"
        time.sleep(0.02)


def _then(
    first: Future[list[list[Any]]],  # any: whatever JSON can say
    convert: Callable[[list[list[Any]]], list[Use]],  # any: likewise
) -> Future[list[Use]]:
    second: Future[list[Use]] = Future()

    def done(answered: Future[list[list[Any]]]) -> None:  # any: likewise
        error = answered.exception()
        if error is not None:
            second.set_exception(error)
        else:
            second.set_result(convert(answered.result()))

    first.add_done_callback(done)
    return second
