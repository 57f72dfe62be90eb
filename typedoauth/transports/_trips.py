"""One request on one connection after another, until a response or an error."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.client import IncompleteRead
from time import monotonic, sleep

from typing_extensions import override

from typedoauth._urls import without_query
from typedoauth.errors import TransportError
from typedoauth.messages import Headers, Request, Response
from typedoauth.transports._bodies import PIECE, respond, too_large
from typedoauth.transports._connections import Answer, Connection, exchange, write_head
from typedoauth.transports._failures import NETWORK_ERRORS, cause, failed
from typedoauth.transports._pool import Pool
from typedoauth.transports._routes import Origin, locate
from typedoauth.transports._sockets import Watch

# RFC 9110 9.2.2
_IDEMPOTENT = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"})
_PAUSES = (0.0, 0.1)


def deliver(pool: Pool, request: Request) -> Response:
    """Send *request* over a connection of *pool*.

    Returns:
        The response, whatever its status.

    Raises:
        ConfigurationError: The request or its settings cannot be used.
        TransportError: No complete response arrived.
    """
    ends = monotonic() + request.timeout.total
    origin, target = locate(request.url)
    connection, answer = _talk(pool, request, origin, target, ends)
    body = _Body(request, pool, origin, connection, answer)
    try:
        fields = Headers(answer.fields())
        _check_framing(request, answer, fields)
        return respond(
            request,
            answer.status,
            fields,
            body,
            reason=answer.reason,
            close=body.close,
        )
    except BaseException:
        body.close()
        raise


def _talk(
    pool: Pool, request: Request, origin: Origin, target: str, ends: float
) -> tuple[Connection, Answer]:
    proxy = pool.proxy(origin)
    forwarded = proxy is not None and origin.scheme == "http"
    if forwarded:
        target = f"http://{origin.authority()}{target}"  # RFC 9112 3.2.2
    idle = pool.take(origin)
    connect_ends: float | None = None
    pauses = iter(_PAUSES)
    while True:
        connection = idle or pool.make(origin, proxy)
        connected = idle is not None
        watch = connection.watch
        watch.begin(ends, request.timeout.read)
        try:
            write_head(connection, request, target, proxy if forwarded else None)
            if not connected:
                connect_ends = connect_ends or min(ends, monotonic() + request.timeout.connect)
                watch.begin(connect_ends, request.timeout.connect)
                connection.connect()
                watch.begin(ends, request.timeout.read)
                connected = True
            return connection, exchange(connection, request.body)
        except NETWORK_ERRORS as error:
            connection.close()
            if idle is not None and _may_repeat(request, error, watch):
                idle = None
                continue
            pause = next(pauses, None) if not connected and _may_pass(error) else None
            if pause is None or monotonic() + pause >= (connect_ends or ends):
                raise failed(request, error, connected=connected, ends=ends) from cause(error)
            sleep(pause)
        except BaseException:
            connection.close()
            raise


def _may_repeat(request: Request, error: Exception, watch: Watch) -> bool:
    """Whether a kept connection turned out to be dead, and the method may be sent twice."""
    return (
        request.method in _IDEMPOTENT
        and not watch.received
        and isinstance(error, OSError)
        and not isinstance(error, TimeoutError)
    )


def _may_pass(error: Exception) -> bool:
    """Whether a failed connection may succeed a moment later."""
    return (
        isinstance(error, OSError)
        and error.errno is not None
        and not isinstance(error, TimeoutError | ssl.SSLError)
    )


def _check_framing(request: Request, answer: Answer, fields: Headers) -> None:
    coding = fields.get("transfer-encoding", "chunked").strip().lower()
    if coding != "chunked" or answer.status < 200:
        raise TransportError(
            f"{without_query(request.url)}: the server answered with a transfer coding "
            "or a change of protocol that was not asked for"
        )
    lengths = fields.get("content-length", "").split(",")
    if len(lengths) > 1 and len({length.strip() for length in lengths}) > 1:  # RFC 9112 6.3
        raise TransportError(
            f"{without_query(request.url)}: the response names several lengths in Content-Length"
        )
    if "content-encoding" not in fields and answer.length is not None:
        limit = request.max_bytes
        if limit is not None and answer.length > limit:
            raise too_large(request)


class _Body(Iterator[bytes]):
    """The bytes of a body as they come; at their end the connection goes back to its pool."""

    def __init__(
        self,
        request: Request,
        pool: Pool,
        origin: Origin,
        connection: Connection,
        answer: Answer,
    ) -> None:
        self._request: Request = request
        self._pool: Pool = pool
        self._origin: Origin = origin
        self._connection: Connection = connection
        self._answer: Answer | None = answer
        self._complete: bool = False

    def __del__(self) -> None:
        self.close()

    @override
    def __next__(self) -> bytes:
        answer = self._answer
        if answer is None:
            if self._complete:
                raise StopIteration
            raise TransportError(
                f"{without_query(self._request.url)}: the response was closed "
                "before it was read to its end"
            )
        try:
            piece = answer.read1(PIECE)
            if not piece and answer.length:
                raise IncompleteRead(b"", answer.length)
        except NETWORK_ERRORS as error:
            self.close()
            ends = self._connection.watch.ends
            raise failed(self._request, error, connected=True, ends=ends) from cause(error)
        if piece:
            return piece
        self._answer = None
        self._complete = True
        answer.close()
        if self._connection.sock is None:  # the server said that it closes
            self._connection.close()
        else:
            self._pool.give(self._origin, self._connection)
        raise StopIteration

    def close(self) -> None:
        """Give the body up: its connection cannot be used again."""
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.close()
            self._connection.close()
