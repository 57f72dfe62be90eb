"""Real servers on loopback, as well or badly behaved as a test wants them."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

Script = Callable[[socket.socket], object]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Runs *script* over each connection, in a thread of its own, and counts them."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        self.script: Script = script
        self.tls: ssl.SSLContext | None = tls
        self.connections: int = 0
        self._listener: socket.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = [Thread(target=self._accept, daemon=True)]

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        for sock in [self._listener, *self._open]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive(), "a server's script does not end with its connection"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                self._open.append(sock)
                thread = Thread(target=self._serve, args=(sock,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError, ValueError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            try:
                self.script(sock)
            finally:
                sock.close()


def read_request(sock: socket.socket) -> bytes:
    """Read one request, body included; nothing when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


def replying(*answers: bytes, seen: list[bytes] | None = None, hang_up: bool = False) -> Script:
    """Answer the requests of a connection in turn; the last answer serves all that follow.

    Args:
        answers: Whole responses.
        seen: Where to put the requests.
        hang_up: Close the connection after the first.
    """

    def script(sock: socket.socket) -> None:
        number = 0
        while request := read_request(sock):
            if seen is not None:
                seen.append(request)
            sock.sendall(answers[min(number, len(answers) - 1)])
            number += 1
            if hang_up:
                return

    return script


def dripping(head: bytes, drops: bytes = b"x" * 4000, *, pause: float = 0.02) -> Script:
    """Answer *head* at once, and *drops* one byte at a time."""

    def script(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(head)
        drip(sock, drops, pause)

    return script


def drip(sock: socket.socket, drops: bytes, pause: float = 0.02) -> None:
    for drop in drops:
        time.sleep(pause)
        sock.sendall(bytes([drop]))


def resetting(head: bytes) -> Script:
    """Read a request, answer *head*, and reset the connection."""

    def script(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(head)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def silent(sock: socket.socket) -> None:
    """Read whatever comes, and never answer."""
    while sock.recv(65536):
        pass


def deaf(sock: socket.socket) -> None:
    """Read nothing, so that a sender gets stuck, until the server is closed."""
    while sock.fileno() >= 0:
        time.sleep(0.02)
