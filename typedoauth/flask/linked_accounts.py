"""The accounts that a user has linked, as far as the token store knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, LoginRequiredError, OAuthError
from typedoauth.flask.kept_tokens import KeptTokens, managed, remote_app, stream
from typedoauth.flask.revoking import Revocation, revoke
from typedoauth.flask.shared import Owner, owner_text
from typedoauth.flask.state import AppState
from typedoauth.tokens import TokenKey, TokenSummary, is_oauth2_token

__all__ = ["LinkedAccount", "accounts_of", "unlink", "whose"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = 253_402_300_799  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """A token that is kept of a user, without the token.

    Attributes:
        key: What it is kept under; ``key.client`` is the client's name.
        title: What the service is called.
        scopes: What the user has granted, as far as the service said.
        expires_at: When the token ends, in UTC, and in the year 9999 at the latest; ``None``
            where that is not known.
        renewable: Whether it is renewed when it ends.
        expired: Whether it has ended.
        updated_at: When it was written, in UTC.
    """

    key: TokenKey
    title: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    renewable: bool
    expired: bool
    updated_at: datetime


def whose(state: AppState, owner: Owner | None) -> str:
    """Tell whose accounts are meant.

    Args:
        state: The application's.
        owner: Whose; asked of the application when left out.

    Returns:
        What a store keeps tokens under.

    Raises:
        LoginRequiredError: Nobody is logged in.
        ConfigurationError: The application has not said how to tell, or the owner
            identifies nobody.
        ContextError: The application needs a request to tell it, and there is none.
    """
    find = state.shared.owner
    if owner is None and find is None:
        raise ConfigurationError(
            "it is not clear whose accounts are meant: give owner=, or OAuth(…, owner=function)"
        )
    found = owner_text(state.ask_owner(find) if owner is None and find else owner)
    if found is None:
        raise LoginRequiredError("nobody is logged in whose accounts could be meant")
    return found


def accounts_of(state: AppState, owner: Owner | None) -> list[LinkedAccount]:
    """List the accounts that a user has linked, by the titles of their services.

    Args:
        state: The application's.
        owner: Whose; asked of the application when left out.

    Returns:
        The accounts.

    Raises:
        LoginRequiredError: Nobody is logged in.
        ConfigurationError: There is no token store, or it cannot list what it keeps, or it
            is not clear whose accounts are meant.
        StoreError: The store failed.
    """
    found = whose(state, owner)
    kept = _kept(state)
    store = managed(kept)
    summaries = stream(kept, lambda: store.summaries(owner=found))
    accounts = [_account(kept, one) for one in summaries]
    return sorted(accounts, key=lambda one: (one.title.lower(), one.key.account or ""))


def unlink(state: AppState, key: TokenKey, *, force: bool) -> Revocation | None:
    """Revoke a kept token at its service, and forget it.

    Where the service offers no way to revoke, it is forgotten all the same.

    Args:
        state: The application's.
        key: What it is kept under.
        force: Whether to forget it even if the service cannot be told.

    Returns:
        What became of it; ``None`` where there was none.

    Raises:
        ConfigurationError: There is no token store.
        StoreError: It could not be deleted.
    """
    kept = _kept(state)
    found = revoke(kept, key, force=force)
    if (
        found is not None
        and found.outcome == "kept"
        and isinstance(found.error, ConfigurationError)
    ):
        forced = revoke(kept, key, force=True)
        return forced if forced is None else Revocation(key, forced.outcome, found.error)
    return found


def _kept(state: AppState) -> KeptTokens:
    store = state.shared.token_store
    if store is None:
        raise ConfigurationError(
            "the application keeps no tokens, and so knows no linked accounts; give "
            "OAuth(…, token_store=…) or init_app(…, token_store=…) a store"
        )
    return KeptTokens(store, [state])


def _account(kept: KeptTokens, summary: TokenSummary) -> LinkedAccount:
    token = ask(kept.store, kept.store.get, summary.key)
    scope = token.get("scope") if token is not None and is_oauth2_token(token) else None
    ends = summary.expires_at
    return LinkedAccount(
        key=summary.key,
        title=_title(kept, summary.key),
        scopes=tuple((scope or "").replace(",", " ").split()),
        expires_at=None if ends is None else _moment(ends),
        renewable=summary.refreshable,
        expired=ends is not None and ends <= kept.now(),
        updated_at=_moment(summary.updated_at),
    )


def _moment(seconds: float) -> datetime:
    """A moment of this calendar: services name any number of seconds."""
    return _EPOCH + timedelta(seconds=min(max(seconds, 0), _LAST))


def _title(kept: KeptTokens, key: TokenKey) -> str:
    try:
        return remote_app(kept, key).title
    except OAuthError:  # a service that is not offered any more
        return key.client
