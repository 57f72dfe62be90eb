"""What the default transport puts on the wire, byte for byte."""

from __future__ import annotations

import pytest

from tests.transports.servers import OK, Server, replying
from typedoauth.errors import ConfigurationError
from typedoauth.transports import Headers, Request, Urllib3Transport


def sent(transport: Urllib3Transport, request: Request) -> bytes:
    """Send *request*, its URL a path or empty, and return what the server read, without Host."""
    seen: list[bytes] = []
    with Server(replying(OK, seen=seen)) as server:
        url = server.url + request.url
        transport.send(Request(request.method, url, headers=request.headers, body=request.body))
    return seen[0].replace(f"Host: 127.0.0.1:{server.port}\r\n".encode(), b"")


UA = b"User-Agent: typedoauth\r\n"

EXACT: list[tuple[str, Request, bytes]] = [
    ("the root", Request("GET", ""), b"GET / HTTP/1.1\r\n" + UA + b"\r\n"),
    (
        "a query as it is (RFC 3986 3.4)",
        Request("GET", "/a%2fb/~c;d?x=%7e&y=a+b&&z#fragment"),
        b"GET /a%2fb/~c;d?x=%7e&y=a+b&&z HTTP/1.1\r\n" + UA + b"\r\n",
    ),
    ("two slashes", Request("GET", "//a"), b"GET //a HTTP/1.1\r\n" + UA + b"\r\n"),
    (
        "not ASCII (RFC 3987 3.1)",
        Request("GET", "/\u00fc?q=\u20ac%20"),
        b"GET /%C3%BC?q=%E2%82%AC%20 HTTP/1.1\r\n" + UA + b"\r\n",
    ),
    (
        "fields doubled, in order, in their own case",
        Request("GET", "/", Headers([("X-b", "1"), ("x-A", "caf\u00e9"), ("x-B", "2")])),
        b"GET / HTTP/1.1\r\n" + UA + b"X-b: 1\r\nX-b: 2\r\nx-A: caf\xe9\r\n\r\n",
    ),
    (
        "the caller's own word",
        Request("GET", "/", Headers({"user-agent": "me", "accept-encoding": "gzip"})),
        b"GET / HTTP/1.1\r\nuser-agent: me\r\naccept-encoding: gzip\r\n\r\n",
    ),
    (
        "a body",
        Request("POST", "/", body=b"a=1\x00"),
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\n" + UA + b"\r\na=1\x00",
    ),
    (
        "a body's length said already",
        Request("POST", "/", Headers({"content-length": "3"}), b"a=1"),
        b"POST / HTTP/1.1\r\n" + UA + b"content-length: 3\r\n\r\na=1",
    ),
    (
        "a POST without a body (RFC 9110 8.6)",
        Request("POST", "/"),
        b"POST / HTTP/1.1\r\nContent-Length: 0\r\n" + UA + b"\r\n",
    ),
    (
        "a DELETE with a body",
        Request("DELETE", "/", body=b"x"),
        b"DELETE / HTTP/1.1\r\nContent-Length: 1\r\n" + UA + b"\r\nx",
    ),
]


@pytest.mark.parametrize(
    ("request_", "expected"), [case[1:] for case in EXACT], ids=[case[0] for case in EXACT]
)
def test_a_request_goes_out_as_it_is(
    transport: Urllib3Transport, request_: Request, expected: bytes
) -> None:
    """Nothing is changed, dropped or added but what HTTP/1.1 needs (RFC 9112 3)."""
    assert sent(transport, request_) == expected


def test_a_host_of_the_callers_own(transport: Urllib3Transport) -> None:
    """A Host field that is given is the only one sent (RFC 9110 7.2)."""
    head = sent(transport, Request("GET", "/", Headers({"Host": "as.example"})))
    assert head.lower().count(b"host:") == 1
    assert b"Host: as.example\r\n" in head


HERE = "http://127.0.0.1:9/"
UNFIT: dict[str, tuple[str, str, dict[str, str]]] = {
    "relative": ("GET", "/token", {}),
    "no host": ("GET", "http:///token", {}),
    "another scheme": ("GET", "ftp://127.0.0.1/", {}),
    "a line break": ("GET", "http://127.0.0.1/a\r\nX: y", {}),
    "a space": ("GET", "http://127.0.0.1/a b", {}),
    "a bad port": ("GET", "http://127.0.0.1:99999/", {}),
    "a bad bracket": ("GET", "http://[::1/", {}),
    "a bad label": ("GET", "http://a..b/", {}),
    "a long label": ("GET", f"http://{'a' * 64}/", {}),
    "a method with a space": ("GET /x", HERE, {}),
    "a name with a space": ("GET", HERE, {"X Y": "z"}),
    "a name that is not ASCII": ("GET", HERE, {"X\u00fc": "z"}),
    "a value beyond latin-1": ("GET", HERE, {"X": "\u20ac"}),
    "a wrong length": ("POST", HERE, {"Content-Length": "9"}),
    "its own framing": ("POST", HERE, {"Transfer-Encoding": "chunked"}),
}


@pytest.mark.parametrize(("method", "url", "headers"), UNFIT.values(), ids=UNFIT.keys())
def test_what_cannot_be_sent_is_the_callers_mistake(
    transport: Urllib3Transport, method: str, url: str, headers: dict[str, str]
) -> None:
    """An impossible request is a ConfigurationError, found before anything is connected."""
    with pytest.raises(ConfigurationError):
        transport.send(Request(method, url, Headers(headers), b"x"))


def test_a_header_that_cannot_be_sent_is_not_shown(transport: Urllib3Transport) -> None:
    """The error for a value that cannot be encoded does not quote it, nor does its cause."""
    headers = Headers({"Authorization": "Bearer s3cret-\u20ac"})
    with pytest.raises(ConfigurationError) as caught:
        transport.send(Request("GET", "http://127.0.0.1:9/", headers))
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
