"""What only the WSGI transport does; the rest is in test_contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask, request

from typedoauth.errors import ConfigurationError, TransportError
from typedoauth.transports import Headers, Request, WSGITransport

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

URL = "https://as.example/"


class Body:
    """A body that knows whether it was closed."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)
        self.closed: int = 0

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        self.closed += 1


def answering(body: Iterable[bytes]) -> WSGITransport:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return body

    return WSGITransport(application)


def test_a_flask_application() -> None:
    """A Flask application sees URL, form and header fields as it would from a server."""
    app = Flask(__name__)

    @app.post("/token")
    def token() -> dict[str, object]:  # pyright: ignore[reportUnusedFunction] Flask calls it
        return {"url": request.url, "form": request.form, "bearer": request.authorization is None}

    headers = Headers({"Content-Type": "application/x-www-form-urlencoded"})
    response = WSGITransport(app).send(Request("POST", f"{URL}token?x=y", headers, b"a=1"))
    assert response.json() == {"url": f"{URL}token?x=y", "form": {"a": "1"}, "bearer": True}


def test_hosts_have_applications() -> None:
    """Several hosts can be served; for another one the message lists them."""
    app = Flask(__name__)
    transport = WSGITransport({"as.example": app, "localhost:5000": app})
    for url in (URL, "http://as.example:80/", "http://LOCALHOST:5000/"):
        assert transport.send(Request("GET", url)).status_code == 404
    with pytest.raises(TransportError, match=r"no .* api.example; .* as.example, localhost:5000"):
        transport.send(Request("GET", "https://api.example/?code=s3cret"))


def test_write_goes_before_the_body() -> None:
    """The old write() callable works (PEP 3333, "The write() Callable")."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        write: Callable[[bytes], object] = start_response("200 OK", [])
        write(b"a")
        return [b"b"]

    assert WSGITransport(application).send(Request("GET", URL)).content == b"ab"


def test_a_late_start() -> None:
    """An application may start its response with its first piece, and start it anew on error."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        start_response("500 Oh", [("X", "y")], (ValueError, ValueError(), None))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] no traceback at hand
        yield b"late"

    response = WSGITransport(application).send(Request("GET", URL))
    assert (response.status_code, response.reason, response.text) == (500, "Oh", "late")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_the_body_is_closed_once(stream: bool) -> None:
    """The body's close() is called when it has been read, or given up (PEP 3333)."""
    body = Body([b"a", b"b"])
    response = answering(body).send(Request("GET", URL, stream=stream))
    if stream:
        assert body.closed == 0
        next(iter(response))
    response.close()
    assert body.closed == 1


def fail(*pieces: bytes) -> Iterator[bytes]:
    yield from pieces
    raise LookupError("of the application")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("pieces", [(), (b"a",)], ids=["at once", "later"])
def test_an_application_that_fails(pieces: tuple[bytes, ...], stream: bool) -> None:
    """What an application raises is the cause of a TransportError, and its body is closed."""
    body = Body(fail(*pieces))
    with pytest.raises(TransportError, match="LookupError") as caught:
        _ = answering(body).send(Request("GET", f"{URL}?code=s3cret", stream=stream)).content
    assert isinstance(caught.value.__cause__, LookupError)
    assert "s3cret" not in str(caught.value)
    assert body.closed == 1


@pytest.mark.parametrize("status", ["", "OK 200", None])
def test_an_application_that_is_none(status: str | None) -> None:
    """A response without a status is a TransportError."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if status is not None:
            start_response(status, [])
        return []

    with pytest.raises(TransportError, match="the WSGI application failed"):
        WSGITransport(application).send(Request("GET", URL))


def test_a_relative_url() -> None:
    """A URL without a host is the caller's mistake, here as elsewhere."""
    with pytest.raises(ConfigurationError):
        answering([]).send(Request("GET", "/token"))
