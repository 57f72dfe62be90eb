"""urllib3's connections, opened and read under a watch.

Its connection classes are used and its pool is not: the pool writes every URL,
query included, into its log and its exceptions, and queries may hold tokens.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection as StandardConnection
from http.client import HTTPResponse as StandardResponse
from typing import cast

from typing_extensions import override
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig

from typedoauth.messages import Request
from typedoauth.transports._bodies import check_framing, unsendable
from typedoauth.transports._routes import Origin, Proxy
from typedoauth.transports._sockets import Watch, WatchedContext, connect

_LINE_END = re.compile(r"[\r\n]+")
_WITH_BODY = frozenset({"PATCH", "POST", "PUT"})


class Answer(StandardResponse):
    """A response of the standard library that is strict where that one is not."""

    def _read_status(self) -> tuple[str, int, str]:
        # Informational answers other than 100 are to be skipped too (RFC 9110
        # 15.2), and 100 is what the caller of this skips.
        read = super()._read_status  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] untyped there
        version, status, reason = cast("Callable[[], tuple[str, int, str]]", read)()  # as above
        return version, 100 if 101 < status < 200 else status, reason

    def _read_next_chunk_size(self) -> int:
        read = super()._read_next_chunk_size  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] untyped there
        size = cast("Callable[[], int]", read)()  # as above
        if size < 0:
            raise ValueError("a chunk has no negative size")
        return size

    def fields(self) -> list[tuple[str, str]]:
        """Return the header fields in order, those on several lines (RFC 9112 5.2) on one."""
        return [(name, _unfolded(value)) for name, value in self.headers.items()]


def _unfolded(value: str) -> str:
    if "\r" not in value and "\n" not in value:
        return value
    # Split at the line ends alone: an expression that also takes the spaces
    # around them looks at long runs of spaces again and again.
    return " ".join(filter(None, (part.strip() for part in _LINE_END.split(value))))


class PlainConnection(HTTPConnection):
    """A connection without TLS: to a server, or to a proxy that forwards."""

    response_class: type[StandardResponse] = Answer
    watch: Watch

    def __init__(self, origin: Origin, public_only: bool) -> None:
        super().__init__(origin.host, origin.port)
        self.watch = Watch()
        self._origin: Origin = origin
        self._public_only: bool = public_only

    @override
    def _new_conn(self) -> socket.socket:
        origin = self._origin
        return connect(origin.host, origin.port, self.watch, public_only=self._public_only)


class TLSConnection(HTTPSConnection):
    """A connection with TLS: to a server, to a proxy, or through one to a server."""

    response_class: type[StandardResponse] = Answer
    watch: Watch

    def __init__(
        self,
        origin: Origin,
        public_only: bool,
        context: WatchedContext,
        proxy_config: ProxyConfig | None = None,
    ) -> None:
        # urllib3 does not say what a context is.
        super().__init__(  # pyright: ignore[reportUnknownMemberType] as said above
            origin.host, origin.port, ssl_context=context, proxy_config=proxy_config
        )
        self.watch = Watch()
        self._origin: Origin = origin
        self._public_only: bool = public_only

    @override
    def _new_conn(self) -> socket.socket:
        origin = self._origin
        return connect(origin.host, origin.port, self.watch, public_only=self._public_only)


Connection = PlainConnection | TLSConnection


def write_head(connection: Connection, request: Request, target: str, proxy: Proxy | None) -> None:
    """Write the request line and the header fields into the connection's buffer.

    Nothing is sent yet, so that what cannot be sent is found without a connection.

    Raises:
        ConfigurationError: A header field cannot be sent.
    """
    headers, body = request.headers, request.body
    check_framing(request)
    refused = False
    # The standard library's own: urllib3's look for what is never in here.
    put = partial(StandardConnection.putheader, connection)
    try:
        StandardConnection.putrequest(
            connection, request.method, target, "host" in headers, skip_accept_encoding=True
        )
        if "content-length" not in headers and (body is not None or request.method in _WITH_BODY):
            put("Content-Length", str(len(body or b"")))
        if "user-agent" not in headers:
            put("User-Agent", "typedoauth")
        if proxy is not None and proxy.authorization is not None:
            put("Proxy-Authorization", proxy.authorization)
        for name, value in headers.pairs():
            put(name, value)
    except ValueError:
        refused = True
    if refused:
        # Raised out here: that error quotes the header field, which may be the authorization.
        raise unsendable(request)


def exchange(connection: Connection, body: bytes | None) -> Answer:
    """Send what :func:`write_head` prepared, and the body, and read the response's head.

    Raises:
        OSError: The connection failed.
        http.client.HTTPException: What came back is not HTTP.
    """
    # A server may answer and hang up before it has read all (413, for one).
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.endheaders(body)
    # urllib3's own getresponse() logs the URL and the fields it cannot parse.
    return cast("Answer", StandardConnection.getresponse(connection))  # by response_class
