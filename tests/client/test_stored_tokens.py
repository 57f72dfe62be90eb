"""Tokens that a store keeps: found, renewed once by however many clients, and never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from typing_extensions import override

from tests.client.world import SteppingClock
from typedoauth import (
    ConfigurationError,
    InvalidGrantError,
    InvalidTokenError,
    LoginRequiredError,
    MissingTokenError,
    OAuth1Client,
    OAuth2Client,
    OAuth2Token,
    OAuthError,
    Request,
    Response,
    StoreError,
    Timeout,
    TokenExpiredError,
    TokenKey,
    TransportTimeoutError,
)
from typedoauth.client import handover
from typedoauth.protocols import TokenStore
from typedoauth.stores import MemoryTokenStore
from typedoauth.testing import LocalProvider
from typedoauth.tokens import AnyToken
from typedoauth.transports import WSGITransport

KEY = TokenKey("service", "ada")
BASE = "http://localhost"


class DictStore:
    """The smallest store there is."""

    def __init__(self) -> None:
        self.kept: dict[TokenKey, OAuth2Token] = {}

    def get(self, key: TokenKey, /) -> OAuth2Token | None:
        """Return the token."""
        return self.kept.get(key)

    def set(self, key: TokenKey, token: OAuth2Token, /) -> None:
        """Keep the token."""
        self.kept[key] = token

    def delete(self, key: TokenKey, /) -> None:
        """Forget the token."""
        self.kept.pop(key, None)


class Site:
    """A provider that rotates refresh tokens, and any number of clients, each a process of its own.

    Args:
        store: What all of them share.
    """

    def __init__(self, store: TokenStore[OAuth2Token] | MemoryTokenStore | None = None) -> None:
        self.clock = SteppingClock()
        self.provider = LocalProvider(clock=self.clock)
        self.provider.add_user("ada", password="pw")
        self.provider.add_client("client", "secret")
        self.store: TokenStore[OAuth2Token] | MemoryTokenStore = store or MemoryTokenStore(
            clock=self.clock
        )
        self.held = threading.Event()
        self.held.set()
        self.asked = threading.Event()
        self.fails = False
        self.transport = WSGITransport(self.provider)

    def send(self, request: Request, /) -> Response:
        """Send a request; refreshes wait as long as they are held."""
        if b"grant_type=refresh_token" in (request.body or b""):
            self.asked.set()
            assert self.held.wait(20)
            if self.fails:
                return Response(503, content=b"busy")
        return self.transport.send(request)

    def client(self, **options: object) -> OAuth2Client:
        """One process of the fleet."""
        return OAuth2Client(
            "client",
            "secret",
            access_token_url=f"{BASE}/oauth2/token",
            api_base_url=f"{BASE}/api/",
            token_store=self.store,
            clock=self.clock,
            transport=self,
            **options,  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the tests
        )

    def save(self) -> OAuth2Token:
        """A token of Ada's, in the store."""
        token = self.client().fetch_access_token(username="ada", password="pw")
        self.client().save_token(token, KEY)
        return token

    def expire(self) -> None:
        """Let every access token expire."""
        self.clock.now += 3600

    @property
    def leases(self) -> MemoryTokenStore:
        """The store, where it gives leases."""
        assert isinstance(self.store, MemoryTokenStore)
        return self.store

    @property
    def refreshes(self) -> int:
        """How many refreshes succeeded; and none was taken for a theft."""
        assert self.provider.counts["refresh_token_reuse"] == 0
        return self.provider.counts["refresh_token"]


class Plain(DictStore):
    """A store without leases."""


@pytest.fixture(params=["leases", "plain"])
def site(request: pytest.FixtureRequest) -> Site:
    """A site whose store gives leases, and one whose store is a dict."""
    return Site(Plain() if request.param == "plain" else None)


def together(
    function: Callable[[OAuth2Client], object], clients: list[OAuth2Client]
) -> list[object]:
    """Call *function* with each client at the same moment; errors are results."""
    barrier = threading.Barrier(len(clients))

    def call(client: OAuth2Client) -> object:
        barrier.wait(10)
        try:
            return function(client)
        except OAuthError as error:
            return error

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(call, clients))


def access(found: object) -> str:
    """The access token of what was found."""
    assert isinstance(found, dict), found
    return str(found["access_token"])  # pyright: ignore[reportUnknownArgumentType] a token


