"""Connections are shared, kept, given up and replaced."""

from __future__ import annotations

import gc
import select
import socket
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.transports.certificates import Authority
from tests.transports.servers import OK, Server, read_request, replying, resetting, silent
from typedoauth.errors import TransportError, TransportTimeoutError
from typedoauth.transports import ConnectionSettings, Request, Timeout, Urllib3Transport

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nTrailer: x\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.mark.parametrize(
    "answer", [OK, CHUNKED, EMPTY, b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK]
)
def test_a_hundred_calls_open_one_connection(transport: Urllib3Transport, answer: bytes) -> None:
    """However the end of a response is marked, its connection is used again."""
    with Server(replying(answer)) as server:
        for number in range(100):
            assert transport.send(Request("GET", server.url, stream=number % 2 == 1)).content in (
                b"ok",
                b"",
            )
        assert server.connections == 1


def test_a_hundred_calls_make_one_tls_handshake(
    transport: Urllib3Transport, authority: Authority, trusting: ConnectionSettings
) -> None:
    """TLS connections are kept as others are."""
    with Server(replying(OK), tls=authority.server()) as server:
        for _ in range(100):
            assert transport.send(Request("POST", server.url, connection=trusting)).ok
        assert server.connections == 1


def test_head_keeps_its_connection(transport: Urllib3Transport) -> None:
    """The length that a response to HEAD names is not waited for (RFC 9110 9.3.2)."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    with Server(replying(head)) as server:
        for _ in range(3):
            assert transport.send(Request("HEAD", server.url)).content == b""
        assert server.connections == 1


def test_settings_have_pools_of_their_own(transport: Urllib3Transport) -> None:
    """A connection made under other TLS settings is never used."""
    with Server(replying(OK)) as server:
        for verify in (True, False, True, False):
            settings = ConnectionSettings(verify=verify, trust_env=False)
            transport.send(Request("GET", server.url, connection=settings))
        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",
    ],
)
def test_a_connection_that_closes_is_not_kept(transport: Urllib3Transport, answer: bytes) -> None:
    """Where the server says that it closes, or the end marks the body, the next call connects."""
    with Server(replying(answer, hang_up=True)) as server:
        for _ in range(2):
            assert transport.send(Request("POST", server.url)).content == b"ok"
        assert server.connections == 2


def test_a_connection_that_the_server_closed_is_noticed(transport: Urllib3Transport) -> None:
    """A kept connection that was closed in the meantime is not used, even for a POST."""
    with Server(replying(OK, hang_up=True)) as server:
        transport.send(Request("POST", server.url))
        _wait_for_close(transport)
        assert transport.send(Request("POST", server.url)).ok
        assert server.connections == 2


def _wait_for_close(transport: Urllib3Transport) -> None:
    """Wait until the server's closing of the one idle connection has arrived."""
    pools = transport._pools.by_settings.values()  # pyright: ignore[reportPrivateUsage] nothing else shows it
    for pool in pools:
        for stack in pool._idle.values():  # pyright: ignore[reportPrivateUsage] as above
            for _, connection in stack:
                assert select.select([connection.sock], [], [], 5)[0]


def cut_second(sock: socket.socket) -> None:
    """Answer one request and hang up on the next without a word."""
    read_request(sock)
    sock.sendall(OK)
    read_request(sock)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_an_idempotent_request_survives_a_dead_connection(
    transport: Urllib3Transport, method: str
) -> None:
    """A kept connection that dies without a byte of an answer is replaced once (RFC 9110 9.2.2)."""
    with Server(cut_second) as server:
        transport.send(Request("GET", server.url))
        assert transport.send(Request(method, server.url, body=b"x")).ok
        assert server.connections == 2


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_request_that_is_not_idempotent_is_sent_once(
    transport: Urllib3Transport, method: str
) -> None:
    """Whether a POST was carried out is unknown when its connection dies, so it is not repeated."""
    with Server(cut_second) as server:
        transport.send(Request("GET", server.url))
        with pytest.raises(TransportError, match="closed the connection without an answer"):
            transport.send(Request(method, server.url))
        assert server.connections == 1


def test_a_new_connection_is_not_replaced(transport: Urllib3Transport) -> None:
    """A server that hangs up on a first request is not asked again."""
    with Server(read_request) as server:
        with pytest.raises(TransportError, match="without an answer"):
            transport.send(Request("GET", server.url))
        assert server.connections == 1


