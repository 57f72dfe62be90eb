"""The bad input table of the default transport: what a server may send, and what comes of it."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import zlib

import pytest

from tests.transports.servers import OK, Script, Server, replying, resetting
from typedoauth.errors import ResponseTooLargeError, TransportError
from typedoauth.transports import Headers, Request, Timeout, Urllib3Transport

STATUS = b"HTTP/1.1 200 OK\r\n"
GZIP = STATUS + b"Content-Encoding: gzip\r\nContent-Length: "
SECRET = "s3cret-of-the-query"


def zipped(body: bytes) -> bytes:
    """Frame *body* as a response that says it is gzip."""
    return GZIP + b"%d\r\n\r\n" % len(body) + body


def says(answer: bytes) -> Script:
    """Answer, and hang up."""
    return replying(answer, hang_up=True)


LENGTH = STATUS + b"Content-Length: "
CHUNKED = STATUS + b"Transfer-Encoding: chunked\r\n\r\n"

HOSTILE: list[tuple[str, Script, str]] = [
    ("nothing", says(b""), "closed the connection without an answer"),
    ("a reset", resetting(b""), "the connection broke"),
    ("a reset in the head", resetting(STATUS + b"X: "), "the connection broke"),
    ("a reset in the body", resetting(LENGTH + b"9\r\n\r\nab"), "the connection broke"),
    ("not HTTP", says(b"SSH-2.0-OpenSSH_9.9 " + SECRET.encode() + b"\r\n"), "not HTTP/1"),
    ("a page without a head", says(b"<html>" + SECRET.encode() + b"</html>"), "not HTTP/1"),
    ("a TLS alert", says(b"\x15\x03\x01\x00\x02\x02\x46"), "not HTTP/1"),
    ("HTTP of another kind", says(b"HTTP/9." + SECRET.encode() + b" 200 OK\r\n\r\n"), "not HTTP/1"),
    ("HTTP/2", says(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "not HTTP/1"),
    ("a status of words", says(b"HTTP/1.1 OK\r\n\r\n"), "not HTTP/1"),
    ("a status out of range", says(b"HTTP/1.1 99 Low\r\n\r\n"), "not HTTP/1"),
    ("a status line without end", says(b"HTTP/1.1 200 " + b"O" * 99999), "65536 bytes"),
    ("a field without end", says(STATUS + b"X: " + b"x" * 99999), "65536 bytes"),
    ("a flood of fields", says(STATUS + b"X: y\r\n" * 9999 + b"\r\n"), "more than 100 headers"),
    ("101", says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "not asked for"),
    ("a truncated body", says(LENGTH + b"9\r\n\r\nok"), "ended in the middle"),
    ("a truncated chunk", says(CHUNKED + b"9\r\nok"), "ended in the middle"),
    ("no last chunk", says(CHUNKED + b"2\r\nok\r\n"), "ended in the middle"),
    ("a chunk of words", says(CHUNKED + b"two\r\nok\r\n0\r\n\r\n"), "chunks are malformed"),
    ("a chunk below zero", replying(CHUNKED + b"-2\r\nok\r\n"), "chunks are malformed"),
    ("a chunk without end", says(CHUNKED + b"0" * 99999), "65536 bytes"),
    ("another transfer coding", says(STATUS + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
     "transfer coding"),
    ("lengths at odds", says(LENGTH + b"2\r\nContent-Length: 3\r\n\r\nok"), "Content-Length"),
    ("no gzip", says(zipped(b"ok")), "gzip-encoded, but is not"),
    ("half a gzip", says(zipped(gzip.compress(b"x" * 99)[:-9])), "ends too early"),
    ("a gzip with a wrong sum", says(zipped(gzip.compress(b"x" * 99)[:-8] + b"\0" * 8)), "gzip"),
    ("no deflate", says(zipped(b"\xff\xff").replace(b"gzip", b"deflate")), "deflate-encoded"),
    (
        "half a deflate",
        says(zipped(zlib.compress(b"x" * 99)[:-5]).replace(b"gzip", b"deflate")),
        "ends too early",
    ),
]  # fmt: skip


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("script", "says_"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_a_broken_answer_is_a_transport_error(
    transport: Urllib3Transport, script: Script, says_: str, stream: bool
) -> None:
    """What is not an HTTP response ends in the tree, and is not quoted; the next call works."""
    with Server(script) as server:
        url = f"{server.url}/token?code={SECRET}"
        with pytest.raises(TransportError, match=says_) as caught:
            _ = transport.send(Request("GET", url, stream=stream)).content
        assert f"127.0.0.1:{server.port}/token" in str(caught.value)
        assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
        server.script = replying(OK)
        assert transport.send(Request("GET", server.url)).content == b"ok"


TOLERATED: list[tuple[str, bytes, bytes]] = [
    ("100 before", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" + LENGTH + b"2\r\n\r\nok", b"ok"),
    ("102 and 103 before", b"HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nA: b\r\n\r\n" + OK, b"ok"),
    ("no reason", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    ("bare line feeds", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", b"ok"),
    ("one length twice", LENGTH + b"2\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    ("a length of words", LENGTH + b"two\r\n\r\nok", b"ok"),
    ("a length below zero", LENGTH + b"-2\r\n\r\nok", b"ok"),
    ("a length beside chunks", LENGTH + b"7\r\n" + CHUNKED[17:] + b"2\r\nok\r\n0\r\n\r\n", b"ok"),
    ("an extension of a chunk", CHUNKED + b"2;a=b\r\nok\r\n0\r\n\r\n", b"ok"),
    ("a coding that nobody asked for", STATUS + b"Content-Encoding: zz\r\n\r\nok", b"ok"),
    ("several codings", STATUS + b"Content-Encoding: gzip, gzip\r\n\r\nok", b"ok"),
    ("an empty gzip", zipped(b""), b""),
    ("a gzip in two members", zipped(gzip.compress(b"o") + gzip.compress(b"k")), b"ok"),
    ("a padded gzip", zipped(gzip.compress(b"ok") + b"\0" * 70000), b"ok"),
    ("x-gzip", zipped(gzip.compress(b"ok")).replace(b": gzip", b": X-GZip"), b"ok"),
    ("deflate", zipped(zlib.compress(b"ok")).replace(b"gzip", b"deflate"), b"ok"),
    ("raw deflate", zipped(zlib.compress(b"ok", wbits=-15)).replace(b"gzip", b"deflate"), b"ok"),
]


@pytest.mark.parametrize(
    ("answer", "body"), [case[1:] for case in TOLERATED], ids=[case[0] for case in TOLERATED]
)
def test_an_odd_answer_is_understood(
    transport: Urllib3Transport, answer: bytes, body: bytes
) -> None:
    """What servers in the field do, and what HTTP allows, is read as it is meant."""
    with Server(replying(answer, hang_up=True)) as server:
        assert transport.send(Request("GET", server.url)).content == body


def test_header_bytes_of_any_kind(transport: Urllib3Transport) -> None:
    """Fields that are not ASCII, folded or doubled arrive as latin-1 text, one line each."""
    answer = (
        b"HTTP/1.1 302 Found \xe9\r\nLocation: http://x/\xc3\xbc\xff\r\n"
        b"X-Folded: a\r\n  b\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n"
    )
    with Server(replying(answer)) as server:
        response = transport.send(Request("GET", server.url))
    assert response.status_code == 302
    assert response.headers["location"] == "http://x/\u00c3\u00bc\u00ff"
    assert response.headers["x-folded"] == "a b"
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert response.cookies == {"a": "1", "b": "2"}


def test_fields_that_cannot_be_parsed_are_not_logged(
    transport: Urllib3Transport, caplog: pytest.LogCaptureFixture
) -> None:
    """No log record, even at DEBUG, holds the query or what a server sent in a broken head."""
    answer = STATUS + f"broken {SECRET}\r\nContent-Length: 2\r\n\r\nok".encode()
    headers = Headers({"Authorization": f"Bearer {SECRET}"})
    with caplog.at_level(logging.DEBUG), Server(replying(answer, hang_up=True)) as server:
        transport.send(Request("GET", f"{server.url}/?access_token={SECRET}", headers))
    assert SECRET not in caplog.text


@pytest.mark.parametrize("politely", [True, False])
def test_a_refusal_that_comes_before_the_body_was_read(
    transport: Urllib3Transport, politely: bool
) -> None:
    """A server may refuse a large body and hang up; its answer is what the caller gets."""
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"

    def script(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(refusal)
        if politely:
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass

    with Server(script) as server:
        request = Request("POST", server.url, body=b"x" * (1 << 22), timeout=Timeout(9, 9, 9))
        for _ in range(2):
            response = transport.send(request)
            assert (response.status_code, response.content) == (413, b"no")
        assert server.connections == 2


def test_a_refused_port(transport: Urllib3Transport) -> None:
    """A port where nobody listens is a TransportError with the system's error as its cause."""
    with Server(replying(OK)) as server:
        url = server.url
    with pytest.raises(TransportError, match="the connection failed") as caught:
        transport.send(Request("GET", url))
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


