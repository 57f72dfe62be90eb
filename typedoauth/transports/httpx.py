"""The adapter to httpx, for applications that have to use it (extra ``httpx``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from typedoauth.errors import MissingExtraError
from typedoauth.messages import Request, Response

if TYPE_CHECKING:
    from typedoauth.transports._httpx_clients import Clients

__all__ = ["HttpxTransport"]


class HttpxTransport:
    """Sends requests with httpx.

    Of an ``httpx.Client`` that is given, its transports, mounts and event hooks are
    used; its ``auth``, cookies, header fields and ``params`` are not: a request goes
    out as it is, no redirect is followed, and no cookie is kept. ``verify``,
    ``cert`` and ``proxies`` are the client's own then, and a request that asks for
    others is refused. Without one, the transport makes clients itself.

    The connect and read deadlines bound each wait. The total deadline is looked at
    between the pieces of a body; while a name is resolved, and while a server sends
    its header fields, only the other two hold. ``public_addresses_only`` is refused.
    Nothing is sent twice. What httpx would log about a request is left out of the
    log, as URLs may hold secrets.

    Args:
        client: An ``httpx.Client``; the transport does not close it.

    Raises:
        ConfigurationError: *client* is none, or is closed.
        MissingExtraError: httpx is not installed.
    """

    def __init__(self, client: object | None = None) -> None:
        try:
            # Late: httpx is an extra.
            from typedoauth.transports._httpx_clients import Clients
        except ImportError:
            raise MissingExtraError(
                "HttpxTransport needs httpx, which is not installed: "
                "pip install 'typedoauth[httpx]'"
            ) from None
        self._clients: Clients = Clients(client)

    @override
    def __repr__(self) -> str:
        return "<HttpxTransport>"

    def send(self, request: Request, /) -> Response:
        """Send *request*.

        Args:
            request: The complete request.

        Returns:
            The response, whatever its status.

        Raises:
            ConfigurationError: The request, or a setting of it, cannot be used.
            ResponseTooLargeError: The body is longer than ``request.max_bytes``.
            TransportTimeoutError: A deadline passed.
            TransportError: No complete response arrived.
        """
        return self._clients.send(request)

    def close(self) -> None:
        """Close the connections that the transport made; it may be used again afterwards."""
        self._clients.close()
