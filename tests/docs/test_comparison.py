"""What the README says of Authlib and requests-oauthlib, measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import files
from threading import Barrier
from time import sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from requests.adapters import BaseAdapter
from typing_extensions import override

from typedoauth import OAuth2Client, OAuth2Token, Timeout, UnknownOptionError, UntrustedOriginError
from typedoauth.flask import OAuth
from typedoauth.testing import serve
from typedoauth.transports import Response, StubTransport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# any: neither has types
AuthlibOAuth: Any = import_module("authlib.integrations.flask_client").OAuth
AuthlibSession: Any = import_module("authlib.integrations.requests_client").OAuth2Session
RequestsSession: Any = import_module("requests_oauthlib").OAuth2Session

URLS: dict[str, Any] = {  # any: keywords for both
    "access_token_url": "https://as.example/token",
    "authorize_url": "https://as.example/authorize",
    "api_base_url": "https://api.example/",
}
EXPIRED: OAuth2Token = {
    "access_token": "old",
    "token_type": "Bearer",
    "refresh_token": "refresh",
    "expires_at": 1,
}


class Recorder(BaseAdapter):
    """Keeps what a session of requests is about to send."""

    def __init__(self) -> None:
        super().__init__()
        self.timeouts: list[object] = []
        self.authorizations: list[object] = []

    @override
    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: bytes | str | Iterable[bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        self.timeouts.append(timeout)
        self.authorizations.append(request.headers.get("Authorization"))
        response = requests.Response()
        response.status_code = 200
        return response

    @override
    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oauthlib needs to be told that this is a test."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


def _app(client_id: str | None = None) -> Flask:
    app = Flask("compared")
    app.secret_key = "of the test"
    app.config["ONE_CLIENT_ID"] = client_id
    return app


@pytest.mark.parametrize("peer", ["authlib", "requests-oauthlib"])
def test_types_are_shipped(peer: str) -> None:
    """Typedoauth has a py.typed; the others have none."""
    assert not [file for file in files(peer) or () if file.name == "py.typed"]
    assert import_module("importlib.resources").files("typedoauth").joinpath("py.typed").is_file()


def test_a_misspelt_keyword() -> None:
    """Authlib takes it; typedoauth names the nearest."""
    AuthlibOAuth(_app()).register("one", client_idd="x", **URLS)
    wrong: Any = {"client_idd": "x"}  # any: the checker would refuse it
    with pytest.raises(UnknownOptionError, match="did you mean 'client_id'"):
        OAuth(_app()).register("one", **wrong)


def _challenges(location: str) -> list[str]:
    return parse_qs(urlsplit(location).query).get("code_challenge_method", [])


def test_pkce() -> None:
    """Typedoauth sends an S256 challenge unasked; the others send none."""
    app = _app()
    theirs = AuthlibOAuth(app).register("one", client_id="x", **URLS)
    ours = OAuth(app).register("two", client_id="x", **URLS)
    with app.test_request_context():
        assert _challenges(theirs.create_authorization_url("https://app.example/")["url"]) == []
        ours_url = ours.create_authorization_url("https://app.example/").get("url", "")
        assert _challenges(ours_url) == ["S256"]
    url, _ = RequestsSession("x").authorization_url(URLS["authorize_url"])
    assert _challenges(url) == []


@pytest.mark.parametrize("make", [AuthlibSession, RequestsSession])
def test_timeouts(make: Callable[..., Any]) -> None:  # any: as above
    """Without timeout= the others give requests none; typedoauth has a total of 30 s."""
    recorder = Recorder()
    session = make("x", token={"access_token": "a", "token_type": "Bearer"})
    session.mount("https://", recorder)
    session.get("https://api.example/me")
    assert recorder.timeouts == [None]
    stub = StubTransport({"https://api.example/me": Response(200)})
    OAuth2Client("x", transport=stub).get("https://api.example/me", token={"access_token": "a"})
    assert stub.requests[0].timeout == Timeout(total=30)


@pytest.mark.parametrize("make", [AuthlibSession, RequestsSession])
def test_another_origin(make: Callable[..., Any]) -> None:  # any: as above
    """The others send the token to whatever URL they are given; typedoauth does not."""
    recorder = Recorder()
    session = make("x", token={"access_token": "a", "token_type": "Bearer"})
    session.mount("https://", recorder)
    session.get("https://elsewhere.example/")
    assert recorder.authorizations == ["Bearer a"]
    client = OAuth2Client("x", api_base_url=URLS["api_base_url"], transport=StubTransport({}))
    with pytest.raises(UntrustedOriginError):
        client.get("https://elsewhere.example/", token={"access_token": "a"})


class Server:
    """Renews whatever it is given, slowly, and counts."""

    def __init__(self) -> None:
        self.refreshes = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        answer: dict[str, object] = {}
        if environ["PATH_INFO"] == "/token":
            self.refreshes += 1
            sleep(0.05)
            answer = {"access_token": "new", "token_type": "Bearer", "expires_in": 3600}
        body = json.dumps(answer).encode()
        start_response(
            "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        )
        return [body]


def _refreshes(call_of: Callable[[str], Callable[[], object]]) -> int:
    """How many refreshes eight calls at once cause."""
    server, barrier = Server(), Barrier(8)
    with serve(server) as base, ThreadPoolExecutor(8) as pool:
        call = call_of(base)

        def together() -> None:
            barrier.wait(10)
            call()

        for done in [pool.submit(together) for _ in range(8)]:
            done.result(20)
    return server.refreshes


def test_one_refresh() -> None:
    """Eight threads with one expired token: typedoauth renews it once."""

    def ours(base: str) -> Callable[[], object]:
        client = OAuth2Client("x", access_token_url=f"{base}/token", api_base_url=base)
        return lambda: client.get("me", token=EXPIRED)

    assert _refreshes(ours) == 1


def test_a_refresh_each_in_authlib() -> None:
    """Eight threads with one expired token: Authlib renews it eight times."""

    def theirs(base: str) -> Callable[[], object]:
        app = _app()
        urls = {"access_token_url": f"{base}/token", "api_base_url": base}
        client = AuthlibOAuth(app).register("one", client_id="x", **urls)

        def call() -> None:
            with app.app_context():
                client.get("me", token=dict(EXPIRED))

        return call

    assert _refreshes(theirs) == 8


def test_a_refresh_each_in_requests_oauthlib() -> None:
    """Eight threads with one expired token: requests-oauthlib renews it eight times."""

    def theirs(base: str) -> Callable[[], object]:
        def call() -> None:
            session = RequestsSession(
                "x",
                token=dict(EXPIRED),
                auto_refresh_url=f"{base}/token",
                auto_refresh_kwargs={"client_id": "x"},
                token_updater=lambda token: None,  # pyright: ignore[reportUnknownLambdaType] untyped
            )
            with session:
                session.get(f"{base}/me")

        return call

    assert _refreshes(theirs) == 8


def test_two_apps() -> None:
    """Two apps, one registry: Authlib gives both the identifier of one."""
    first, second = _app("first"), _app("second")
    theirs, ours = AuthlibOAuth(), OAuth()
    for registry in (theirs, ours):
        registry.register("one", **URLS)
        registry.init_app(first)
        registry.init_app(second)
    seen: list[tuple[str, str]] = []
    for app in (first, second):
        with app.app_context():
            seen.append((theirs.one.client_id, ours.one.client_id))
    assert len({of_theirs for of_theirs, _ in seen}) == 1
    assert [of_ours for _, of_ours in seen] == ["first", "second"]
