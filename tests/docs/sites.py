"""Applications before and after a migration, and a browser that cannot tell them apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.docs.world import World
from tests.testing.acting import decide
from typedoauth.transports import Request, Response, WSGITransport

_OWN = ("http://localhost/", "/")
_HOPS = 8


@dataclass(frozen=True)
class Answer:
    """What a browser gets.

    Attributes:
        status: The status code.
        location: Where it leads, if it is a redirect.
        text: The page.
        cookie: The session cookie as it is now, where that is known.
    """

    status: int
    location: str | None
    text: str
    cookie: str | None = None


class Site(Protocol):
    """An application, and one browser's cookies."""

    def get(self, path: str, /) -> Answer:
        """Open a page."""
        ...


def follow(world: World, site: Site, path: str, decision: str = "approve") -> Answer:
    """Open a page and go wherever it leads; at the provider, Ada decides."""
    answer = site.get(path)
    for _ in range(_HOPS):
        if answer.location is None:
            return answer
        there = world.located(answer.location)
        if not there.startswith(_OWN):
            there = decide(there, decision=decision)
        parts = urlsplit(there)
        answer = site.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    raise AssertionError(f"{path} leads nowhere: {answer}")


class After:
    """An application of this library, in process."""

    def __init__(self, browser: FlaskClient) -> None:
        self._browser = browser

    def get(self, path: str, /) -> Answer:
        """Open a page."""
        answer = self._browser.get(path)
        kept = self._browser.get_cookie("session")
        cookie = None if kept is None else kept.value
        return Answer(answer.status_code, answer.headers.get("Location"), answer.text, cookie)


class Elsewhere:
    """A transport that finds the services of the pages in the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._inner = WSGITransport(world)

    def send(self, request: Request, /) -> Response:
        """Send it there."""
        return self._inner.send(replace(request, url=self._world.located(request.url)))


class Before:
    """An application of another library, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def get(self, path: str, /) -> Answer:
        """Open a page."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(path)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the application has ended; its traceback is among what was printed"
        return Answer(**json.loads(line))


@contextmanager
def before(code: str, world: World, folder: Path, python: Path | None = None) -> Generator[Before]:
    """Run the application of another library for as long as the block runs.

    Args:
        code: A module that has it as ``app``.
        world: What is to be found under the addresses in it, and in the library.
        folder: Where it works; ``application.py`` is written there.
        python: An interpreter that has the library; that of the tests when left out.
    """
    (folder / "application.py").write_text(world.located(code), "utf-8")
    places = {address: world.located(address) for address in world.addresses}
    script = Path(__file__).parent / "before.py"
    environment = {name: os.environ[name] for name in os.environ.keys() - {"PYTHONPATH"}}
    with subprocess.Popen(
        [python or sys.executable, "-W", "ignore", script, json.dumps(places)],
        cwd=folder,
        env={**environment, "OAUTHLIB_INSECURE_TRANSPORT": "1"},  # callbacks at http://localhost
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Before(process)
        assert process.stdin is not None
        process.stdin.close()
