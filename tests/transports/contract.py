"""The transports of the library, where each is tried, and what cannot be asked of which."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from typing_extensions import override

from typedoauth.transports import (
    ClosableTransport,
    HttpxTransport,
    RecordingTransport,
    ReplayTransport,
    Request,
    RequestsTransport,
    Response,
    StubTransport,
    Transport,
    Urllib3Transport,
    WSGITransport,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

Setting = tuple[Transport, str]
Place = Callable[[], AbstractContextManager[Setting]]
Make = Callable[[], ClosableTransport]


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Tell the request as JSON; the path may ask for another kind of answer."""
    path = environ["PATH_INFO"]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "query": environ["QUERY_STRING"],
        "scheme": environ["wsgi.url_scheme"],
        "type": environ.get("CONTENT_TYPE", ""),
        "fields": {k: v for k, v in environ.items() if k.startswith("HTTP_X_")},
        "cookie": environ.get("HTTP_COOKIE"),
        "agent": environ.get("HTTP_USER_AGENT"),
        "authorization": environ.get("HTTP_AUTHORIZATION"),
        "body": environ["wsgi.input"].read(length).decode("latin-1"),
    }
    if path == "/moved":
        start_response("302 Found", [("Location", "/elsewhere"), ("Content-Length", "0")])
        return [b""]
    if path == "/refused":
        start_response(
            "401 Unauthorized",
            [("WWW-Authenticate", "Basic"), ("WWW-Authenticate", "Bearer"), ("Set-Cookie", "a=1")],
        )
        return [b"", b"no"]
    if path == "/long":
        start_response("200 Fine", [("Content-Type", "text/plain")])
        return [b"x" * 1000] * 10
    start_response("200 OK", [("Content-Type", "application/json")])
    return [] if told["method"] == "HEAD" else [json.dumps(told).encode()]


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def over_http(make: Make) -> Generator[Setting]:
    """Serve the application on loopback."""
    with WSGIServer(("127.0.0.1", 0), _Quiet) as server:
        server.set_app(application)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        transport = make()
        try:
            yield transport, f"http://127.0.0.1:{server.server_port}"
        finally:
            transport.close()
            server.shutdown()
            thread.join()


@contextmanager
def _in_process() -> Generator[Setting]:
    yield WSGITransport(application), "http://as.example"


@contextmanager
def _by_host() -> Generator[Setting]:
    yield WSGITransport({"as.example:8080": application}), "http://as.example:8080"


@contextmanager
def _stubbed() -> Generator[Setting]:
    yield StubTransport(WSGITransport(application).send), "http://as.example"


@contextmanager
def _recording() -> Generator[Setting]:
    with TemporaryDirectory() as folder:
        inner = WSGITransport(application)
        yield RecordingTransport(inner, Path(folder) / "recording.json"), "http://as.example"


class _Replaying:
    """Records each request, and answers it from the recording."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, request: Request, /) -> Response:
        recording = RecordingTransport(WSGITransport(application), self._path)
        recording.send(replace(request, stream=False, max_bytes=None))
        return ReplayTransport(self._path).send(request)


@contextmanager
def _replaying() -> Generator[Setting]:
    with TemporaryDirectory() as folder:
        yield _Replaying(Path(folder) / "recording.json"), "http://as.example"


NETWORK: dict[str, Make] = {
    "Urllib3Transport": Urllib3Transport,
    "HttpxTransport": HttpxTransport,
    "RequestsTransport": RequestsTransport,
}
"""Those that make connections."""

PLACES: dict[str, Place] = {
    "Urllib3Transport": lambda: over_http(Urllib3Transport),
    "HttpxTransport": lambda: over_http(HttpxTransport),
    "RequestsTransport": lambda: over_http(RequestsTransport),
    "WSGITransport": _in_process,
    "WSGITransport by host": _by_host,
    "StubTransport": _stubbed,
    "RecordingTransport": _recording,
    "ReplayTransport": _replaying,
}
"""Where each of them reaches the application."""

_NO_CONNECTION = "it makes no connection"
_LIBRARY = "its library gives a timeout to each wait, and no end to all of them"
NOT_APPLICABLE: dict[tuple[str, str], str] = {
    **{
        (name, behaviour): _NO_CONNECTION
        for name in ("WSGITransport", "StubTransport", "RecordingTransport", "ReplayTransport")
        for behaviour in ("network", "total over a head", "public addresses")
    },
    ("HttpxTransport", "total over a head"): _LIBRARY,
    ("RequestsTransport", "total over a head"): _LIBRARY,
    ("HttpxTransport", "public addresses"): "it does not tell the address, and so refuses",
    ("RequestsTransport", "public addresses"): "it does not tell the address, and so refuses",
    ("ReplayTransport", "cookies"): "their values are secrets, so that it has placeholders",
    ("RequestsTransport", "escapes"): "urllib3's pool writes them in capitals (RFC 3986 6.2.2.1)",
}
"""What is not asked of a transport, by name and behaviour, and why not."""


def where(behaviour: str) -> pytest.MarkDecorator:
    """Try a test at each place where the behaviour can be asked for."""
    places = {
        name: place
        for name, place in PLACES.items()
        if (name.partition(" ")[0], behaviour) not in NOT_APPLICABLE
    }
    return pytest.mark.parametrize("place", places.values(), ids=places.keys())


def each(behaviour: str = "network") -> pytest.MarkDecorator:
    """Try a test with each transport of which the behaviour can be asked."""
    made = {name: make for name, make in NETWORK.items() if (name, behaviour) not in NOT_APPLICABLE}
    return pytest.mark.parametrize("make", made.values(), ids=made.keys())
