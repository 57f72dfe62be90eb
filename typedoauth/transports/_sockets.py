"""Sockets that know how much time is left before every single wait.

A socket's own timeout starts anew with each system call, so a server that sends
one byte now and then could hold a caller for hours. Here the timeout is worked
out again before each wait from the one moment at which all must be over.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from typing_extensions import Buffer, override

from typedoauth._forks import not_for_children
from typedoauth.transports._addresses import check_public

Address = tuple[
    socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]
]  # any: an address is whatever its family makes of it


class Watch:
    """The time that one connection has for what it is doing.

    Attributes:
        ends: The moment (``time.monotonic``) at which everything must be over.
        step: How many seconds one wait may take.
        received: Whether a byte has arrived since the request was sent.
    """

    __slots__ = ("ends", "received", "step")

    ends: float
    step: float
    received: bool

    def __init__(self) -> None:
        self.begin(0.0, 0.0)

    def begin(self, ends: float, step: float) -> None:
        """Start to watch the next request."""
        self.ends = ends
        self.step = step
        self.received = False

    def left(self) -> float:
        """Return how many seconds the next wait may take.

        Raises:
            TimeoutError: None.
        """
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(left, self.step)


def _let_wait(sock: socket.socket, watch: Watch) -> None:
    """Give the next wait of *sock* its time."""
    left = watch.left()
    if sock.gettimeout() != left:  # to set it is a system call
        sock.settimeout(left)


class WatchedSocket(socket.socket):
    """A socket under a :class:`Watch`."""

    watch: Watch

    @override
    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        _let_wait(self, self.watch)
        count = super().recv_into(buffer, nbytes, flags)
        self.watch.received |= count > 0
        return count

    @override
    def sendall(self, data: Buffer, flags: int = 0, /) -> None:
        # Not the built-in one: there, one timeout has to do for all of a long body.
        rest = memoryview(data)
        while rest:
            _let_wait(self, self.watch)
            rest = rest[self.send(rest, flags) :]


class WatchedTLSSocket(ssl.SSLSocket):
    """A TLS socket under a :class:`Watch`."""

    watch: Watch

    @override
    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        # This is how TLS within TLS, to a server behind an https proxy, reads.
        _let_wait(self, self.watch)
        data = super().recv(buflen, flags)
        self.watch.received |= bool(data)
        return data

    @override
    def recv_into(self, buffer: Buffer, nbytes: int | None = None, flags: int = 0) -> int:
        _let_wait(self, self.watch)
        count = super().recv_into(buffer, nbytes, flags)
        self.watch.received |= count > 0
        return count

    @override
    def send(self, data: Buffer, flags: int = 0) -> int:
        # sendall() of a TLS socket calls this once for each piece.
        _let_wait(self, self.watch)
        return super().send(data, flags)


class WatchedContext(ssl.SSLContext):
    """A TLS context whose handshakes and sockets keep to the socket's :class:`Watch`."""

    sslsocket_class: type[ssl.SSLSocket] = WatchedTLSSocket

    @override
    def wrap_socket(
        self,
        sock: socket.socket,
        server_side: bool = False,
        do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLSocket:
        watch = sock.watch if isinstance(sock, WatchedSocket) else None
        if watch is not None:
            sock.settimeout(watch.left())  # one timeout bounds the whole handshake
        wrapped = super().wrap_socket(
            sock,
            server_side,
            do_handshake_on_connect,
            suppress_ragged_eofs,
            server_hostname,
            session,
        )
        if watch is not None and isinstance(wrapped, WatchedTLSSocket):
            wrapped.watch = watch
            not_for_children(wrapped)
        return wrapped


def connect(host: str, port: int, watch: Watch, *, public_only: bool) -> WatchedSocket:
    """Open a TCP connection to the first address of *host* that answers.

    Each address gets its share of the time, so that a dead one does not use up
    what the next one needs. With *public_only*, what is checked are the very
    addresses that are connected to: the name is not looked up again.

    Raises:
        TransportError: One of them is not public.
        OSError: No address could be found, or none answered.
    """
    addresses = _resolve(host, port, watch)
    if public_only:
        check_public(host, (str(where[0]) for *_, where in addresses))
    failure: OSError = OSError("the name has no address")
    for index, address in enumerate(addresses):
        try:
            return _open(address, watch, watch.left() / (len(addresses) - index))
        except OSError as error:
            failure = error
    raise failure


def _open(address: Address, watch: Watch, timeout: float) -> WatchedSocket:
    family, kind, protocol, _, where = address
    sock = WatchedSocket(family, kind, protocol)
    try:
        sock.watch = watch
        not_for_children(sock)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(timeout)
        sock.connect(where)
    except BaseException:
        sock.close()
        raise
    return sock


def _resolve(host: str, port: int, watch: Watch) -> Sequence[Address]:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answers: SimpleQueue[Sequence[Address] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answers.put(error)

    # The resolver takes no timeout, so it is asked from a thread that may be left behind.
    Thread(target=ask, name="typedoauth-resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=watch.left())
    except Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
