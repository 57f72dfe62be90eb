"""The RSA signature methods (RFC 5849 3.4.3)."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, final

from typedoauth.errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

__all__ = ["RSASHA1", "RSASHA256", "RSASHA512", "load_rsa_key"]

_SHORTEST: Final = 1024


def load_rsa_key(
    key: str | bytes | RSAPrivateKey | None, password: str | bytes | None = None
) -> RSAPrivateKey:
    """Read an RSA private key.

    Args:
        key: PEM (PKCS #1 or PKCS #8) as text or bytes, or a key object of
            ``cryptography``.
        password: The passphrase of an encrypted PEM.

    Returns:
        The key.

    Raises:
        ConfigurationError: There is no key, it is not an RSA private key in PEM,
            its passphrase is missing or wrong, or it has fewer than 1024 bits
            (more is better, but many OAuth 1.0 services take no other).
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not key:
        raise ConfigurationError("rsa_key is missing; the RSA signature methods sign with it")
    if isinstance(key, str | bytes):
        pem = key.encode() if isinstance(key, str) else key
        if b"-----BEGIN " not in pem:
            raise ConfigurationError(
                "rsa_key is not in PEM, which starts with -----BEGIN; "
                "give the content of the key file, not its path"
            )
        secret = password.encode() if isinstance(password, str) else password
        loaded: object = None
        # No causes: what they say is better said below, and may touch the key.
        try:
            loaded = load_pem_private_key(pem, secret or None)
        except TypeError:
            raise ConfigurationError(
                "rsa_key is not encrypted; leave rsa_key_password out"
                if secret
                else "rsa_key is encrypted; give its passphrase as rsa_key_password"
            ) from None
        except (ValueError, UnsupportedAlgorithm):
            raise ConfigurationError(
                "rsa_key cannot be read: it is no private key in PEM (PKCS #1 or PKCS #8), "
                "has lost its line breaks, or rsa_key_password is wrong"
            ) from None
    else:
        loaded = key
    if not isinstance(loaded, RSAPrivateKey):
        raise ConfigurationError(f"rsa_key is no RSA private key, but {type(loaded).__name__}")
    if loaded.key_size < _SHORTEST:
        raise ConfigurationError(
            f"rsa_key has {loaded.key_size} bits; make one of 2048, and of {_SHORTEST} at the least"
        )
    return loaded


class _RSA:
    """RSASSA-PKCS1-v1_5 over the base string.

    Args:
        key: See :func:`load_rsa_key`.
        password: The passphrase of an encrypted PEM.

    Raises:
        ConfigurationError: The key is missing or wrong.
    """

    name: str
    _digest: str
    _key: RSAPrivateKey
    _padding: PKCS1v15
    _algorithm: HashAlgorithm
    _unsupported: type[UnsupportedAlgorithm]

    def __init__(
        self, key: str | bytes | RSAPrivateKey | None, password: str | bytes | None = None
    ) -> None:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        self._key = load_rsa_key(key, password)
        algorithms: dict[str, Callable[[], HashAlgorithm]] = {
            "SHA1": hashes.SHA1,
            "SHA256": hashes.SHA256,
            "SHA512": hashes.SHA512,
        }
        self._padding = PKCS1v15()
        self._unsupported = UnsupportedAlgorithm
        self._algorithm = algorithms[self._digest]()

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        """Sign with the private key.

        Args:
            base_string: The signature base string.
            client_secret: Not used.
            token_secret: Not used.

        Returns:
            The signature in base64.

        Raises:
            ConfigurationError: The system's policy forbids the hash.
        """
        try:
            signature = self._key.sign(base_string.encode(), self._padding, self._algorithm)
        except self._unsupported as error:
            raise ConfigurationError(
                f"this system does not let {self.name} sign; use another signature_method"
            ) from error
        return b2a_base64(signature, newline=False).decode("ascii")


@final
class RSASHA1(_RSA):
    """RSA-SHA1 (RFC 5849 3.4.3)."""

    name: str = "RSA-SHA1"
    _digest: str = "SHA1"


@final
class RSASHA256(_RSA):
    """RSA-SHA256: RFC 5849 3.4.3 with another hash."""

    name: str = "RSA-SHA256"
    _digest: str = "SHA256"


@final
class RSASHA512(_RSA):
    """RSA-SHA512: RFC 5849 3.4.3 with another hash."""

    name: str = "RSA-SHA512"
    _digest: str = "SHA512"
