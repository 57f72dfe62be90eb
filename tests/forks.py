"""Trying something out in the child of a fork."""

from __future__ import annotations

import faulthandler
import os
import traceback
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

FORKS: pytest.MarkDecorator = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
"""For tests that fork."""


def fork(function: Callable[[], object]) -> int:
    """Run *function* in a child, and return the child's number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: forking with threads
        child = os.fork()
    if child:
        return child
    code = 1
    with suppress(BaseException):
        faulthandler.dump_traceback_later(20, exit=True)
        try:
            function()
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
    os._exit(code)


def ended_well(child: int) -> bool:
    """Wait for the end of a child; tell whether it neither failed nor hung."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def in_child(function: Callable[[], object]) -> bool:
    """Run *function* in a child; tell whether it neither failed nor hung."""
    return ended_well(fork(function))


@contextmanager
def another_thread(function: Callable[[Callable[[], None]], object]) -> Generator[None]:
    """Have another thread in the middle of something.

    Args:
        function: Runs in that thread; it is to call its argument where it is to wait.
    """
    entered, leave = Event(), Event()

    def pause() -> None:
        entered.set()
        leave.wait(20)

    thread = Thread(target=function, args=(pause,), daemon=True)
    thread.start()
    assert entered.wait(10)
    try:
        yield
    finally:
        leave.set()
        thread.join(10)
        assert not thread.is_alive()
