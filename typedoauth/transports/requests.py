"""The adapter to requests, for applications that have to use it (extra ``requests``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from typedoauth.errors import MissingExtraError
from typedoauth.messages import Request, Response

if TYPE_CHECKING:
    from typedoauth.transports._requests_adapters import Adapters

__all__ = ["RequestsTransport"]


class RequestsTransport:
    """Sends requests with requests.

    Of a ``requests.Session`` that is given, the adapters that are mounted, and
    ``verify``, ``cert``, ``proxies`` and ``trust_env`` are used; its ``auth``,
    cookies, header fields, ``params`` and hooks are not, nor is ``.netrc``: a request
    goes out as it is, no redirect is followed, and no cookie is kept. Without one,
    the transport makes adapters itself.

    The connect and read deadlines bound each wait. The total deadline is looked at
    between the pieces of a body; while a name is resolved, and while a server sends
    its header fields, only the other two hold. ``public_addresses_only`` is refused.
    Nothing is sent twice, unless a mounted adapter does so. What urllib3 would log
    about a request is left out of the log, as URLs may hold secrets.

    Args:
        session: A ``requests.Session``; the transport does not close it.

    Raises:
        ConfigurationError: *session* is none.
        MissingExtraError: requests is not installed.
    """

    def __init__(self, session: object | None = None) -> None:
        try:
            # Late: requests is an extra.
            from typedoauth.transports._requests_adapters import Adapters
        except ImportError:
            raise MissingExtraError(
                "RequestsTransport needs requests, which is not installed: "
                "pip install 'typedoauth[requests]'"
            ) from None
        self._adapters: Adapters = Adapters(session)

    @override
    def __repr__(self) -> str:
        return "<RequestsTransport>"

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
        return self._adapters.send(request)

    def close(self) -> None:
        """Close the connections that the transport made; it may be used again afterwards."""
        self._adapters.close()