@pytest.mark.parametrize("host", ["nobody.invalid", "exa<mple"])
def test_an_unknown_host(transport: Urllib3Transport, host: str) -> None:
    """A name that does not resolve is a TransportError (RFC 6761 6.4)."""
    with pytest.raises(TransportError, match="cannot be resolved") as caught:
        transport.send(Request("GET", f"http://{host}/?code={SECRET}"))
    assert isinstance(caught.value.__cause__, socket.gaierror)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        LENGTH + b"1000\r\n\r\n",
        STATUS + b"\r\n" + b"x" * 1000,
        CHUNKED + b"3e8\r\n" + b"x" * 1000 + b"\r\n0\r\n\r\n",
        zipped(gzip.compress(b"x" * 1000)),
    ],
    ids=["length", "until the end", "chunked", "gzip"],
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_too_many_bytes(transport: Urllib3Transport, answer: bytes, stream: bool) -> None:
    """The limit holds for every framing, after decoding, and for streams that set one."""
    with Server(says(answer)) as server:
        url = f"{server.url}/?code={SECRET}"
        with pytest.raises(ResponseTooLargeError, match="longer than 999 bytes") as caught:
            _ = transport.send(Request("GET", url, max_bytes=999, stream=stream)).content
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("limit", [1000, None])
def test_just_enough_bytes(transport: Urllib3Transport, limit: int | None) -> None:
    """A body of exactly as many bytes as allowed is fine, and so is one without a limit."""
    with Server(says(zipped(gzip.compress(b"x" * 1000)))) as server:
        response = transport.send(Request("GET", server.url, max_bytes=limit))
    assert response.content == b"x" * 1000


def test_a_header_of_spaces_costs_no_time(transport: Urllib3Transport) -> None:
    """65,000 spaces in one field took half a minute when an expression looked at them."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: a" + b" " * 65_000 + b"b\r\n"
    folded = b"Y: a \r\n  b\r\n\r\n"
    with Server(replying(head + folded)) as server:
        started = time.monotonic()
        response = transport.send(Request("GET", server.url))
        assert time.monotonic() - started < 5
    assert len(response.headers["x"]) == 65_002
    assert response.headers["y"] == "a b"


def test_a_stream_of_nothing_ends_at_the_limit(transport: Urllib3Transport) -> None:
    """Empty gzip members decode to no byte at all; what arrives counts as well."""
    body = gzip.compress(b"") * 1000
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with Server(replying(head + body)) as server, pytest.raises(ResponseTooLargeError):
        transport.send(Request("GET", server.url, max_bytes=1000))
