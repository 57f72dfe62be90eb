"""Every wait has an end: the table of servers that drip, stall or never answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from threading import Event

import pytest

from tests.transports.certificates import Authority
from tests.transports.servers import Script, Server, deaf, drip, dripping, read_request, silent
from typedoauth.errors import TransportTimeoutError
from typedoauth.transports import ConnectionSettings, Request, Timeout, Urllib3Transport

TOTAL = Timeout(connect=9, read=9, total=0.25)
CONNECT = Timeout(connect=0.2, read=9, total=9)
READ = Timeout(connect=9, read=0.2, total=9)
LATE = 4.0
"""Seconds by which the one short deadline must long have passed, however slow the machine."""

STATUS = b"HTTP/1.1 200 OK\r\n"
CHUNKED = STATUS + b"Transfer-Encoding: chunked\r\n\r\n"


@contextmanager
def overdue(which: str) -> Generator[None, None, None]:
    """Expect the deadline that *which* names, soon."""
    start = time.monotonic()
    with pytest.raises(TransportTimeoutError, match=which):
        yield
    assert time.monotonic() - start < LATE


def informing(sock: socket.socket) -> None:
    """Send informational responses without end."""
    read_request(sock)
    while True:
        time.sleep(0.02)
        sock.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")


DRIPS: dict[str, Script] = {
    "the status line": dripping(b"", b"HTTP/1.1 200 O" + b"K" * 4000),
    "one header field": dripping(STATUS, b"X-Slow: " + b"x" * 4000),
    "many header fields": dripping(STATUS, b"A: b\r\n" * 90),
    "informational responses": informing,
    "a body of known length": dripping(STATUS + b"Content-Length: 4000\r\n\r\n"),
    "a body until the end": dripping(STATUS + b"Connection: close\r\n\r\n"),
    "a chunk's size": dripping(CHUNKED, b"0" * 4000),
    "a chunk": dripping(CHUNKED + b"fa0\r\n"),
    "small chunks": dripping(CHUNKED, b"1\r\nx\r\n" * 900),
    "trailers": dripping(CHUNKED + b"0\r\n", b"A: b\r\n" * 900),
    "a gzip body": dripping(
        STATUS + b"Content-Encoding: gzip\r\nContent-Length: 4000\r\n\r\n",
        b"\x1f\x8b\x08\x08" + b"\x00" * 5 + b"\x03" + b"n" * 4000,
    ),
}


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS.keys())
def test_total_bounds_a_drip(transport: Urllib3Transport, script: Script) -> None:
    """A server that drips a byte within each read deadline is stopped by the total one."""
    with Server(script) as server, overdue("total deadline of 0.25 s"):
        transport.send(Request("GET", server.url, timeout=TOTAL))


@pytest.mark.parametrize("body", ["a body of known length", "small chunks", "a gzip body"])
def test_total_bounds_a_stream_that_drips(transport: Urllib3Transport, body: str) -> None:
    """A stream has its head in time, and the same end to all its pieces."""
    with Server(DRIPS[body]) as server:
        response = transport.send(Request("GET", server.url, timeout=TOTAL, stream=True))
        with overdue("total deadline of 0.25 s"):
            _ = response.content


@pytest.mark.parametrize(
    "script", [DRIPS["many header fields"], DRIPS["small chunks"]], ids=["headers", "chunks"]
)
def test_total_bounds_a_drip_within_tls(
    transport: Urllib3Transport, authority: Authority, trusting: ConnectionSettings, script: Script
) -> None:
    """Records of one byte each count against the total deadline as plain bytes do."""
    with Server(script, tls=authority.server()) as server, overdue("total"):
        transport.send(Request("GET", server.url, timeout=TOTAL, connection=trusting))


def test_total_bounds_one_record_that_drips(
    transport: Urllib3Transport, authority: Authority, trusting: ConnectionSettings
) -> None:
    """The bytes of a single TLS record that drip in renew no deadline."""

    def script(sock: socket.socket) -> None:
        read_request(sock)
        with socket.socket(fileno=sock.detach()) as bare:
            drip(bare, b"\x17\x03\x03\x10\x00" + b"x" * 4000)

    with Server(script, tls=authority.server()) as server, overdue("total"):
        transport.send(Request("GET", server.url, timeout=TOTAL, connection=trusting))


@pytest.mark.parametrize(
    "script",
    [silent, dripping(STATUS, b"A", pause=0), dripping(CHUNKED + b"5\r\nab", b"c", pause=0)],
    ids=["nothing", "half a head", "half a chunk"],
)
def test_read_bounds_a_silence(transport: Urllib3Transport, script: Script) -> None:
    """A server that stops in the middle is given up after the read deadline."""

    def then_silent(sock: socket.socket) -> None:
        script(sock)
        silent(sock)

    with Server(then_silent) as server, overdue(r"0.2 s \(read\)"):
        transport.send(Request("GET", server.url, timeout=READ))


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize(
    ("timeout", "which"),
    [(READ, "read"), (TOTAL, "total")],
    ids=["read", "total"],
)
def test_a_body_that_nobody_reads(
    transport: Urllib3Transport,
    authority: Authority,
    trusting: ConnectionSettings,
    timeout: Timeout,
    which: str,
    tls: bool,
) -> None:
    """Sending waits no longer than receiving."""
    body = b"x" * (1 << 24)
    context = authority.server() if tls else None
    with Server(deaf, tls=context) as server, overdue(which):
        request = Request("POST", server.url, body=body, timeout=timeout, connection=trusting)
        transport.send(request)


def test_a_body_read_slowly(transport: Urllib3Transport) -> None:
    """A server that reads a little now and then does not outlive the total deadline."""

    def slow(sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while sock.recv(65536):
            time.sleep(0.02)

    with Server(slow) as server, overdue("total"):
        transport.send(Request("POST", server.url, body=b"x" * (1 << 26), timeout=TOTAL))


@pytest.mark.parametrize(
    "script",
    [silent, partial(drip, drops=b"\x16\x03\x03\x10\x00" + b"x" * 4000)],
    ids=["silent", "drip"],
)
def test_connect_bounds_the_handshake(transport: Urllib3Transport, script: Script) -> None:
    """The TLS handshake belongs to the connect deadline, however it is drawn out."""
    with Server(script) as server, overdue(r"0.2 s \(connect\)"):
        url = server.url.replace("http:", "https:")
        transport.send(Request("GET", url, timeout=CONNECT))


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "script",
    [silent, dripping(b"", b"HTTP/1.1 200 O" + b"K" * 4000), dripping(STATUS, b"A: b\r\n" * 900)],
    ids=["silent", "status line", "headers"],
)
def test_connect_bounds_a_tunnel(
    transport: Urllib3Transport, authority: Authority, script: Script, scheme: str
) -> None:
    """A proxy's answer to CONNECT belongs to the connect deadline, with TLS to it or without."""
    tls = authority.server() if scheme == "https" else None
    with Server(script, tls=tls) as proxy, overdue(r"0.2 s \(connect\)"):
        settings = ConnectionSettings(verify=str(authority.path), proxies=(("https", proxy.url),))
        url = "https://as.example/"
        transport.send(Request("GET", url, timeout=CONNECT, connection=settings))


