"""Responses as they arrive: the head read here, the body by the standard library.

The standard library reads heads with its parser for e-mail, which takes a third of the
time of a call, and ends lines where HTTP does not.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from http.client import (
    BadStatusLine,
    HTTPException,
    IncompleteRead,
    LineTooLong,
    RemoteDisconnected,
)
from http.client import HTTPResponse as StandardResponse
from typing import Final, cast

from typing_extensions import override

from typedoauth.messages import Headers

_LONGEST_LINE: Final = 65536
_MOST_FIELDS: Final = 100
_ENDS: Final = (b"\r\n", b"\n")
_STATUS: Final = re.compile(rb"HTTP/(1\.[0-9])[ \t]+([1-9][0-9]{2})(?:[ \t]([^\r\n]*))?\r?\n")
_NAME: Final = re.compile(r"[!-9;-~]+")
_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_SPACE: Final = " \t"  # strip() alone would also take a half of a character in UTF-8
_UNFIT: Final = str.maketrans("\r\n\0", "   ")


class Answer(StandardResponse):
    """A response that is strict where the standard library's is not.

    Attributes:
        fields: The header fields.
        lengths: The values of ``Content-Length`` that differ: one, if all is well.
    """

    fields: Headers
    lengths: frozenset[str]

    def __init__(self, sock: socket.socket, method: str) -> None:
        super().__init__(sock)
        self._to_head: bool = method == "HEAD"

    @override
    def begin(self) -> None:
        """Read the head (RFC 9112 4, 5), and work out how the body ends (RFC 9112 6.3).

        Raises:
            OSError: The connection failed.
            http.client.HTTPException: It is no head of HTTP/1, or too large.
        """
        version, status, reason = self._status_line()
        while 100 <= status < 200 and status != 101:  # there is more to come (RFC 9110 15.2)
            self._lines()
            version, status, reason = self._status_line()
        self.version = 10 if version == b"1.0" else 11
        self.code = self.status = status
        self.reason = reason
        self.fields = fields = read_fields(self._lines())
        self.chunked = fields.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        lengths = ",".join(fields.get_all("content-length")).split(",")
        self.lengths = frozenset(one.strip() for one in lengths)
        self.length = self._length()
        options = fields.get("connection", "").lower()
        self.will_close = (
            "close" in options
            or (self.version == 10 and "keep-alive" not in options)
            or (self.length is None and not self.chunked)
        )

    def _length(self) -> int | None:
        """How long the body is, if that is known beforehand."""
        if self.status in (101, 204, 304) or self._to_head:
            return 0
        if self.chunked or len(self.lengths) != 1:
            return None
        (length,) = self.lengths
        return int(length) if _LENGTH.fullmatch(length) else None

    def _status_line(self) -> tuple[bytes, int, str]:
        """Version, status and reason phrase."""
        line = self.fp.readline(_LONGEST_LINE + 1)
        if not line:
            raise RemoteDisconnected("Remote end closed connection without response")
        if len(line) > _LONGEST_LINE:
            raise LineTooLong("status line")
        match = _STATUS.fullmatch(line)
        if match is None:
            raise BadStatusLine("")  # without the line, which may hold anything
        version, status, reason = match.groups(b"")
        return version, int(status), reason.decode("latin-1").strip()

    def _lines(self) -> list[bytes]:
        """The lines of a head, up to the empty one."""
        lines: list[bytes] = []
        while (line := self.fp.readline(_LONGEST_LINE + 1)) not in _ENDS:
            if not line:
                raise IncompleteRead(b"")
            if len(line) > _LONGEST_LINE:
                raise LineTooLong("header line")
            if len(lines) >= _MOST_FIELDS:
                raise HTTPException(f"got more than {_MOST_FIELDS} headers")
            lines.append(line)
        return lines

    def _read_next_chunk_size(self) -> int:
        read = super()._read_next_chunk_size  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] untyped there
        size = cast("Callable[[], int]", read)()  # as above
        if size < 0:
            raise ValueError("a chunk has no negative size")
        return size


def read_fields(lines: Iterable[bytes]) -> Headers:
    """Read header fields (RFC 9112 5).

    A field on several lines is put on one. What a field cannot hold becomes a space
    (RFC 9110 5.5). From the first line on that is no field, the rest is left out.

    Args:
        lines: The lines of the head.

    Returns:
        The fields.
    """
    fields: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1").translate(_UNFIT)
        if text[0] in _SPACE:
            if fields:
                name, value = fields[-1]
                fields[-1] = name, f"{value} {text.strip(_SPACE)}".strip(_SPACE)
            continue
        name, colon, value = text.partition(":")
        if not colon or not _NAME.fullmatch(name):
            break
        fields.append((name, value.strip(_SPACE)))
    return Headers(fields)
