"""Renewing tokens that a store keeps: once, on however many machines."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeAlias, TypeVar

from typedoauth.errors import (
    InvalidGrantError,
    OAuthError,
    StoreError,
    TokenExpiredError,
    TransportTimeoutError,
)
from typedoauth.protocols import LeasingTokenStore, TokenStore
from typedoauth.tokens import OAuth2Token, StoredToken, TokenKey, check_oauth2_token

__all__ = ["SPARE", "Save", "StoredRefresh", "ask"]

SPARE: Final = 5
"""Seconds that a lease lasts beyond the longest refresh."""

_FIRST_POLL: Final = 0.05
_LONGEST_POLL: Final = 0.25

_P = ParamSpec("_P")
_AnswerT = TypeVar("_AnswerT")

Save: TypeAlias = Callable[[], object]
"""Writes a renewed token to its store."""


@dataclass(frozen=True, slots=True)
class StoredRefresh:
    """Renews the token under one key of a store.

    Where the store gives leases, one process at a time asks the server, and the
    others wait for what it writes. A process that is killed meanwhile holds nobody
    up for longer than its lease.

    Attributes:
        store: The store.
        key: What the token is kept under.
        active: Tells whether a token still serves.
        lease: For how many seconds a lease is taken: as long as a refresh may last,
            and :data:`SPARE`.
    """

    store: TokenStore[OAuth2Token]
    key: TokenKey
    active: Callable[[OAuth2Token], bool]
    lease: float

    @property
    def leases(self) -> bool:
        """Whether the store lets one process at a time renew a token."""
        return isinstance(self.store, LeasingTokenStore)

    def renew(
        self, old: OAuth2Token, refresh: Callable[[OAuth2Token], OAuth2Token]
    ) -> tuple[OAuth2Token, Save | None]:
        """Renew what the store holds, unless somebody else has done so.

        Args:
            old: The token that is to be renewed.
            refresh: Trades its refresh token for a new token.

        Returns:
            The token, and what writes it to the store; ``None`` where somebody else
            has renewed it.

        Raises:
            InvalidGrantError: The server refused: the user logs in again.
            TokenExpiredError: So it did before, or the token was deleted meanwhile.
            TransportTimeoutError: Somebody else has it in hand and does not finish.
            StoreError: The store failed.
            OAuthError: The refresh failed in another way.
        """
        if isinstance(self.store, LeasingTokenStore):
            return self._leased(self.store, old, refresh)
        current = self._get()
        if self._replaces(current, old):
            return current, None
        try:
            new = refresh(self._refreshable(current))
        except InvalidGrantError:
            again = self._get()
            if self._replaces(again, current):
                return again, None  # another process was faster
            ask(self.store, self.store.set, self.key, _void(current))
            raise
        return new, lambda: ask(self.store, self.store.set, self.key, new)

    def _leased(
        self,
        store: LeasingTokenStore[OAuth2Token],
        old: OAuth2Token,
        refresh: Callable[[OAuth2Token], OAuth2Token],
    ) -> tuple[OAuth2Token, Save | None]:
        holder = secrets.token_urlsafe(12)
        ends, poll = time.monotonic() + self.lease + 5, _FIRST_POLL
        while True:
            found = self._load(store)
            if self._replaces(found.token, old):
                return found.token, None
            self._refreshable(found.token)
            asked = time.monotonic()
            if ask(store, store.acquire, self.key, holder, self.lease):
                break
            if time.monotonic() > ends:
                raise TransportTimeoutError(
                    f"another process is renewing the token of client {self.key.client!r} and "
                    "has not finished in time"
                )
            # So that those who wait do not all come back at the same moment.
            time.sleep(poll * random.uniform(0.5, 1))  # noqa: S311  nothing secret
            poll = min(poll * 1.5, _LONGEST_POLL)
        try:
            # What was read before the lease may be out of date by now.
            found = self._load(store)
            if self._replaces(found.token, old):
                ask(store, store.release, self.key, holder)
                return found.token, None
            if time.monotonic() - asked > SPARE:
                # Another process might send the same refresh token before this one is done.
                raise StoreError(
                    "taking the lease of a token took so long that it might end during the "
                    "refresh; nothing was sent, so try again"
                )
            new = refresh(self._refreshable(found.token))
        except InvalidGrantError:
            # So that nobody asks again with a refresh token that is void.
            if not ask(store, store.replace, self.key, _void(found.token), found.version):
                newer = self._load(store)
                if self._replaces(newer.token, found.token):
                    return newer.token, None
            raise
        except BaseException:
            with suppress(StoreError):  # the lease ends by itself; the first error says more
                ask(store, store.release, self.key, holder)
            raise
        return new, lambda: ask(store, store.replace, self.key, new, found.version)

    def _get(self) -> OAuth2Token:
        return self._still(ask(self.store, self.store.get, self.key))

    def _load(self, store: LeasingTokenStore[OAuth2Token]) -> StoredToken[OAuth2Token]:
        found = ask(store, store.load, self.key)
        token = self._still(None if found is None else found.token)
        return StoredToken(token, 0 if found is None else found.version)

    def _still(self, token: OAuth2Token | None) -> OAuth2Token:
        if token is None:
            raise TokenExpiredError(
                f"the token of client {self.key.client!r} was deleted meanwhile; log in again"
            )
        return check_oauth2_token(token)

    def _refreshable(self, token: OAuth2Token) -> OAuth2Token:
        if not token.get("refresh_token"):
            raise TokenExpiredError(
                f"the token of client {self.key.client!r} has expired and has no refresh_token, "
                "or the server has refused it; log in again"
            )
        return token

    def _replaces(self, found: OAuth2Token, old: OAuth2Token) -> bool:
        # By the access token: some servers give the same refresh token again.
        return found["access_token"] != old["access_token"] and self.active(found)


def ask(
    store: object,
    method: Callable[_P, _AnswerT],
    /,
    *arguments: _P.args,
    **keywords: _P.kwargs,
) -> _AnswerT:
    """Call a method of a store, which may be somebody's own.

    Args:
        store: The store, for the message.
        method: The method.
        arguments: Its arguments.
        keywords: Its keywords.

    Returns:
        What it answers.

    Raises:
        StoreError: It failed.
    """
    try:
        return method(*arguments, **keywords)
    except OAuthError:
        raise
    except Exception as error:
        raise StoreError(
            f"the token store, a {type(store).__name__}, failed with {type(error).__name__}; "
            "see the cause of this error"
        ) from error


def _void(token: OAuth2Token) -> OAuth2Token:
    return {**token, "refresh_token": None}
