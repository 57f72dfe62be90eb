"""One renewal, one fetch, one transport, however many threads there are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client.world import API, TOKEN_URL, SteppingClock, answered, issued
from typedoauth import (
    ConfigurationError,
    InvalidGrantError,
    OAuth2Client,
    OAuth2Token,
    OAuthError,
    Request,
    Response,
    TransportError,
    TransportTimeoutError,
)
from typedoauth.client.refresh import RenewOnce, fingerprint

THREADS = 16


class Gate:
    """A transport whose token endpoint answers when all others have had time to ask."""

    def __init__(self, reply: Response | Exception) -> None:
        self.reply = reply
        self.asked = 0
        self.used: list[str] = []
        self.lock = threading.Lock()
        self.waiting = threading.Semaphore(0)

    def send(self, request: Request, /) -> Response:
        """Answer; the first token request waits until the others wait for it."""
        if request.url == TOKEN_URL:
            with self.lock:
                self.asked += 1
            self.waiting.acquire(timeout=0.1)
            if isinstance(self.reply, Exception):
                raise self.reply
            return self.reply
        with self.lock:
            self.used.append(request.headers["Authorization"])
        return Response(200)


def together(function: Callable[[], object]) -> list[object]:
    """Call *function* in many threads at the same moment; errors are results."""
    barrier = threading.Barrier(THREADS)

    def call(_: int) -> object:
        barrier.wait(10)
        try:
            return function()
        except OAuthError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, range(THREADS)))


def make(gate: Gate, saved: list[OAuth2Token]) -> tuple[OAuth2Client, OAuth2Token]:
    """A client and a token that has expired."""
    clock = SteppingClock()
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        api_base_url=API,
        update_token=saved.append,
        clock=clock,
        transport=gate,
    )
    token: OAuth2Token = {
        "access_token": "old",
        "refresh_token": "r1",
        "expires_at": int(clock.now),
    }
    return client, token


def test_one_refresh_for_all_threads() -> None:
    """Sixteen calls at once: one refresh, one update, sixteen calls with its result."""
    gate, saved = Gate(issued(expires_in=3600, refresh_token="r2")), list[OAuth2Token]()
    client, token = make(gate, saved)
    together(lambda: client.get("me", token=token))
    assert gate.asked == 1
    assert len(saved) == 1
    assert gate.used == ["Bearer new"] * THREADS


def test_failed_refresh_fails_for_all_who_waited() -> None:
    """Each gets an error of its own of the same kind, with what the server said."""
    gate, saved = Gate(answered({"error": "invalid_grant"}, 400)), list[OAuth2Token]()
    client, token = make(gate, saved)
    errors = together(lambda: client.get("me", token=token))
    assert [type(error) for error in errors] == [InvalidGrantError] * THREADS
    assert len({id(error) for error in errors}) == THREADS
    assert {getattr(error, "status", None) for error in errors} == {400}
    assert (gate.used, saved) == ([], [])


def test_foreign_failure_reaches_the_waiting_as_ours() -> None:
    """What is no OAuthError comes out of the thread it happened in, and there alone."""
    once, entered, leave = RenewOnce(), threading.Event(), threading.Event()

    def broken(_: OAuth2Token | None) -> OAuth2Token:
        entered.set()
        leave.wait(10)
        raise ZeroDivisionError

    def never(_: OAuth2Token | None) -> OAuth2Token:
        raise AssertionError("a second renewal")

    def usable(_: OAuth2Token) -> bool:
        return True

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once.renew, "k", broken, usable=usable, wait=10)
        entered.wait(10)
        second = pool.submit(once.renew, "k", never, usable=usable, wait=10)
        with pytest.raises(TransportTimeoutError):
            once.renew("k", never, usable=usable, wait=0.05)
        leave.set()
        with pytest.raises(ZeroDivisionError):
            first.result(10)
        with pytest.raises(TransportError) as caught:
            second.result(10)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_results_are_bounded() -> None:
    """A process that serves a million users keeps no million tokens."""
    once = RenewOnce()
    for number in range(1500):
        token: OAuth2Token = {"access_token": f"new {number}"}
        once.renew(str(number), lambda _, t=token: t, usable=bool, wait=1)  # type: ignore[misc]
    calls = list[int]()

    def renew(_: OAuth2Token | None) -> OAuth2Token:
        calls.append(1)
        return {"access_token": "again"}

    once.renew("0", renew, usable=bool, wait=1)
    once.renew("1499", renew, usable=bool, wait=1)
    assert len(calls) == 1


def test_fingerprint_hides_the_token_and_tells_tokens_apart() -> None:
    """By the refresh token; without one, or with a broken one, by the access token."""
    one = fingerprint({"access_token": "hush", "refresh_token": "r" * 16})
    assert one == fingerprint({"access_token": "other", "refresh_token": "r" * 16})
    broken = fingerprint({"access_token": "hush", "refresh_token": "null"})
    assert broken != fingerprint({"access_token": "other", "refresh_token": "null"})
    assert one != fingerprint({"access_token": "hush"})
    assert "hush" not in one


def test_own_token_is_fetched_once() -> None:
    """Sixteen calls at once of a client that acts for itself."""
    gate = Gate(issued(expires_in=3600))
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        api_base_url=API,
        grant_type="client_credentials",
        transport=gate,
    )
    together(lambda: client.get("me"))
    assert (gate.asked, gate.used) == (1, ["Bearer new"] * THREADS)


def test_update_that_fails_in_one_thread_is_made_up_for() -> None:
    """Whatever the threads do meanwhile, the new token is handed over in the end."""
    gate, saved = Gate(issued(expires_in=3600, refresh_token="r2")), list[OAuth2Token]()
    client, token = make(gate, saved)
    failing = threading.Event()
    failing.set()

    def update(new: OAuth2Token, old: OAuth2Token) -> None:
        if failing.is_set():
            raise TransportError("the database is away")
        saved.append(new)

    client._update_token = update  # pyright: ignore[reportPrivateUsage] switched while in use
    results = together(lambda: client.get("me", token=token))
    assert any(isinstance(one, TransportError) for one in results)
    failing.clear()
    together(lambda: client.get("me", token=token))
    assert gate.asked == 1
    assert [one.get("refresh_token") for one in saved] == ["r2"]


def test_clients_make_one_transport() -> None:
    """Sixteen first calls at once share one pool."""
    client = OAuth2Client("id", api_base_url="http://127.0.0.1:1/", token={"access_token": "a"})
    results = together(lambda: client.get("me", timeout=5))
    assert {type(one) for one in results} == {TransportError}
    exchange = client._exchange  # pyright: ignore[reportPrivateUsage] nothing else shows it
    assert len({id(one) for one in together(exchange._make_transport)}) == 1  # pyright: ignore[reportPrivateUsage] likewise
    client.close()


def test_closing_leaves_a_transport_of_the_callers_alone() -> None:
    """Who made it closes it; a client that has sent nothing has nothing to close."""

    class Closable(Gate):
        def close(self) -> None:
            raise AssertionError("closed")

    OAuth2Client("id", transport=Closable(Response(200))).close()
    OAuth2Client("id").close()


def test_margin_cannot_be_negative() -> None:
    """A token would be used after its end."""
    with pytest.raises(ConfigurationError, match="leeway"):
        OAuth2Client("id", leeway=-1)


def test_a_hook_that_waits_for_itself_is_told_at_once() -> None:
    """Its call would renew the token that is being renewed for it."""
    once, token = RenewOnce(), OAuth2Token(access_token="a")

    def renew(_: OAuth2Token | None) -> OAuth2Token:
        return once.renew("key", renew, usable=bool, wait=1)[0]

    with pytest.raises(ConfigurationError, match="its own client"):
        once.renew("key", renew, usable=bool, wait=1)
    assert once.renew("key", lambda _: token, usable=bool, wait=1) == (token, True)
