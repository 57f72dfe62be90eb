"""Revoking kept tokens at their services, and forgetting them."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, OAuthError, StoreError
from typedoauth.flask.kept_tokens import KeptTokens, remote_app
from typedoauth.flask.oauth_apps import OAuth2App
from typedoauth.protocols import LeasingTokenStore
from typedoauth.tokens import AnyToken, TokenKey, check_oauth2_token

__all__ = ["Revocation", "revoke"]

_LEASE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Revocation:
    """What became of a token.

    Attributes:
        key: What it is or was kept under.
        outcome: ``revoked``, and so deleted; ``deleted`` only; or ``kept``.
        error: Why it was not revoked.
    """

    key: TokenKey
    outcome: Literal["revoked", "deleted", "kept"]
    error: OAuthError | None = None


def revoke(kept: KeptTokens, key: TokenKey, *, force: bool) -> Revocation | None:
    """Revoke a token at its service, then delete it.

    It is leased meanwhile where the store gives leases: a token that another process
    is just getting would stay good, and nobody would know it.

    Args:
        kept: Where it is.
        key: What it is kept under.
        force: Whether to delete it even if it cannot be revoked.

    Returns:
        What became of it; ``None`` where it is gone by itself.

    Raises:
        StoreError: It could not be deleted.
    """
    store: object = kept.store
    leasing = store if isinstance(store, LeasingTokenStore) else None
    holder = secrets.token_urlsafe(12)
    try:
        leased = leasing is None or ask(store, leasing.acquire, key, holder, _LEASE)
        token = ask(store, kept.store.get, key)
        if token is None:
            return None
        if not leased:
            raise StoreError("it is being renewed at this moment; run this again")
        _revoke_at_service(kept, key, token)
        outcome = Revocation(key, "revoked")
    except OAuthError as error:
        if not force:
            if leasing is not None:
                with suppress(StoreError):  # the lease ends by itself
                    ask(store, leasing.release, key, holder)
            return Revocation(key, "kept", error)
        outcome = Revocation(key, "deleted", error)
    ask(store, kept.store.delete, key)
    return outcome


def _revoke_at_service(kept: KeptTokens, key: TokenKey, token: AnyToken) -> None:
    client = remote_app(kept, key)
    if not isinstance(client, OAuth2App):
        raise ConfigurationError("OAuth 1.0 has no way to revoke a token")
    client.revoke_token(check_oauth2_token(token), owner=key.owner, account=key.account)
