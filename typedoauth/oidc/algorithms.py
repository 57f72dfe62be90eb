"""The signature algorithms of JWS (RFC 7518 3, RFC 8037 3.1, RFC 9864 2)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from typedoauth.errors import ConfigurationError
from typedoauth.oidc._base64url import encode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

    PublicKey: TypeAlias = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey | Ed448PublicKey
    PrivateKey: TypeAlias = (
        RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey | Ed448PrivateKey
    )

__all__ = [
    "ALGORITHMS",
    "SignatureAlgorithm",
    "Signer",
    "Verifier",
    "make_signer",
    "make_verifier",
    "token_hash",
]

Verifier: TypeAlias = Callable[[bytes, bytes], bool]
"""Gets a signature and the message; tells whether it is right."""

Signer: TypeAlias = Callable[[bytes], bytes]
"""Gets a message and returns its signature."""


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """One value of ``alg``.

    Attributes:
        name: The value.
        kty: The type of its keys.
        digest: Its hash, by the name that :mod:`hashlib` knows; empty where the
            curve has its own.
        curves: The curves of its keys; empty where there are none.
    """

    name: str
    kty: str
    digest: str
    curves: tuple[str, ...] = ()

    @property
    def shortest_secret(self) -> int:
        """How many bytes a symmetric key has at the least (RFC 7518 3.2)."""
        return hashlib.new(self.digest).digest_size


# In the order of preference of a key that names no algorithm.
ALGORITHMS: Final[Mapping[str, SignatureAlgorithm]] = {
    each.name: each
    for each in (
        *(SignatureAlgorithm(f"RS{n}", "RSA", f"sha{n}") for n in (256, 384, 512)),
        *(SignatureAlgorithm(f"PS{n}", "RSA", f"sha{n}") for n in (256, 384, 512)),
        SignatureAlgorithm("ES256", "EC", "sha256", ("P-256",)),
        SignatureAlgorithm("ES384", "EC", "sha384", ("P-384",)),
        SignatureAlgorithm("ES512", "EC", "sha512", ("P-521",)),
        SignatureAlgorithm("EdDSA", "OKP", "", ("Ed25519", "Ed448")),
        SignatureAlgorithm("Ed25519", "OKP", "", ("Ed25519",)),
        SignatureAlgorithm("Ed448", "OKP", "", ("Ed448",)),
        *(SignatureAlgorithm(f"HS{n}", "oct", f"sha{n}") for n in (256, 384, 512)),
    )
}

# hashlib.new() would look each up again.
_DIGESTS: Final = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


def _hash(algorithm: SignatureAlgorithm) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes

    match algorithm.digest:
        case "sha256":
            return hashes.SHA256()
        case "sha384":
            return hashes.SHA384()
        case _:
            return hashes.SHA512()


def _padding(algorithm: SignatureAlgorithm, digest: HashAlgorithm) -> AsymmetricPadding:
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15

    if algorithm.name.startswith("PS"):
        return PSS(MGF1(digest), digest.digest_size)  # the salt is as long as the hash (3.5)
    return PKCS1v15()


def make_verifier(algorithm: SignatureAlgorithm, key: PublicKey | bytes) -> Verifier:
    """Prepare a key for verifying.

    Args:
        algorithm: An algorithm for keys of this type.
        key: A public key, or a shared secret.

    Returns:
        What verifies with it.
    """
    if isinstance(key, bytes):
        secret, name = key, algorithm.digest
        return lambda signature, message: hmac.compare_digest(
            hmac.digest(secret, message, name), signature
        )
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if isinstance(key, RSAPublicKey):
        verify_rsa, digest = key.verify, _hash(algorithm)
        padding = _padding(algorithm, digest)

        def verify(signature: bytes, message: bytes) -> bool:
            try:
                verify_rsa(signature, message, padding, digest)
            except InvalidSignature:
                return False
            return True

    elif isinstance(key, EllipticCurvePublicKey):
        verify_ec, ecdsa, size = key.verify, ECDSA(_hash(algorithm)), (key.key_size + 7) // 8

        def verify(signature: bytes, message: bytes) -> bool:
            if len(signature) != 2 * size:
                return False
            r = int.from_bytes(signature[:size], "big")
            s = int.from_bytes(signature[size:], "big")
            try:
                verify_ec(encode_dss_signature(r, s), message, ecdsa)
            except InvalidSignature:
                return False
            return True

    else:
        verify_eddsa = key.verify

        def verify(signature: bytes, message: bytes) -> bool:
            try:
                verify_eddsa(signature, message)
            except InvalidSignature:
                return False
            return True

    return verify


def make_signer(algorithm: SignatureAlgorithm, key: PrivateKey | bytes) -> Signer:
    """Prepare a key for signing.

    Args:
        algorithm: An algorithm for keys of this type.
        key: A private key, or a shared secret.

    Returns:
        What signs with it.
    """
    if isinstance(key, bytes):
        secret, name = key, algorithm.digest
        return lambda message: hmac.digest(secret, message, name)
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    if isinstance(key, RSAPrivateKey):
        sign_rsa, digest = key.sign, _hash(algorithm)
        padding = _padding(algorithm, digest)
        return lambda message: sign_rsa(message, padding, digest)
    if isinstance(key, EllipticCurvePrivateKey):
        sign_ec, ecdsa, size = key.sign, ECDSA(_hash(algorithm)), (key.key_size + 7) // 8

        def sign(message: bytes) -> bytes:
            r, s = decode_dss_signature(sign_ec(message, ecdsa))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")

        return sign
    return key.sign


def token_hash(token: str, algorithm: str, curve: str | None = None) -> str:
    """Compute ``at_hash`` or ``c_hash``: the left half of the hash of a token or code.

    Args:
        token: The access token, or the authorization code.
        algorithm: The ``alg`` of the ID Token.
        curve: The curve of its key; it decides the hash of EdDSA.

    Returns:
        The claim's value.

    Raises:
        ConfigurationError: The algorithm is none of :data:`ALGORITHMS`.

    Spec: OpenID Connect Core 3.1.3.6, 3.3.2.11; RFC 8032 5.1, 5.2.
    """
    known = ALGORITHMS.get(algorithm)
    if known is None:
        raise ConfigurationError(f"token_hash: {algorithm!r} is no signature algorithm")
    content = token.encode("utf-8", "replace")
    if known.digest:
        digest = _DIGESTS[known.digest](content).digest()
    elif "Ed448" in (algorithm, curve):
        digest = hashlib.shake_256(content).digest(114)
    else:
        digest = hashlib.sha512(content).digest()
    return encode(digest[: len(digest) // 2]).decode("ascii")
