"""Keeping a client's tokens fresh: when to renew, how, and who is told."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final, cast

from typedoauth._forks import ForkLock
from typedoauth.client.handover import HandOver
from typedoauth.client.refresh import RenewOnce, fingerprint
from typedoauth.client.stored_tokens import Save, StoredRefresh
from typedoauth.errors import TokenExpiredError
from typedoauth.tokens import OAuth2Token, is_expired

__all__ = ["Renewal"]

_KEPT: Final = 256
_OWN: Final = "client_credentials"  # no fingerprint looks like it


class Renewal:
    """Renews tokens once, whoever asks, and hands each new one over once.

    Args:
        name: The client's name, for messages.
        clock: Tells the time.
        margin: How many seconds before its expiry a token counts as expired.
        wait: How many seconds to wait for a renewal in another thread.
        prepare: Has at hand what a refresh will need, before anything is spent.
        refresh: Trades a token's refresh token for a new token.
        fetch_own: Asks for a token with the client's own credentials.
        updated: Told of each new token and the one it replaces.
        always_own: Whether tokens without refresh token are the client's own.
    """

    __slots__ = (
        "_always_own",
        "_clock",
        "_fetch_own",
        "_hand_over",
        "_lock",
        "_margin",
        "_name",
        "_once",
        "_own",
        "_prepare",
        "_refresh",
        "_stored",
        "_wait",
    )

    def __init__(
        self,
        *,
        name: str,
        clock: Callable[[], float],
        margin: float,
        wait: float,
        prepare: Callable[[OAuth2Token], object],
        refresh: Callable[[OAuth2Token], OAuth2Token],
        fetch_own: Callable[[], OAuth2Token],
        updated: Callable[[OAuth2Token, OAuth2Token], object],
        always_own: bool,
    ) -> None:
        self._name = name
        self._clock = clock
        self._margin = margin
        self._wait = wait
        self._prepare = prepare
        self._refresh = refresh
        self._fetch_own = fetch_own
        self._hand_over: HandOver = HandOver(updated)
        self._always_own = always_own
        self._once: RenewOnce = RenewOnce()
        self._lock: ForkLock = ForkLock()
        self._own: OrderedDict[str, Callable[[], OAuth2Token]] = OrderedDict()
        self._stored: OrderedDict[str, StoredRefresh] = OrderedDict()

    def active(self, token: OAuth2Token, earlier: float = 0) -> bool:
        """Tell whether *token* still serves.

        Args:
            token: The token.
            earlier: How many seconds before the margin it counts as expired.
        """
        # A token that lives for less than two margins is used for half its life.
        margin = min(self._margin + earlier, _lifetime(token) / 2)
        return not is_expired(token, self._clock(), margin)

    def is_own(self, token: OAuth2Token, again: Callable[[], OAuth2Token]) -> None:
        """Note that *token* was issued for the client's own credentials.

        Args:
            token: The token.
            again: Asks for another one like it: same scope, same parameters.
        """
        with self._lock:
            self._own[fingerprint(token)] = again
            while len(self._own) > _KEPT:
                self._own.popitem(last=False)

    def own(self) -> OAuth2Token:
        """Return a token for the client's own credentials, fetched if need be."""
        token, _ = self._once.renew(
            _OWN, lambda _: self._fetch_own(), usable=self.active, wait=self._wait
        )
        return token

    def ensure_active(self, token: OAuth2Token) -> OAuth2Token:
        """Return *token*, or what has replaced it.

        One that came out of a store and has expired since is renewed in there: else the
        store would keep a refresh token that is spent.

        Raises:
            TokenExpiredError: It has expired and cannot be renewed.
            OAuthError: Renewing it failed.
        """
        if self.active(token):
            return token
        stored = self._stored.get(token["access_token"])
        return self._renew(token, self.active if stored is None else stored.active, stored)

    def ensure_stored_active(self, token: OAuth2Token, stored: StoredRefresh) -> OAuth2Token:
        """Return *token*, which a store holds, or what has replaced it there.

        Raises:
            TokenExpiredError: It has expired and cannot be renewed.
            OAuthError: Renewing it failed.
        """
        current = token if stored.active(token) else self._renew(token, stored.active, stored)
        with self._lock:
            self._stored[current["access_token"]] = stored
            self._stored.move_to_end(current["access_token"])
            while len(self._stored) > _KEPT:
                self._stored.popitem(last=False)
        return current

    def replace(self, old: OAuth2Token, stored: StoredRefresh | None = None) -> OAuth2Token:
        """Renew *old*, active or not, unless it has been renewed already.

        Args:
            old: The token.
            stored: Where it is kept, if it is in a store.

        Raises:
            TokenExpiredError: It cannot be renewed.
            OAuthError: Renewing it failed.
        """

        def usable(newer: OAuth2Token) -> bool:
            return newer["access_token"] != old["access_token"] and self.active(newer)

        return self._renew(old, usable, stored)

    def _renew(
        self,
        old: OAuth2Token,
        usable: Callable[[OAuth2Token], bool],
        stored: StoredRefresh | None = None,
    ) -> OAuth2Token:
        key = fingerprint(old)
        latest, made = old, True
        save: Save | None = None

        def renew(newest: OAuth2Token | None) -> OAuth2Token:
            nonlocal latest, save, made
            latest = old if newest is None or fingerprint(newest) == key else newest
            if stored is not None:
                if newest is not None:
                    # Else the store would have a token that is spent.
                    self._hand_over.deliver(newest)
                self._prepare(latest)
                token, save = stored.renew(latest, self._refresh)
                made = save is not None
                return token
            if latest.get("refresh_token"):
                return self._refresh(latest)
            return self._another_own(latest)()

        wait = self._wait if stored is None else self._wait + stored.lease + 5
        new, mine = self._once.renew(key, renew, usable=usable, wait=wait)
        if mine and made:
            later = stored is not None and stored.leases
            self._hand_over.add(new, latest, save, later=later)
        self._hand_over.deliver(new)
        return new

    def _another_own(self, token: OAuth2Token) -> Callable[[], OAuth2Token]:
        again = self._own.get(fingerprint(token))
        if again is None and self._always_own:
            again = self._fetch_own
        if again is None:
            why = (
                "has no refresh_token, so it cannot be renewed"
                if self.active(token)
                else "has expired and has no refresh_token"
            )
            raise TokenExpiredError(f"the token of client {self._name!r} {why}; log in again")
        return again


def _lifetime(token: OAuth2Token) -> float:
    """How many seconds a token lives, as far as one can tell; otherwise very many."""
    value = cast("Mapping[str, object]", token).get("expires_in")  # a database may give text
    try:
        seconds = float(value) if isinstance(value, str | int | float) else 0.0
    except (ValueError, OverflowError):
        seconds = 0.0
    return seconds if seconds > 0 else float("inf")
