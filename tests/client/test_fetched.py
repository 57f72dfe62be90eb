"""Documents of a server: fetched once, kept, and asked for again with restraint."""

from __future__ import annotations

import threading

import pytest
from typing_extensions import override

from tests.client.test_threads import THREADS, together
from tests.client.world import SteppingClock
from typedoauth.client.fetched import Fetched
from typedoauth.errors import TokenEndpointError

HOUR = 3600


class Fetching:
    """Fetches a text, counts, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.calls = 0
        self.fails = False

    def __call__(self) -> str:
        self.calls += 1
        threading.Event().wait(0.02)
        if self.fails:
            raise TokenEndpointError(None, f"failure {self.calls}", status=500)
        return f"document {self.calls}"


def test_fetched_once_and_kept_for_an_hour() -> None:
    """Sixteen threads ask once; an hour later once more."""
    clock = SteppingClock()
    document = Fetched(Fetching(), clock)
    nothing = document.held
    together(document.get)
    clock.now += HOUR - 1
    assert (nothing, document.get(), document.held) == (None, "document 1", "document 1")
    clock.now += 1
    assert document.get() == "document 2"


def test_failure_is_shared_by_those_who_waited() -> None:
    """Sixteen threads that each wait for a dead server in turn would hang for minutes."""
    fetching = Fetching()
    fetching.fails = True
    document = Fetched(fetching, SteppingClock())
    assert {type(one) for one in together(document.get)} == {TokenEndpointError}
    assert fetching.calls < THREADS
    fetching.fails = False
    assert document.get() == f"document {fetching.calls}"


def test_what_is_there_goes_on_serving_when_the_server_does_not() -> None:
    """What was fetched an hour ago serves until it can be fetched again."""
    fetching, clock = Fetching(), SteppingClock()
    document = Fetched(fetching, clock)
    document.get()
    fetching.fails = True
    clock.now += HOUR
    assert document.get() == "document 1"
    document.get()
    assert fetching.calls == 2
    fetching.fails = False
    clock.now += 60
    assert document.get() == "document 3"


def test_what_is_there_serves_for_a_day_at_the_longest() -> None:
    """A key that its server has withdrawn is not trusted for ever."""
    fetching, clock = Fetching(), SteppingClock()
    document = Fetched(fetching, clock)
    document.get()
    fetching.fails = True
    clock.now += 24 * HOUR
    assert document.get() == "document 1"
    clock.now += 61
    with pytest.raises(TokenEndpointError):
        document.get()


def test_newer_asks_again_once_in_a_while() -> None:
    """One more request, however many callers found that the document does not serve."""
    fetching, clock = Fetching(), SteppingClock()
    document = Fetched(fetching, clock)
    old = document.get()
    assert set(together(lambda: document.newer(old))) == {"document 2"}
    new = document.get()
    assert (document.newer(new), fetching.calls) == (None, 2)
    clock.now += 10
    assert document.newer(new) == "document 3"


def test_newer_fails_as_the_server_does_and_then_rests() -> None:
    """A server that is down is not asked at each occasion either."""
    fetching, clock = Fetching(), SteppingClock()
    document = Fetched(fetching, clock)
    old = document.get()
    fetching.fails = True
    with pytest.raises(TokenEndpointError):
        document.newer(old)
    assert (document.newer(old), fetching.calls) == (None, 2)


def test_newer_is_not_held_up_by_a_clock_that_was_set_back() -> None:
    """Otherwise keys would be out of date for as long as it was wrong."""
    fetching, clock = Fetching(), SteppingClock()
    document = Fetched(fetching, clock)
    document.newer(document.get())
    clock.now -= HOUR
    assert document.newer(document.get()) == "document 3"


def test_those_who_wait_for_a_newer_one_do_not_ask_in_turn() -> None:
    """A server that takes longer than the pause would be waited for once by each."""
    clock = SteppingClock()

    class Slow(Fetching):
        @override
        def __call__(self) -> str:
            if self.calls:
                clock.now += 30
                self.fails = True
            return super().__call__()

    fetching = Slow()
    document = Fetched(fetching, clock)
    old = document.get()
    together(lambda: document.newer(old))
    assert fetching.calls == 2


def test_purposes_do_not_hold_each_other_up() -> None:
    """What strangers can cause does not keep a login from the keys of today."""
    fetching = Fetching()
    document = Fetched(fetching, SteppingClock())
    held = document.get()
    for purpose in ("logout", "", "logout", ""):
        held = document.newer(held, purpose) or held
    assert fetching.calls == 3


def test_shared_failure_holds_nothing_of_the_one_who_met_it() -> None:
    """Its frames hold another user's login."""
    fetching = Fetching()
    fetching.fails = True
    document = Fetched(fetching, SteppingClock())
    for error in together(document.get):
        assert isinstance(error, TokenEndpointError)
        assert error.__cause__ is None
    kept = document._error  # pyright: ignore[reportPrivateUsage] nothing else shows it
    assert kept is not None
    assert kept.__traceback__ is None
