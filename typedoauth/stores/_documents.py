"""Tokens as stores keep them: JSON, sealed where the store is given a sealing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Protocol, cast, runtime_checkable

from typedoauth._json import parse_object
from typedoauth.errors import (
    ConfigurationError,
    InvalidTokenError,
    KeyRotationError,
    MalformedResponseError,
    StoreError,
)
from typedoauth.protocols import Sealing
from typedoauth.tokens import AnyToken, OAuth2Token, TokenKey, TokenSummary, expires_at

UNKNOWN_KEY: Final = "?"
"""Stands for the id of a key when the sealing does not tell it."""

_SEALED: Final = b"\x01"  # no JSON begins with it
_FURTHEST: Final = 2**62  # what an eight-byte column can hold, and more than time needs
# Not escaped: halves of surrogate pairs, which nobody could read again, then fail here.
_to_json: Final = json.JSONEncoder(
    separators=(",", ":"), allow_nan=False, ensure_ascii=False
).encode


def checked_sealing(sealing: object) -> Sealing | None:
    """Refuse what cannot seal when the store is made, not at the first login.

    Raises:
        ConfigurationError: It is something else.
    """
    if sealing is None or (isinstance(sealing, Sealing) and not isinstance(sealing, type)):
        return sealing
    # Without the value, which may well be the key itself.
    raise ConfigurationError(
        "sealing: an AESGCMSealing or an object with its methods, not "
        f"{type(sealing).__name__}: AESGCMSealing({{'2027': key}})"
    )


def context_of(key: TokenKey) -> bytes:
    """What a sealed token belongs to: a row that is copied to another user does not open."""
    # No part of a key that is kept is empty, or holds a NUL.
    return "\0".join((key.client, key.owner, key.account or "", key.tenant or "")).encode()


def seal(content: bytes, context: bytes, sealing: Sealing | None) -> bytes:
    """Seal what is to be kept, if there is a sealing."""
    return content if sealing is None else _SEALED + sealing.seal(content, context)


def unseal(kept: bytes, context: bytes, sealing: Sealing | None) -> bytes:
    """Open what :func:`seal` gave.

    Raises:
        StoreError: It is sealed and cannot be opened, or is not and should be.
    """
    if not kept.startswith(_SEALED):
        if sealing is None or _accepts_unsealed(sealing):
            return kept
        raise StoreError(
            "what is kept is not encrypted, and the store has a sealing; if it is from before "
            "that, give AESGCMSealing(…, accept_unsealed=True) until rotate-keys has encrypted "
            "it; if not, somebody else wrote it; nothing was changed"
        )
    if sealing is None:
        raise StoreError(
            "what is kept is encrypted and the store was given no sealing=; give it the one with "
            "the key; nothing was changed"
        )
    return sealing.open(kept[1:], context)


def encode(key: TokenKey, token: AnyToken, sealing: Sealing | None) -> bytes:
    """Write a token down.

    Raises:
        StoreError: It holds what is no JSON.
    """
    try:
        content = _to_json(token).encode()
    except (TypeError, ValueError, RecursionError):
        # No cause: it may quote the token.
        raise StoreError("the token cannot be kept: it holds what is no JSON value") from None
    return content if sealing is None else seal(content, context_of(key), sealing)


def decode(key: TokenKey, kept: bytes, sealing: Sealing | None) -> AnyToken:
    """Read what :func:`encode` wrote, sealed or not.

    Raises:
        StoreError: It is sealed and cannot be opened, or it is no token.
    """
    if sealing is not None or kept.startswith(_SEALED):
        kept = unseal(kept, context_of(key), sealing)
    try:
        token = parse_object(kept, "the stored token")
    except MalformedResponseError as error:
        raise StoreError(f"{error.description}; something else wrote it") from None
    return cast("AnyToken", token)  # whoever uses it checks its kind


def is_current(kept: bytes, sealing: Sealing | None) -> bool:
    """Whether *kept* is written as *sealing* would write it now."""
    if sealing is None:
        return not kept.startswith(_SEALED)
    return kept.startswith(_SEALED) and sealing.is_current(kept[1:])


def reencode(key: TokenKey, kept: bytes, sealing: Sealing | None) -> bytes:
    """Seal anew, with the first key, what is kept.

    Raises:
        StoreError: It cannot be opened.
    """
    context = context_of(key)
    return seal(unseal(kept, context, sealing), context, sealing)


@runtime_checkable
class _NamingSealing(Sealing, Protocol):
    """A sealing that tells which key it uses, so that a rotation finds the others by it."""

    @property
    def key_id(self) -> str: ...


@runtime_checkable
class _BeginningSealing(Sealing, Protocol):
    """A sealing that tells whether what is not sealed is read as it is."""

    @property
    def accept_unsealed(self) -> bool: ...


def _accepts_unsealed(sealing: Sealing) -> bool:
    return isinstance(sealing, _BeginningSealing) and sealing.accept_unsealed


def key_id_of(sealing: Sealing | None) -> str:
    """The id of the key that is used now; empty for none, :data:`UNKNOWN_KEY` if it is not told."""
    if sealing is None:
        return ""
    return sealing.key_id if isinstance(sealing, _NamingSealing) else UNKNOWN_KEY


def expiry_of(token: AnyToken) -> int | None:
    """When a token expires, as far as it can be told; OAuth 1.0 tokens do not."""
    try:
        expiry = expires_at(cast("OAuth2Token", token))  # of the other kind it has no such member
    except InvalidTokenError:
        return None
    return None if expiry is None else max(-_FURTHEST, min(expiry, _FURTHEST))


def is_refreshable(token: AnyToken) -> bool:
    """Whether a token can be renewed."""
    return bool(cast("Mapping[str, object]", token).get("refresh_token"))  # whatever its kind


def is_dead(told: TokenSummary, before: float) -> bool:
    """Whether a token expired before a moment, and cannot be renewed."""
    return told.expires_at is not None and told.expires_at < before and not told.refreshable


def unopened(count: int) -> KeyRotationError:
    """What a rotation says at its end of what it had to leave as it was."""
    left = (
        "1 token could not be opened and stayed as it was: its key is missing, or it was "
        "changed, or is not encrypted"
        if count == 1
        else f"{count} tokens could not be opened and stayed as they were: "
        "their key is missing, or they were changed, or are not encrypted"
    )
    return KeyRotationError(f"{left}; give the sealing that key and run it again", failed=count)
