"""Proof Key for Code Exchange (RFC 7636); S256 is the only method there is."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode

from typedoauth.errors import ConfigurationError

__all__ = ["code_challenge"]

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def code_challenge(code_verifier: str) -> str:
    """Derive the S256 code challenge of a code verifier.

    Args:
        code_verifier: 43 to 128 unreserved characters.

    Returns:
        The code challenge, base64url without padding.

    Raises:
        ConfigurationError: The verifier is too short, too long or holds other
            characters.

    Spec: RFC 7636 4.1, 4.2.
    """
    if not _VERIFIER.fullmatch(code_verifier):
        raise ConfigurationError(
            "a code verifier has 43 to 128 characters of A-Z a-z 0-9 - . _ ~; "
            "leave it out and one is made"
        )
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
