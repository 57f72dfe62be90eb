"""Client authentication at the token endpoint (RFC 6749 2.3)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, cast
from urllib.parse import unquote_to_bytes, urlencode

from typedoauth._names import one_of
from typedoauth._urls import percent_encode
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Request
from typedoauth.protocols import ClientAuthentication

__all__ = [
    "BasicEncoding",
    "ClientSecretBasic",
    "ClientSecretPost",
    "NoClientAuthentication",
    "add_form_parameters",
    "client_authentication_method",
]

BasicEncoding: TypeAlias = Literal["rfc6749", "raw"]
"""How identifier and secret are written into HTTP Basic."""


def add_form_parameters(request: Request, parameters: Sequence[tuple[str, str]]) -> Request:
    """Add parameters to a form-encoded request.

    Args:
        request: The request.
        parameters: Pairs to add; those of the same name are replaced.

    Returns:
        The changed request.
    """
    names = {name.encode() for name, _ in parameters}
    # What is there stays byte for byte: it may be the caller's own.
    kept = [
        part
        for part in (request.body or b"").split(b"&")
        if part and unquote_to_bytes(part.partition(b"=")[0].replace(b"+", b" ")) not in names
    ]
    return replace(request, body=b"&".join([*kept, urlencode(parameters).encode()]))


def _secret(client: ClientCredentials, method: str) -> str:
    if client.client_secret is None:
        raise ConfigurationError(
            f"{method} needs a client_secret; register one, or say "
            "token_endpoint_auth_method='none' for a public client"
        )
    return client.client_secret


@dataclass(frozen=True, slots=True)
class ClientSecretBasic:
    """HTTP Basic with the client's identifier and secret.

    Attributes:
        encoding: ``rfc6749`` encodes both first, as RFC 6749 2.3.1 says;
            ``raw`` does not, for servers that do not decode them.
    """

    encoding: BasicEncoding = "rfc6749"
    name: Final = "client_secret_basic"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add the ``Authorization`` header.

        Args:
            request: The request.
            client: The client's credentials.

        Returns:
            The request with the header.

        Raises:
            ConfigurationError: The client has no secret, or an identifier that
                ``raw`` cannot carry.

        Spec: RFC 6749 2.3.1, RFC 7617 2.
        """
        client_id, secret = client.client_id, _secret(client, self.name)
        if self.encoding == "rfc6749":
            # A space as %20: every decoder of forms reads it, and so do servers
            # (Authlib's) that only decode percent signs and leave a "+" as it is.
            client_id, secret = percent_encode(client_id), percent_encode(secret)
        elif ":" in client_id:
            raise ConfigurationError(
                "HTTP Basic cannot carry a client_id with a colon as it is (RFC 7617 2); "
                "leave basic_auth_encoding='raw' out, or use client_secret_post"
            )
        value = b64encode(f"{client_id}:{secret}".encode()).decode("ascii")
        headers = request.headers.replace({"Authorization": f"Basic {value}"})
        return replace(request, headers=headers)


@dataclass(frozen=True, slots=True)
class ClientSecretPost:
    """The client's identifier and secret in the body (RFC 6749 2.3.1)."""

    name: Final = "client_secret_post"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add ``client_id`` and ``client_secret`` to the body.

        Args:
            request: The request.
            client: The client's credentials.

        Returns:
            The request with the parameters.

        Raises:
            ConfigurationError: The client has no secret.
        """
        secret = _secret(client, self.name)
        return add_form_parameters(
            request, [("client_id", client.client_id), ("client_secret", secret)]
        )


@dataclass(frozen=True, slots=True)
class NoClientAuthentication:
    """A public client: it says who it is and proves nothing (RFC 6749 3.2.1)."""

    name: Final = "none"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add ``client_id`` to the body.

        Args:
            request: The request.
            client: The client's credentials.

        Returns:
            The request with the parameter.
        """
        return add_form_parameters(request, [("client_id", client.client_id)])


def client_authentication_method(
    name: str,
    *,
    encoding: str = "rfc6749",
    own: Sequence[ClientAuthentication] = (),
    option: str = "token_endpoint_auth_method",
) -> ClientAuthentication:
    """Choose a method by its registered name.

    Args:
        name: ``client_secret_basic``, ``client_secret_post``, ``none``, or the
            name of one of *own*.
        encoding: For ``client_secret_basic``: ``rfc6749`` or ``raw``.
        own: The user's own methods; they win over the built-in ones.
        option: What the method was given as, for the message.

    Returns:
        The method.

    Raises:
        ConfigurationError: There is none of that name; the message lists them.
    """
    methods: dict[str, ClientAuthentication] = {
        "client_secret_basic": ClientSecretBasic(
            cast("BasicEncoding", one_of("basic_auth_encoding", encoding, ("rfc6749", "raw")))
        ),
        "client_secret_post": ClientSecretPost(),
        "none": NoClientAuthentication(),
    }
    methods.update((method.name, method) for method in own)
    return methods[one_of(option, name, methods)]
