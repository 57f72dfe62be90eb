"""Documents of a server: fetched at first use, by one thread at a time, and kept."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Final, Generic, TypeVar

from typedoauth._forks import ForkLock
from typedoauth.errors import OAuthError

__all__ = ["Fetched"]

_SECONDS: Final = 3600.0
_SECONDS_AFTER_FAILURE: Final = 60.0
_LONGEST: Final = 24 * 3600.0
_COOL_DOWN: Final = 10.0

DocumentT = TypeVar("DocumentT")


class Fetched(Generic[DocumentT]):
    """One document of a server, kept for an hour.

    Where it cannot be fetched again after that hour, what is there goes on serving,
    for a day at the longest: a key that was withdrawn is not trusted for ever.

    Args:
        fetch: Asks the server.
        clock: Tells the time.
    """

    __slots__ = (
        "_asked",
        "_attempts",
        "_clock",
        "_error",
        "_fetch",
        "_held",
        "_hurried",
        "_lock",
        "_until",
    )

    def __init__(self, fetch: Callable[[], DocumentT], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._held: DocumentT | None = None
        self._asked: float = 0.0
        self._until: float = 0.0
        self._hurried: dict[str, float] = {}
        self._error: OAuthError | None = None
        self._attempts: int = 0
        self._lock: ForkLock = ForkLock()

    @property
    def held(self) -> DocumentT | None:
        """What is there without asking anybody."""
        return self._held

    def get(self) -> DocumentT:
        """Return the document, fetched if need be.

        Raises:
            OAuthError: The server could not be asked; the next call tries again.
        """
        held = self._held
        if held is not None and self._clock() < self._until:
            return held
        attempts = self._attempts
        with self._lock:
            held = self._held
            if held is not None and self._clock() < self._until:
                return held
            if self._attempts != attempts and self._error is not None:
                # Another thread failed meanwhile: waiting in turn would take each the whole time.
                raise copy(self._error)
            try:
                return self._ask()
            except OAuthError:
                now = self._clock()
                if held is None or now - self._asked > _LONGEST:
                    raise
                self._until = now + _SECONDS_AFTER_FAILURE
                return held

    def newer(self, than: DocumentT, purpose: str = "") -> DocumentT | None:
        """Return another document than the one that did not serve.

        Args:
            than: The one that did not serve.
            purpose: For what; one that strangers can cause does not hold up the others.

        Returns:
            What has replaced it by now; else a new one; ``None`` where one was
            fetched for this reason a moment ago, which a flood of such reasons
            must not repeat.

        Raises:
            OAuthError: The server could not be asked.
        """
        with self._lock:
            if self._held is not than:
                return self._held
            since = self._clock() - self._hurried.get(purpose, float("-inf"))
            if 0 <= since < _COOL_DOWN:
                return None
            try:
                return self._ask()
            finally:
                # Afterwards, so that those who waited do not ask again in turn.
                self._hurried[purpose] = self._clock()

    def _ask(self) -> DocumentT:
        try:
            found = self._fetch()
        except OAuthError as error:
            # Without its frames, which hold another user's login.
            self._error = copy(error)
            self._attempts += 1
            raise
        self._error = None
        self._held = found
        self._asked = self._clock()
        self._until = self._asked + _SECONDS
        return found
