"""The server metadata of one client: what is known, and what is asked for once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from typedoauth.oauth2 import ServerMetadata

__all__ = ["MetadataSource"]

_SECONDS: Final = 3600.0


class MetadataSource:
    """Fetches metadata at first use, one thread at a time, and keeps it for an hour.

    Args:
        given: Metadata that is known beforehand; it wins over what is fetched.
        fetch: Asks the server; ``None`` where there is nobody to ask.
        clock: Tells the time.
    """

    __slots__ = ("_clock", "_fetch", "_fetched", "_given", "_lock", "_until")

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
        with self._lock:
            if self._fetched is None or self._until < self._clock():
                self._fetched = {**self._fetch(), **self._given}
                self._until = self._clock() + _SECONDS
            return self._fetched