def test_an_answer_that_has_begun_is_not_asked_for_again(transport: Urllib3Transport) -> None:
    """A kept connection that dies within a response is an error, even for a GET."""

    def script(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(OK)
        resetting(b"HTTP/1.1 2")(sock)

    with Server(script) as server:
        transport.send(Request("GET", server.url))
        with pytest.raises(TransportError, match="the connection broke"):
            transport.send(Request("GET", server.url))
        assert server.connections == 1


def test_a_deadline_on_a_kept_connection_is_not_asked_for_again(
    transport: Urllib3Transport,
) -> None:
    """A server that is slow to answer is not given the same request twice."""

    def script(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(OK)
        silent(sock)

    with Server(script) as server:
        transport.send(Request("GET", server.url))
        with pytest.raises(TransportTimeoutError):
            transport.send(Request("GET", server.url, timeout=Timeout(read=0.2)))
        assert server.connections == 1


def test_the_second_attempt_is_on_a_new_connection(transport: Urllib3Transport) -> None:
    """Where one kept connection was dead, others may be: the repetition uses none of them."""
    seen: list[bytes] = []

    def script(sock: socket.socket) -> None:
        seen.append(read_request(sock))
        sock.sendall(OK)
        seen.append(read_request(sock))

    with Server(script) as server:
        streams = [transport.send(Request("GET", server.url, stream=True)) for _ in range(3)]
        assert [stream.content for stream in streams] == [b"ok"] * 3
        assert transport.send(Request("GET", f"{server.url}/again")).ok
        assert sum(b"/again" in request for request in seen) == 2


def test_a_refused_connection_is_tried_again(
    transport: Urllib3Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A POST may be tried again when it could not even be connected."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        dead: int = gone.getsockname()[1]
    with Server(replying(OK)) as server:
        ports = [dead, dead, server.port]

        def resolve(*_: object, **__: object) -> object:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", ports.pop(0)))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        assert transport.send(Request("POST", "http://as.example/")).ok
    assert ports == []


def test_a_stream_closed_early_gives_its_connection_up(transport: Urllib3Transport) -> None:
    """What is left of an unread body is not waited for: the connection is dropped."""
    with Server(replying(OK)) as server:
        transport.send(Request("GET", server.url, stream=True)).close()
        assert transport.send(Request("GET", server.url)).ok
        assert server.connections == 2


def test_a_stream_closed_early_is_not_complete(transport: Urllib3Transport) -> None:
    """Reading on after close() is an error: what was read so far is not the body."""
    with Server(replying(OK)) as server:
        response = transport.send(Request("GET", server.url, stream=True))
        response.close()
        with pytest.raises(TransportError, match="closed before it was read"):
            _ = response.content


def test_a_stream_read_to_its_end_gives_its_connection_back(transport: Urllib3Transport) -> None:
    """The end of a stream puts its connection back, before anyone closes it."""
    with Server(replying(OK)) as server:
        response = transport.send(Request("GET", server.url, stream=True))
        assert response.content == b"ok"
        assert transport.send(Request("GET", server.url)).ok
        response.close()
        assert transport.send(Request("GET", server.url)).ok
        assert server.connections == 1


@pytest.mark.parametrize("answer", [OK, CHUNKED, b"HTTP/1.1 200 OK\r\n\r\nok"])
def test_a_forgotten_stream_leaks_nothing(transport: Urllib3Transport, answer: bytes) -> None:
    """An unread response that is forgotten closes its socket: there is no ResourceWarning."""
    with Server(replying(answer, hang_up=True)) as server, warnings.catch_warnings():
        warnings.simplefilter("error")
        transport.send(Request("GET", server.url, stream=True))
        half_read = iter(transport.send(Request("GET", server.url, stream=True)))
        next(half_read)
        del half_read
        gc.collect()


def test_a_forgotten_transport_leaks_nothing() -> None:
    """A transport that nobody closed closes its connections when it goes."""
    with Server(replying(OK)) as server, warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Urllib3Transport().send(Request("GET", server.url)).ok
        gc.collect()


def test_close_closes_and_does_not_end(transport: Urllib3Transport) -> None:
    """A closed transport has no idle connections, and makes new ones when used again."""
    with Server(replying(OK)) as server:
        transport.send(Request("GET", server.url))
        stream = transport.send(Request("GET", server.url, stream=True))
        transport.close()
        assert stream.content == b"ok"
        transport.send(Request("GET", server.url))
        assert server.connections == 2


def test_idle_connections_are_bounded(transport: Urllib3Transport) -> None:
    """After a burst no more than 64 connections are kept."""
    with Server(replying(OK)) as server:
        streams = [transport.send(Request("GET", server.url, stream=True)) for _ in range(70)]
        assert server.connections == 70
        assert {stream.content for stream in streams} == {b"ok"}
        streams = [transport.send(Request("GET", server.url, stream=True)) for _ in range(70)]
        assert server.connections == 76
        for stream in streams:
            stream.close()


def test_origins_are_bounded(transport: Urllib3Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many origins the one used longest ago loses its connections."""
    monkeypatch.setattr("typedoauth.transports._pool._MAX_ORIGINS", 2)
    with Server(replying(OK)) as one, Server(replying(OK)) as two, Server(replying(OK)) as three:
        for server in (one, two, one, three, one, two):
            transport.send(Request("GET", server.url))
        assert [server.connections for server in (one, two, three)] == [1, 2, 1]


def test_old_connections_are_not_used(
    transport: Urllib3Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that has been idle for longer than a firewall remembers is replaced."""
    with Server(replying(OK)) as server:
        transport.send(Request("GET", server.url))
        monkeypatch.setattr("typedoauth.transports._pool._MAX_IDLE_SECONDS", 0.0)
        transport.send(Request("GET", server.url))
        assert server.connections == 2


def echoing(sock: socket.socket) -> None:
    """Answer each request with its own request line."""
    while request := read_request(sock):
        line = request.partition(b"\r\n")[0]
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(line), line))


def test_threads_share_a_transport(transport: Urllib3Transport) -> None:
    """64 threads get each their own answers, over no more connections than there are threads."""
    barrier = Barrier(64)

    def work(number: int) -> bool:
        barrier.wait(10)
        return all(
            transport.send(Request("GET", f"{server.url}/{number}/{turn}")).text
            == f"GET /{number}/{turn} HTTP/1.1"
            for turn in range(10)
        )

    with Server(echoing) as server, ThreadPoolExecutor(64) as threads:
        assert all(threads.map(work, range(64)))
        assert server.connections <= 64


def test_the_package_does_not_import_urllib3() -> None:
    """Importing the transports is cheap: urllib3 comes with the first request."""
    code = "import sys, typedoauth.transports; sys.exit('urllib3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
