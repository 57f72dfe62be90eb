"""What the child of a fork must not have of its parent: locks that somebody holds, sockets."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from typing import Final
from weakref import WeakSet

__all__ = ["ForkLock", "not_for_children"]


class ForkLock:
    """A lock that is free in the child of a fork, whoever holds it in the parent.

    The thread that holds it does not exist in the child, and would never let it go.
    """

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._lock: threading.Lock = threading.Lock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def renew(self) -> None:
        """Have another lock, which nobody holds."""
        self._lock = threading.Lock()


def not_for_children(sock: socket.socket) -> None:
    """Close a socket in every child of a fork.

    The parent goes on with its own. A copy that stays open in the child would keep the
    connection open after the parent has closed it.

    Args:
        sock: The socket.
    """
    _sockets.add(sock)


_locks: Final[WeakSet[ForkLock]] = WeakSet()
_sockets: Final[WeakSet[socket.socket]] = WeakSet()


def _forked() -> None:
    for lock in list(_locks):
        lock.renew()
    for sock in list(_sockets):
        with suppress(OSError):  # it was closed before
            # Detached, as nothing may close the number a second time: others will have it.
            os.close(sock.detach())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
