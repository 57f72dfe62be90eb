"""Request parameters: encoding, sources, normalisation (RFC 5849 3.4.1.3, 3.6).

Parameters are kept encoded from end to end: what is canonical already is never
decoded, and bytes that are no UTF-8 are signed as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_to_bytes

from typedoauth._urls import percent_encode

__all__ = ["EncodedPairs", "encoded_pairs", "is_form", "normalize", "normalize_form"]

EncodedPairs = list[tuple[str, str]]
"""Names and values, each percent-encoded as RFC 5849 3.6 says."""

# Every escape in it stands for a byte that must be escaped, in capitals.
_ESCAPE: Final = r"%(?:[0189A-F][0-9A-F]|2[0-9ABCF]|3[A-F]|40|5[BCDE]|60|7[BCDF])"
_CANONICAL: Final = re.compile(
    rf"[A-Za-z0-9._~=&-]*+(?:{_ESCAPE}[A-Za-z0-9._~=&-]*+)*+".encode("ascii")
)
_TEXT: Final = rf"[A-Za-z0-9._~-]*+(?:{_ESCAPE}[A-Za-z0-9._~-]*+)*+"
_CANONICAL_FIELDS: Final = re.compile(rf"{_TEXT}={_TEXT}(?:&{_TEXT}={_TEXT})*+".encode("ascii"))


def is_form(content_type: str | None) -> bool:
    """Tell whether a body of this type takes part in the signature.

    Args:
        content_type: The value of ``Content-Type``, with or without parameters.

    Returns:
        Whether it is ``application/x-www-form-urlencoded``.

    Spec: RFC 5849 3.4.1.3.1.
    """
    if content_type is None:
        return False
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/x-www-form-urlencoded"


def _recode(component: bytes) -> str:
    return percent_encode(unquote_to_bytes(component.replace(b"+", b" ")))


def encoded_pairs(form: bytes) -> EncodedPairs:
    """Read a query or form-encoded body into its parameters.

    Args:
        form: The query, or the body, as it is sent.

    Returns:
        The parameters in order, duplicates and empty values included.

    Spec: RFC 5849 3.4.1.3.1.
    """
    if _CANONICAL.fullmatch(form):
        fields = (part.partition("=") for part in form.decode("ascii").split("&") if part)
        # A second "=" is part of the value, and not canonical there.
        return [(name, value.replace("=", "%3D")) for name, _, value in fields]
    parts = (part.partition(b"=") for part in form.split(b"&") if part)
    return [(_recode(name), _recode(value)) for name, _, value in parts]


def normalize(parameters: Iterable[tuple[str, str]]) -> str:
    """Join parameters into the normalised form that is signed.

    Args:
        parameters: Encoded pairs of every source, without ``oauth_signature``
            and ``realm``.

    Returns:
        The pairs sorted by name, then by value, and joined.

    Spec: RFC 5849 3.4.1.3.2.
    """
    return "&".join([f"{name}={value}" for name, value in sorted(parameters)])


def normalize_form(form: bytes, others: EncodedPairs) -> str:
    """Join the parameters of a form and others: ``normalize(encoded_pairs(form) + others)``.

    This is the same, and quick where every field of the form is a canonical name
    and value: nothing is taken apart then.

    Args:
        form: The query and the form-encoded body, as they are sent.
        others: Further encoded pairs.

    Returns:
        The pairs sorted by name, then by value, and joined.

    Spec: RFC 5849 3.4.1.3.2.
    """
    if not _CANONICAL_FIELDS.fullmatch(form):
        return normalize(encoded_pairs(form) + others)
    # A space ends a name: it comes before every character that a name can hold.
    fields = form.decode("ascii").replace("=", " ").split("&")
    fields += [f"{name} {value}" for name, value in others]
    fields.sort()
    return "&".join(fields).replace(" ", "=")
