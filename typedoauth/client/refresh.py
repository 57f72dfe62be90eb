"""Renewing a token once, however many threads ask for it."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from typing import Final

from typedoauth._forks import ForkLock
from typedoauth.errors import ConfigurationError, OAuthError, TransportError, TransportTimeoutError
from typedoauth.tokens import OAuth2Token

__all__ = ["RenewOnce", "fingerprint"]

_KEPT: Final = 256  # results, so that memory stays bounded
_SHORTEST: Final = 16  # characters; RFC 6749 10.10 asks for far more randomness


class _Flight:
    """One renewal under way, and how it ended."""

    __slots__ = ("done", "error", "process", "thread", "token")

    def __init__(self) -> None:
        self.process: int = os.getpid()
        self.thread: int = threading.get_ident()
        self.done: threading.Event = threading.Event()
        self.token: OAuth2Token | None = None
        self.error: BaseException | None = None

    @property
    def lost(self) -> bool:
        """Whether its thread stayed behind in the parent of a fork."""
        return self.process != os.getpid()

    def result(self, wait: float) -> OAuth2Token:
        """Wait for the end, at most *wait* seconds."""
        if self.thread == threading.get_ident():
            raise ConfigurationError(
                "a hook called its own client while that renews its token, which would wait for "
                "itself; send the hook's request with withhold_token=True, or another way"
            )
        if not self.done.wait(wait):
            raise TransportTimeoutError(
                "another thread is renewing this token and has not finished in time"
            )
        if self.token is not None:
            return self.token
        if isinstance(self.error, OAuthError):
            # A copy: raising one exception in several threads mixes their tracebacks.
            raise copy(self.error) from self.error
        raise TransportError("another thread was renewing this token and failed") from self.error


def fingerprint(token: OAuth2Token) -> str:
    """Name a token without keeping it: by its refresh token, or else its access token."""
    text = token.get("refresh_token") or ""
    if len(text) < _SHORTEST:  # none, or a broken one that two users may share ("null")
        text += token["access_token"]
    return hashlib.sha256(text.encode()).hexdigest()


class RenewOnce:
    """Runs one renewal for each token and remembers which token it gave.

    Callers that come with the old token later on get the result of the renewal
    that has been, so a copy read from a slow database does no harm. Once that
    result has expired it is the one to be renewed: the old token's refresh token
    may have been spent, and a server takes its second use for a theft (RFC 9700
    4.14.2).
    """

    __slots__ = ("_flights", "_lock", "_results")

    def __init__(self) -> None:
        self._lock: ForkLock = ForkLock()
        self._flights: dict[str, _Flight] = {}
        self._results: OrderedDict[str, OAuth2Token] = OrderedDict()

    def renew(
        self,
        key: str,
        renew: Callable[[OAuth2Token | None], OAuth2Token],
        *,
        usable: Callable[[OAuth2Token], bool],
        wait: float,
    ) -> tuple[OAuth2Token, bool]:
        """Run *renew*, or take the result of whoever runs it or has run it.

        Args:
            key: What is renewed: the fingerprint of the old token.
            renew: Does it; gets what has replaced the old token by now, if
                anything has. Its error goes to everybody who waits.
            usable: Tells whether an earlier result still serves.
            wait: How many seconds to wait for somebody else.

        Returns:
            The new token, and whether this call made it.

        Raises:
            OAuthError: The renewal failed, here or where it was waited for.
        """
        with self._lock:
            newest = self._newest(key)
            if newest is not None and usable(newest):
                return newest, False
            latest = key if newest is None else fingerprint(newest)
            flight = self._flights.get(latest)
            mine = flight is None or flight.lost
            if flight is None or flight.lost:
                flight = self._flights[latest] = _Flight()
        if not mine:
            return flight.result(wait), False
        try:
            token = flight.token = renew(newest)
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                if flight.token is not None:
                    self._keep((key, latest), flight.token)
                del self._flights[latest]
            flight.done.set()
        return token, True

    def _newest(self, key: str) -> OAuth2Token | None:
        found = self._results.get(key)
        while found is not None:
            newer = self._results.get(fingerprint(found))
            # A server that keeps its refresh token keeps the fingerprint, too.
            if newer is None or newer is found:
                break
            found = self._results[key] = newer
        return found

    def _keep(self, keys: tuple[str, str], token: OAuth2Token) -> None:
        # A server that gives an earlier refresh token again must not lead round in a circle.
        self._results.pop(fingerprint(token), None)
        for key in keys:
            self._results[key] = token
            self._results.move_to_end(key)
        while len(self._results) > _KEPT:
            self._results.popitem(last=False)
