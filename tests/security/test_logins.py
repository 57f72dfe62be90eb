"""Logins that other libraries have let go wrong (docs/advisories.md)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from cachelib import SimpleCache
from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.test import Client

from tests.flask.site import PROVIDER, Site, as_text, query_of, session_of
from typedoauth.errors import MissingCodeError, MissingTokenError
from typedoauth.protocols import Cache

EVIL = "https://evil.example/"


@pytest.fixture(params=["session", "cache"])
def kept(request: pytest.FixtureRequest) -> Cache | None:
    """Where open logins are kept."""
    return SimpleCache() if request.param == "cache" else None


@pytest.mark.parametrize("name", ["one", "two"])
def test_open_login_is_no_login(name: str, kept: Cache | None) -> None:
    """A browser that began a login, and did not end it, has no token and nobody's name."""
    site = Site(kept)
    browser = site.app.test_client()

    def page() -> ResponseReturnValue:
        with pytest.raises(MissingTokenError):
            site.oauth.create_client(name).get("me")
        return "nobody"

    site.app.add_url_rule("/page", view_func=page)
    site.begin(browser, name)
    assert browser.get("/page").text == "nobody"
    assert list(session_of(site.app, browser)) == ["_typedoauth"]


@pytest.mark.parametrize("name", ["one", "two"])
def test_request_that_begins_a_login_is_not_kept(name: str, kept: Cache | None) -> None:
    """Neither a form nor a query of the login page goes to the session or the service."""
    site = Site(kept)
    browser = site.app.test_client()

    def begin() -> ResponseReturnValue:
        assert request.form["csrf_token"] == "the-csrf-token"
        callback = url_for("authorize", name=name, _external=True)
        return site.oauth.create_client(name).authorize_redirect(callback)

    site.app.add_url_rule("/begin", view_func=begin, methods=["POST"])
    form = {"csrf_token": "the-csrf-token", "password": "the-password"}
    answer = browser.post("/begin?secret=the-query", data=form)
    location = answer.headers["Location"]
    assert location.startswith(PROVIDER)
    seen = as_text(session_of(site.app, browser)) + location + repr(site.transport.requests)
    assert [one for one in (*form.values(), "the-query") if one in seen] == []


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("post", [False, True])
def test_login_leads_to_the_registered_endpoint_alone(name: str, post: bool) -> None:
    """Nothing in the request decides where the browser is sent."""
    site = Site()
    browser = site.app.test_client()
    names = ("next", "callbackUrl", "redirect_uri", "url", "authorize_url", "redirect_url", "iss")
    given = dict.fromkeys(names, EVIL)

    def begin() -> ResponseReturnValue:
        callback = url_for("authorize", name=name, _external=True)
        return site.oauth.create_client(name).authorize_redirect(callback)

    site.app.add_url_rule("/begin", view_func=begin, methods=["GET", "POST"])
    answer = browser.open(
        "/begin",
        method="POST" if post else "GET",
        data=given if post else None,
        query_string=given,
    )
    location = urlsplit(answer.headers["Location"])
    assert f"{location.scheme}://{location.netloc}" == PROVIDER
    assert "evil.example" not in location.query
    assert query_of(location.geturl()).get("redirect_uri") in (
        None,
        f"http://localhost/authorize/{name}",
    )


@pytest.mark.parametrize(
    "brought",
    [
        {"access_token": "stolen", "token_type": "Bearer"},
        {"access_token": "stolen", "id_token": "stolen"},
        {"signed_request": "stolen"},
        {"token": "stolen"},
    ],
    ids=str,
)
@pytest.mark.parametrize("post", [False, True])
def test_callback_brings_a_code_and_nothing_else(brought: dict[str, str], post: bool) -> None:
    """A token in the callback is somebody's, and not taken; no request is sent."""
    site = Site()
    browser = site.app.test_client()
    state = query_of(site.begin(browser, "two"))["state"]
    callback = f"http://localhost/authorize/two?{urlencode({**brought, 'state': state})}"
    assert isinstance(site.refused(browser, callback, post=post), MissingCodeError)
    assert site.transport.requests == []


def test_users_at_the_same_moment_get_their_own_tokens(kept: Cache | None) -> None:
    """Nothing of a login lies where another request finds it."""
    site = Site(kept)
    users = [f"user-{number}" for number in range(4)]
    logged_in = threading.Barrier(len(users), timeout=30)

    def callback(name: str) -> ResponseReturnValue:
        assert name == "two"
        site.two.authorize_access_token()
        logged_in.wait()  # now everybody has a token
        return str(site.two.get("me").json()["sub"])

    def log_in(user: str) -> str:
        browser = site.app.test_client()
        answer = Client(site.provider).post(
            site.begin(browser, "two"),
            base_url=PROVIDER,
            data={"user": user, "decision": "approve"},
        )
        return site.arrive(browser, answer.headers["Location"]).text

    site.app.view_functions["authorize"] = callback
    for user in users:
        site.provider.add_user(user)
    with ThreadPoolExecutor(len(users)) as pool:
        assert list(pool.map(log_in, users)) == users