@contextmanager
def black_hole() -> Generator[int, None, None]:
    """A port of 127.0.0.1 that answers no attempt to connect: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port: int = listener.getsockname()[1]
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        time.sleep(0.05)
        try:
            yield port
        finally:
            for one in crowd:
                one.close()


def test_connect_bounds_the_connection(transport: Urllib3Transport) -> None:
    """A host that lets packets vanish is given up after the connect deadline, tried once."""
    with black_hole() as port, overdue(r"0.2 s \(connect\)"):
        transport.send(Request("GET", f"http://127.0.0.1:{port}/", timeout=CONNECT))


def test_the_deadline_is_shared_by_all_addresses(
    transport: Urllib3Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with dead and unusable addresses leaves time for the one that answers."""
    with (
        black_hole() as port,
        Server(dripping(STATUS + b"Content-Length: 0\r\n\r\n", b"")) as server,
    ):
        dead = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        good = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
        unknown = (999, socket.SOCK_STREAM, 6, "", ())
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [unknown, dead, dead, good])  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType] any arguments
        timeout = Timeout(connect=0.6, read=2, total=2)
        assert transport.send(Request("GET", "http://as.example/", timeout=timeout)).ok


def test_a_handshake_has_all_the_time_that_is_left(
    transport: Urllib3Transport, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A TLS handshake is not held to the share that one address of many had."""
    tls = authority.server("as.example")

    def script(sock: socket.socket) -> None:
        time.sleep(0.3)
        with tls.wrap_socket(sock, server_side=True) as secured:
            read_request(secured)
            secured.sendall(STATUS + b"Content-Length: 0\r\n\r\n")

    with Server(script) as server:
        one = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [one] * 50)  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType] any arguments
        settings = ConnectionSettings(verify=str(authority.path))
        timeout = Timeout(connect=9, read=9, total=9)
        request = Request("GET", "https://as.example/", timeout=timeout, connection=settings)
        assert transport.send(request).ok


def test_connect_bounds_name_resolution(
    transport: Urllib3Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that does not answer cannot hold a caller, though the resolver itself can."""
    released = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(9) and [])  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType] any arguments
    with overdue(r"0.2 s \(connect\)"):
        transport.send(Request("GET", "http://as.example/", timeout=CONNECT))
    released.set()


def test_a_connection_keeps_no_deadline(transport: Urllib3Transport) -> None:
    """The deadlines of one request do not outlast it on a kept connection."""

    def script(sock: socket.socket) -> None:
        for pause in (0, 0.3):
            read_request(sock)
            time.sleep(pause)
            sock.sendall(STATUS + b"Content-Length: 0\r\n\r\n")

    with Server(script) as server:
        transport.send(Request("GET", server.url, timeout=TOTAL))
        assert transport.send(Request("GET", server.url, timeout=Timeout(2, 2, 2))).ok
        assert server.connections == 1


def test_a_stream_is_bounded_while_its_reader_dawdles(transport: Urllib3Transport) -> None:
    """The total deadline of a stream runs on while nobody reads it."""
    with Server(dripping(STATUS + b"Content-Length: 9999999\r\n\r\n", pause=0.005)) as server:
        response = transport.send(
            Request("GET", server.url, timeout=TOTAL, stream=True, max_bytes=None)
        )
        pieces = response.iter_content()
        next(pieces)
        time.sleep(0.3)
        with pytest.raises(TransportTimeoutError, match="total"):
            next(pieces)
