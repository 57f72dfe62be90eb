"""Every seam of the library: what to write to put a part of one's own in its place.

All of them are structural: a class needs the methods, not the name. What a
stronger backend can do on top is a Protocol of its own beside the small one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from typedoauth.credentials import ClientCredentials
from typedoauth.messages import Request, Response

__all__ = [
    "AtomicCache",
    "Cache",
    "ClientAuthentication",
    "Clock",
    "ClosableTransport",
    "CredentialStore",
    "DeletingCache",
    "Grant",
    "SignatureMethod",
    "Transport",
]


class Clock(Protocol):
    """Tells the time; ``time.time`` is one."""

    def __call__(self) -> float:
        """Return the present time.

        Returns:
            Seconds since the epoch.
        """
        ...


class SignatureMethod(Protocol):
    """How OAuth 1.0 requests are signed (RFC 5849 3.4)."""

    @property
    def name(self) -> str:
        """The value of ``oauth_signature_method``."""
        ...

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        """Sign one request.

        Args:
            base_string: The signature base string (RFC 5849 3.4.1); empty for
                PLAINTEXT, which does not use it.
            client_secret: The client shared-secret, or an empty text.
            token_secret: The token shared-secret, or an empty text.

        Returns:
            The value of ``oauth_signature``, before percent-encoding.

        Raises:
            ConfigurationError: The key or secret cannot sign.
        """
        ...


class ClientAuthentication(Protocol):
    """How a client proves who it is to a token endpoint (RFC 6749 2.3)."""

    @property
    def name(self) -> str:
        """Its registered name, such as ``client_secret_basic``."""
        ...

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add the client's authentication to a request.

        Args:
            request: A form-encoded POST.
            client: The client's identifier and secret.

        Returns:
            The request to send.

        Raises:
            ConfigurationError: The method needs what the client does not have.
        """
        ...


class Grant(Protocol):
    """What is traded for an access token (RFC 6749 1.3, 4.5)."""

    @property
    def grant_type(self) -> str:
        """The value of ``grant_type``: a registered name or an absolute URI."""
        ...

    def parameters(self) -> Mapping[str, str | Sequence[str]]:
        """Return the other parameters of the token request.

        Returns:
            Values by name; a sequence sends its name several times.
        """
        ...


class Transport(Protocol):
    """Sends one request and gives its response back, whatever the status.

    A transport follows no redirect, keeps to the request's deadlines and byte
    limit, and may be called from several threads at once.
    """

    def send(self, request: Request, /) -> Response:
        """Send *request*.

        Args:
            request: The complete request.

        Returns:
            The response, whatever its status.

        Raises:
            TransportError: No complete response arrived.
        """
        ...


@runtime_checkable
class ClosableTransport(Transport, Protocol):
    """A transport that holds connections."""

    def close(self) -> object:
        """Close every connection; the transport may be used again afterwards."""
        ...


class Cache(Protocol):
    """The documented cache: cachelib, Flask-Caching, redis-py and most others fit."""

    def get(self, key: str, /) -> str | bytes | None:
        """Return what is kept under *key*, or ``None``."""
        ...

    def set(self, key: str, value: str, expires: int, /) -> object:
        """Keep *value* under *key* for *expires* seconds."""
        ...


@runtime_checkable
class DeletingCache(Cache, Protocol):
    """A cache that can also forget."""

    def delete(self, key: str, /) -> object:
        """Forget what is kept under *key*, if anything is."""
        ...


@runtime_checkable
class AtomicCache(Cache, Protocol):
    """A cache that can hand out a value once and for all, as redis-py does."""

    def getdel(self, key: str, /) -> str | bytes | None:
        """Return what is kept under *key* and forget it, in one step."""
        ...


class CredentialStore(Protocol):
    """Keeps pending authorizations until their callback."""

    def put(self, key: str, value: str, expires: int, /) -> object:
        """Keep *value* under *key*.

        Args:
            key: A text that cannot be guessed.
            value: JSON text.
            expires: For how many seconds.

        Raises:
            StoreError: It could not be kept.
        """
        ...

    def take(self, key: str, /) -> str | None:
        """Return what is kept under *key* and forget it.

        Args:
            key: The key it was put under.

        Returns:
            The value, or ``None`` when there is none, or it has expired.

        Raises:
            StoreError: The store failed.
        """
        ...
