"""Secrets of a login that pass through the browser: derived, or encrypted."""

from __future__ import annotations

import hmac
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from typedoauth.errors import StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["Sealer"]

_PURPOSE: Final = b"typedoauth: pending authorizations, version 1"


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


class Sealer:
    """Derives and encrypts with a key made of the application's ``SECRET_KEY``.

    Args:
        secret_key: The application's ``SECRET_KEY``.

    Attributes:
        key_id: Tells this key from others; nothing can be derived from it.
    """

    __slots__ = ("_key", "key_id")

    def __init__(self, secret_key: str | bytes) -> None:
        if isinstance(secret_key, str):
            secret_key = secret_key.encode()
        self._key: bytes = hmac.digest(secret_key, _PURPOSE, "sha256")
        self.key_id: str = self.derive("key")[:4]

    def derive(self, purpose: str, *parts: str) -> str:
        """Derive a text of 43 characters that nobody without the key can know.

        Args:
            purpose: What it is for.
            parts: What it belongs to.

        Returns:
            The same for the same arguments, base64url.
        """
        message = "".join([f"{len(one)}:{one}" for one in (purpose, *parts)])
        return _b64(hmac.digest(self._key, message.encode("utf-8", "surrogatepass"), "sha256"))

    def seal(self, secrets: Mapping[str, str], *context: str) -> str:
        """Encrypt *secrets* so that they open only with the same *context*.

        Args:
            secrets: What to encrypt.
            context: What they belong to.

        Returns:
            The ciphertext, base64url.
        """
        nonce = os.urandom(12)
        text = json.dumps(dict(secrets), separators=(",", ":")).encode()
        return _b64(nonce + self._cipher().encrypt(nonce, text, json.dumps(context).encode()))

    def unseal(self, sealed: str, *context: str) -> dict[str, str]:
        """Decrypt what :meth:`seal` made.

        Args:
            sealed: The ciphertext.
            context: What it was made with.

        Returns:
            The secrets.

        Raises:
            StoreError: It was made with another key or context, or was changed.
        """
        from cryptography.exceptions import InvalidTag

        try:
            data = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            text = self._cipher().decrypt(data[:12], data[12:], json.dumps(context).encode())
        except (InvalidTag, ValueError):
            raise StoreError("what was kept of this login cannot be opened; log in again") from None
        return cast("dict[str, str]", json.loads(text))  # it is authentic, so seal() made it

    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)
