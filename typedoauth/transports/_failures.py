"""What can go wrong on the network, told in the words of the error tree."""

from __future__ import annotations

import ssl
from http.client import (
    BadStatusLine,
    HTTPException,
    IncompleteRead,
    RemoteDisconnected,
    UnknownProtocol,
)
from socket import gaierror
from time import monotonic

from urllib3.exceptions import HTTPError

from typedoauth._urls import without_query
from typedoauth.errors import TransportError, TransportTimeoutError
from typedoauth.messages import Request

NETWORK_ERRORS: tuple[type[Exception], ...] = (OSError, HTTPException, HTTPError)


def cause(error: Exception) -> Exception | None:
    """Return *error* if its text is safe to show, as it quotes nothing that was received."""
    quotes = isinstance(error, BadStatusLine | UnknownProtocol)
    return None if quotes and not isinstance(error, RemoteDisconnected) else error


def failed(request: Request, error: Exception, *, connected: bool, ends: float) -> TransportError:
    """Translate *error*, which has its place in the tree by what it means to a caller.

    Args:
        request: What was being sent.
        error: One of :data:`NETWORK_ERRORS`.
        connected: Whether the connection had been made.
        ends: The moment (``time.monotonic``) at which the total deadline passes.

    Returns:
        The error to raise from its :func:`cause`.
    """
    where = without_query(request.url)
    if isinstance(error, TimeoutError):
        return TransportTimeoutError(
            f"{where}: {_overdue(request, connected=connected, ends=ends)}"
        )
    return TransportError(f"{where}: {_what(error, connected=connected)}")


def _overdue(request: Request, *, connected: bool, ends: float) -> str:
    timeout = request.timeout
    if monotonic() >= ends:
        return f"not finished within the total deadline of {timeout.total:g} s"
    if not connected:
        return f"no connection within {timeout.connect:g} s (connect)"
    return f"nothing arrived within {timeout.read:g} s (read)"


def _what(error: Exception, *, connected: bool) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the server's certificate is refused: {error.verify_message}; for an authority "
            "of your own, name its PEM file with verify="
        )
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    if isinstance(error, gaierror):
        return "the host name cannot be resolved"
    if isinstance(error, RemoteDisconnected):
        return "the server closed the connection without an answer"
    if isinstance(error, IncompleteRead):
        return "the connection ended in the middle of the response, or its chunks are malformed"
    if isinstance(error, BadStatusLine | UnknownProtocol):
        return "the answer is not HTTP/1"
    if isinstance(error, HTTPException):
        return f"the answer is not acceptable HTTP: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"the connection {'broke' if connected else 'failed'}: {error.strerror}"
    return f"the connection failed: {error}"
