"""The provider's signing keys, and JSON Web Keys in general (RFC 7517, RFC 7518 6, RFC 8037)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from typedoauth.testing.jws import ASYMMETRIC, PrivateKey, PublicKey, b64, from_b64

__all__ = ["ClientKey", "KeyRing", "SigningKey", "make_key", "public_jwk", "read_key_set"]

_CURVES: Final[Mapping[str, ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_NAMES: Final = {curve.name: name for name, curve in _CURVES.items()}


def make_key(kind: str) -> PrivateKey:
    """Make a private key.

    Args:
        kind: ``RSA``, or the name of a curve.

    Returns:
        The key.
    """
    if kind == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "Ed25519":
        return Ed25519PrivateKey.generate()
    if kind == "Ed448":
        return Ed448PrivateKey.generate()
    return ec.generate_private_key(_CURVES[kind])


@cache
def _material(kind: str, generation: int) -> PrivateKey:
    # Making one takes long, and tests make many providers: those of a process share them.
    del generation
    return make_key(kind)


def _number(number: int, size: int | None = None) -> str:
    return b64(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))


def public_jwk(key: PublicKey, **members: object) -> dict[str, object]:
    """Describe a public key (RFC 7518 6, RFC 8037 2).

    Args:
        key: The key.
        **members: Further members.

    Returns:
        The JSON Web Key.
    """
    match key:
        case rsa.RSAPublicKey():
            numbers = key.public_numbers()
            return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), **members}
        case ec.EllipticCurvePublicKey():
            point, size = key.public_numbers(), (key.key_size + 7) // 8
            place = {"x": _number(point.x, size), "y": _number(point.y, size)}
            return {"kty": "EC", "crv": _NAMES[key.curve.name], **place, **members}
        case Ed25519PublicKey() | Ed448PublicKey():
            crv = "Ed25519" if isinstance(key, Ed25519PublicKey) else "Ed448"
            return {"kty": "OKP", "crv": crv, "x": b64(key.public_bytes_raw()), **members}


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A public key that a client has registered.

    Attributes:
        kid: Its identifier, or ``None``.
        kind: ``RSA``, or the name of its curve.
        key: The key.
    """

    kid: str | None
    kind: str
    key: PublicKey = field(repr=False)


def read_key_set(keys: Mapping[str, object] | str | bytes) -> tuple[ClientKey, ...]:
    """Read the public keys of a client.

    Args:
        keys: A JWK set, a single JWK, or the PEM of a public key.

    Returns:
        The keys.

    Raises:
        ValueError: That is none, or a private or weak one.
    """
    if isinstance(keys, str | bytes):
        content = keys.encode() if isinstance(keys, str) else keys
        return (_client_key(None, _from_pem(content)),)
    listed = keys.get("keys", [keys])
    if not isinstance(listed, list) or not listed:
        raise ValueError("keys is no list of JSON Web Keys")
    read: list[ClientKey] = []
    for entry in cast("list[object]", listed):  # each is looked at
        if not isinstance(entry, Mapping):
            raise ValueError("a JSON Web Key is an object")
        read.append(_from_jwk(cast("Mapping[str, object]", entry)))  # JSON has no other keys
    return tuple(read)


def _from_pem(content: bytes) -> PublicKey:
    try:
        key = load_pem_public_key(content)
    except UnsupportedAlgorithm:
        raise ValueError("this kind of key is unknown") from None
    if not isinstance(key, PublicKey):
        raise ValueError("this kind of key cannot verify signatures")
    return key


def _from_jwk(jwk: Mapping[str, object]) -> ClientKey:
    def octets(name: str) -> bytes:
        value = jwk.get(name)
        if not isinstance(value, str):
            raise ValueError(f"{name} is missing")
        return from_b64(value)

    def number(name: str) -> int:
        return int.from_bytes(octets(name), "big")

    if "d" in jwk:
        raise ValueError("a private key is not for others")
    kty, crv, kid = jwk.get("kty"), jwk.get("crv"), jwk.get("kid")
    key: PublicKey
    if kty == "RSA":
        key = rsa.RSAPublicNumbers(number("e"), number("n")).public_key()
    elif kty == "EC" and isinstance(crv, str) and crv in _CURVES:
        key = ec.EllipticCurvePublicNumbers(number("x"), number("y"), _CURVES[crv]).public_key()
    elif kty == "OKP" and crv == "Ed25519":
        key = Ed25519PublicKey.from_public_bytes(octets("x"))
    elif kty == "OKP" and crv == "Ed448":
        key = Ed448PublicKey.from_public_bytes(octets("x"))
    else:
        raise ValueError("this kind of key is unknown")
    return _client_key(kid if isinstance(kid, str) else None, key)


def _client_key(kid: str | None, key: PublicKey) -> ClientKey:
    match key:
        case rsa.RSAPublicKey():
            if key.key_size < 2048:
                raise ValueError("an RSA key has at least 2048 bits (RFC 7518 3.3)")
            return ClientKey(kid, "RSA", key)
        case ec.EllipticCurvePublicKey():
            if key.curve.name not in _NAMES:
                raise ValueError("this curve is unknown")
            return ClientKey(kid, _NAMES[key.curve.name], key)
        case Ed25519PublicKey():
            return ClientKey(kid, "Ed25519", key)
        case Ed448PublicKey():
            return ClientKey(kid, "Ed448", key)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of the provider.

    Attributes:
        kid: Its identifier.
        algorithm: The one algorithm that it is for.
        private: The key.
    """

    kid: str
    algorithm: str
    private: PrivateKey = field(repr=False)

    @property
    def jwk(self) -> dict[str, object]:
        """What is published of it."""
        named = {"kid": self.kid, "use": "sig", "alg": self.algorithm}
        return public_jwk(self.private.public_key(), **named)


class KeyRing:
    """The keys of one provider, made when they are first needed.

    Providers in one process share what their keys are made of, not the ``kid``.

    Attributes:
        known: Every key there ever was, by ``kid``.
    """

    def __init__(self) -> None:
        self.known: dict[str, SigningKey] = {}
        self._current: dict[str, SigningKey] = {}
        self._old: list[SigningKey] = []
        self._generation: int = 0

    def current(self, algorithm: str) -> SigningKey:
        """Find what signs now.

        Args:
            algorithm: One of :data:`~typedoauth.testing.jws.ASYMMETRIC`.

        Returns:
            The key.
        """
        found = self._current.get(algorithm)
        if found is None:
            private = _material(ASYMMETRIC[algorithm], self._generation)
            found = SigningKey(f"{algorithm}-{secrets.token_hex(4)}", algorithm, private)
            self._current[algorithm] = self.known[found.kid] = found
        return found

    def published(self, algorithms: Iterable[str]) -> list[SigningKey]:
        """List what belongs into the JWK set.

        Args:
            algorithms: What the registered clients need.

        Returns:
            The keys for these, what else has been in use, and old ones that are kept.
        """
        for algorithm in algorithms:
            self.current(algorithm)
        return [*self._current.values(), *self._old]

    def rotate(self, *, keep_old: bool = False) -> None:
        """Sign with new keys from now on.

        Args:
            keep_old: Whether the old ones stay published.
        """
        self._old = [*self._current.values(), *self._old] if keep_old else []
        self._current = {}
        self._generation += 1
