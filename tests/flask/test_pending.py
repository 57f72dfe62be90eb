"""Open logins in the session and in a cache: bound, used once, expiring, bounded."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from cachelib import SimpleCache
from flask import Flask
from flask.sessions import SecureCookieSession, SessionInterface
from flask.testing import FlaskClient
from flask.wrappers import Request, Response
from typing_extensions import override

from tests.flask.caches import AtomicMemory, Forgetful, Slow
from tests.flask.site import SECRET_KEY, Site, as_text, cookie_of, query_of, session_of
from typedoauth.errors import ConfigurationError, OAuthError, StateMismatchError, StoreError
from typedoauth.flask.codec import PendingCodec
from typedoauth.flask.sealing import Sealer
from typedoauth.protocols import Cache

BACKENDS: dict[str, Callable[[], Cache | None]] = {
    "session": lambda: None,
    "get and delete": SimpleCache,
    "getdel": AtomicMemory,
    "get and set": Forgetful,
}


@pytest.fixture(params=BACKENDS)
def any_site(request: pytest.FixtureRequest) -> Site:
    """The application with each kind of backend in turn."""
    return Site(BACKENDS[str(request.param)]())


NOISE = random.Random(1).randbytes(600).hex()


def reason(error: OAuthError) -> str:
    """The reason of a state mismatch."""
    assert isinstance(error, StateMismatchError), error
    return error.reason


@pytest.mark.parametrize("name", ["one", "two"])
def test_login_is_used_once(any_site: Site, name: str) -> None:
    """A callback that comes again is refused before anything is sent."""
    browser = any_site.app.test_client()
    callback = any_site.decide(any_site.begin(browser, name))
    assert any_site.arrive(browser, callback).status_code == 200
    sent = len(any_site.transport.requests)
    assert reason(any_site.refused(browser, callback)) == "already_used"
    assert len(any_site.transport.requests) == sent


def test_login_that_failed_is_used_up(any_site: Site) -> None:
    """What the service refused cannot be tried again with the same state."""
    browser = any_site.app.test_client()
    state = query_of(any_site.begin(browser, "two"))["state"]
    callback = f"http://localhost/authorize/two?state={state}&code=wrong"
    assert any_site.refused(browser, callback).error == "invalid_grant"
    assert reason(any_site.refused(browser, callback)) == "already_used"


def test_other_browser_cannot_use_a_login_up(any_site: Site) -> None:
    """The binding is checked before anything is consumed (RFC 6749 10.12)."""
    rightful, foreign = any_site.app.test_client(), any_site.app.test_client()
    callback = any_site.decide(any_site.begin(rightful, "two"))
    any_site.begin(foreign, "two")
    assert reason(any_site.refused(foreign, callback)) == "other_logins"
    assert reason(any_site.refused(any_site.app.test_client(), callback)) == "no_session_cookie"
    assert any_site.arrive(rightful, callback).status_code == 200


def test_tabs_finish_in_any_order(any_site: Site) -> None:
    """Logins of several tabs, with both protocols, do not disturb each other."""
    browser = any_site.app.test_client()
    locations = [any_site.begin(browser, name) for name in ("two", "one", "two", "one")]
    for location in reversed(locations):
        assert any_site.arrive(browser, any_site.decide(location)).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(3599, 200), (3600, 400), (10**6, 400)])
def test_login_expires_after_an_hour(any_site: Site, seconds: int, status: int) -> None:
    """The hour is counted here, also where the cache forgets nothing."""
    browser = any_site.app.test_client()
    location = any_site.begin(browser, "two")
    any_site.clock.now += seconds
    assert any_site.arrive(browser, any_site.decide(location)).status_code == status
    assert [reason(error) for error in any_site.errors] == ["expired"] * (status == 400)


def test_login_with_the_same_state_replaces(any_site: Site) -> None:
    """Where the caller chooses the state, the login that was begun last counts."""
    browser = any_site.app.test_client()
    any_site.begin(browser, "two", state="same", data={"n": 0})
    any_site.clock.now += 1
    location = any_site.begin(browser, "two", state="same", data={"n": 1})
    answer = any_site.arrive(browser, any_site.decide(location))
    assert answer.get_json()["data"] == {"n": 1}
    assert "p" not in session_of(any_site.app, browser)["_typedoauth"]


@pytest.mark.parametrize("names", [["one"], ["two"], ["one", "two"]])
def test_cookie_stays_under_a_kibibyte(any_site: Site, names: list[str]) -> None:
    """Fifty abandoned logins fit, and the last four can be finished."""
    browser = any_site.app.test_client()
    locations: list[str] = []
    for number in range(50):
        locations.append(any_site.begin(browser, names[number % len(names)]))
        assert len(cookie_of(browser)) < 1024 - len("session=")
    for location in locations[-4:]:
        assert any_site.arrive(browser, any_site.decide(location)).status_code == 200
    oldest = any_site.decide(locations[0]) if names[0] == "two" else None
    if oldest is not None:
        assert reason(any_site.refused(browser, oldest)) == "other_logins"


@pytest.mark.parametrize("length", [100, 300, 500])
def test_four_tabs_finish_with_a_long_redirect_uri(length: int) -> None:
    """What tabs have in common takes its place in the cookie once."""
    site, browser = Site(), FlaskClient(Flask("x"))
    uri = f"http://localhost/authorize/two?q={'abcdefghij' * 50}"[:length]
    site.provider.add_client("client", "client-secret-of-the-tests", redirect_uris=[uri])

    @site.app.get("/long")
    def long() -> str:
        return site.two.authorize_redirect(uri).headers["Location"]

    browser = site.app.test_client()
    locations = [browser.get("/long").text for _ in range(20)]
    assert len(cookie_of(browser)) < 1016
    for location in locations[-4:]:
        code = query_of(site.decide(location))
        answer = browser.get("/authorize/two", query_string={k: code[k] for k in ("state", "code")})
        assert answer.status_code == 200


@pytest.mark.parametrize("data", [{"next": NOISE}, {NOISE: 1}, {"a": [NOISE[:600], NOISE[600:]]}])
def test_data_that_fits_into_no_cookie_is_refused(
    site: Site, browser: FlaskClient, data: dict[str, object]
) -> None:
    """The caller learns of it when the login begins, and a cache is what helps."""
    with site.app.test_request_context(), pytest.raises(ConfigurationError, match="cache="):
        site.two.authorize_redirect("http://localhost/", data=data)
    assert cookie_of(browser) == ""


def test_large_data_goes_into_a_cache() -> None:
    """A cache takes what a cookie cannot hold, up to 16 KiB."""
    site = Site(SimpleCache())
    browser = site.app.test_client()
    assert site.log_in(browser, "two", data={"next": "x" * 15_000})["data"]["next"] == "x" * 15_000
    with site.app.test_request_context(), pytest.raises(ConfigurationError, match="16384"):
        site.two.authorize_redirect("http://localhost/", data={"next": "x" * 16_384})


@pytest.mark.parametrize("data", [{"a": object()}, {"a": b"x"}, {"a": float("nan")}, {"a": {1, 2}}])
@pytest.mark.parametrize("cache", [None, SimpleCache()])
def test_data_that_is_no_json_is_refused(cache: Cache | None, data: dict[str, object]) -> None:
    """The error names what may stand there, not what stood there."""
    site = Site(cache)
    with site.app.test_request_context(), pytest.raises(ConfigurationError, match="JSON") as caught:
        site.two.authorize_redirect("http://localhost/", data=data)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("cache", [None, SimpleCache])
def test_cookie_holds_no_secret(cache: Callable[[], Cache] | None) -> None:
    """Whoever reads the cookie finds no verifier, nonce or token secret in it."""
    site = Site(cache() if cache else None)
    browser = site.app.test_client()
    secrets: list[str] = []

    @site.app.get("/begin")
    def begin() -> str:
        second = site.two.create_authorization_url("http://localhost/", scope="openid")
        own = site.two.create_authorization_url(
            "http://localhost/", state="own", nonce="own-nonce", code_verifier="w" * 43
        )
        first = site.one.create_authorization_url("http://localhost/authorize/one")
        site.two.save_authorize_data(**second)
        site.two.save_authorize_data(**own)
        site.one.save_authorize_data(**first)
        token = first.get("request_token")
        assert token is not None
        secrets.append(token["oauth_token_secret"])
        for one in (second, own):
            secrets.extend(str(one.get(key)) for key in ("nonce", "code_verifier"))
        return ""

    browser.get("/begin")
    text = as_text(session_of(site.app, browser))
    assert len(set(secrets)) == 5
    assert [one for one in secrets if one in text] == []


@pytest.mark.parametrize("other", [("b", "n", "s"), ("a", "m", "s"), ("a", "n", "t")])
def test_derived_secret_needs_the_key(other: tuple[str, str, str]) -> None:
    """Key, client, state and purpose each make another verifier (RFC 7636 7.1)."""
    codec = PendingCodec("a")
    key, name, state = other
    first = codec.make_secret("code_verifier", "n", "s")
    assert first == PendingCodec(b"a").make_secret("code_verifier", "n", "s")
    assert PendingCodec(key).make_secret("code_verifier", name, state) != first
    assert codec.make_secret("nonce", "n", "s") != first
    assert len(first) == 43


@pytest.mark.parametrize("name", ["one", "two"])
def test_changed_key_ends_open_logins(name: str) -> None:
    """Nothing wrong is sent to the service when what was kept cannot be opened."""
    site = Site(SimpleCache())
    site.app.session_interface = ServerSide()
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, name))
    sent = len(site.transport.requests)
    site.app.secret_key = "another"
    assert isinstance(site.refused(browser, callback), StoreError)
    assert len(site.transport.requests) == sent


@pytest.mark.skipif("SECRET_KEY_FALLBACKS" not in Flask.default_config, reason="Flask 3.0")
@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("cache", [None, SimpleCache])
def test_rotated_key_still_ends_open_logins(cache: Callable[[], Cache] | None, name: str) -> None:
    """A key in SECRET_KEY_FALLBACKS opens what was begun with it (Flask 3.1)."""
    site = Site(cache() if cache else None)
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, name))
    site.app.config["SECRET_KEY_FALLBACKS"] = ["never used", SECRET_KEY]
    site.app.secret_key = b"new"
    assert site.arrive(browser, callback).status_code == 200


@pytest.mark.parametrize("sealed", ["", "AAAA", "é", "A" * 100, "!" * 80])
def test_what_cannot_be_opened_is_a_store_error(sealed: str) -> None:
    """What was changed, or made for another login, is not taken (AES-GCM)."""
    sealer = Sealer("key")
    good = sealer.seal({"v": "verifier"}, "two", "state")
    assert sealer.unseal(good, "two", "state") == {"v": "verifier"}
    for text, context in ((sealed, "state"), (good, "other"), (good[:-2], "state")):
        with pytest.raises(StoreError, match="cannot be opened") as caught:
            sealer.unseal(text, "two", context)
        assert caught.value.__suppress_context__


class ServerSide(SessionInterface):
    """Sessions in memory, by a cookie; they need no SECRET_KEY."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, object]] = {}

    @override
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        return SecureCookieSession(self.kept.get(request.cookies.get("session", ""), {}))

    @override
    def save_session(self, app: Flask, session: object, response: Response) -> None:
        assert isinstance(session, SecureCookieSession)
        self.kept["only"] = dict(session)
        response.set_cookie("session", "only")


