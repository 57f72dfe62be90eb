"""Caches as people have them: after the page, with more than it, and with less."""

from __future__ import annotations

import threading

from typing_extensions import override


class Forgetful:
    """Written after the page: ``get`` and ``set(key, value, expires=None)``.

    It does not look at ``expires``, as small caches do not.
    """

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def set(self, key: str, value: str, expires: int | None = None) -> None:
        assert isinstance(value, str)
        assert isinstance(expires, int)
        assert expires > 0
        self.kept[key] = value


class AtomicMemory(Forgetful):
    """Hands out a value once, and answers bytes, as redis-py does."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def getdel(self, key: str) -> bytes | None:
        with self._lock:
            value = self.kept.pop(key, None)
        return None if value is None else value.encode()


class Slow(Forgetful):
    """Lets two readers meet before either of them goes on."""

    meet: threading.Barrier | None = None

    @override
    def get(self, key: str) -> str | None:
        value = super().get(key)
        if self.meet is not None:
            self.meet.wait(10)
        return value
