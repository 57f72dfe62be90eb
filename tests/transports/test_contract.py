"""What every transport of the library does alike, over one small application."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from typing_extensions import override

from typedoauth.errors import ResponseTooLargeError
from typedoauth.transports import (
    ClosableTransport,
    Headers,
    Request,
    Response,
    StubTransport,
    Transport,
    Urllib3Transport,
    WSGITransport,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


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


class Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def over_http() -> Generator[tuple[Transport, str], None, None]:
    with WSGIServer(("127.0.0.1", 0), Quiet) as server:
        server.set_app(application)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        transport = Urllib3Transport()
        try:
            yield transport, f"http://127.0.0.1:{server.server_port}"
        finally:
            transport.close()
            server.shutdown()
            thread.join()


@contextmanager
def in_process() -> Generator[tuple[Transport, str], None, None]:
    yield WSGITransport(application), "http://as.example"


@contextmanager
def by_host() -> Generator[tuple[Transport, str], None, None]:
    yield WSGITransport({"as.example:8080": application}), "http://as.example:8080"


@contextmanager
def stubbed() -> Generator[tuple[Transport, str], None, None]:
    yield StubTransport(WSGITransport(application).send), "http://as.example"


Setting = tuple[Transport, str]


@pytest.fixture(params=[over_http, in_process, by_host, stubbed], ids=lambda make: make.__name__)
def setting(request: pytest.FixtureRequest) -> Iterator[Setting]:
    """A transport, and the URL at which it reaches the application."""
    with request.param() as made:
        yield made


def ask(setting: Setting, request: Request) -> Response:
    """Send *request*, whose URL is a path."""
    transport, base = setting
    return transport.send(
        Request(
            request.method,
            base + request.url,
            headers=request.headers,
            body=request.body,
            max_bytes=request.max_bytes,
            stream=request.stream,
        )
    )


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
def test_methods(setting: Setting, method: str) -> None:
    """A method arrives as it is, whichever it is."""
    assert ask(setting, Request(method, "/")).json()["method"] == method


def test_head(setting: Setting) -> None:
    """HEAD has no body (RFC 9110 9.3.2)."""
    response = ask(setting, Request("HEAD", "/long"))
    assert (response.status_code, response.reason, response.content) == (200, "Fine", b"")


def test_targets(setting: Setting) -> None:
    """Path and query arrive as they are; the fragment stays at home (RFC 9110 7.1)."""
    told = ask(setting, Request("GET", "/a%20b/~c?x=%2f&x=+&&z#fragment")).json()
    assert (told["path"], told["query"]) == ("/a b/~c", "x=%2f&x=+&&z")


def test_bodies(setting: Setting) -> None:
    """A body of any bytes arrives, with its type."""
    headers = Headers({"content-type": "application/x-test"})
    told = ask(setting, Request("POST", "/", headers, bytes(range(256)))).json()
    assert told["body"].encode("latin-1") == bytes(range(256))
    assert told["type"] == "application/x-test"


def test_header_fields(setting: Setting) -> None:
    """Fields arrive, those that come several times too, and so do cookies."""
    headers = Headers([("X-One", "1"), ("X-Two", "a"), ("x-two", "b"), ("Cookie", "c=d; e=f")])
    told = ask(setting, Request("GET", "/", headers)).json()
    assert told["fields"]["HTTP_X_ONE"] == "1"
    assert told["fields"]["HTTP_X_TWO"].replace(", ", ",") == "a,b"
    assert told["cookie"] == "c=d; e=f"


def test_redirects_are_not_followed(setting: Setting) -> None:
    """A redirect is a response like others."""
    response = ask(setting, Request("POST", "/moved", body=b"secret"))
    assert (response.status_code, response.headers["location"]) == (302, "/elsewhere")


def test_refusals_are_responses(setting: Setting) -> None:
    """A status of 400 or more is told, not raised; doubled fields and cookies are kept."""
    response = ask(setting, Request("GET", "/refused"))
    assert (response.status_code, response.ok, response.content) == (401, False, b"no")
    assert response.headers.get_all("www-authenticate") == ["Basic", "Bearer"]
    assert response.cookies == {"a": "1"}
    assert response.url.endswith("/refused")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_limits(setting: Setting, stream: bool) -> None:
    """A body may have as many bytes as the request allows, and not one more."""
    request = Request("GET", "/long", max_bytes=10_000, stream=stream)
    assert len(ask(setting, request).content) == 10_000
    request = Request("GET", "/long", max_bytes=9_999, stream=stream)
    with pytest.raises(ResponseTooLargeError):
        _ = ask(setting, request).content


def test_streams(setting: Setting) -> None:
    """A stream comes in pieces, once, and can be closed at any time."""
    with ask(setting, Request("GET", "/long", max_bytes=None, stream=True)) as response:
        pieces = response.iter_content(300)
        assert len(next(pieces)) == 300
        assert sum(map(len, pieces)) == 9_700
    with ask(setting, Request("GET", "/long", stream=True)) as response:
        next(iter(response))
    response.close()


class OwnTransport:
    """What the documentation promises: a transport of one's own is one method."""

    def send(self, request: Request, /) -> Response:
        return Response(200, {"X-Method": request.method}, b"own", url=request.url)


def test_a_transport_of_ones_own() -> None:
    """A class with send() is a Transport, to the checker and at run time."""
    transport: Transport = OwnTransport()
    response = transport.send(Request("GET", "https://api.example/"))
    assert (response.text, response.headers["x-method"]) == ("own", "GET")


def test_which_transports_can_be_closed() -> None:
    """Only a transport that holds connections has something to close."""
    closable: ClosableTransport = Urllib3Transport()
    assert isinstance(closable, ClosableTransport)
    assert not isinstance(cast("object", OwnTransport()), ClosableTransport)  # as one unknown
