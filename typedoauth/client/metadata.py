"""The server metadata of one client: what is known, and what is asked for once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import copy
from typing import Final

from typedoauth.errors import OAuthError
from typedoauth.oauth2 import ServerMetadata

__all__ = ["MetadataSource"]

_SECONDS: Final = 3600.0
_SECONDS_AFTER_FAILURE: Final = 60.0


class MetadataSource:
    """Fetches metadata at first use, one thread at a time, and keeps it for an hour.

    Where it cannot be fetched again after that hour, what is there goes on serving.

    Args:
        given: Metadata that is known beforehand; it wins over what is fetched.
        fetch: Asks the server; ``None`` where there is nobody to ask.
        clock: Tells the time.
    """

    __slots__ = ("_attempts", "_clock", "_error", "_fetch", "_fetched", "_given", "_lock", "_until")

    def __init__(
        self,
        given: ServerMetadata,
        fetch: Callable[[], ServerMetadata] | None,
        clock: Callable[[], float],
    ) -> None:
        self._given = given
        self._fetch = fetch
        self._clock = clock
        self._fetched: ServerMetadata | None = None
        self._until: float = 0.0
        self._error: OAuthError | None = None
        self._attempts: int = 0
        self._lock: threading.Lock = threading.Lock()

    @property
    def known(self) -> ServerMetadata:
        """What is known without asking anybody."""
        return self._given if self._fetched is None else self._fetched

    def load(self) -> ServerMetadata:
        """Return everything, asking the server where there is one.

        Raises:
            OAuthError: The server could not be asked; the next call tries again.
        """
        if self._fetch is None:
            return self._given
        attempts = self._attempts
        with self._lock:
            if self._fetched is not None and self._clock() < self._until:
                return self._fetched
            if self._attempts != attempts and self._error is not None:
                # Another thread failed meanwhile: waiting in turn would take each the whole time.
                raise copy(self._error) from self._error
            return self._ask(self._fetch)

    def _ask(self, fetch: Callable[[], ServerMetadata]) -> ServerMetadata:
        self._attempts += 1
        try:
            found: ServerMetadata = {**fetch(), **self._given}
        except OAuthError as error:
            self._error = error
            if self._fetched is None:
                raise
            found, seconds = self._fetched, _SECONDS_AFTER_FAILURE
        else:
            self._error, seconds = None, _SECONDS
        self._fetched = found
        self._until = self._clock() + seconds
        return found
