"""Encryption at rest: AES-GCM with a list of keys (NIST SP 800-38D)."""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from typedoauth.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["AESGCMSealing"]

_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_FROM_BASE64URL: Final = bytes.maketrans(b"-_", b"+/")
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_SIZES: Final = (16, 24, 32)


class AESGCMSealing:
    """Encrypts with the first of several keys, and decrypts with any of them.

    What it writes is the key's id, a dot, and base64url of nonce, ciphertext and tag.
    To replace a key, put the new one in front, let everything be sealed anew
    (``flask typedoauth rotate-keys``), and only then take the old one away.

    Args:
        keys: Keys by their id, the one to encrypt with first: 16, 24 or 32 bytes, or
            their base64 as text. ``base64.b64encode(os.urandom(32))`` makes one.
        accept_unsealed: Whether a store reads what is not encrypted, from before it had
            a sealing. Say so until ``flask typedoauth rotate-keys`` has encrypted it, and
            no longer: it lets in whatever somebody else writes to the database.

    Raises:
        ConfigurationError: There is none, or one is no key.
    """

    __slots__ = ("_accept_unsealed", "_ciphers", "_current", "_material", "_refusals")

    def __init__(
        self,
        keys: Mapping[str, bytes | str] | Sequence[tuple[str, bytes | str]],
        *,
        accept_unsealed: bool = False,
    ) -> None:
        self._accept_unsealed: bool = accept_unsealed
        pairs = _pairs(keys)
        if not pairs:
            raise ConfigurationError("a sealing needs a key: AESGCMSealing({'2027': key})")
        self._material: dict[str, bytes] = {key_id: _checked(key_id, key) for key_id, key in pairs}
        if len(self._material) != len(pairs):
            raise ConfigurationError("two keys of a sealing have the same id")
        self._current: str = pairs[0][0]
        self._ciphers: dict[str, AESGCM] = {}
        self._refusals: tuple[type[Exception], ...] = (ValueError,)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self._material)}>"

    @property
    def key_id(self) -> str:
        """The id of the key that is used to encrypt."""
        return self._current

    @property
    def accept_unsealed(self) -> bool:
        """Whether a store reads what is not encrypted."""
        return self._accept_unsealed

    def seal(self, content: bytes, context: bytes, /) -> bytes:
        """Encrypt *content* with the first key.

        Args:
            content: What to encrypt.
            context: What it belongs to.

        Returns:
            The encrypted content.
        """
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._cipher(self._current)
        sealed = nonce + cipher.encrypt(nonce, content, self._bound(self._current, context))
        return self._current.encode() + b"." + urlsafe_b64encode(sealed)

    def open(self, sealed: bytes, context: bytes, /) -> bytes:
        """Decrypt what :meth:`seal` gave.

        Args:
            sealed: The encrypted content.
            context: What it belongs to.

        Returns:
            The content.

        Raises:
            StoreError: Its key is not there, it belongs elsewhere, or it was changed.
        """
        prefix, _, encoded = sealed.rpartition(b".")  # ids may have dots
        key_id = prefix.decode("ascii", "replace")
        if key_id not in self._material:
            shown = repr(key_id) if _KEY_ID.fullmatch(key_id) else "that is no key id"
            raise StoreError(
                f"encrypted with the key {shown}, and the sealing has {', '.join(self._material)}; "
                "give it that key again; nothing was changed"
            )
        try:
            content = a2b_base64(encoded.translate(_FROM_BASE64URL), strict_mode=True)
            nonce, rest = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
            return self._cipher(key_id).decrypt(nonce, rest, self._bound(key_id, context))
        except self._refusals:
            pass
        # Not in the handler: there is nothing more to know of it.
        raise StoreError(
            f"what is kept cannot be opened with the key {key_id!r}: it is another key of that "
            "id, or the row was changed, or copied from another owner; nothing was changed"
        )

    def is_current(self, sealed: bytes, /) -> bool:
        """Tell whether *sealed* was encrypted with the first key.

        Args:
            sealed: What :meth:`seal` gave.

        Returns:
            Whether it was.
        """
        return sealed.startswith(self._current.encode() + b".")

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._refusals = (InvalidTag, ValueError)
            cipher = self._ciphers[key_id] = AESGCM(self._material[key_id])
        return cipher

    @staticmethod
    def _bound(key_id: str, context: bytes) -> bytes:
        return key_id.encode() + b"\x00" + context


def _pairs(
    keys: Mapping[str, bytes | str] | Sequence[tuple[str, bytes | str]],
) -> list[tuple[str, bytes | str]]:
    try:
        pairs = list(keys.items() if isinstance(keys, Mapping) else keys)
        return [(key_id, key) for key_id, key in pairs]
    except (TypeError, ValueError):
        pass
    # Without the value, which may well be the key itself.
    raise ConfigurationError(
        "the keys of a sealing have ids: AESGCMSealing({'2027': key}), "
        f"not AESGCMSealing({type(keys).__name__})"
    )


def _checked(key_id: object, key: object) -> bytes:
    if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
        raise ConfigurationError("the id of a key is 1 to 32 of A-Z a-z 0-9 . _ -")
    octets = key if isinstance(key, bytes) else b""
    if isinstance(key, str):
        try:
            octets = urlsafe_b64decode(key.strip().replace("+", "-").replace("/", "_") + "==")
        except ValueError:
            octets = b""
    if len(octets) not in _SIZES:
        # Without the value: a mistyped key is most of a key.
        raise ConfigurationError(
            f"key {key_id!r} of a sealing is to have 16, 24 or 32 bytes (or be the base64 of so "
            f"many); this one has {len(octets)}"
        )
    return octets
