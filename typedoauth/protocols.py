"""Every seam of the library: what to write to put a part of one's own in its place.

All of them are structural: a class needs the methods, not the name. What a
stronger backend can do on top is a Protocol of its own beside the small one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from typedoauth.credentials import ClientCredentials
from typedoauth.messages import Request, Response
from typedoauth.tokens import StoredToken, TokenKey, TokenSummary, TokenT

__all__ = [
    "AtomicCache",
    "Cache",
    "ClientAuthentication",
    "ClientStore",
    "Clock",
    "ClosableTransport",
    "CredentialStore",
    "DeletingCache",
    "Grant",
    "LeasingTokenStore",
    "ManagedTokenStore",
    "Sealing",
    "SignatureMethod",
    "TokenStore",
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


class ClientStore(Protocol):
    """Knows clients that come and go while the application runs, such as its tenants' own.

    A function of a database is wrapped into one in three lines; it is asked each time.
    """

    def get(self, name: str, tenant: str | None, /) -> Mapping[str, object] | None:
        """Return the keywords of ``register`` for a client, or ``None`` for an unknown one.

        Args:
            name: The client's name.
            tenant: Whose it is, where there are tenants.

        Raises:
            StoreError: The store failed.
        """
        ...


class TokenStore(Protocol[TokenT]):
    """Keeps token credentials; a dict behind three methods is one.

    Its methods may be called from several threads at once.
    """

    def get(self, key: TokenKey, /) -> TokenT | None:
        """Return the token that is kept under *key*, or ``None``.

        Raises:
            StoreError: The store failed.
        """
        ...

    def set(self, key: TokenKey, token: TokenT, /) -> object:
        """Keep *token* under *key*, in the place of what was there.

        Raises:
            StoreError: The store failed.
        """
        ...

    def delete(self, key: TokenKey, /) -> object:
        """Forget what is kept under *key*, if anything is.

        Raises:
            StoreError: The store failed.
        """
        ...


@runtime_checkable
class LeasingTokenStore(TokenStore[TokenT], Protocol[TokenT]):
    """A token store through which one process at a time renews a token.

    A lease ends by itself, by the clock of the store: a process that is killed
    holds nobody up for longer. What it is written for is the version: whoever has
    lost the lease meanwhile writes nothing.
    """

    def load(self, key: TokenKey, /) -> StoredToken[TokenT] | None:
        """Return the token that is kept under *key*, with its version, or ``None``.

        Raises:
            StoreError: The store failed.
        """
        ...

    def acquire(self, key: TokenKey, holder: str, seconds: float, /) -> bool:
        """Take the lease of a token, unless somebody holds it.

        Args:
            key: What the token is kept under.
            holder: Who takes it: a text that nobody else has.
            seconds: When it ends by itself.

        Returns:
            Whether it was taken; ``False`` where there is no token, too.

        Raises:
            StoreError: The store failed.
        """
        ...

    def replace(self, key: TokenKey, token: TokenT, version: int, /) -> bool:
        """Write a token for the one that was read, and end the lease.

        Args:
            key: What it is kept under.
            token: The new token.
            version: The version that was read.

        Returns:
            Whether it was written; not, if the token has been replaced or deleted.

        Raises:
            StoreError: The store failed.
        """
        ...

    def release(self, key: TokenKey, holder: str, /) -> object:
        """End a lease without writing anything, if *holder* still has it.

        Raises:
            StoreError: The store failed.
        """
        ...


@runtime_checkable
class ManagedTokenStore(Protocol):
    """A token store whose contents can be listed and tidied up."""

    def summaries(
        self, *, owner: str | None = None, client: str | None = None
    ) -> Iterator[TokenSummary]:
        """Tell what is kept, without showing it.

        Args:
            owner: Only of this owner.
            client: Only of this client.

        Returns:
            A summary of each token, as they are read.

        Raises:
            StoreError: The store failed.
        """
        ...

    def delete_owner(self, owner: str, /) -> int:
        """Forget every token of an owner.

        Returns:
            How many there were.

        Raises:
            StoreError: The store failed.
        """
        ...

    def purge(self, before: float, /) -> int:
        """Forget what is dead: expired before a moment, and not to be renewed.

        Args:
            before: Seconds since the epoch.

        Returns:
            How many there were.

        Raises:
            StoreError: The store failed.
        """
        ...

    def reseal(self) -> Iterator[tuple[int, int]]:
        """Encrypt anew, with the first key, what is encrypted with another.

        It can be broken off and begun again, and others may use the store meanwhile.

        Returns:
            How many are done and how many there are, after each batch.

        Raises:
            KeyRotationError: At the end: some could not be opened, and stayed as they were.
            StoreError: The store failed.
        """
        ...


@runtime_checkable
class Sealing(Protocol):
    """How a store encrypts what it keeps."""

    def seal(self, content: bytes, context: bytes, /) -> bytes:
        """Encrypt *content*.

        Args:
            content: What to encrypt.
            context: What it belongs to; needed to open it, and not part of it.

        Returns:
            The encrypted content, with what names its key in front.
        """
        ...

    def open(self, sealed: bytes, context: bytes, /) -> bytes:
        """Decrypt what :meth:`seal` gave.

        Args:
            sealed: The encrypted content.
            context: What it belongs to.

        Returns:
            The content.

        Raises:
            StoreError: Its key is not there, it belongs elsewhere, or it was changed.
        """
        ...

    def is_current(self, sealed: bytes, /) -> bool:
        """Tell whether *sealed* was encrypted with the key that :meth:`seal` uses."""
        ...
