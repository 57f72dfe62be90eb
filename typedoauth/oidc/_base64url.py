"""base64url without padding (RFC 7515 2), read strictly: one text for each value."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64
from typing import Final

_INVALID: Final = b"!"
# What is not of the alphabet becomes what the strict decoder refuses.
_TO_BASE64: Final = bytes.maketrans(b"-_+/=", b"+/" + _INVALID * 3)
_TO_BASE64URL: Final = bytes.maketrans(b"+/", b"-_")
_PADDING: Final = (b"", None, b"==", b"=")
# The unused bits of the last character are zero (RFC 4648 3.5).
_LAST: Final = (None, None, frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))


def decode(text: bytes) -> bytes | None:
    """Decode *text*; ``None`` when it is not what :func:`encode` would have written."""
    excess = len(text) & 3
    padding, last = _PADDING[excess], _LAST[excess]
    if padding is None or (last is not None and text[-1] not in last):
        return None
    try:
        return a2b_base64(text.translate(_TO_BASE64) + padding, strict_mode=True)
    except Error:
        return None


def decode_text(text: object) -> bytes | None:
    """Decode a member of a JSON document, which may be anything."""
    return decode(text.encode("utf-8", "replace")) if isinstance(text, str) else None


def encode(content: bytes) -> bytes:
    """Encode *content* without padding."""
    return b2a_base64(content, newline=False).rstrip(b"=").translate(_TO_BASE64URL)
