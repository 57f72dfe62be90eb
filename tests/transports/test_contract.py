"""What every transport of the library does alike, over one small application."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import cast

import pytest

from tests.transports.contract import NETWORK, NOT_APPLICABLE, PLACES, Place, Setting, where
from typedoauth import transports
from typedoauth.errors import ResponseTooLargeError
from typedoauth.transports import (
    ClosableTransport,
    Headers,
    Request,
    Response,
    Transport,
)


@pytest.fixture(params=PLACES.values(), ids=[*PLACES])
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


def test_every_transport_is_here() -> None:
    """A transport that the package has is tried, and the table of exceptions names no other."""
    found = {
        name
        for name in transports.__all__
        if inspect.isclass(kind := getattr(transports, name))
        and hasattr(kind, "send")
        and not getattr(kind, "_is_protocol", False)
    }
    tried = {name.partition(" ")[0] for name in PLACES}
    assert tried == found
    assert NETWORK.keys() | {name for name, what in NOT_APPLICABLE if what == "network"} == found
    assert {name for name, _ in NOT_APPLICABLE} <= found


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
    told = ask(setting, Request("GET", "/a%20b/./../~c?x=%2F&x=+&&z='#fragment")).json()
    assert (told["path"], told["query"]) == ("/a b/./../~c", "x=%2F&x=+&&z='")


@where("escapes")
def test_escapes(place: Place) -> None:
    """A percent-escape arrives as it was written."""
    with place() as setting:
        assert ask(setting, Request("GET", "/?x=%2f")).json()["query"] == "x=%2f"


def test_bodies(setting: Setting) -> None:
    """A body of any bytes arrives, with its type."""
    headers = Headers({"content-type": "application/x-test"})
    told = ask(setting, Request("POST", "/", headers, bytes(range(256)))).json()
    assert told["body"].encode("latin-1") == bytes(range(256))
    assert told["type"] == "application/x-test"


def test_header_fields(setting: Setting) -> None:
    """Fields arrive, those that come several times, too."""
    headers = Headers([("X-One", "1"), ("X-Two", "a"), ("x-two", "b")])
    told = ask(setting, Request("GET", "/", headers)).json()
    assert told["fields"]["HTTP_X_ONE"] == "1"
    assert told["fields"]["HTTP_X_TWO"].replace(", ", ",") == "a,b"


@where("cookies")
def test_cookies(place: Place) -> None:
    """The caller's go to the server, and the server's to the caller; none is kept."""
    with place() as setting:
        headers = Headers({"Cookie": "c=d; e=f"})
        assert ask(setting, Request("GET", "/", headers)).json()["cookie"] == "c=d; e=f"
        assert ask(setting, Request("GET", "/refused")).cookies == {"a": "1"}
        assert ask(setting, Request("GET", "/")).json()["cookie"] is None


def test_redirects_are_not_followed(setting: Setting) -> None:
    """A redirect is a response like others."""
    response = ask(setting, Request("POST", "/moved", body=b"secret"))
    assert (response.status_code, response.headers["location"]) == (302, "/elsewhere")


def test_refusals_are_responses(setting: Setting) -> None:
    """A status of 400 or more is told, not raised; doubled fields are kept."""
    response = ask(setting, Request("GET", "/refused"))
    assert (response.status_code, response.ok, response.content) == (401, False, b"no")
    assert response.headers.get_all("www-authenticate") == ["Basic", "Bearer"]
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


@pytest.mark.parametrize("name", [*NETWORK, *{name for name, _ in NOT_APPLICABLE} - NETWORK.keys()])
def test_which_transports_can_be_closed(name: str) -> None:
    """Only a transport that holds connections, or sends with another, has something to close."""
    closable = {*NETWORK, "RecordingTransport"}
    assert hasattr(getattr(transports, name), "close") == (name in closable)
    assert not isinstance(cast("object", OwnTransport()), ClosableTransport)  # as one unknown