def test_stored_token_comes_back(site: Site) -> None:
    """What is saved under a key is found under it, and under no other."""
    token, client = site.save(), site.client()
    assert client.stored_token(KEY) == token
    for other in (
        TokenKey("service", "bob"),
        TokenKey("other", "ada"),
        TokenKey("service", "ada", "2"),
    ):
        assert client.stored_token(other) is None


def test_deleted_token_is_gone(site: Site) -> None:
    """And deleting what is not there is no error."""
    site.save()
    site.client().delete_token(KEY)
    site.client().delete_token(KEY)
    assert site.client().stored_token(KEY) is None


def test_active_token_costs_one_look_up(site: Site) -> None:
    """No lease, no second read, no request."""

    class Counting(Plain):
        asked = 0

        @override
        def get(self, key: TokenKey, /) -> OAuth2Token | None:
            self.asked += 1
            return super().get(key)

    store = Counting()
    counted = Site(store)
    counted.save()
    counted.client().stored_token(KEY)
    assert (store.asked, counted.refreshes) == (1, 0)


def test_token_that_expires_after_it_came_out_of_the_store_is_renewed_in_there(site: Site) -> None:
    """However late it is used: else the store would keep a refresh token that is spent."""
    site.save()
    client = site.client()
    token = client.stored_token(KEY)
    site.expire()
    assert client.get("me", token=token).ok
    new = site.client().stored_token(KEY)
    assert access(new) != access(token)
    site.expire()
    assert client.get("me", token=token).ok
    assert access(site.client().stored_token(KEY)) not in (access(new), access(token))
    assert site.refreshes == 2


def test_expired_token_is_renewed_and_kept(site: Site) -> None:
    """The next process finds the new one."""
    old = site.save()
    site.expire()
    new = site.client().stored_token(KEY)
    assert access(new) != old["access_token"]
    assert site.client().stored_token(KEY) == new
    assert site.refreshes == 1


def test_update_token_is_told_once_by_whoever_renewed() -> None:
    """Those that only found the new token tell nobody."""
    site, told = Site(), list[OAuth2Token]()
    site.save()
    site.expire()
    clients = [site.client(update_token=told.append) for _ in range(4)]
    together(lambda client: client.stored_token(KEY), clients)
    assert (len(told), site.refreshes) == (1, 1)


def test_one_refresh_for_the_whole_fleet() -> None:
    """Eight processes of four threads each: one refresh, and everybody has its token."""
    site = Site()
    site.save()
    site.expire()
    clients = [site.client() for _ in range(8) for _ in range(4)]
    found = together(lambda client: client.stored_token(KEY), clients)
    assert len({access(one) for one in found}) == 1
    assert site.refreshes == 1


def test_losers_wait_for_the_winner() -> None:
    """While one asks, another polls the store and takes what it finds there."""
    site = Site()
    site.save()
    site.expire()
    site.held.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(site.client().stored_token, KEY)
        assert site.asked.wait(10)
        second = pool.submit(site.client().stored_token, KEY)
        site.held.set()
        assert access(first.result(10)) == access(second.result(10))
    assert site.refreshes == 1


def test_a_refusal_ends_in_login_required_for_all(site: Site) -> None:
    """The server is asked once; whoever comes later is told without asking."""
    token = site.save()
    refresh_token = token.get("refresh_token")
    assert refresh_token is not None
    site.client().revoke_token(
        refresh_token, token_type_hint="refresh_token", url=f"{BASE}/oauth2/revoke"
    )
    site.expire()
    with pytest.raises(InvalidGrantError) as first:
        site.client().stored_token(KEY)
    asked = site.provider.counts["token_requests"]
    with pytest.raises(TokenExpiredError) as second:
        site.client().stored_token(KEY)
    assert isinstance(first.value, LoginRequiredError)
    assert isinstance(second.value, LoginRequiredError)
    assert site.provider.counts["token_requests"] == asked


def test_another_process_was_faster_without_leases() -> None:
    """A refresh token that was spent elsewhere a moment ago is no reason to log in again."""
    site = Site(Plain())
    site.save()
    site.expire()
    slow, fast = site.client(), site.client()
    original = site.transport.send

    def send(request: Request, /) -> Response:
        if b"grant_type=refresh_token" in (request.body or b"") and not done:
            done.append(True)
            fast.stored_token(KEY)  # meanwhile
            # A server that forgives the second use answers invalid_grant and no more.
            return Response(
                400, {"Content-Type": "application/json"}, b'{"error": "invalid_grant"}'
            )
        return original(request)

    done: list[bool] = []
    site.transport.send = send  # type: ignore[method-assign] # a server's answer, for this test
    found = slow.stored_token(KEY)
    assert found == fast.stored_token(KEY)


