"""Keys of the application's own to decrypt with: PEM, JWK, key objects, the client secret."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias, cast, final

from typedoauth._json import parse_object
from typedoauth._names import one_of
from typedoauth.errors import ConfigurationError, MalformedResponseError
from typedoauth.oidc._base64url import decode_text
from typedoauth.oidc._material import UnusableKey, build_private, check_rsa
from typedoauth.oidc._pem import read_private_pem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    Decryptor: TypeAlias = (
        RSAPrivateKey | EllipticCurvePrivateKey | X25519PrivateKey | X448PrivateKey
    )

__all__ = [
    "DecryptionKey",
    "JWE_ALGORITHMS",
    "JWE_ENCRYPTIONS",
    "check_jwe_algorithm",
    "derive_decryption_key",
    "load_decryption_key",
]

_RSA: Final = ("RSA-OAEP-256", "RSA-OAEP")
_ECDH: Final = ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW")
# How many bytes their keys have (RFC 7518 4.4, 4.7, 5.2, 5.3).
_WRAPPING: Final = {
    f"A{bits}{kind}": bits // 8 for kind in ("KW", "GCMKW") for bits in (128, 192, 256)
}
_CONTENT: Final = {
    "A128CBC-HS256": 32,
    "A192CBC-HS384": 48,
    "A256CBC-HS512": 64,
    "A128GCM": 16,
    "A192GCM": 24,
    "A256GCM": 32,
}
_SIZES: Final = _WRAPPING | _CONTENT
_EC_CURVES: Final = ("P-256", "P-384", "P-521")
_OKP_SIZES: Final = {"X25519": 32, "X448": 56}
_OPERATIONS: Final = ("decrypt", "deriveBits", "deriveKey", "unwrapKey")
_SHORTEST_SECRET: Final = 16
_WHAT: Final = "the decryption key"

JWE_ALGORITHMS: Final[tuple[str, ...]] = (*_RSA, *_ECDH, *_WRAPPING, "dir")
"""Every ``alg`` of a JWE that can be registered (RFC 7518 4.1)."""

JWE_ENCRYPTIONS: Final[tuple[str, ...]] = tuple(_CONTENT)
"""Every ``enc`` of a JWE that can be registered (RFC 7518 5.1)."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class DecryptionKey:
    """A private or shared key that decrypts.

    Attributes:
        kty: Its type: ``RSA``, ``EC``, ``OKP`` or ``oct``.
        algorithms: What it may be used with; for ``dir``, the values of ``enc``.
        private: The key itself: an object of ``cryptography``, or octets.
        crv: Its curve, or ``None``.
        kid: Its identifier, or ``None``.
    """

    kty: str
    algorithms: tuple[str, ...]
    private: Decryptor | bytes = field(repr=False)
    crv: str | None = None
    kid: str | None = None

    def fits(self, algorithm: str, encryption: str) -> bool:
        """Whether it may be used so.

        Args:
            algorithm: The ``alg`` of a JWE.
            encryption: Its ``enc``.

        Returns:
            Whether it may.
        """
        return _key_of(algorithm, encryption) in self.algorithms


def _key_of(algorithm: str, encryption: str) -> str:
    """What takes the key: with ``dir`` it encrypts the content itself (RFC 7518 4.5)."""
    return encryption if algorithm == "dir" else algorithm


def check_jwe_algorithm(algorithm: object) -> str:
    """Refuse what is no ``alg`` of a JWE, or none to trust.

    Args:
        algorithm: What was registered.

    Returns:
        The same.

    Raises:
        ConfigurationError: It is none of :data:`JWE_ALGORITHMS`.

    Spec: RFC 7518 4.1; RFC 8725 3.2.
    """
    if algorithm == "RSA1_5":
        raise ConfigurationError(
            "RSA1_5 is not supported: a server that tells its padding errors apart, by words or "
            "by time, decrypts for others; register RSA-OAEP-256 or ECDH-ES (RFC 8725 3.2)"
        )
    if isinstance(algorithm, str) and algorithm.startswith("PBES2-"):
        raise ConfigurationError(
            f"{algorithm} is not supported: it is for passwords, and whoever sends a token says "
            "how long it takes; register A256KW or dir (RFC 7518 4.8)"
        )
    return one_of("the alg of encrypted tokens", algorithm, JWE_ALGORITHMS)


def derive_decryption_key(secret: str, *, algorithm: str, encryption: str) -> DecryptionKey:
    """Derive the symmetric key that a client and its provider have from the client secret.

    Args:
        secret: The ``client_secret``.
        algorithm: The registered ``alg``: one of the symmetric ones.
        encryption: The registered ``enc``; with ``dir`` it decides the length.

    Returns:
        The key.

    Raises:
        ConfigurationError: The algorithm is not symmetric, or the secret too short.

    Spec: OpenID Connect Core 10.2, 16.19.
    """
    name = _key_of(check_jwe_algorithm(algorithm), encryption)
    size = _SIZES.get(name)
    if size is None:
        raise ConfigurationError(
            f"{name} takes no key that is made from the client_secret; give decryption keys"
        )
    octets = secret.encode()
    if len(octets) < _SHORTEST_SECRET:
        raise ConfigurationError(
            f"encryption needs a client_secret of {_SHORTEST_SECRET} bytes; this one has "
            f"{len(octets)} (OpenID Connect Core 16.19)"
        )
    digest = next(
        known for known in ("sha256", "sha384", "sha512") if hashlib.new(known).digest_size >= size
    )
    return DecryptionKey("oct", (name,), hashlib.new(digest, octets).digest()[:size])


