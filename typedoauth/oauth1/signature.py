"""Signature methods without a key pair, and choosing one by name (RFC 5849 3.4)."""

from __future__ import annotations

import hmac
from binascii import b2a_base64
from typing import TYPE_CHECKING, Final, final

from typedoauth._urls import percent_encode
from typedoauth.errors import ConfigurationError
from typedoauth.oauth1.rsa import RSASHA1, RSASHA256, RSASHA512
from typedoauth.protocols import SignatureMethod

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = [
    "HMACSHA1",
    "HMACSHA256",
    "HMACSHA512",
    "Plaintext",
    "SIGNATURE_METHODS",
    "signature_method",
]


def _shared_secrets(client_secret: str, token_secret: str) -> str:
    return f"{percent_encode(client_secret)}&{percent_encode(token_secret)}"


class _HMAC:
    """HMAC over the base string, keyed with both shared secrets."""

    name: str
    _digest: str

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        """Sign with both shared secrets.

        Args:
            base_string: The signature base string.
            client_secret: The client shared-secret.
            token_secret: The token shared-secret.

        Returns:
            The signature in base64.
        """
        key = _shared_secrets(client_secret, token_secret)
        signature = hmac.digest(key.encode("ascii"), base_string.encode(), self._digest)
        return b2a_base64(signature, newline=False).decode("ascii")


@final
class HMACSHA1(_HMAC):
    """HMAC-SHA1, the method that nearly every server knows (RFC 5849 3.4.2)."""

    name: str = "HMAC-SHA1"
    _digest: str = "sha1"


@final
class HMACSHA256(_HMAC):
    """HMAC-SHA256: RFC 5849 3.4.2 with another hash."""

    name: str = "HMAC-SHA256"
    _digest: str = "sha256"


@final
class HMACSHA512(_HMAC):
    """HMAC-SHA512: RFC 5849 3.4.2 with another hash."""

    name: str = "HMAC-SHA512"
    _digest: str = "sha512"


@final
class Plaintext:
    """PLAINTEXT: no signature, the secrets themselves (RFC 5849 3.4.4).

    Requests signed with it go out over TLS or to loopback only.
    """

    name: str = "PLAINTEXT"

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        """Join both shared secrets.

        Args:
            base_string: Not used.
            client_secret: The client shared-secret.
            token_secret: The token shared-secret.

        Returns:
            The secrets, encoded and joined.
        """
        return _shared_secrets(client_secret, token_secret)


_KEYLESS: Final[dict[str, type[HMACSHA1 | HMACSHA256 | HMACSHA512 | Plaintext]]] = {
    "HMAC-SHA1": HMACSHA1,
    "HMAC-SHA256": HMACSHA256,
    "HMAC-SHA512": HMACSHA512,
    "PLAINTEXT": Plaintext,
}
_RSA: Final[dict[str, type[RSASHA1 | RSASHA256 | RSASHA512]]] = {
    "RSA-SHA1": RSASHA1,
    "RSA-SHA256": RSASHA256,
    "RSA-SHA512": RSASHA512,
}
SIGNATURE_METHODS: Final[tuple[str, ...]] = (*_KEYLESS, *_RSA)
"""The names that :func:`signature_method` knows."""


def signature_method(
    name: str,
    *,
    rsa_key: str | bytes | RSAPrivateKey | None = None,
    rsa_key_password: str | bytes | None = None,
) -> SignatureMethod:
    """Make the signature method of that name.

    Args:
        name: A value of ``oauth_signature_method``, such as ``HMAC-SHA1``.
        rsa_key: The private key, for the RSA methods; the others leave it alone.
        rsa_key_password: The passphrase of an encrypted key.

    Returns:
        The method; its key has been parsed.

    Raises:
        ConfigurationError: The name is unknown, or the key is missing or wrong.

    Spec: RFC 5849 3.4.
    """
    if name in _KEYLESS:
        return _KEYLESS[name]()
    if name in _RSA:
        return _RSA[name](rsa_key, rsa_key_password)
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(str(name).upper(), SIGNATURE_METHODS, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    raise ConfigurationError(
        f"signature_method: {name!r} is unknown{hint}; it is one of "
        f"{', '.join(SIGNATURE_METHODS)}, or an object with name and sign()"
    )
