"""How claims are read (OpenID Connect Core 2, 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from typedoauth._json import parse_object
from typedoauth.claims import Address
from typedoauth.errors import IdTokenError, MalformedResponseError
from typedoauth.oidc._base64url import decode

__all__ = ["parse_claims", "read_claims", "unverified_subject"]

_DEEPEST: Final = 16
_BRACKET: Final = ord("[")
_NAMES: Final = ("name", "given_name", "family_name", "middle_name", "nickname")
_PROFILE: Final = ("preferred_username", "profile", "picture", "website", "gender", "birthdate")
_TEXTS: Final = frozenset({*_NAMES, *_PROFILE, "zoneinfo", "locale", "email", "phone_number"})
_FLAGS: Final = frozenset({"email_verified", "phone_number_verified"})
_NO_TEXTS: Final = _FLAGS | {"updated_at", "amr", "address"}
_TYPED: Final = _TEXTS | _NO_TEXTS
_WRITTEN_FLAGS: Final = {"true": True, "false": False}


def _is_flat(content: bytes) -> bool:
    """Whether the brackets alone show that an object holds no other and no list."""
    return _BRACKET not in content and content.rfind(b"{") == 0


def _too_deep(document: Mapping[str, object]) -> bool:
    level: list[object] = list(document.values())
    for _ in range(_DEEPEST):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(cast("dict[str, object]", value).values())  # as JSON has them
            elif isinstance(value, list):
                below.extend(cast("list[object]", value))  # each is looked at
        if not below:
            return False
        level = below
    return True


def _texts(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    entries = cast("list[object]", value)  # each is looked at
    texts = [one for one in entries if isinstance(one, str)]
    return texts if len(texts) == len(entries) else None


def _typed(name: str, value: object) -> object:
    """The value of a standard claim as its type says, or ``None``."""
    if name in _TEXTS:
        return value if isinstance(value, str) else None
    if name in _FLAGS:
        value = _WRITTEN_FLAGS.get(value.lower()) if isinstance(value, str) else value
        return value if isinstance(value, bool) else None
    if name == "updated_at":
        fits = isinstance(value, int | float | str) and not isinstance(value, bool)
        return value if fits else None
    if name == "amr":
        return _texts(value)
    if not isinstance(value, dict):
        return None
    members = cast("dict[str, object]", value)  # as JSON has them
    return {
        one: part
        for one, part in members.items()
        if isinstance(part, str) or one not in Address.__annotations__
    }


def read_claims(members: Mapping[str, object]) -> dict[str, object]:
    """Bring the standard claims into their types.

    Args:
        members: Claims, as they were sent.

    Returns:
        The claims, without those that are null or of a wrong type.
    """
    claims = dict(members)
    for name, value in members.items():
        if isinstance(value, str) and name not in _NO_TEXTS:
            continue  # as most are
        typed = _typed(name, value) if name in _TYPED else value
        if typed is None:
            del claims[name]
        else:
            claims[name] = typed
    return claims


def parse_claims(content: bytes, what: str) -> dict[str, object]:
    """Parse the payload of a signed token.

    Args:
        content: JSON.
        what: What it is, for the error message.

    Returns:
        The claims, see :func:`read_claims`.

    Raises:
        IdTokenError: It is not strict JSON, no object, or nested too deep.
    """
    try:
        members = parse_object(content, what)
    except MalformedResponseError as error:
        raise IdTokenError(error.description) from None  # it is of no more use
    if not _is_flat(content) and _too_deep(members):
        raise IdTokenError(f"{what} is nested deeper than {_DEEPEST} levels")
    return read_claims(members)


def unverified_subject(token: str) -> str | None:
    """Read the ``sub`` of a signed token that was verified before.

    Args:
        token: The JWT.

    Returns:
        The subject, or ``None`` where it cannot be read, as of an encrypted one.
    """
    parts = token.encode("utf-8", "replace").split(b".")
    payload = decode(parts[1]) if len(parts) == 3 else None
    try:
        subject = parse_object(payload or b"", "the payload").get("sub")
    except MalformedResponseError:
        return None
    return subject if isinstance(subject, str) else None
