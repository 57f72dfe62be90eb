"""The internet as the operating system shows it: what names lead to, and who answers where."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

import pytest

PUBLIC = "93.184.215.14"
OTHER_PUBLIC = "93.184.215.15"


class Internet:
    """Stands in for the resolver and the routes of this machine.

    Attributes:
        names: What a name leads to: addresses for each time that it is asked for,
            of which the last serve all that follow. Other names are the system's.
        routes: The port of 127.0.0.1 at which a public address is served.
        asked: The names that were looked up, in order.
        tried: The addresses that somebody tried to connect to, in order.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        self.routes: dict[str, int] = {}
        self.asked: list[str] = []
        self.tried: list[str] = []
        self._connect = socket.socket.connect
        self._getaddrinfo = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._resolve)

        def reach(sock: socket.socket, where: tuple[Any, ...]) -> None:  # any: as below
            self._reach(sock, where)

        monkeypatch.setattr(socket.socket, "connect", reach)

    def _resolve(self, host: str, port: int, *args: int, **options: int) -> Sequence[object]:
        answers = self.names.get(host)
        if answers is None:
            return self._getaddrinfo(host, port, *args, **options)
        self.asked.append(host)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        found: list[object] = []
        for address in addresses:
            found += self._getaddrinfo(address, port, *args, **options)
        return found

    def _reach(self, sock: socket.socket, where: tuple[Any, ...]) -> None:  # any: as its family has
        address = where[0]
        self.tried.append(address)
        if address in self.routes:
            where = ("127.0.0.1", self.routes[address])
        elif not address.startswith("127."):
            raise OSError("nobody answers there")
        self._connect(sock, where)
