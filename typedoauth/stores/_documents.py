"""Tokens as stores keep them: JSON, sealed where the store is given a sealing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, cast

from typedoauth._json import parse_object
from typedoauth.errors import InvalidTokenError, MalformedResponseError, StoreError
from typedoauth.protocols import Sealing
from typedoauth.tokens import AnyToken, OAuth2Token, TokenKey, TokenSummary, expires_at

_SEALED: Final = b"\x01"  # no JSON begins with it


def context_of(key: TokenKey) -> bytes:
    """What a sealed token belongs to: a row that is copied to another user does not open."""
    return json.dumps([key.client, key.owner, key.account, key.tenant]).encode()


def encode(key: TokenKey, token: AnyToken, sealing: Sealing | None) -> bytes:
    """Write a token down.

    Raises:
        StoreError: It holds what is no JSON.
    """
    try:
        content = json.dumps(token, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        # No cause: it may quote the token.
        raise StoreError("the token cannot be kept: it holds what is no JSON value") from None
    if sealing is None:
        return content
    return _SEALED + sealing.seal(content, context_of(key))


def is_current(kept: bytes, sealing: Sealing | None) -> bool:
    """Whether *kept* is written as *sealing* would write it now."""
    if sealing is None:
        return not kept.startswith(_SEALED)
    return kept.startswith(_SEALED) and sealing.is_current(kept[1:])


def decode(key: TokenKey, kept: bytes, sealing: Sealing | None) -> AnyToken:
    """Read what :func:`encode` wrote, sealed or not.

    Raises:
        StoreError: It is sealed and cannot be opened, or it is no token.
    """
    if kept.startswith(_SEALED):
        if sealing is None:
            raise StoreError(
                f"the token of client {key.client!r} is encrypted and the store was given no "
                "sealing=; give it the one with the key; nothing was changed"
            )
        kept = sealing.open(kept[1:], context_of(key))
    try:
        token = parse_object(kept, "the stored token")
    except MalformedResponseError as error:
        raise StoreError(f"{error.description}; something else wrote it") from None
    return cast("AnyToken", token)  # whoever uses it checks its kind


def summary(key: TokenKey, token: AnyToken, updated_at: float) -> TokenSummary:
    """What can be told of a token without showing it; OAuth 1.0 tokens do not expire."""
    members = cast("Mapping[str, object]", token)  # looked at, whatever its kind
    try:
        expiry = expires_at(cast("OAuth2Token", token))  # of the other kind it has no such member
    except InvalidTokenError:
        expiry = None
    return TokenSummary(key, expiry, bool(members.get("refresh_token")), updated_at)


def is_dead(told: TokenSummary, before: float) -> bool:
    """Whether a token expired before a moment, and cannot be renewed."""
    return told.expires_at is not None and told.expires_at < before and not told.refreshable
