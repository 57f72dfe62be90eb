"""Private keys in PEM (RFC 7468)."""

from __future__ import annotations

from typedoauth.errors import ConfigurationError


def read_private_pem(content: bytes, password: str | bytes | None, what: str) -> object:
    """Read a private key, without looking at what kind it is.

    Args:
        content: PEM.
        password: Its passphrase, if it is encrypted.
        what: What it is, for the error message.

    Returns:
        A key object of ``cryptography``.

    Raises:
        ConfigurationError: It is none, or the password does not fit.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    secret = password.encode() if isinstance(password, str) else password
    try:
        return load_pem_private_key(content, secret or None)
    except TypeError:
        problem = (
            "is not encrypted; leave the password out"
            if secret
            else "is encrypted; give its password"
        )
    except (ValueError, UnsupportedAlgorithm):
        problem = (
            "is no private key in PEM or JWK, has lost its line breaks, or its password is "
            "wrong; give the content of the file, not its path"
        )
    # Not in the handler: what those errors say is better said here, and may touch the key.
    raise ConfigurationError(f"{what} {problem}")