def test_server_that_is_down_leaves_everything_as_it_was(site: Site) -> None:
    """The lease ends, and the next call tries again."""
    site.save()
    site.expire()
    site.fails = True
    for _ in range(2):
        with pytest.raises(OAuthError, match="503"):
            site.client().stored_token(KEY)
    site.fails = False
    site.client().stored_token(KEY)
    assert site.refreshes == 1


def test_a_killed_process_holds_nobody_up_for_longer_than_its_lease() -> None:
    """Its lease ends by the store's clock, and another one renews."""
    site = Site()
    site.save()
    site.expire()
    assert site.leases.acquire(KEY, "killed", 35)
    waiting = site.client(default_timeout=Timeout(1, 1, 1))
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(waiting.stored_token, KEY)
        threading.Event().wait(0.3)
        assert not found.done()
        site.clock.now += 36
        assert access(found.result(10))
    assert site.refreshes == 1


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who holds the lease for ever is not waited for for ever."""
    site = Site()
    site.save()
    site.expire()
    assert site.leases.acquire(KEY, "somebody", 1e9)
    moments = iter(range(0, 10_000, 3))
    monkeypatch.setattr("time.monotonic", lambda: float(next(moments)))
    monkeypatch.setattr("time.sleep", print)
    with pytest.raises(TransportTimeoutError, match="another process"):
        site.client().stored_token(KEY)


class Stopped(MemoryTokenStore):
    """A store that answers, once, after the process stood still."""

    def __init__(self, stand_still: Callable[[], object]) -> None:
        super().__init__()
        self.stand_still = stand_still

    @override
    def acquire(self, key: TokenKey, holder: str, seconds: float, /) -> bool:
        """Take the lease, and lose time."""
        taken = super().acquire(key, holder, seconds)
        self.stand_still()
        return taken


def test_nothing_is_sent_with_a_lease_that_may_end_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that was stopped, or whose store is slow, spends no token that others may spend."""
    late = [0.0, 6.0]
    real = time.monotonic
    site = Site(Stopped(lambda: late.reverse()))
    site.save()
    site.expire()
    client = site.client()
    monkeypatch.setattr("time.monotonic", lambda: real() + late[0])
    with pytest.raises(StoreError, match="nothing was sent"):
        client.stored_token(KEY)
    assert site.refreshes == 0
    late[1] = late[0]
    assert client.stored_token(KEY)
    assert site.refreshes == 1


class Away(MemoryTokenStore):
    """A store that writes no renewed token as long as it is away."""

    away = True

    @override
    def replace(self, key: TokenKey, token: AnyToken, version: int, /) -> bool:
        """Write, or fail."""
        if self.away:
            raise OSError("the database is away")
        return super().replace(key, token, version)


def test_a_store_that_is_away_after_the_refresh_loses_no_token() -> None:
    """The new token is written when the store is back; the old one is not spent twice."""
    clock = SteppingClock()
    store = Away(clock=clock)
    site = Site(store)
    site.clock.now = clock.now
    site.save()
    site.expire()
    client = site.client()
    for _ in range(2):
        with pytest.raises(StoreError, match="a Away, failed with OSError"):
            client.stored_token(KEY)
    assert site.refreshes == 1
    store.away = False
    clock.now += 60  # beyond the lease
    found = client.stored_token(KEY)
    assert found == site.client().stored_token(KEY)
    assert site.refreshes == 1


def test_a_store_that_comes_back_gets_the_token_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's next call may reach another process, which has only the store to look at."""
    monkeypatch.setattr(handover, "_EVERY", 0.01)
    clock = SteppingClock()
    store = Away(clock=clock)
    site = Site(store)
    site.clock.now = clock.now
    site.save()
    site.expire()
    with pytest.raises(StoreError):
        site.client().stored_token(KEY)
    store.away = False
    for thread in threading.enumerate():
        if thread.name == "typedoauth-save":
            thread.join(10)
    clock.now += 60  # beyond the lease
    assert site.client().stored_token(KEY)
    assert site.refreshes == 1


