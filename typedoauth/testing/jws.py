"""JSON Web Signatures (RFC 7515, RFC 7518 3, RFC 8037), written for this side alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

__all__ = [
    "ASYMMETRIC",
    "PrivateKey",
    "PublicKey",
    "SYMMETRIC",
    "b64",
    "b64_json",
    "from_b64",
    "sign",
    "token_hash",
    "verify",
]

PrivateKey: TypeAlias = (
    RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey | Ed448PrivateKey
)
"""What signs."""

PublicKey: TypeAlias = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey | Ed448PublicKey
"""What verifies."""

ASYMMETRIC: Final[Mapping[str, str]] = {
    **{f"{family}{size}": "RSA" for family in ("RS", "PS") for size in (256, 384, 512)},
    "ES256": "P-256",
    "ES384": "P-384",
    "ES512": "P-521",
    "EdDSA": "Ed25519",
    "Ed25519": "Ed25519",
    "Ed448": "Ed448",
}
"""The kind of key that each algorithm of a key pair takes: ``RSA``, or a curve."""

SYMMETRIC: Final[tuple[str, ...]] = ("HS256", "HS384", "HS512")
"""The algorithms whose key is the client secret."""

_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}


def b64(content: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515 2).

    Args:
        content: The bytes.

    Returns:
        The text.
    """
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def b64_json(members: Mapping[str, object]) -> str:
    """Write a JSON object as one part of a token.

    Args:
        members: The object.

    Returns:
        Its base64url.
    """
    return b64(json.dumps(members, separators=(",", ":")).encode())


def from_b64(text: str) -> bytes:
    """Read base64url without padding.

    Args:
        text: The text.

    Returns:
        The bytes.

    Raises:
        ValueError: It is none.
    """
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError("not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(algorithm: str, key: PrivateKey | bytes, message: bytes) -> bytes:
    """Sign a message.

    Args:
        algorithm: The registered name.
        key: The private key, or the secret.
        message: The message.

    Returns:
        The signature (RFC 7518 3, RFC 8037 3.1).
    """
    match key:
        case bytes():
            return hmac.digest(key, message, f"sha{algorithm[-3:]}")
        case RSAPrivateKey():
            digest = _HASHES[algorithm[-3:]]
            return key.sign(message, _padding(algorithm), digest)
        case EllipticCurvePrivateKey():
            size = (key.key_size + 7) // 8
            pair = decode_dss_signature(key.sign(message, ECDSA(_HASHES[algorithm[-3:]])))
            return b"".join(number.to_bytes(size, "big") for number in pair)
        case Ed25519PrivateKey() | Ed448PrivateKey():
            return key.sign(message)


def verify(algorithm: str, key: PublicKey | bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is right.

    Args:
        algorithm: The registered name, already found to fit the key.
        key: The public key, or the secret.
        message: The message.
        signature: The signature.

    Returns:
        Whether the holder of the key signed that message.
    """
    try:
        match key:
            case bytes():
                return hmac.compare_digest(sign(algorithm, key, message), signature)
            case RSAPublicKey():
                key.verify(signature, message, _padding(algorithm), _HASHES[algorithm[-3:]])
            case EllipticCurvePublicKey():
                size = (key.key_size + 7) // 8
                if len(signature) != 2 * size:
                    return False
                pair = (
                    int.from_bytes(half, "big") for half in (signature[:size], signature[size:])
                )
                key.verify(encode_dss_signature(*pair), message, ECDSA(_HASHES[algorithm[-3:]]))
            case Ed25519PublicKey() | Ed448PublicKey():
                key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _padding(algorithm: str) -> padding.AsymmetricPadding:
    digest = _HASHES[algorithm[-3:]]
    if algorithm.startswith("PS"):
        return padding.PSS(padding.MGF1(digest), digest.digest_size)
    return padding.PKCS1v15()


def token_hash(algorithm: str, token: str) -> str:
    """Compute ``at_hash`` (OpenID Connect Core 3.1.3.6).

    Args:
        algorithm: How the ID Token is signed.
        token: The access token.

    Returns:
        The left half of the hash that goes with the algorithm.
    """
    content = token.encode()
    if algorithm == "Ed448":  # RFC 8032 5.2: SHAKE256, 114 octets
        digest = hashlib.shake_256(content).digest(114)
    else:
        size = algorithm[-3:] if algorithm[-3:] in _HASHES else "512"  # Ed25519: SHA-512
        digest = hashlib.new(f"sha{size}", content).digest()
    return b64(digest[: len(digest) // 2])
