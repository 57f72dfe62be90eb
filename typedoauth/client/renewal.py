"""Keeping a client's tokens fresh: when to renew, how, and who is told."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from typedoauth.client.refresh import RenewOnce, fingerprint
from typedoauth.errors import TokenExpiredError
from typedoauth.tokens import OAuth2Token, is_expired

__all__ = ["Renewal"]

_OWN_TOKENS: Final = 256


class Renewal:
    """Renews tokens once, whoever asks, and hands each new one over once.

    Args:
        name: The client's name, for messages.
        clock: Tells the time.
        margin: How many seconds before its expiry a token counts as expired.
        wait: How many seconds to wait for a renewal in another thread.
        refresh: Trades a token's refresh token for a new token.
        fetch_own: Asks for a token with the client's own credentials.
        updated: Told of each new token and the one it replaces.
        always_own: Whether tokens without refresh token are the client's own.
    """

    __slots__ = (
        "_always_own",
        "_clock",
        "_fetch_own",
        "_margin",
        "_name",
        "_once",
        "_own",
        "_refresh",
        "_unsaved",
        "_updated",
        "_wait",
    )

    def __init__(
        self,
        *,
        name: str,
        clock: Callable[[], float],
        margin: float,
        wait: float,
        refresh: Callable[[OAuth2Token], OAuth2Token],
        fetch_own: Callable[[], OAuth2Token],
        updated: Callable[[OAuth2Token, OAuth2Token], object],
        always_own: bool,
    ) -> None:
        self._name = name
        self._clock = clock
        self._margin = margin
        self._wait = wait
        self._refresh = refresh
        self._fetch_own = fetch_own
        self._updated = updated
        self._always_own = always_own
        self._once: RenewOnce = RenewOnce()
        self._own: OrderedDict[str, None] = OrderedDict()
        self._unsaved: dict[str, tuple[OAuth2Token, OAuth2Token]] = {}

    def active(self, token: OAuth2Token) -> bool:
        """Tell whether *token* still serves."""
        # A token that lives for less than two margins is used for half its life.
        lifetime = token.get("expires_in")
        margin = min(self._margin, lifetime / 2) if lifetime else self._margin
        return not is_expired(token, self._clock(), margin)

    def is_own(self, token: OAuth2Token) -> None:
        """Note that *token* was issued for the client's own credentials."""
        self._own[fingerprint(token)] = None
        while len(self._own) > _OWN_TOKENS:
            self._own.popitem(last=False)

    def own(self) -> OAuth2Token:
        """Return a token for the client's own credentials, fetched if need be."""
        token, _ = self._once.renew(
            "client_credentials", self._fetch_own, usable=self.active, wait=self._wait
        )
        return token

    def ensure_active(self, token: OAuth2Token) -> OAuth2Token:
        """Return *token*, or what has replaced it.

        Raises:
            TokenExpiredError: It has expired and cannot be renewed.
            OAuthError: Renewing it failed.
        """
        return token if self.active(token) else self.renew(token, self.active)

    def renew(self, old: OAuth2Token, usable: Callable[[OAuth2Token], bool]) -> OAuth2Token:
        """Renew *old*, unless a renewal that has been gave something *usable*.

        Raises:
            TokenExpiredError: It cannot be renewed.
            OAuthError: Renewing it failed.
        """
        key = fingerprint(old)
        if old.get("refresh_token"):

            def renew() -> OAuth2Token:
                return self._refresh(old)

        elif self._always_own or key in self._own:
            renew = self._fetch_own
        else:
            raise TokenExpiredError(
                f"the token of client {self._name!r} has expired and has no refresh_token; "
                "log in again"
            )
        new, mine = self._once.renew(key, renew, usable=usable, wait=self._wait)
        if mine:
            self._unsaved[new["access_token"]] = new, old
        self._hand_over(new)
        return new

    def _hand_over(self, new: OAuth2Token) -> None:
        """Tell of a new token; where that fails, its next use tries again."""
        unsaved = self._unsaved.pop(new["access_token"], None)
        if unsaved is None:
            return
        try:
            self._updated(*unsaved)
        except BaseException:
            self._unsaved[new["access_token"]] = unsaved
            raise
