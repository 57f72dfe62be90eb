"""Servers whose network is broken, one fault each: raw sockets on loopback."""

from __future__ import annotations

import select
import socket
import struct
import zlib
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.transports.certificates import Authority
from tests.transports.servers import Script, Server, read_request, silent

BODY: Final = b'{"access_token":"from-a-broken-server","token_type":"Bearer"}'
"""What the answer would be if nothing broke: a JSON object."""

HUGE_BYTES: Final = 50_000_000
BOMB_BYTES: Final = 256 << 20
"""What 256 KiB of gzip can hold at most; its ratio is no better than 1:1032."""


class NetworkFault(StrEnum):
    """What a server does instead of answering as it should."""

    RESET_MID_BODY = "reset_mid_body"
    CLOSE_MID_BODY = "close_mid_body"
    ONE_BYTE_A_SECOND = "one_byte_a_second"
    SILENT = "silent"
    ENDLESS_REDIRECT = "endless_redirect"
    REDIRECT_TO_OTHER_HOST = "redirect_to_other_host"
    GZIP_BOMB = "gzip_bomb"
    HUGE_BODY = "huge_body"
    HEADER_FLOOD = "header_flood"
    LONG_HEADER_LINE = "long_header_line"
    GARBAGE_STATUS_LINE = "garbage_status_line"
    HTTP_0_9 = "http_0_9"
    BROKEN_CHUNK_SIZE = "broken_chunk_size"
    CONTENT_LENGTH_NEGATIVE = "content_length_negative"
    TWO_CONTENT_LENGTHS = "two_content_lengths"
    TLS_WRONG_CERTIFICATE = "tls_wrong_certificate"


@dataclass(frozen=True, slots=True)
class FaultyServer:
    """A server that is running.

    Attributes:
        url: Its address, without a path; it answers every path.
        requests: What it has received.
        elsewhere: What the other host of ``REDIRECT_TO_OTHER_HOST`` has received;
            of the other faults, nothing.
    """

    url: str
    requests: list[bytes]
    elsewhere: list[bytes]


@contextmanager
def faulty(fault: NetworkFault, body: bytes = BODY) -> Generator[FaultyServer]:
    """Run the server of *fault*, for any number of requests, one a connection.

    Args:
        fault: What it does.
        body: What its answer would be, a JSON object; where the fault leaves a whole
            answer, however long, it is one with these members.
    """
    requests: list[bytes] = []
    elsewhere: list[bytes] = []
    answer = _ANSWERS[fault]
    with ExitStack() as stack:
        other, tls = "", None
        if fault is NetworkFault.REDIRECT_TO_OTHER_HOST:
            server = Server(_answering(_correct, "", body, elsewhere))
            other = f"http://localhost:{stack.enter_context(server).port}"
        if fault is NetworkFault.TLS_WRONG_CERTIFICATE:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            tls = Authority(folder).server("other.example")
        server = Server(_answering(answer, other, body, requests), tls=tls)
        yield FaultyServer(stack.enter_context(server).url, requests, elsewhere)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One request to answer, and with what."""

    sock: socket.socket
    target: str
    other: str
    body: bytes


_Answer = Callable[[_Turn], object]


def _answering(answer: _Answer, other: str, body: bytes, seen: list[bytes]) -> Script:
    def script(sock: socket.socket) -> None:
        request = read_request(sock)
        if request:
            seen.append(request)
            answer(_Turn(sock, request.split(b" ")[1].decode("latin-1"), other, body))

    return script


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
_PAD = b"0" * (1 << 20)


def _measured(body: bytes) -> bytes:
    return _HEAD + b"Content-Length: %d\r\n\r\n" % len(body)


def _correct(turn: _Turn) -> None:
    turn.sock.sendall(_measured(turn.body) + turn.body)


def _close_mid_body(turn: _Turn) -> None:
    turn.sock.sendall(_measured(turn.body) + turn.body[: len(turn.body) // 2])


def _reset_mid_body(turn: _Turn) -> None:
    _close_mid_body(turn)
    turn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _one_byte_a_second(turn: _Turn) -> None:
    turn.sock.sendall(_measured(turn.body))
    for byte in turn.body:
        if select.select([turn.sock], [], [], 1)[0]:
            return  # the other side has gone, or the server ends
        turn.sock.sendall(bytes([byte]))


def _silent(turn: _Turn) -> None:
    silent(turn.sock)


def _redirect(turn: _Turn) -> None:
    status = b"307 Temporary Redirect" if turn.other else b"302 Found"
    location = f"{turn.other}{turn.target}".encode("latin-1")
    fields = b"Connection: close\r\nContent-Length: 0\r\n\r\n"
    turn.sock.sendall(b"HTTP/1.1 %b\r\nLocation: %b\r\n%b" % (status, location, fields))


def _gzip_bomb(turn: _Turn) -> None:
    bomb = _bomb(turn.body)
    turn.sock.sendall(_HEAD + b"Content-Encoding: gzip\r\n")
    turn.sock.sendall(b"Content-Length: %d\r\n\r\n" % len(bomb) + bomb)


@cache
def _bomb(body: bytes) -> bytes:
    """Fold a long member in front of those of *body*, without ever holding it unfolded."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    first, last = b'{"padding":"', b'",' + body[1:]
    head = engine.compress(first) + engine.flush(zlib.Z_FULL_FLUSH)
    # What follows a full flush looks back at nothing, so that it can be repeated.
    block = engine.compress(_PAD) + engine.flush(zlib.Z_FULL_FLUSH)
    tail = engine.compress(last) + engine.flush(zlib.Z_FINISH)
    times = BOMB_BYTES // len(_PAD)
    checksum = zlib.crc32(first)
    for _ in range(times):
        checksum = zlib.crc32(_PAD, checksum)
    size = len(first) + times * len(_PAD) + len(last)
    folded = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + head + block * times + tail
    return folded + struct.pack("<LL", zlib.crc32(last, checksum), size)


