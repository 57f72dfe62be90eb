"""Under load nothing is mixed up, left open or kept: a short form of ``benchmarks.soak``."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Generator

import pytest

from benchmarks.people import Logins
from benchmarks.soak import calling, grown, soak

# What one object that is kept each time would exceed.
BYTES_EACH = 40


@pytest.mark.skipif(sys.platform == "win32", reason="it has no /dev/fd")
def test_threads_that_share_everything() -> None:
    """Every answer is the one to its own request, however the token is renewed meanwhile."""
    found = soak(5, threads=32)
    assert found.calls > 0
    assert (found.wrong, found.refused) == (0, 0)
    assert found.renewals > 0
    assert found.connections <= 32
    assert found.most_open <= 32
    assert found.left_open == 0
    assert found.descriptors == 0


@pytest.fixture
def traced() -> Generator[None]:
    """Count the bytes that Python has in use."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def in_use() -> int:
    """How many they are."""
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.usefixtures("traced")
def test_calls_leave_nothing_behind() -> None:
    """Memory is as it was before."""
    with calling() as call:
        grown(call, 500, in_use)  # what is made once, and what is kept up to a limit
        assert grown(call, 500, in_use) < 500 * BYTES_EACH


@pytest.mark.usefixtures("traced")
def test_logins_leave_nothing_behind() -> None:
    """Whatever a login needs goes with it."""
    logins = Logins()
    grown(logins.one, 300, in_use)  # likewise
    assert grown(logins.one, 300, in_use) < 300 * BYTES_EACH
