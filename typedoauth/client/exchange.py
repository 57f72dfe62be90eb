"""Sending a client's requests: its transport, deadlines, TLS and proxy settings."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from typedoauth._forks import ForkLock
from typedoauth._urls import add_query, require_secure, without_query
from typedoauth.client.options import ConnectionOptions, connection_settings, timeout_of
from typedoauth.client.parameters import HTTPKeywords
from typedoauth.errors import OAuthError, TransportError
from typedoauth.messages import ConnectionSettings, Request, Response, Timeout
from typedoauth.protocols import ClosableTransport, Transport

__all__ = ["Exchange"]

logger: Final = logging.getLogger("typedoauth.client")


class Exchange:
    """Sends requests as one client's options say.

    Args:
        name: The client's name, for messages and logs.
        options: The client's options.
        transport: What sends; a pooled ``Urllib3Transport`` when left out.

    Attributes:
        allow_http: Whether http off loopback is allowed.
        connection: TLS and proxy settings.
        timeout: Deadlines.
        user_agent: The ``User-Agent`` header.

    Raises:
        ConfigurationError: An option is wrong.
    """

    __slots__ = (
        "_lock",
        "_name",
        "_own",
        "_transport",
        "allow_http",
        "connection",
        "timeout",
        "user_agent",
    )

    def __init__(
        self, name: str, options: ConnectionOptions, transport: Transport | None = None
    ) -> None:
        self._name = name
        self._transport: Transport | None = transport
        self._own: bool = transport is None
        self._lock: ForkLock = ForkLock()
        self.allow_http: bool = options.get("allow_insecure_transport", False)
        self.connection: ConnectionSettings = connection_settings(options, ConnectionSettings())
        self.timeout: Timeout = timeout_of(options.get("default_timeout"), Timeout())
        self.user_agent: str = options.get("user_agent") or _user_agent()

    def send(self, request: Request) -> Response:
        """Send a complete request.

        Raises:
            TransportError: No complete response arrived.
        """
        transport = self._transport or self._make_transport()
        try:
            response = transport.send(request)
        except OAuthError:
            raise
        except Exception as error:
            raise TransportError(
                f"{request.method} {without_query(request.url)}: the transport failed "
                f"({type(error).__name__})"
            ) from error
        if not response.url:
            response.url = request.url
        if logger.isEnabledFor(logging.DEBUG):
            where, status = without_query(request.url), response.status_code
            logger.debug("%s: %s %s answered %s", self._name, request.method, where, status)
        return response

    def protocol(self, request: Request, http: HTTPKeywords | None = None) -> Response:
        """Complete a protocol message and send it.

        Args:
            request: The message.
            http: How to send it.

        Raises:
            ConfigurationError: A keyword is wrong.
            TransportError: No complete response arrived.
        """
        http = http or HTTPKeywords()
        headers = request.headers.replace({"User-Agent": self.user_agent, **http.headers})
        return self.send(
            replace(
                request,
                url=add_query(request.url, http.params),
                headers=headers,
                timeout=timeout_of(http.timeout, self.timeout),
                connection=connection_settings(http.connection, self.connection),
            )
        )

    def secure(self, url: str | None, what: str) -> None:
        """Refuse a URL over which credentials would travel without TLS.

        Raises:
            ConfigurationError: It is no absolute URL.
            InsecureTransportError: It is http.
        """
        if url is not None:
            require_secure(url, f"{what} of client {self._name!r}", allow_http=self.allow_http)

    def close(self) -> None:
        """Close the connections of a transport that was made here."""
        if self._own and isinstance(self._transport, ClosableTransport):
            self._transport.close()

    def _make_transport(self) -> Transport:
        with self._lock:  # so that all threads share one pool
            if self._transport is None:
                from typedoauth.transports.urllib3 import Urllib3Transport

                self._transport = Urllib3Transport()
            return self._transport


def _user_agent() -> str:
    from typedoauth import __version__

    return f"typedoauth/{__version__}"