@pytest.mark.parametrize("cache", [None, SimpleCache])
@pytest.mark.parametrize("name", ["one", "two"])
def test_server_side_session_needs_no_secret_key(
    cache: Callable[[], Cache] | None, name: str
) -> None:
    """Where nothing goes through the browser, nothing has to be hidden from it."""
    app = Flask("site")
    app.session_interface = ServerSide()
    site = Site(cache() if cache else None, app)
    browser = app.test_client()
    assert site.log_in(browser, name, data={"a": 1})["data"] == {"a": 1}


@pytest.mark.parametrize("cache", [None, SimpleCache])
def test_two_answered_at_the_same_moment_both_end(cache: Callable[[], Cache] | None) -> None:
    """Both callbacks come with the cookie of before; neither takes the other's login away."""
    site = Site(cache() if cache else None)
    browser = site.app.test_client()
    callbacks = [site.decide(site.begin(browser, "two")) for _ in range(3)]
    before = cookie_of(browser)
    for callback in callbacks[:2]:
        browser.set_cookie("session", before)
        assert site.arrive(browser, callback).status_code == 200
    assert site.arrive(browser, callbacks[2]).status_code == 200


def test_cache_keeps_a_login_that_the_cookie_lost() -> None:
    """A response that was slow overwrites the cookie; the cache still has the login."""
    site = Site(SimpleCache())
    browser = site.app.test_client()
    site.begin(browser, "two")
    before = cookie_of(browser)
    callback = site.decide(site.begin(browser, "two"))
    browser.set_cookie("session", before)
    assert site.arrive(browser, callback).status_code == 200


