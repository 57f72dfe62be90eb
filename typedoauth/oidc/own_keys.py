"""Keys of the application's own: PEM, JWK or key objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from typedoauth._json import parse_object
from typedoauth._names import one_of
from typedoauth.errors import ConfigurationError, MalformedResponseError
from typedoauth.oidc._material import UnusableKey, check_rsa
from typedoauth.oidc._members import key_from_members
from typedoauth.oidc._pem import read_private_pem
from typedoauth.oidc.jwk import JSONWebKey, suitable_algorithms

if TYPE_CHECKING:
    from typedoauth.oidc.algorithms import PrivateKey

__all__ = ["load_signing_key", "read_jwk"]


def read_jwk(members: Mapping[str, object], what: str = "the JWK") -> JSONWebKey:
    """Read a JWK of the application's own.

    Args:
        members: The JWK: public, private or symmetric.
        what: What it is, for the error message.

    Returns:
        The key.

    Raises:
        ConfigurationError: It is broken, too weak, or not for signatures.

    Spec: RFC 7517 4, RFC 7518 6, RFC 8037 2.
    """
    try:
        return key_from_members(members)
    except UnusableKey as error:
        reason = str(error)
    raise ConfigurationError(f"{what} cannot be used: {reason}")


def load_signing_key(
    key: str | bytes | Mapping[str, object] | PrivateKey,
    *,
    password: str | bytes | None = None,
    kid: str | None = None,
    algorithm: str | None = None,
) -> JSONWebKey:
    """Read a private key to sign with.

    Args:
        key: PEM, a JWK (as JSON or as its members), or a key object of ``cryptography``.
        password: The passphrase of an encrypted PEM.
        kid: The identifier that the server knows the key by; that of the JWK when
            left out.
        algorithm: The algorithm to sign with; ``RS256``, ``ES256``, … or ``EdDSA``,
            as the key has it, when left out.

    Returns:
        The key.

    Raises:
        ConfigurationError: It is no private key, too weak, or not for that algorithm.
    """
    loaded = _load(key, password)
    if loaded.kty == "oct":
        raise ConfigurationError("the signing key is a shared secret; private_key_jwt needs a pair")
    algorithms = loaded.algorithms
    if algorithm is not None:
        algorithms = (one_of("the algorithm of the signing key", algorithm, algorithms),)
    loaded = replace(loaded, kid=kid or loaded.kid, algorithms=algorithms)
    loaded.signer(algorithms[0])
    return loaded


def _load(
    key: str | bytes | Mapping[str, object] | PrivateKey, password: str | bytes | None
) -> JSONWebKey:
    if isinstance(key, Mapping):
        return read_jwk(key, "the signing key")
    if not isinstance(key, str | bytes):
        return _from_object(key)
    content = key.encode() if isinstance(key, str) else key
    if content.lstrip().startswith(b"{"):
        try:
            members = parse_object(content, "the signing key")
        except MalformedResponseError as error:
            # Of no more use than what it says, which quotes nothing.
            raise ConfigurationError(f"{error.description}; give a JWK, or PEM") from None
        return read_jwk(members, "the signing key")
    return _from_object(read_private_pem(content, password, "the signing key"))


def _from_object(key: object) -> JSONWebKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    problem = "it is no RSA, EC (P-256, P-384, P-521) or Ed25519 or Ed448 private key"
    kty, curve = "OKP", None
    if isinstance(key, RSAPrivateKey):
        kty, numbers = "RSA", key.public_key().public_numbers()
        try:
            check_rsa(numbers.n, numbers.e)
        except UnusableKey as error:
            raise ConfigurationError(f"the signing key cannot be used: {error}") from None
    elif isinstance(key, EllipticCurvePrivateKey):
        kty = "EC"
        curve = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}.get(
            key.curve.name
        )
        if curve is None:
            raise ConfigurationError(f"the signing key cannot be used: {problem}")
    elif isinstance(key, Ed25519PrivateKey):
        curve = "Ed25519"
    elif isinstance(key, Ed448PrivateKey):
        curve = "Ed448"
    else:
        raise ConfigurationError(f"the signing key cannot be used: {problem}")
    return JSONWebKey(
        kty, suitable_algorithms(kty, curve), curve, _public=key.public_key(), _private=key
    )
