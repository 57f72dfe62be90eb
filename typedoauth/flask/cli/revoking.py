"""Revoking kept tokens at their services."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

import click

from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, OAuthError, StoreError
from typedoauth.flask.cli.causes import explained
from typedoauth.flask.cli.output import key_record, printable, say_json
from typedoauth.flask.cli.stores import KeptTokens, remote_app
from typedoauth.flask.oauth_apps import OAuth2App
from typedoauth.protocols import LeasingTokenStore
from typedoauth.tokens import AnyToken, TokenKey, check_oauth2_token

__all__ = ["Outcome", "revoke", "say_outcome"]

_LEASE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a token.

    Attributes:
        key: What it is or was kept under.
        outcome: ``revoked``, and so deleted; ``deleted`` only; or ``kept``.
        reason: Why it was not revoked.
    """

    key: TokenKey
    outcome: Literal["revoked", "deleted", "kept"]
    reason: str | None = None


def revoke(kept: KeptTokens, key: TokenKey, *, force: bool) -> Outcome | None:
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
        outcome = Outcome(key, "revoked")
    except OAuthError as error:
        reason = explained(error)
        if not force:
            if leasing is not None:
                with suppress(StoreError):  # the lease ends by itself
                    ask(store, leasing.release, key, holder)
            return Outcome(key, "kept", reason)
        outcome = Outcome(key, "deleted", reason)
    ask(store, kept.store.delete, key)
    return outcome


def say_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """Print what became of a token.

    Args:
        outcome: What did.
        as_json: Whether as JSON.
    """
    key = key_record(outcome.key)
    if as_json:
        say_json({**key, "outcome": outcome.outcome, "reason": outcome.reason})
    else:
        names = " ".join(one for one in key.values() if one)
        reason = f": {outcome.reason}" if outcome.reason else ""
        click.echo(printable(f"{outcome.outcome:8} {names}{reason}"))


def _revoke_at_service(kept: KeptTokens, key: TokenKey, token: AnyToken) -> None:
    client = remote_app(kept, key)
    if not isinstance(client, OAuth2App):
        raise ConfigurationError("OAuth 1.0 has no way to revoke a token")
    client.revoke_token(check_oauth2_token(token), owner=key.owner, account=key.account)
