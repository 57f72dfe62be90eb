"""Each reason of a state mismatch, brought about as it happens to people."""

from __future__ import annotations

import pytest
from cachelib import SimpleCache
from flask import Flask
from flask.testing import FlaskClient

from tests.flask.site import CLIENT_SECRET, Site
from typedoauth.errors import ConfigurationError, StateMismatchError


def mismatch(site: Site, browser: FlaskClient, callback: str) -> StateMismatchError:
    """Bring an answer back that belongs to no login."""
    error = site.refused(browser, callback)
    assert isinstance(error, StateMismatchError), error
    return error


def test_callback_without_state_says_so(site: Site, browser: FlaskClient) -> None:
    """Somebody opened the callback by hand."""
    site.begin(browser, "two")
    assert (
        mismatch(site, browser, "http://localhost/authorize/two?code=c").reason == "missing_state"
    )


@pytest.mark.parametrize("name", ["one", "two"])
def test_blocked_cookies_are_told(site: Site, browser: FlaskClient, name: str) -> None:
    """The browser sent no session cookie with the callback."""
    callback = site.decide(site.begin(browser, name))
    error = mismatch(site, site.app.test_client(use_cookies=False), callback)
    assert error.reason == "no_session_cookie"
    assert "SESSION_COOKIE_SAMESITE, _SECURE, _DOMAIN or _PATH" in str(error)
    assert "log in again" not in str(error), "that would be a loop"


@pytest.mark.parametrize(
    ("others", "said"), [(0, "holds no login"), (1, "holds another login"), (2, "holds 2 others")]
)
def test_session_with_other_logins_is_told(site: Site, others: int, said: str) -> None:
    """The session came back, and this login is not in it."""
    callback = site.decide(site.begin(site.app.test_client(), "two"))
    browser = site.app.test_client()
    with browser.session_transaction() as session:
        session["cart"] = ["book"]
    for _ in range(others):
        site.begin(browser, "two")
    error = mismatch(site, browser, callback)
    assert error.reason == "other_logins"
    assert said in str(error)


def test_session_that_cannot_be_read_is_told(site: Site) -> None:
    """The classic of several processes: each has a SECRET_KEY of its own."""
    callback = site.decide(site.begin(site.app.test_client(), "two"))
    browser = site.app.test_client()
    browser.set_cookie("session", "signed-by-another-process")
    error = mismatch(site, browser, callback)
    assert error.reason == "other_logins"
    assert "all processes need the same one" in str(error)


def test_expired_login_is_told_each_time(site: Site, browser: FlaskClient) -> None:
    """It expired, which is not the same as used: it says so once, and is then gone."""
    callback = site.decide(site.begin(browser, "two"))
    site.clock.now += 3601
    assert mismatch(site, browser, callback).reason == "expired"
    assert mismatch(site, browser, callback).reason == "other_logins"


def test_callback_that_comes_again_is_told(site: Site, browser: FlaskClient) -> None:
    """The user reloaded the page; later logins do not make that less true."""
    callback = site.decide(site.begin(browser, "two"))
    site.arrive(browser, callback)
    for _ in range(2):
        site.log_in(browser, "one")
    assert mismatch(site, browser, callback).reason == "already_used"


@pytest.mark.parametrize(
    ("began", "came"),
    [
        ("http://localhost", "http://127.0.0.1"),
        ("http://127.0.0.1", "http://localhost"),
        ("https://localhost", "http://localhost"),
        ("http://localhost", "https://localhost"),
        ("https://127.0.0.1", "http://localhost"),
    ],
)
def test_other_host_is_told(site: Site, browser: FlaskClient, began: str, came: str) -> None:
    """Both addresses are named, so that one sees which to use."""
    callback = site.decide(site.begin(browser, "two", base=began))
    error = mismatch(site, site.app.test_client(), callback.replace(began, came))
    assert error.reason == "other_host"
    assert f"{began} " in str(error)
    assert f"{came}," in str(error)


@pytest.mark.parametrize(
    ("began", "came"),
    [
        ("https://shop.example", "https://www.shop.example"),
        ("https://www.shop.example:8443", "http://shop.example:8443"),
    ],
)
def test_www_is_told_as_another_host(began: str, came: str) -> None:
    """With and without ``www.`` are two hosts to a browser."""
    site = Site()
    uris = [f"{began}/authorize/two"]
    site.provider.add_client("client", CLIENT_SECRET, redirect_uris=uris)
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, "two", base=began))
    error = mismatch(site, site.app.test_client(), callback.replace(began, came))
    assert error.reason == "other_host"
    assert mismatch(site, site.app.test_client(), callback).reason == "no_session_cookie"


def test_made_up_state_is_not_taken_for_another_host(site: Site, browser: FlaskClient) -> None:
    """Only a state of ours tells where it was made."""
    error = mismatch(site, browser, "http://127.0.0.1/authorize/two?state=abcdefgh&code=c")
    assert error.reason == "no_session_cookie"


@pytest.mark.parametrize("cache", [None, SimpleCache()])
@pytest.mark.parametrize("name", ["one", "two"])
def test_missing_secret_key_is_told_before_anything_is_sent(
    cache: SimpleCache | None, name: str
) -> None:
    """A login that could never end does not begin."""
    site = Site(cache, Flask("keyless"))
    with site.app.test_request_context(), pytest.raises(ConfigurationError, match="SECRET_KEY"):
        site.oauth.create_client(name).authorize_redirect("http://localhost/")
    assert site.transport.requests == []


def test_secret_key_missing_at_the_callback_is_told(site: Site, browser: FlaskClient) -> None:
    """One of several processes has no key."""
    callback = site.decide(site.begin(browser, "two"))
    site.app.secret_key = None
    assert mismatch(site, browser, callback).reason == "no_secret_key"


def test_secret_key_may_be_set_late() -> None:
    """Configuration that is loaded after ``init_app`` counts."""
    site = Site(None, Flask("late"))
    site.app.config["SECRET_KEY"] = "late"
    site.log_in(site.app.test_client(), "two")


def test_emptied_cache_is_told() -> None:
    """The session knows of the login and the cache does not, as with one cache a process."""
    cache = SimpleCache()
    site = Site(cache)
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, "two"))
    cache.clear()
    assert mismatch(site, browser, callback).reason == "lost_by_cache"