def _huge_body(turn: _Turn) -> None:
    turn.sock.sendall(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    _chunk(turn.sock, b'{"padding":"')
    for _ in range(0, HUGE_BYTES, len(_PAD)):
        _chunk(turn.sock, _PAD)
    _chunk(turn.sock, b'",' + turn.body[1:])
    _chunk(turn.sock, b"")


def _chunk(sock: socket.socket, data: bytes) -> None:
    sock.sendall(b"%x\r\n%b\r\n" % (len(data), data))


def _header_flood(turn: _Turn) -> None:
    turn.sock.sendall(_HEAD)
    while True:
        turn.sock.sendall(b"X-Flood: more\r\n" * 1000)


def _long_header_line(turn: _Turn) -> None:
    turn.sock.sendall(_HEAD + b"X-Long: " + _PAD + b"\r\n\r\n" + turn.body)


def _garbage_status_line(turn: _Turn) -> None:
    turn.sock.sendall(b"\x00\xff garbage\r\n" + _measured(turn.body) + turn.body)


def _http_0_9(turn: _Turn) -> None:
    turn.sock.sendall(turn.body)


def _broken_chunk_size(turn: _Turn) -> None:
    head = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    turn.sock.sendall(head + b"%dz\r\n%b\r\n0\r\n\r\n" % (len(turn.body), turn.body))


def _content_length_negative(turn: _Turn) -> None:
    turn.sock.sendall(_HEAD + b"Content-Length: -1\r\n\r\n" + turn.body)


def _two_content_lengths(turn: _Turn) -> None:
    turn.sock.sendall(_HEAD + b"Content-Length: 2\r\n" + _measured(turn.body)[len(_HEAD) :])
    turn.sock.sendall(turn.body)


_ANSWERS: Final[Mapping[NetworkFault, _Answer]] = {
    NetworkFault.RESET_MID_BODY: _reset_mid_body,
    NetworkFault.CLOSE_MID_BODY: _close_mid_body,
    NetworkFault.ONE_BYTE_A_SECOND: _one_byte_a_second,
    NetworkFault.SILENT: _silent,
    NetworkFault.ENDLESS_REDIRECT: _redirect,
    NetworkFault.REDIRECT_TO_OTHER_HOST: _redirect,
    NetworkFault.GZIP_BOMB: _gzip_bomb,
    NetworkFault.HUGE_BODY: _huge_body,
    NetworkFault.HEADER_FLOOD: _header_flood,
    NetworkFault.LONG_HEADER_LINE: _long_header_line,
    NetworkFault.GARBAGE_STATUS_LINE: _garbage_status_line,
    NetworkFault.HTTP_0_9: _http_0_9,
    NetworkFault.BROKEN_CHUNK_SIZE: _broken_chunk_size,
    NetworkFault.CONTENT_LENGTH_NEGATIVE: _content_length_negative,
    NetworkFault.TWO_CONTENT_LENGTHS: _two_content_lengths,
    NetworkFault.TLS_WRONG_CERTIFICATE: _correct,
}