def test_copied_cookie_is_stopped_by_the_server(site: Site, browser: FlaskClient) -> None:
    """What a cookie cannot guarantee: its own browser can play it back (pending.py's table)."""
    callback = site.decide(site.begin(browser, "two"))
    before = cookie_of(browser)
    site.arrive(browser, callback)
    browser.set_cookie("session", before)
    assert site.refused(browser, callback).error == "invalid_grant"


@pytest.mark.parametrize(("cache", "granted"), [(AtomicMemory, 1), (Slow, 2)])
def test_one_callback_twice_at_the_same_moment(cache: Callable[[], Cache], granted: int) -> None:
    """A cache with ``getdel`` gives the login to one; without, both may get it (pending.py)."""
    kept = cache()
    site = Site(kept)
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, "two"))
    cookie = cookie_of(browser)
    if isinstance(kept, Slow):
        kept.meet = threading.Barrier(2)

    def answer() -> None:
        tab = site.app.test_client()
        tab.set_cookie("session", cookie)
        site.arrive(tab, callback)

    threads = [threading.Thread(target=answer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.transport.forms("/oauth2/token")) == granted
    assert len(site.errors) == 1


def test_login_pushed_out_is_taken_from_the_cache() -> None:
    """A browser cannot fill the cache: what leaves its session leaves the cache."""
    cache = Forgetful()
    site = Site(cache)
    cache.kept.clear()
    browser = site.app.test_client()
    for _ in range(20):
        site.begin(browser, "two")
    assert len([value for value in cache.kept.values() if value]) == 8


def test_cache_may_come_while_logins_are_open(site: Site, browser: FlaskClient) -> None:
    """A deployment that adds a cache does not end the logins in the session."""
    callback = site.decide(site.begin(browser, "two"))
    site.oauth.cache = SimpleCache()
    site.begin(browser, "two")
    assert site.arrive(browser, callback).status_code == 200
