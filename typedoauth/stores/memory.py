"""Credentials in the memory of this process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Final

from typedoauth.protocols import Clock

__all__ = ["MemoryCredentialStore"]

_MOST_KEPT: Final = 10_000


class MemoryCredentialStore:
    """Keeps values until they are taken, have expired, or are the oldest of too many.

    Args:
        clock: Tells the time; ``time.time`` when left out.
        most: How many are kept at the most.
    """

    __slots__ = ("_clock", "_kept", "_lock", "_most")

    def __init__(self, *, clock: Clock = time.time, most: int = _MOST_KEPT) -> None:
        self._clock: Clock = clock
        self._most: int = most
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock: threading.Lock = threading.Lock()

    def put(self, key: str, value: str, expires: int, /) -> None:
        """Keep *value* under *key* for *expires* seconds.

        Args:
            key: A text that cannot be guessed.
            value: JSON text.
            expires: Seconds.
        """
        now = self._clock()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = value, now + expires
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def take(self, key: str, /) -> str | None:
        """Return what is kept under *key* and forget it, in one step.

        Args:
            key: The key it was put under.

        Returns:
            The value, or ``None`` when there is none, or it has expired.
        """
        now = self._clock()
        with self._lock:
            value, until = self._kept.pop(key, (None, now))
        return value if until > now else None
