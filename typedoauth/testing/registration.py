"""What a client's registration may say (RFC 7591 2, OpenID Connect Registration 2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from typedoauth.errors import ConfigurationError
from typedoauth.testing import signatures, token_endpoint
from typedoauth.testing.jws import SYMMETRIC
from typedoauth.testing.keys import ClientKey, read_key_set
from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.tokens import ALGORITHMS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

__all__ = ["checked", "key_set", "rsa_key"]

# What each method of client authentication needs.
_NEEDS: Final[Mapping[str, str]] = {
    "client_secret_basic": "a client_secret",
    "client_secret_post": "a client_secret",
    "client_secret_jwt": "a client_secret",
    "private_key_jwt": "jwks",
    "none": "neither secret nor keys",
}


def rsa_key(pem: str | bytes | None) -> RSAPublicKey | None:
    """Read the key that verifies OAuth 1.0 signatures.

    Args:
        pem: PEM, or ``None``.

    Returns:
        The key, if there is one.

    Raises:
        ConfigurationError: It is no RSA public key.
    """
    try:
        return signatures.load_rsa_key(pem) if pem else None
    except ValueError:
        raise ConfigurationError("rsa_public_key is not the PEM of an RSA public key") from None


def key_set(keys: Mapping[str, object] | str | bytes | None) -> tuple[ClientKey, ...]:
    """Read the keys that verify a client's assertions.

    Args:
        keys: A JWK set, one JWK, PEM, or ``None``.

    Returns:
        The keys.

    Raises:
        ConfigurationError: They cannot be read, or are private.
    """
    try:
        return read_key_set(keys) if keys else ()
    except ValueError as error:
        raise ConfigurationError(f"jwks: {error}") from None


def checked(client: RegisteredClient) -> RegisteredClient:
    """Refuse a registration that cannot work.

    Args:
        client: The registration.

    Returns:
        It, with its one method of authentication where there is no choice.

    Raises:
        ConfigurationError: Something cannot be right.
    """
    for uri in (*client.redirect_uris, *client.post_logout_redirect_uris, *_single_uris(client)):
        parts = urlsplit(uri)
        if not parts.scheme or parts.fragment:
            raise ConfigurationError(
                "a redirection URI is absolute and has no fragment (RFC 6749 3.1.2)"
            )
    _check_known("grant_types", client.grant_types, token_endpoint.GRANTS)
    algorithms = [client.id_token_signed_response_alg]
    if client.userinfo_signed_response_alg is not None:
        algorithms.append(client.userinfo_signed_response_alg)
    _check_known("signed_response_alg", algorithms, ALGORITHMS)
    method = client.token_endpoint_auth_method or _only_method(client)
    if method == "client_secret_jwt":
        algorithms.append("HS256")
    for algorithm in set(algorithms) & set(SYMMETRIC):
        if len((client.client_secret or "").encode()) * 8 < int(algorithm[-3:]):
            raise ConfigurationError(
                f"{algorithm} needs a client_secret of {algorithm[-3:]} bits (RFC 7518 3.2)"
            )
    if method is not None:
        _check_known("token_endpoint_auth_method", [method], _NEEDS)
        fitting = {
            "a client_secret": client.client_secret is not None,
            "jwks": bool(client.keys),
            "neither secret nor keys": not client.client_secret and not client.keys,
        }
        if not fitting[_NEEDS[method]]:
            raise ConfigurationError(
                f"token_endpoint_auth_method {method!r} needs {_NEEDS[method]}"
            )
    return dataclasses.replace(client, token_endpoint_auth_method=method)


def _single_uris(client: RegisteredClient) -> list[str]:
    uris = (client.backchannel_logout_uri, client.frontchannel_logout_uri)
    return [uri for uri in uris if uri is not None]


def _only_method(client: RegisteredClient) -> str | None:
    if client.client_secret is not None:
        return None
    return "private_key_jwt" if client.keys else "none"


def _check_known(option: str, given: Iterable[str], known: Iterable[str]) -> None:
    if unknown := set(given) - set(known):
        raise ConfigurationError(f"{option} {sorted(unknown)} unknown; known: {', '.join(known)}")
