"""A clock that stands still."""

from __future__ import annotations

import time

from typing_extensions import override

__all__ = ["FrozenClock"]


class FrozenClock:
    """Tells the same time until it is moved; the provider and an application can share it.

    Args:
        now: Seconds since the epoch; the present second when left out.

    Attributes:
        now: What it tells.
    """

    now: float

    def __init__(self, now: float | None = None) -> None:
        self.now = float(int(time.time())) if now is None else now

    @override
    def __repr__(self) -> str:
        return f"<FrozenClock {self.now}>"

    def __call__(self) -> float:
        """Tell the time.

        Returns:
            Seconds since the epoch.
        """
        return self.now

    def advance(self, seconds: float) -> None:
        """Move the clock.

        Args:
            seconds: By how much; a negative number moves it back.
        """
        self.now += seconds
