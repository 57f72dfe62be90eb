"""urllib3's connections, opened and read under a watch.

Its connection classes are used and its pool is not: the pool writes every URL,
query included, into its log and its exceptions, and queries may hold tokens.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from typing_extensions import override
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig

from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Request
from typedoauth.transports._answers import Answer
from typedoauth.transports._routes import Origin, Proxy
from typedoauth.transports._sockets import Watch, WatchedContext, connect

_WITH_BODY = frozenset({"PATCH", "POST", "PUT"})


class PlainConnection(HTTPConnection):
    """A connection without TLS: to a server, or to a proxy that forwards."""

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


def head(request: Request, origin: Origin, target: str, proxy: Proxy | None) -> bytes:
    """Write the request line and the header fields (RFC 9112 3, 5).

    Args:
        request: The request; it has looked at its method and its fields itself.
        origin: Where it goes.
        target: What is asked for.
        proxy: The proxy that is to forward it, if there is one.

    Raises:
        ConfigurationError: A header field cannot be sent.
    """
    headers, body = request.headers, request.body
    length = headers.get("content-length")
    if "transfer-encoding" in headers or length not in (None, str(len(body or b""))):
        raise ConfigurationError(
            f"{_name(request)}: the transport frames the body itself; "
            "leave Transfer-Encoding and Content-Length out"
        )
    lines = [f"{request.method} {target} HTTP/1.1"]
    if "host" not in headers:
        lines.append(f"Host: {origin.authority()}")
    if length is None and (body is not None or request.method in _WITH_BODY):
        lines.append(f"Content-Length: {len(body or b'')}")
    if "user-agent" not in headers:
        lines.append("User-Agent: typedoauth")
    if proxy is not None and proxy.authorization is not None:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    lines += [f"{name}: {value}" for name, value in headers.pairs()]
    try:
        return "\r\n".join([*lines, "", ""]).encode("latin-1")
    except UnicodeEncodeError:
        pass
    # Out here: that error quotes the header field, which may be the authorization.
    raise ConfigurationError(
        f"{_name(request)}: a header field cannot be sent; values are to be latin-1 text, "
        "or encoded in some way that the server knows"
    )


def _name(request: Request) -> str:
    return f"{request.method} {without_query(request.url)}"


def exchange(connection: Connection, head: bytes, request: Request) -> Answer:
    """Send a request over an open connection, and read the response's head.

    Raises:
        OSError: The connection failed.
        http.client.HTTPException: What came back is not HTTP.
    """
    sock = connection.sock
    if sock is None:
        raise OSError("the connection is closed")
    # A server may answer and hang up before it has read all (413, for one).
    with suppress(BrokenPipeError, ConnectionResetError):
        sock.sendall(head + request.body if request.body else head)
    # urllib3's own getresponse() logs the URL and the fields it cannot parse.
    answer = Answer(sock, request.method)
    try:
        answer.begin()
    except BaseException:
        answer.close()
        raise
    if answer.will_close:
        connection.close()  # what is left of it belongs to the answer
    return answer
