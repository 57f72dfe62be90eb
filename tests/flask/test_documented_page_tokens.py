"""The examples of the documented page: tokens in a database, fetched and renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

import pytest
from flask import Flask, g, redirect, render_template_string
from flask.typing import ResponseReturnValue

from tests.flask.page import (
    GITHUB,
    JSON,
    TOKEN1,
    TWITTER,
    authorization,
    new_app,
    register_github,
    register_twitter,
)
from tests.flask.page_models import OAuth1Token, OAuth2Token, User, db
from tests.flask.site import query_of
from typedoauth import AnyToken, tokens
from typedoauth.flask import OAuth
from typedoauth.transports import Response, StubTransport

OAUTH1_SERVICES = ("twitter",)


@pytest.fixture
def app() -> Iterator[Flask]:
    """An application with the page's tables, and Ada in them."""
    app = new_app(SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    with app.app_context():
        db.create_all()
        User.get_by_github({"login": "ada"})
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def current_user() -> User:
    """Who is logged in."""
    found: User = g.user
    return found


def require_login(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """The page's ``@require_login``; here it is always Ada."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        g.user = User.get_by_username("ada")
        return view()

    return guarded


def save_tokens(app: Flask) -> None:
    """Give Ada a token of each kind."""
    with app.app_context():
        ada = User.get_by_username("ada")
        OAuth1Token.save("twitter", ada, TOKEN1)
        OAuth2Token.save("github", ada, {"access_token": "kept", "token_type": "bearer"})


def test_profile_of_a_user_whose_token_is_in_the_database(app: Flask) -> None:
    """``oauth.github.get('user', token=token.to_token())``; no expiry is ``0`` in that table."""
    stub = StubTransport(GITHUB)
    oauth = OAuth(app, transport=stub)
    register_github(oauth)
    save_tokens(app)

    @app.route("/github/<username>")
    def github_profile(username: str) -> ResponseReturnValue:
        user = User.get_by_username(username)
        token = OAuth2Token.get(user_id=user.id, name="github")
        assert token is not None
        # API URL: https://api.github.com/user
        resp = oauth.github.get("user", token=token.to_token())
        profile = resp.json()
        return render_template_string("{{ profile.login }}", profile=profile)

    assert app.test_client().get("/github/ada").text == "ada"
    assert stub.requests[0].headers["authorization"] == "Bearer kept"


@pytest.mark.parametrize("expires_at", [0, None])
def test_token_of_the_database_schema_is_a_token(app: Flask, expires_at: int | None) -> None:
    """``to_token()`` of both models is what calls take."""
    save_tokens(app)
    with app.app_context():
        one = OAuth1Token.get(name="twitter", user_id=1)
        two = OAuth2Token.get(name="github", user_id=1)
        assert one is not None
        assert two is not None
        two.expires_at = expires_at
        assert tokens.check_oauth1_token(one.to_token()) == TOKEN1
        assert tokens.check_oauth2_token(two.to_token())["access_token"] == "kept"
        assert not tokens.is_expired(two.to_token(), 10**10)


def test_token_is_saved_when_a_login_ends(app: Flask) -> None:
    """The page's ``/authorize`` that saves the token in the database."""
    oauth = OAuth(app, transport=StubTransport(GITHUB))
    register_github(oauth)

    @app.route("/login")
    def login() -> ResponseReturnValue:
        return oauth.github.authorize_redirect("http://localhost/authorize")

    @app.route("/authorize")
    def authorize() -> ResponseReturnValue:
        token = oauth.github.authorize_access_token()
        resp = oauth.github.get("user")
        profile = resp.json()
        user = User.get_by_github(profile)
        assert tokens.is_oauth2_token(token)
        OAuth2Token.save("github", user, token)
        return redirect("/")

    browser = app.test_client()
    state = query_of(browser.get("/login").headers["Location"])["state"]
    assert browser.get(f"/authorize?code=code&state={state}").status_code == 302
    with app.app_context():
        saved = OAuth2Token.get(name="github", user_id=1)
        assert saved is not None
        assert saved.to_token()["access_token"] == "token"


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_token_is_passed_with_a_call(app: Flask, verb: str) -> None:
    """``oauth.twitter.get(url, token=token)``, and ``post``, ``put``, ``delete``."""
    stub = StubTransport(lambda _: Response(200))
    oauth = OAuth(app, transport=stub)
    register_twitter(oauth)
    url, token = "https://api.twitter.com/1.1/statuses/update.json", TOKEN1
    verbs = {
        "get": lambda: oauth.twitter.get(url, token=token),
        "post": lambda: oauth.twitter.post(url, token=token),
        "put": lambda: oauth.twitter.put(url, token=token),
        "delete": lambda: oauth.twitter.delete(url, token=token),
    }
    assert verbs[verb]().ok
    assert stub.requests[0].method == verb.upper()
    assert authorization(stub.requests[0])["oauth_token"] == "token"


def test_token_of_the_current_user_is_fetched(app: Flask) -> None:
    """``fetch_token=fetch_twitter_token`` at registration, and ``/profile`` without a token."""
    stub = StubTransport(TWITTER)
    oauth = OAuth(app, transport=stub)

    def fetch_twitter_token() -> tokens.OAuth1Token | None:
        token = OAuth1Token.get(name="twitter", user_id=current_user().id)
        if token:
            return token.to_token()
        return None

    # we can registry this ``fetch_token`` with oauth.register
    oauth.register(
        "twitter",
        client_id="key",
        client_secret="secret",
        request_token_url="https://api.twitter.com/oauth/request_token",
        api_base_url="https://api.twitter.com/1.1/",
        fetch_token=fetch_twitter_token,
    )
    save_tokens(app)

    @app.route("/profile")
    @require_login
    def twitter_profile() -> ResponseReturnValue:
        resp = oauth.twitter.get("account/verify_credentials.json")
        profile = resp.json()
        return render_template_string("{{ profile.screen_name }}", profile=profile)

    assert app.test_client().get("/profile").text == "ada"
    assert authorization(stub.requests[0])["oauth_token"] == "token"


WAYS = pytest.mark.parametrize("way", ["OAuth(app, …)", "OAuth(…), init_app(app)", "init_app"])


@WAYS
def test_registry_fetches_every_token(app: Flask, way: str) -> None:
    """``fetch_token=`` of ``OAuth(app, …)``, of ``OAuth(…)``, and of ``init_app(app, …)``."""
    stub = StubTransport({**TWITTER, **GITHUB})

    def fetch_token(name: str) -> AnyToken | None:
        token: OAuth1Token | OAuth2Token | None
        if name in OAUTH1_SERVICES:
            token = OAuth1Token.get(name=name, user_id=current_user().id)
        else:
            token = OAuth2Token.get(name=name, user_id=current_user().id)
        if token:
            return token.to_token()
        return None

    if way == "OAuth(app, …)":
        oauth = OAuth(app, fetch_token=fetch_token, transport=stub)
    elif way == "init_app":
        oauth = OAuth(transport=stub)
        oauth.init_app(app, fetch_token=fetch_token)
    else:
        oauth = OAuth(fetch_token=fetch_token, transport=stub)
        oauth.init_app(app)
    register_twitter(oauth)
    register_github(oauth)
    save_tokens(app)

    @app.route("/both")
    @require_login
    def both() -> ResponseReturnValue:
        one = oauth.twitter.get("account/verify_credentials.json").json()
        two = oauth.github.get("user").json()
        return {**one, **two}

    assert app.test_client().get("/both").get_json() == {"screen_name": "ada", "login": "ada"}


@WAYS
def test_registry_keeps_renewed_tokens(app: Flask, way: str) -> None:
    """``update_token=`` in the same three ways; its shadowed parameter has a name of its own."""
    stub = StubTransport(
        {
            "POST https://github.com/login/oauth/access_token": Response(
                200,
                JSON,
                b'{"access_token": "new", "refresh_token": "newer", "expires_in": 3600}',
            ),
            "GET https://api.github.com/user": Response(200, JSON, b'{"login": "ada"}'),
        }
    )

    def update_token(name: str, token: tokens.OAuth2Token) -> OAuth2Token:
        kept = OAuth2Token.get(name=name, user_id=current_user().id)
        if not kept:
            kept = OAuth2Token(name=name, user_id=current_user().id)  # pyright: ignore[reportCallIssue] as printed
        kept.token_type = token.get("token_type", "bearer")
        kept.access_token = token["access_token"]
        kept.refresh_token = token.get("refresh_token")
        kept.expires_at = token.get("expires_at")
        db.session.add(kept)
        db.session.commit()
        return kept

    if way == "OAuth(app, …)":
        oauth = OAuth(app, update_token=update_token, transport=stub)
    elif way == "init_app":
        oauth = OAuth(transport=stub)
        oauth.init_app(app, update_token=update_token)
    else:
        oauth = OAuth(update_token=update_token, transport=stub)
        oauth.init_app(app)
    register_github(oauth)
    expired: tokens.OAuth2Token = {
        "access_token": "old",
        "refresh_token": "older",
        "expires_at": 1,
    }

    @app.route("/profile")
    @require_login
    def profile() -> ResponseReturnValue:
        oauth.github.get("user", token=expired)
        found = OAuth2Token.get(name="github", user_id=current_user().id)
        assert found is not None
        return dict(found.to_token())

    kept = app.test_client().get("/profile").get_json()
    assert (kept["access_token"], kept["refresh_token"]) == ("new", "newer")
    assert kept["expires_at"] > 10**9
    assert stub.requests[-1].headers["authorization"] == "Bearer new"
