"""Client authentication with keys (OpenID Connect Core 9, RFC 7523), and what is like it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from typedoauth._urls import without_query
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Request
from typedoauth.oauth2.assertions import add_client_assertion, assertion_claims
from typedoauth.oauth2.client_authentication import add_form_parameters
from typedoauth.oidc.jwk import JSONWebKey, secret_key
from typedoauth.oidc.jws import sign_jws
from typedoauth.protocols import Clock

__all__ = [
    "AssertionSigner",
    "ClientSecretJWT",
    "JWTClientSecret",
    "PrivateKeyJWT",
    "sign_jwt",
]

_LIFETIME: Final = 60


def sign_jwt(
    claims: Mapping[str, object],
    key: JSONWebKey,
    *,
    algorithm: str | None = None,
    typ: str | None = "JWT",
) -> str:
    """Sign claims as a JWT (RFC 7519 7.1).

    Args:
        claims: The claims.
        key: The key to sign with.
        algorithm: One of its algorithms; the first when left out.
        typ: The ``typ`` of the header.

    Returns:
        The JWT.

    Raises:
        ConfigurationError: The claims are no JSON, or the key cannot sign so.
    """
    try:
        payload = json.dumps(claims, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigurationError("the claims of a JWT cannot be written as JSON") from error
    return sign_jws(payload, key, algorithm=algorithm, typ=typ)


@dataclass(frozen=True, slots=True)
class ClientSecretJWT:
    """``client_secret_jwt``: an assertion signed with the client secret.

    Attributes:
        clock: Tells the time.
        make_jti: Makes a text that never comes twice.
        audience: The server: its issuer identifier, or its token endpoint, which is
            taken to be the address of the request when left out.
        algorithm: ``HS256``, ``HS384`` or ``HS512``.
        lifetime: For how many seconds an assertion is valid.
    """

    clock: Clock
    make_jti: Callable[[], str]
    audience: str | Sequence[str] | None = None
    algorithm: str = "HS256"
    lifetime: int = _LIFETIME
    name: Final = "client_secret_jwt"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add ``client_id``, ``client_assertion`` and its type to the body.

        Args:
            request: The request.
            client: The client's credentials.

        Returns:
            The request with the parameters.

        Raises:
            ConfigurationError: The client has no secret, or one that is too short.

        Spec: OpenID Connect Core 9.
        """
        if client.client_secret is None:
            raise ConfigurationError(f"{self.name} needs a client_secret; register one")
        key = secret_key(client.client_secret, self.algorithm)
        claims = _claims(self, request, client)
        return add_client_assertion(request, client.client_id, sign_jwt(claims, key))


@dataclass(frozen=True, slots=True)
class PrivateKeyJWT:
    """``private_key_jwt``: an assertion signed with a private key of the client's.

    Attributes:
        key: The key, see :func:`~typedoauth.oidc.own_keys.load_signing_key`; it
            decides the algorithm and the ``kid``.
        clock: Tells the time.
        make_jti: Makes a text that never comes twice.
        audience: The server: its issuer identifier, or its token endpoint, which is
            taken to be the address of the request when left out.
        lifetime: For how many seconds an assertion is valid.
    """

    key: JSONWebKey
    clock: Clock
    make_jti: Callable[[], str]
    audience: str | Sequence[str] | None = None
    lifetime: int = _LIFETIME
    name: Final = "private_key_jwt"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add ``client_id``, ``client_assertion`` and its type to the body.

        Args:
            request: The request.
            client: The client's identifier; its secret is not used.

        Returns:
            The request with the parameters.

        Raises:
            ConfigurationError: The key cannot sign.

        Spec: OpenID Connect Core 9, RFC 7523 2.2, 3.
        """
        assertion = sign_jwt(_claims(self, request, client), self.key)
        return add_client_assertion(request, client.client_id, assertion)


def _claims(
    method: ClientSecretJWT | PrivateKeyJWT, request: Request, client: ClientCredentials
) -> dict[str, object]:
    return assertion_claims(
        issuer=client.client_id,
        subject=client.client_id,
        audience=method.audience or without_query(request.url),
        now=method.clock(),
        lifetime=method.lifetime,
        jti=method.make_jti(),
    )


@dataclass(frozen=True, slots=True)
class JWTClientSecret:
    """A client secret that is itself a short-lived JWT, as Apple has it.

    Attributes:
        key: The key that the provider gave; for Apple one for ES256 with a ``kid``.
        issuer: Who signs: the team id at Apple.
        audience: Whom it is for: ``https://appleid.apple.com``.
        clock: Tells the time.
        lifetime: For how many seconds it is valid.
        name: How it is sent, by the registered name.
    """

    key: JSONWebKey
    issuer: str
    audience: str
    clock: Clock
    lifetime: int = 300
    name: str = field(default="client_secret_post", init=False)

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add ``client_id`` and a fresh ``client_secret`` to the body.

        Args:
            request: The request.
            client: The client's identifier; its secret is not used.

        Returns:
            The request with the parameters.

        Raises:
            ConfigurationError: The key cannot sign.
        """
        claims = assertion_claims(
            issuer=self.issuer,
            subject=client.client_id,
            audience=self.audience,
            now=self.clock(),
            lifetime=self.lifetime,
        )
        secret = sign_jwt(claims, self.key, typ=None)
        return add_form_parameters(
            request, [("client_id", client.client_id), ("client_secret", secret)]
        )


@dataclass(frozen=True, slots=True)
class AssertionSigner:
    """Makes the assertions of a :class:`~typedoauth.oauth2.assertions.JWTBearerGrant`.

    Attributes:
        key: The key to sign with.
        issuer: Who makes them: at Google, the service account's address.
        audience: The authorization server: its issuer identifier or token endpoint.
        clock: Tells the time.
        subject: On whose behalf; ``None`` where the server takes the issuer for it.
        make_jti: Makes a text that never comes twice; ``None`` to leave ``jti`` out.
        lifetime: For how many seconds an assertion is valid.
        claims: Further claims, such as Google's ``scope``.
    """

    key: JSONWebKey
    issuer: str
    audience: str | Sequence[str]
    clock: Clock
    subject: str | None = None
    make_jti: Callable[[], str] | None = None
    lifetime: int = 300
    claims: Mapping[str, object] = field(default_factory=dict[str, object])

    def __call__(self) -> str:
        """Make one.

        Returns:
            The signed JWT.

        Raises:
            ConfigurationError: The key cannot sign, or the claims are no JSON.

        Spec: RFC 7523 3.
        """
        claims = assertion_claims(
            issuer=self.issuer,
            subject=self.subject,
            audience=self.audience,
            now=self.clock(),
            lifetime=self.lifetime,
            jti=self.make_jti() if self.make_jti else None,
            extra=self.claims,
        )
        return sign_jwt(claims, self.key)
