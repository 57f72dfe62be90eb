"""Verification of OAuth 1.0 signatures, written from RFC 5849 and for this side alone.

Nothing here is shared with the client: what signs and what verifies must not
agree because they are the same code.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

__all__ = ["DIGESTS", "base_string", "base_string_uri", "body_hash", "load_rsa_key", "verify"]

DIGESTS: Final[dict[str, str]] = {
    "HMAC-SHA1": "sha1",
    "HMAC-SHA256": "sha256",
    "HMAC-SHA512": "sha512",
    "RSA-SHA1": "sha1",
    "RSA-SHA256": "sha256",
    "RSA-SHA512": "sha512",
}
"""The digest of each signature method that has one; PLAINTEXT has none."""

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def _encode(text: str) -> str:
    return quote(text, safe="-._~")


def base_string_uri(scheme: str, host: str, path: str) -> str:
    """Compose the base string URI (RFC 5849 3.4.1.2).

    Args:
        scheme: ``http`` or ``https``.
        host: The ``Host`` header field.
        path: The path as it stood in the request line, without the query.

    Returns:
        The URI, before it is encoded.
    """
    host = host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    return f"{scheme}://{host}{path or '/'}"


def base_string(method: str, uri: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Compose the signature base string (RFC 5849 3.4.1.1).

    Args:
        method: The request method.
        uri: The base string URI.
        parameters: All decoded parameters but ``realm`` and ``oauth_signature``.

    Returns:
        The signature base string.
    """
    encoded = sorted((_encode(name), _encode(value)) for name, value in parameters)
    normalized = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join((method.upper(), _encode(uri), _encode(normalized)))


def body_hash(method: str, body: bytes) -> str:
    """Hash a body that is no form (OAuth Request Body Hash 3.1, 3.2).

    Args:
        method: The signature method, whose digest is used; SHA-1 for PLAINTEXT.
        body: The body as it was sent.

    Returns:
        The value that ``oauth_body_hash`` must have.
    """
    return base64.b64encode(hashlib.new(DIGESTS.get(method, "sha1"), body).digest()).decode()


def load_rsa_key(pem: str | bytes) -> RSAPublicKey:
    """Read a public key.

    Args:
        pem: An RSA public key in PEM form.

    Returns:
        The key.

    Raises:
        ValueError: It is something else.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem.encode() if isinstance(pem, str) else pem)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the public key is not an RSA key")
    return key


def verify(
    method: str,
    signature: str,
    base: str,
    *,
    client_secret: str | None,
    token_secret: str,
    rsa_public_key: RSAPublicKey | None,
) -> bool:
    """Verify a signature (RFC 5849 3.2, 3.4.2 to 3.4.4).

    Args:
        method: The signature method, in capitals.
        signature: The decoded value of ``oauth_signature``.
        base: The signature base string.
        client_secret: The client's shared secret; without one only RSA can do.
        token_secret: The token's shared secret, or an empty text.
        rsa_public_key: The client's key, or ``None`` if it has none.

    Returns:
        Whether *method* is known and the signature is right.
    """
    if method.startswith("RSA-"):
        return rsa_public_key is not None and _verify_rsa(method, signature, base, rsa_public_key)
    if client_secret is None:
        return False
    key = f"{_encode(client_secret)}&{_encode(token_secret)}"
    if method == "PLAINTEXT":
        expected = key
    elif method in DIGESTS:
        digest = hmac.digest(key.encode(), base.encode(), DIGESTS[method])
        expected = base64.b64encode(digest).decode()
    else:
        return False
    return hmac.compare_digest(expected.encode(), signature.encode())


def _verify_rsa(method: str, signature: str, base: str, key: RSAPublicKey) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    # RFC 5849 3.4.3 is on SHA-1, and servers still ask for it.
    known = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}  # noqa: S303
    digest = known.get(DIGESTS.get(method, ""))
    if digest is None:
        return False
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, base.encode(), PKCS1v15(), digest)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