def test_a_token_that_is_written_late_replaces_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who logs in while the store is back, and the thread still waits, keeps that token."""
    monkeypatch.setattr(handover, "_EVERY", 0.05)
    store = Away()
    site = Site(store)
    site.save()
    site.expire()
    with pytest.raises(StoreError):
        site.client().stored_token(KEY)
    token = site.save()
    store.away = False
    for thread in threading.enumerate():
        if thread.name == "typedoauth-save":
            thread.join(10)
    assert access(store.get(KEY)) == token["access_token"]


def test_a_login_during_the_refresh_wins() -> None:
    """What the user has just agreed to is not overwritten by the refresh of before."""
    site = Site()
    site.save()
    site.expire()
    site.held.clear()
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(site.client().stored_token, KEY)
        assert site.asked.wait(10)
        fresh = site.client().fetch_access_token(username="ada", password="pw")
        site.client().save_token(fresh, KEY)
        site.held.set()
        renewing.result(10)
    assert site.client().stored_token(KEY) == fresh


def test_a_token_deleted_during_the_refresh_stays_deleted() -> None:
    """Who unlinks an account does not find it linked again."""
    site = Site()
    site.save()
    site.expire()
    site.held.clear()
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(site.client().stored_token, KEY)
        assert site.asked.wait(10)
        site.client().delete_token(KEY)
        site.held.set()
        renewing.result(10)
    assert site.client().stored_token(KEY) is None


def test_token_deleted_while_waiting_means_log_in(site: Site) -> None:
    """The store has nothing left to renew."""
    token = site.save()
    site.expire()
    client = site.client()
    client.delete_token(KEY)
    stored = client._stored(KEY)  # pyright: ignore[reportPrivateUsage] a race, made by hand
    with pytest.raises(TokenExpiredError, match="deleted meanwhile"):
        stored.renew(token, lambda _: token)


def test_refresh_now_goes_through_the_store(site: Site) -> None:
    """An active token, too; the store has the new one."""
    old = site.save()
    new = site.client().refresh_stored_token(KEY)
    assert new["access_token"] != old["access_token"]
    assert site.client().stored_token(KEY) == new
    with pytest.raises(MissingTokenError):
        site.client().refresh_stored_token(TokenKey("service", "nobody"))


def test_server_that_keeps_its_refresh_token() -> None:
    """The losers see by the access token that it was renewed."""
    site = Site()
    site.clock.now += 0
    token = site.save()
    store = site.store
    store.set(KEY, {**token, "expires_at": 1})
    asked: list[int] = []

    def send(request: Request, /) -> Response:
        asked.append(1)
        return Response(
            200,
            {"Content-Type": "application/json"},
            b'{"access_token": "new-%d", "expires_in": 3600}' % len(asked),
        )

    site.transport.send = send  # type: ignore[method-assign] # a server's answer, for this test
    found = together(lambda client: client.stored_token(KEY), [site.client() for _ in range(6)])
    assert {access(one) for one in found} == {"new-1"}
    assert len(asked) == 1


def test_margin_differs_between_processes() -> None:
    """So that a fleet does not renew in step."""
    site = Site()
    earlier = {site.client()._earlier for _ in range(20)}  # pyright: ignore[reportPrivateUsage] compared only
    assert len(earlier) > 10
    assert all(0 <= one <= 30 for one in earlier)


@pytest.mark.parametrize("method", ["get", "set", "delete"])
def test_failure_of_ones_own_store_is_a_store_error(method: str) -> None:
    """Whatever it raises, with its cause."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret-token")

    store = Plain()
    setattr(store, method, fail)
    client = Site(store).client()
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: client.stored_token(KEY),
        "set": lambda: client.save_token({"access_token": "a"}, KEY),
        "delete": lambda: client.delete_token(KEY),
    }
    with pytest.raises(StoreError, match="a Plain, failed with RuntimeError") as caught:
        calls[method]()
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert "secret" not in str(caught.value)


def test_client_without_store_says_so() -> None:
    """For each of the methods."""
    client = OAuth2Client("id")
    calls: list[Callable[[], object]] = [
        lambda: client.stored_token(KEY),
        lambda: client.save_token({"access_token": "a"}, KEY),
        lambda: client.delete_token(KEY),
        lambda: client.refresh_stored_token(KEY),
    ]
    for call in calls:
        with pytest.raises(ConfigurationError, match="token_store="):
            call()


def test_tokens_of_oauth1_are_kept_as_they_are() -> None:
    """They do not expire."""
    store = MemoryTokenStore()
    client = OAuth1Client("id", "secret", token_store=store)
    client.save_token({"oauth_token": "t", "oauth_token_secret": "s"}, KEY)
    assert client.stored_token(KEY) == {"oauth_token": "t", "oauth_token_secret": "s"}
    with pytest.raises(InvalidTokenError):
        OAuth2Client("id", token_store=store).stored_token(KEY)
