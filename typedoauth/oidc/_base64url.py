"""base64url without padding (RFC 7515 2), read strictly: one text for each value."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64
from typing import Final

_INVALID: Final = b"!"
# What is not of the alphabet becomes what the strict decoder refuses.
_TO_BASE64: Final = bytes.maketrans(b"-_+/=", b"+/" + _INVALID * 3)
_TO_BASE64URL: Final = bytes.maketrans(b"+/", b"-_")
_PADDING: Final = (b"", b"", b"==", b"=")
# By how many characters there are over a multiple of four: one alone is never right, and
# the unused bits of the last one are zero (RFC 4648 3.5).
_LAST: Final = (b"", b"", b"AQgw", b"AEIMQUYcgkosw048")


def decode(text: bytes) -> bytes | None:
    """Decode *text*; ``None`` when it is not what :func:`encode` would have written."""
    excess = len(text) & 3
    if excess and text[-1] not in _LAST[excess]:
        return None
    try:
        return a2b_base64(text.translate(_TO_BASE64) + _PADDING[excess], strict_mode=True)
    except Error:
        return None


def decode_text(text: object) -> bytes | None:
    """Decode a member of a JSON document, which may be anything."""
    return decode(text.encode("utf-8", "replace")) if isinstance(text, str) else None


def encode(content: bytes) -> bytes:
    """Encode *content* without padding."""
    return b2a_base64(content, newline=False).rstrip(b"=").translate(_TO_BASE64URL)