def load_decryption_key(
    key: str | bytes | Mapping[str, object] | Decryptor,
    *,
    password: str | bytes | None = None,
    kid: str | None = None,
) -> DecryptionKey:
    """Read a key to decrypt with.

    Args:
        key: PEM, a JWK (as JSON or as its members), or a key object of ``cryptography``:
            RSA, EC (P-256, P-384, P-521), X25519 or X448; or a symmetric JWK.
        password: The passphrase of an encrypted PEM.
        kid: The identifier that the server knows the key by; that of the JWK when
            left out.

    Returns:
        The key.

    Raises:
        ConfigurationError: It is no private key, too weak, or not for encryption.

    Spec: RFC 7517 4, RFC 7518 6, RFC 8037 2.
    """
    try:
        loaded = _load(key, password)
    except UnusableKey as error:
        problem = str(error)
    else:
        return replace(loaded, kid=kid or loaded.kid)
    raise ConfigurationError(f"{_WHAT} cannot be used: {problem}")


def _load(
    key: str | bytes | Mapping[str, object] | Decryptor, password: str | bytes | None
) -> DecryptionKey:
    if isinstance(key, Mapping):
        return _from_members(key)
    if not isinstance(key, str | bytes):
        return _from_object(key)
    content = key.encode() if isinstance(key, str) else key
    if not content.lstrip().startswith(b"{"):
        return _from_object(read_private_pem(content, password, _WHAT))
    try:
        members = parse_object(content, _WHAT)
    except MalformedResponseError as error:
        # Of no more use than what it says, which quotes nothing.
        raise ConfigurationError(f"{error.description}; give a JWK, or PEM") from None
    return _from_members(members)


def _from_object(key: object) -> DecryptionKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    if isinstance(key, RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        check_rsa(numbers.n, numbers.e)
        return DecryptionKey("RSA", _RSA, key)
    if isinstance(key, EllipticCurvePrivateKey):
        names = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
        curve = names.get(key.curve.name)
        if curve:
            return DecryptionKey("EC", _ECDH, key, curve)
    if isinstance(key, X25519PrivateKey):
        return DecryptionKey("OKP", _ECDH, key, "X25519")
    if isinstance(key, X448PrivateKey):
        return DecryptionKey("OKP", _ECDH, key, "X448")
    raise UnusableKey("it is no RSA, EC (P-256, P-384, P-521), X25519 or X448 private key")


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    if not isinstance(value, str | None):
        raise UnusableKey(f"{name} is not a text")
    return value


def _check_use(members: Mapping[str, object]) -> None:
    """Refuse a key that is not for decryption (RFC 7517 4.2, 4.3)."""
    if _text(members, "use") not in (None, "enc"):
        raise UnusableKey("its use is not 'enc'")
    listed = members.get("key_ops")
    operations = cast("list[object]", listed) if isinstance(listed, list) else []  # any list
    if listed is not None and not any(one in _OPERATIONS for one in operations):
        raise UnusableKey(f"its key_ops list none of {', '.join(_OPERATIONS)}")


def _from_members(members: Mapping[str, object]) -> DecryptionKey:
    _check_use(members)
    kty, curve, algorithm = _text(members, "kty"), _text(members, "crv"), _text(members, "alg")
    if kty == "oct":
        secret = decode_text(members.get("k")) or b""
        algorithms = tuple(name for name, size in _SIZES.items() if size == len(secret))
        if not algorithms:
            raise UnusableKey("k is no base64url without padding of 128, 192, 256, 384 or 512 bits")
        key = DecryptionKey(kty, algorithms, secret)
    elif "d" not in members:
        raise UnusableKey("its private part, d, is missing")
    elif kty == "RSA":
        key = _from_object(build_private(kty, None, members))
    elif kty == "EC" and curve in _EC_CURVES:
        key = _from_object(build_private(kty, curve, members))
    elif kty == "OKP" and curve in ("X25519", "X448"):
        key = _from_object(_okp(curve, members))
    else:
        raise UnusableKey("its kty and crv are none for encryption that are supported")
    return replace(key, algorithms=_pinned(key.algorithms, algorithm), kid=_text(members, "kid"))


def _pinned(suitable: tuple[str, ...], algorithm: str | None) -> tuple[str, ...]:
    if algorithm is None:
        return suitable
    named = JWE_ENCRYPTIONS if algorithm == "dir" else (algorithm,)
    pinned = tuple(name for name in suitable if name in named)
    if not pinned:
        check_jwe_algorithm(algorithm)
        raise UnusableKey("its alg is none for encryption with a key of this type and length")
    return pinned


def _okp(curve: str, members: Mapping[str, object]) -> Decryptor:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = decode_text(members.get("d")) or b""
    if len(private) != _OKP_SIZES[curve]:
        raise UnusableKey(f"d of another length than {curve} has, or not base64url")
    kind = X25519PrivateKey if curve == "X25519" else X448PrivateKey
    try:
        key = kind.from_private_bytes(private)
    except UnsupportedAlgorithm:
        raise UnusableKey(f"{curve} is not for this system") from None
    if key.public_key().public_bytes_raw() != decode_text(members.get("x")):
        raise UnusableKey("d and x are not of one key")
    return key
