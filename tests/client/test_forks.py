"""A child of a fork waits for no thread of its parent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from typing_extensions import override

from tests.client.world import API, TOKEN_URL, SteppingClock, issued
from tests.forks import FORKS, another_thread, in_child
from typedoauth import OAuth2Client, OAuth2Token, Request, Response, StoreError
from typedoauth._forks import ForkLock
from typedoauth.client.exchange import Exchange
from typedoauth.client.fetched import Fetched
from typedoauth.client.handover import HandOver
from typedoauth.client.refresh import RenewOnce
from typedoauth.stores import MemoryCredentialStore, MemoryTokenStore
from typedoauth.tokens import AnyToken, TokenKey

pytestmark = FORKS

Pause: TypeAlias = Callable[[], None]
NEW: OAuth2Token = {"access_token": "new", "refresh_token": "r" * 20}
OLD: OAuth2Token = {"access_token": "old", "refresh_token": "s" * 20}
KEY = TokenKey("client", "ada")


def test_a_refresh_in_a_thread_of_the_parent_holds_up_no_child() -> None:
    """That thread does not go on in the child, which renews the token itself."""
    once = RenewOnce()

    def slow(pause: Pause) -> None:
        def renew(_: OAuth2Token | None) -> OAuth2Token:
            pause()
            return NEW

        once.renew("key", renew, usable=bool, wait=20)

    def child() -> None:
        for mine in (True, False):
            assert once.renew("key", lambda _: NEW, usable=bool, wait=20) == (NEW, mine)

    with another_thread(slow):
        assert in_child(child)


def test_a_document_that_a_thread_of_the_parent_fetches_holds_up_no_child() -> None:
    """The child fetches it for itself."""
    pauses = list[Pause]()

    def fetch() -> str:
        if pauses:
            pauses.pop()()
        return "document"

    fetched = Fetched(fetch, lambda: 0.0)

    def slow(pause: Pause) -> None:
        pauses.append(pause)
        fetched.get()

    def child() -> None:
        pauses.clear()
        assert fetched.get() == "document"

    with another_thread(slow):
        assert in_child(child)


def hand_over() -> HandOver:
    """One with a token that waits to be handed over."""
    found = HandOver(lambda new, old: None)
    found.add(NEW, OLD, None, later=False)
    return found


def memory() -> MemoryTokenStore:
    """A store with a token."""
    store = MemoryTokenStore()
    store.set(KEY, OLD)
    return store


HAND_OVER, EXCHANGE, TOKENS = hand_over(), Exchange("x", {}), memory()
ONCE, CREDENTIALS = RenewOnce(), MemoryCredentialStore()
LOCKED: dict[str, tuple[object, Callable[[], object]]] = {
    "handing over": (HAND_OVER, lambda: HAND_OVER.deliver(NEW)),
    "making a transport": (EXCHANGE, EXCHANGE._make_transport),  # pyright: ignore[reportPrivateUsage] what takes the lock
    "renewing": (ONCE, lambda: ONCE.renew("key", lambda _: NEW, usable=bool, wait=20)),
    "keeping a token": (TOKENS, lambda: TOKENS.acquire(KEY, "holder", 5)),
    "keeping a login": (CREDENTIALS, lambda: CREDENTIALS.take("key")),
}


@pytest.mark.parametrize(("owner", "use"), LOCKED.values(), ids=LOCKED.keys())
def test_a_lock_that_a_thread_of_the_parent_holds_is_free(
    owner: object, use: Callable[[], object]
) -> None:
    """At whatever moment the process forks."""
    lock: object = getattr(owner, "_lock")  # noqa: B009  each has one

    def hold(pause: Pause) -> None:
        assert isinstance(lock, ForkLock)
        with lock:
            pause()

    with another_thread(hold):
        assert in_child(use)


class Failing(MemoryTokenStore):
    """A store that cannot write for as long as it is told so."""

    failing = True

    @override
    def replace(self, key: TokenKey, token: AnyToken, version: int, /) -> bool:
        """Write, or fail."""
        if self.failing:
            raise StoreError("away")
        return super().replace(key, token, version)


def test_a_token_that_waits_to_be_written_is_written_by_the_child_that_uses_it() -> None:
    """The thread that would write it stays in the parent; the child refreshes nothing."""
    asked = list[Request]()
    clock = SteppingClock()

    class Server:
        def send(self, request: Request, /) -> Response:
            asked.append(request)
            return issued(expires_in=3600, refresh_token="r2")

    store = Failing()
    old: OAuth2Token = {**OLD, "expires_at": int(clock.now)}
    store.set(KEY, old)
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        api_base_url=API,
        token_store=store,
        clock=clock,
        transport=Server(),
    )
    with pytest.raises(StoreError):
        client.stored_token(KEY)

    def child() -> None:
        store.failing = False
        found = client.stored_token(KEY)
        assert found is not None
        assert found["access_token"] == "new"
        assert store.get(KEY) == found
        assert len(asked) == 1

    assert in_child(child)
    store.failing = False
    child()
