"""A wire to a server that can be cut at the worst moment."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from threading import Event, Thread


class Wire:
    """Passes bytes on to a server of this machine, until it is cut.

    Args:
        port: Where the server listens.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lose_answer = Event()
        self._open: list[socket.socket] = []
        Thread(target=self._accept, daemon=True).start()

    def lose_next_answer(self) -> None:
        """Let the next request through; and cut the connection in the place of its answer."""
        self._lose_answer.set()

    def cut(self) -> None:
        """Cut every connection, as a server does that is stopped; new ones are let through."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        """Let nothing through any more."""
        # Whoever waits in accept() would otherwise let one more through.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                self._open += [near, far]
                Thread(target=self._pass, args=(near, far, False), daemon=True).start()
                Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                if answers and self._lose_answer.is_set():
                    self._lose_answer.clear()
                    break
                target.sendall(content)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            if answers:
                one.close()


@contextmanager
def wire(port: int) -> Generator[Wire]:
    """A wire to a port of this machine."""
    made = Wire(port)
    try:
        yield made
    finally:
        made.close()
