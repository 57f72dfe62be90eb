"""One worker of a fleet: ``-m tests.fleet.worker``.

It reads commands from its standard input, one JSON line each, does each in a thread of its own,
and answers with a line that has the command's number. It ends when its input does.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.fleet.places import CLIENT_NAME, Place, key_of
from tests.fleet.provider import CLIENT, TOKEN
from typedoauth import OAuth2Client, OAuth2Token, OAuthError, Request, Response, Timeout
from typedoauth.transports import Urllib3Transport

THREADS = 8
Message = dict[str, Any]  # any: whatever JSON can say


class StoppingTransport:
    """Sends requests, and stops for good before or after a refresh, where it is told to."""

    def __init__(self) -> None:
        self._real: Urllib3Transport = Urllib3Transport()
        self.stop: str | None = None
        self.stopped: int = 0
        self.took: list[float] = []

    def send(self, request: Request, /) -> Response:
        """Send a request."""
        if not request.url.endswith(TOKEN):
            return self._real.send(request)
        self._stop("before")
        begun = time.monotonic()
        response = self._real.send(request)
        _ = response.content
        self.took.append(time.monotonic() - begun)
        self._stop("after")
        return response

    def _stop(self, where: str) -> None:
        if self.stop == where:
            self.stopped += 1
            threading.Event().wait()


class Worker:
    """The clients of one process, one for each place where tokens are kept."""

    def __init__(self) -> None:
        self.clients: dict[str, OAuth2Client] = {}
        self.transport: StoppingTransport = StoppingTransport()
        self.base: str = ""

    def do(self, message: Message) -> object:
        """Do what a command says."""
        match message["do"]:
            case "open":
                self.open(message)
            case "call":
                return self.call(message)
            case "stop":
                self.transport.stop = message["where"]
            case "stopped":
                return self.transport.stopped
            case "took":
                took, self.transport.took = self.transport.took, []
                return took
            case other:
                raise ValueError(other)
        return None

    def open(self, message: Message) -> None:
        """Make a client, and look at its store once in each thread."""
        skew: float = message["skew"]
        self.base = message["base"]
        client = OAuth2Client(
            *CLIENT,
            name=CLIENT_NAME,
            access_token_url=self.base + TOKEN,
            api_base_url=f"{self.base}/api/",
            token_store=Place(**message["place"]).open(),
            transport=self.transport,
            clock=lambda: time.time() + skew,
            default_timeout=Timeout(5, 30, message["seconds"]),
        )
        self.clients[message["label"]] = client
        together = threading.Barrier(THREADS)

        def look(_: int) -> None:
            together.wait(30)
            client.stored_token(key_of("nobody"))

        # So that connections are there, as in a process that has been at work for a while.
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(look, range(THREADS)))

    def call(self, message: Message) -> list[list[object]]:
        """Use users' tokens: a list of users for each thread, all beginning at a moment."""
        client = self.clients[message["label"]]
        users: list[list[str]] = message["users"]
        at: float = message["at"]

        def act(mine: list[str]) -> list[list[object]]:
            time.sleep(max(0.0, at - time.monotonic()))
            return [self._use(client, user, api=message["api"]) for user in mine]

        with ThreadPoolExecutor(len(users)) as pool:
            return [one for several in pool.map(act, users) for one in several]

    def _use(self, client: OAuth2Client, user: str, *, api: bool) -> list[object]:
        begun = time.monotonic()
        access, error, text = None, None, ""
        try:
            token: OAuth2Token | None = client.stored_token(key_of(user))
            waited = time.monotonic()
            if token is not None:
                access = token["access_token"]
                if api:
                    answer = client.get("me", token=token)
                    answer.raise_for_status()
                    assert answer.json()["sub"] == user
        except OAuthError as raised:
            waited = time.monotonic()
            error = type(raised).__name__
            text = str(raised)
        return [user, access, error, begun, waited, text]


def main() -> None:
    """Do what comes in until there is no more."""
    worker, output = Worker(), threading.Lock()

    def act(message: Message) -> None:
        answer: Message = {"number": message["number"]}
        try:
            answer["answer"] = worker.do(message)
        except Exception as error:  # noqa: BLE001  told to whoever asked
            answer["failed"] = f"{type(error).__name__}: {error}"
        line = json.dumps(answer)
        with output:
            print(line, flush=True)  # noqa: T201  how the tests learn it

    for line in sys.stdin:
        threading.Thread(target=act, args=(json.loads(line),), daemon=True).start()


if __name__ == "__main__":
    main()
