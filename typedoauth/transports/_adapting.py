"""What the adapters to other HTTP libraries have in common: they keep the same rules."""

from __future__ import annotations

import logging
import ssl
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPException
from socket import gaierror
from time import monotonic
from typing import Final, TypeVar

from typing_extensions import override

from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError, TransportError
from typedoauth.messages import Headers, Request, Response
from typedoauth.transports._addresses import check_port
from typedoauth.transports._bodies import check_framing, respond
from typedoauth.transports._failures import cause, failed
from typedoauth.transports._routes import Origin, locate

_UNFIT: Final = str.maketrans("\r\n\0", "   ")  # a field on several lines (RFC 9112 5.2)

StepT = TypeVar("StepT")

_MUTED: ContextVar[bool] = ContextVar("typedoauth_muted", default=False)


@dataclass(frozen=True, slots=True)
class Library:
    """What one HTTP library raises and logs.

    Attributes:
        name: Its name.
        errors: What it raises when a request fails.
        timeouts: Those that mean that a deadline passed.
        connecting: Those that mean that there was no connection yet.
        loggers: The loggers to which it writes URLs and header fields.
    """

    name: str
    errors: tuple[type[Exception], ...]
    timeouts: tuple[type[Exception], ...]
    connecting: tuple[type[Exception], ...]
    loggers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """The head of a response, and the way to its body.

    Attributes:
        status: The status.
        headers: The header fields.
        pieces: The body as it comes, still encoded.
        reason: The reason phrase.
        close: Gives the connection back, or up.
    """

    status: int
    headers: list[tuple[str, str]]
    pieces: Iterable[bytes]
    reason: str | None
    close: Callable[[], object]


def check(request: Request, library: str) -> tuple[Origin, str]:
    """Refuse what cannot be kept to, before anything is sent.

    Returns:
        Where the request goes: its origin, and its target.

    Raises:
        ConfigurationError: The request or its settings cannot be used.
        TransportError: Its port is not allowed.
    """
    if request.connection.public_addresses_only:
        raise ConfigurationError(
            f"public_addresses_only cannot be kept with {library}, which does not show the "
            "address that it connects to; use Urllib3Transport for this client"
        )
    origin, target = locate(request.url)
    check_port(origin.host, origin.port, request.connection)
    check_framing(request)
    return origin, target


def converse(request: Request, library: Library, start: Callable[[], Received]) -> Response:
    """Send a request with *start*, and make its response.

    Raises:
        ResponseTooLargeError: The body is longer than ``request.max_bytes``.
        TransportTimeoutError: A deadline passed.
        TransportError: No complete response arrived.
    """
    body = _Body(request, library)
    with _muted(library.loggers):
        body.received = received = body.attempt(start)
    try:
        return respond(
            request,
            received.status,
            Headers([(name, value.translate(_UNFIT)) for name, value in received.headers]),
            body,
            reason=received.reason,
            close=body.close,
        )
    except BaseException:
        body.close()
        raise


class _Body(Iterator[bytes]):
    """The bytes of a body as they come, until the total deadline."""

    received: Received | None

    def __init__(self, request: Request, library: Library) -> None:
        self.received = None
        self._request: Request = request
        self._library: Library = library
        self._began: float = monotonic()
        self._ends: float = self._began + request.timeout.total
        self._pieces: Iterator[bytes] | None = None
        self._complete: bool = False

    def __del__(self) -> None:
        self.close()

    @override
    def __next__(self) -> bytes:
        received = self.received
        if received is None:
            if self._complete:
                raise StopIteration
            raise TransportError(
                f"{without_query(self._request.url)}: the response was closed "
                "before it was read to its end"
            )
        if self._pieces is None:
            self._pieces = iter(received.pieces)
        piece = self.attempt(self._next)
        if piece is not None:
            return piece
        self._complete = True
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Give the body up, and its connection if there is more to come."""
        received, self.received = self.received, None
        if received is not None:
            received.close()

    def _next(self) -> bytes | None:
        piece = None if self._pieces is None else next(self._pieces, None)
        if piece is not None and monotonic() >= self._ends:
            raise TimeoutError("the deadline has passed")
        return piece

    def attempt(self, step: Callable[[], StepT]) -> StepT:
        """Take *step*; what the library raises becomes an error of the tree."""
        outer = sys.exception()
        try:
            return step()
        except self._library.errors as error:
            told, original = self._translated(list(_chain(error, outer)))
        self.close()
        # Out here, as the library's own error may quote the URL and what was received.
        raise told from original

    def _translated(self, chain: list[BaseException]) -> tuple[TransportError, Exception | None]:
        request, library = self._request, self._library
        connected = not any(isinstance(one, library.connecting) for one in chain)
        found = next((one for one in chain if _is_standard(one)), None)
        if found is None and isinstance(chain[0], library.timeouts):
            found = TimeoutError()
        if isinstance(found, TimeoutError):
            # Some libraries call a handshake that hangs a read that does.
            connected &= monotonic() - self._began >= request.timeout.read
        if isinstance(found, Exception):
            told = failed(request, found, connected=connected, ends=self._ends)
            return told, cause(found)
        what = (
            "the connection ended in the middle of the response, or the answer is not HTTP/1"
            if connected
            else "the connection failed"
        )
        return TransportError(f"{without_query(request.url)}: {what}"), None


def _chain(error: BaseException, outer: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was made from, up to what the caller was already handling."""
    found: BaseException | None = error
    while found is not None and found is not outer:
        yield found
        found = found.__cause__ or found.__context__


def _is_standard(error: BaseException) -> bool:
    """Whether it is the standard library's own error about a connection."""
    kinds = (ConnectionError, TimeoutError, ssl.SSLError, gaierror, HTTPException)
    return isinstance(error, kinds) or type(error) is OSError


class _Mute(logging.Filter):
    """Lets nothing pass that is logged while one of our requests is sent."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        return not _MUTED.get()


_MUTE = _Mute()


@contextmanager
def _muted(loggers: Iterable[str]) -> Generator[None]:
    """Keep a library from logging what it sends: URLs may hold codes and tokens."""
    for name in loggers:
        logging.getLogger(name).addFilter(_MUTE)
    token = _MUTED.set(True)
    try:
        yield
    finally:
        _MUTED.reset(token)
