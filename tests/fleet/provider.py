"""A provider in a process of its own, which is slow, and can be held: ``-m tests.fleet.provider``.

It rotates refresh tokens, and revokes a family whose spent token comes again. The first line of
its standard input sets it up; it ends when its input does.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from typedoauth import OAuth2Client
from typedoauth.testing import LocalProvider, serve
from typedoauth.transports import WSGITransport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CLIENT: Final = ("fleet", "of the fleet")
TOKEN: Final = "/oauth2/token"


class _Held:
    """Refreshes of one user that go no further, and how they then go on."""

    def __init__(self, where: str) -> None:
        self.where: str = where
        self.there: int = 0
        self.dropped: bool = False
        self.go: threading.Event = threading.Event()


class SlowProvider:
    """The provider, and what the tests tell it over HTTP.

    Args:
        latency: How many seconds the token endpoint takes.
    """

    def __init__(self, latency: float) -> None:
        self.provider: LocalProvider = LocalProvider()
        self.provider.add_client(*CLIENT)
        self.latency: float = latency
        self.held: dict[str, _Held] = {}
        self.asked: Counter[str] = Counter()
        self.granted: Counter[str] = Counter()
        self._users: dict[str, str] = {}
        self._lock: threading.Lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the provider does, or as the tests want it."""
        path = environ["PATH_INFO"]
        if path.startswith("/harness/"):
            return self._harness(path, Request(environ))(environ, start_response)
        if path != TOKEN:
            return self.provider(environ, start_response)
        return self._token(Request(environ))(environ, start_response)

    def _token(self, request: Request) -> Response:
        request.get_data(parse_form_data=False)
        spent = request.form.get("refresh_token", "")
        user = self._users.get(spent, "")
        if spent:
            with self._lock:
                self.asked[user] += 1
        if spent and self.latency:
            time.sleep(self.latency)
        if not self._goes_on(user, "before"):
            return Response(status=503)
        body, status, headers = run_wsgi_app(self.provider, _again(request), buffered=True)
        content = b"".join(body)
        if spent and status.startswith("200"):
            with self._lock:
                self.granted[user] += 1
                self._users[json.loads(content)["refresh_token"]] = user
            self._goes_on(user, "after")
        return Response(content, status, headers)

    def _goes_on(self, user: str, where: str) -> bool:
        held = self.held.get(user)
        if held is None or held.where != where:
            return True
        held.there += 1
        held.go.wait(60)
        return not held.dropped

    def _harness(self, path: str, request: Request) -> Response:
        given: dict[str, str] = request.get_json(silent=True) or {}
        user = given.get("user", "")
        match path.removeprefix("/harness/"):
            case "mint":
                return _json([self._mint(one) for one in given["users"]])
            case "hold":
                self.held[user] = _Held(given["where"])
            case "held":
                return _json(self.held[user].there)
            case "release":
                held = self.held.pop(user)
                held.dropped = bool(given.get("drop"))
                held.go.set()
            case "latency":
                self.latency = float(given["seconds"])
            case "redirect":
                self.provider.add_client(*CLIENT, redirect_uris=[given["uri"]])
            case "counts":
                with self._lock:
                    return _json([dict(self.provider.counts), self.asked, self.granted])
            case _:
                return Response(status=404)
        return _json(None)

    def _mint(self, user: str) -> object:
        self.provider.add_user(user, password="pw")
        client = OAuth2Client(
            *CLIENT,
            access_token_url=f"http://localhost{TOKEN}",
            transport=WSGITransport(self.provider),
        )
        token = client.fetch_access_token(username=user, password="pw")
        self._users[str(token.get("refresh_token"))] = user
        return token


def _again(request: Request) -> WSGIEnvironment:
    """The environment of a request whose body was read."""
    from io import BytesIO

    return {**request.environ, "wsgi.input": BytesIO(request.get_data())}


def _json(value: object) -> Response:
    return Response(json.dumps(value), mimetype="application/json")


def main() -> None:
    """Serve until standard input ends."""
    settings: dict[str, Any] = json.loads(sys.stdin.readline())  # any: whatever JSON can say
    app = SlowProvider(settings["latency"])
    with serve(app) as base:
        print(json.dumps({"base_url": base}), flush=True)  # noqa: T201  how the tests learn it
        sys.stdin.read()


if __name__ == "__main__":
    main()
