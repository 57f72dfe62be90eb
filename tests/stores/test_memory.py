"""Credentials in the memory of this process."""

from __future__ import annotations

from tests.client.test_threads import THREADS, together
from tests.client.world import SteppingClock
from typedoauth.protocols import CredentialStore
from typedoauth.stores import MemoryCredentialStore


def test_what_is_put_is_taken_once() -> None:
    """And is not there before."""
    store: CredentialStore = MemoryCredentialStore()
    assert store.take("k") is None
    store.put("k", "v", 60)
    assert [store.take("k"), store.take("k")] == ["v", None]


def test_last_value_under_a_key_counts() -> None:
    """With its own time."""
    clock = SteppingClock()
    store = MemoryCredentialStore(clock=clock)
    store.put("k", "old", 10)
    store.put("k", "new", 60)
    clock.now += 59
    assert store.take("k") == "new"


def test_value_expires() -> None:
    """At the second that was said; what has expired is forgotten all the same."""
    clock = SteppingClock()
    store = MemoryCredentialStore(clock=clock)
    store.put("k", "v", 60)
    clock.now += 60
    assert store.take("k") is None
    clock.now -= 60
    assert store.take("k") is None


def test_oldest_goes_when_there_are_too_many() -> None:
    """Memory is bounded; one that is put again is the newest."""
    store = MemoryCredentialStore(most=2)
    for key in ("a", "b", "a", "c"):
        store.put(key, key, 60)
    assert [store.take(key) for key in ("a", "b", "c")] == ["a", None, "c"]


def test_sixteen_threads_take_it_once() -> None:
    """In one step, whoever comes first."""
    store = MemoryCredentialStore()
    store.put("k", "v", 60)
    found = together(lambda: store.take("k"))
    assert sorted(map(str, found)) == ["None"] * (THREADS - 1) + ["v"]
