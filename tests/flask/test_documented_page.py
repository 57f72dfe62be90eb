"""The examples of the documented page: registry, registration, login.

Each test makes the calls of one example with its arguments; only the page's own
slips are mended. ``docs/documented-page.md`` names the test of each paragraph.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import redirect, render_template_string, session, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from tests.flask.caches import Forgetful
from tests.flask.page import (
    GITHUB,
    JSON,
    PROFILE,
    TOKEN1,
    TWITTER,
    add_login,
    authorization,
    new_app,
    register_github,
    register_twitter,
)
from tests.flask.site import query_of, session_of
from typedoauth import AnyToken, OAuth1Token, UserInfo
from typedoauth.flask import OAuth, RemoteApp, create_flask_blueprint
from typedoauth.providers import GitHub
from typedoauth.transports import Response, StubTransport

if TYPE_CHECKING:
    from typedoauth.client import OAuth2Client


@pytest.mark.parametrize("lazily", [False, True])
def test_registry_is_made_at_once_or_later(lazily: bool) -> None:
    """``oauth = OAuth(app)``; or ``oauth = OAuth()`` and ``oauth.init_app(app)``."""
    app = new_app()
    if lazily:
        oauth = OAuth()
        oauth.init_app(app)
    else:
        oauth = OAuth(app)
    register_github(oauth)
    assert oauth.github.client_id == "{{ your-github-client-id }}"


def test_twitter_is_registered_and_called() -> None:
    """``oauth.register(name='twitter', …)``, ``oauth.twitter.get('account/…')``."""
    stub = StubTransport(TWITTER)
    app = new_app()
    oauth = OAuth(app, fetch_token=lambda _: TOKEN1, transport=stub)
    register_twitter(oauth)
    with app.test_request_context():
        resp = oauth.twitter.get("account/verify_credentials.json")
    assert resp.json() == {"screen_name": "ada"}
    sent = authorization(stub.requests[0])
    assert sent["oauth_consumer_key"] == "{{ your-twitter-consumer-key }}"
    assert sent["oauth_token"] == "token"


def test_twitter_is_configured_by_the_application() -> None:
    """``TWITTER_CLIENT_ID``, ``TWITTER_CLIENT_SECRET``, ``TWITTER_REQUEST_TOKEN_URL``."""
    app = new_app(
        TWITTER_CLIENT_ID="Twitter Consumer Key",
        TWITTER_CLIENT_SECRET="Twitter Consumer Secret",
        TWITTER_REQUEST_TOKEN_URL="https://api.twitter.com/oauth/request_token",
    )
    oauth = OAuth(app)
    oauth.register("twitter")
    assert oauth.twitter.client_id == "Twitter Consumer Key"
    assert oauth.twitter.client_secret == "Twitter Consumer Secret"
    assert getattr(oauth.twitter, "request_token_url") == app.config["TWITTER_REQUEST_TOKEN_URL"]  # noqa: B009  config made it OAuth 1.0


def test_example_is_configured_by_the_application() -> None:
    """``oauth.register('example', …)`` and ``EXAMPLE_…`` (the full lists: test_config.py)."""
    app = new_app(
        EXAMPLE_CLIENT_ID="OAuth Consumer Key",
        EXAMPLE_CLIENT_SECRET="OAuth Consumer Secret",
        EXAMPLE_ACCESS_TOKEN_URL="https://example.com/oauth/access_token",
    )
    oauth = OAuth(app)
    oauth.register("example")
    assert oauth.example.client_id == "OAuth Consumer Key"
    assert oauth.example.client_secret == "OAuth Consumer Secret"
    assert oauth.example.access_token_url == "https://example.com/oauth/access_token"


def test_client_kwargs_choose_rsa() -> None:
    """``EXAMPLE_CLIENT_KWARGS`` with ``RSA-SHA1``, ``HEADER`` and ``rsa_key``."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    app = new_app(
        EXAMPLE_CLIENT_ID="key",
        EXAMPLE_REQUEST_TOKEN_URL="https://example.com/request_token",
        EXAMPLE_CLIENT_KWARGS={
            "signature_method": "RSA-SHA1",
            "signature_type": "HEADER",
            "rsa_key": pem,
        },
    )
    stub = StubTransport(lambda _: Response(200))
    oauth = OAuth(app, transport=stub)
    oauth.register("example")
    oauth.example.get("https://api.example.com/", token=TOKEN1)
    assert authorization(stub.requests[0])["oauth_signature_method"] == "RSA-SHA1"


@pytest.mark.parametrize("lazily", [False, True])
def test_temporary_credentials_are_saved_in_a_cache(lazily: bool) -> None:
    """``OAuth(app, cache=cache)``; or ``oauth.init_app(app, cache=cache)``."""
    cache = Forgetful()  # has get(key) and set(key, value, expires=None)
    app, stub = new_app(), StubTransport(TWITTER)
    if lazily:
        oauth = OAuth(transport=stub)
        oauth.init_app(app, cache=cache)
    else:
        oauth = OAuth(app, cache=cache, transport=stub)
    register_twitter(oauth)
    add_login(app, oauth, "twitter", "account/verify_credentials.json")
    browser = app.test_client()
    browser.get("/login")
    assert any("temp" in key or "pending" in key for key in cache.kept)
    assert browser.get("/authorize?oauth_token=temp&oauth_verifier=v").status_code == 302


def test_temporary_credentials_are_saved_by_functions() -> None:
    """``save_request_token(token)`` and ``fetch_request_token()`` of the page."""
    app, stub = new_app(), StubTransport(TWITTER)
    someplace: dict[str, OAuth1Token] = {}
    current_user = "ada"

    def save_request_token(token: OAuth1Token) -> None:
        someplace[current_user] = token

    def fetch_request_token() -> OAuth1Token | None:
        return someplace.get(current_user)

    oauth = OAuth(app, transport=stub)
    oauth.register(
        "twitter",
        client_id="Twitter Consumer Key",
        client_secret="Twitter Consumer Secret",
        request_token_url="https://api.twitter.com/oauth/request_token",
        request_token_params=None,
        access_token_url="https://api.twitter.com/oauth/access_token",
        access_token_params=None,
        refresh_token_url=None,
        authorize_url="https://api.twitter.com/oauth/authenticate",
        api_base_url="https://api.twitter.com/1.1/",
        client_kwargs=None,
        # NOTICE HERE
        save_request_token=save_request_token,
        fetch_request_token=fetch_request_token,
    )
    add_login(app, oauth, "twitter", "account/verify_credentials.json")
    browser = app.test_client()
    browser.get("/login")
    assert someplace == {"ada": {"oauth_token": "temp", "oauth_token_secret": "temp-s"}}
    assert browser.get("/authorize?oauth_token=temp&oauth_verifier=v").status_code == 302
    assert session_of(app, browser)["profile"] == {"screen_name": "ada"}


def test_login_with_twitter() -> None:
    """``oauth.twitter.authorize_redirect`` and ``oauth.twitter.authorize_access_token``."""
    app, stub = new_app(), StubTransport(TWITTER)
    oauth = OAuth(app, transport=stub)
    register_twitter(oauth)

    @app.route("/login")
    def login() -> ResponseReturnValue:
        redirect_uri = url_for("authorize", _external=True)
        return oauth.twitter.authorize_redirect(redirect_uri)

    @app.route("/authorize")
    def authorize() -> ResponseReturnValue:
        token = oauth.twitter.authorize_access_token()
        resp = oauth.twitter.get("account/verify_credentials.json")
        profile = resp.json()
        # do something with the token and profile
        session["token"], session["profile"] = dict(token), profile
        return redirect("/")

    browser = app.test_client()
    away = browser.get("/login").headers["Location"]
    assert away == "https://api.twitter.com/oauth/authenticate?oauth_token=temp"
    back = browser.get("/authorize?oauth_token=temp&oauth_verifier=verifier")
    assert (back.status_code, back.headers["Location"]) == (302, "/")
    kept = session_of(app, browser)
    assert kept["profile"] == {"screen_name": "ada"}
    assert kept["token"] == {**TOKEN1, "screen_name": "ada"}
    asked, traded, called = map(authorization, stub.requests)
    assert asked["oauth_callback"] == "http://localhost/authorize"
    assert (traded["oauth_token"], traded["oauth_verifier"]) == ("temp", "verifier")
    assert called["oauth_token"] == "token"
    stub.assert_all_used()


def test_github_is_registered_and_called() -> None:
    """``oauth.register(name='github', …)``, ``oauth.github.get('user')``."""
    stub = StubTransport(GITHUB)
    app = new_app()
    oauth = OAuth(app, fetch_token=lambda _: {"access_token": "token"}, transport=stub)
    register_github(oauth)
    with app.test_request_context():
        assert oauth.github.get("user").json() == {"login": "ada"}
    assert stub.requests[0].headers["authorization"] == "Bearer token"


def test_github_is_configured_by_the_application() -> None:
    """``GITHUB_CLIENT_ID``, ``GITHUB_CLIENT_SECRET``; ``EXAMPLE_…`` likewise."""
    app = new_app(
        GITHUB_CLIENT_ID="GitHub Client ID",
        GITHUB_CLIENT_SECRET="GitHub Client Secret",
        EXAMPLE_CLIENT_ID="OAuth 2 Client ID",
        EXAMPLE_CLIENT_SECRET="OAuth 2 Client Secret",
    )
    oauth = OAuth(app)
    for name in ("github", "example"):
        oauth.register(name, access_token_url="https://example.com/oauth/access_token")
    assert oauth.github.client_id == "GitHub Client ID"
    assert oauth.github.client_secret == "GitHub Client Secret"
    assert oauth.example.client_id == "OAuth 2 Client ID"
    assert oauth.example.client_secret == "OAuth 2 Client Secret"


def test_client_kwargs_choose_scope_authentication_and_placement() -> None:
    """``EXAMPLE_CLIENT_KWARGS`` with three options of OAuth 2.0."""
    app = new_app(
        EXAMPLE_CLIENT_ID="id",
        EXAMPLE_CLIENT_SECRET="secret",
        EXAMPLE_ACCESS_TOKEN_URL="https://example.com/token",
        EXAMPLE_AUTHORIZE_URL="https://example.com/authorize",
        EXAMPLE_CLIENT_KWARGS={
            "scope": "profile",
            "token_endpoint_auth_method": "client_secret_basic",
            "token_placement": "header",
        },
    )
    stub = StubTransport(lambda _: Response(200, JSON, b'{"access_token": "token"}'))
    oauth = OAuth(app, transport=stub)
    oauth.register("example")
    url = oauth.example.create_authorization_url("https://app.example.com/")["url"]
    assert query_of(url)["scope"] == "profile"
    getattr(oauth.example, "fetch_access_token")(code="code")  # noqa: B009  config made it OAuth 2.0
    oauth.example.get("https://api.example.com/", token={"access_token": "token"})
    basic, bearer = (request.headers["authorization"] for request in stub.requests)
    assert (basic.partition(" ")[0], bearer) == ("Basic", "Bearer token")


def test_login_with_github() -> None:
    """``oauth.github.authorize_redirect`` and ``oauth.github.authorize_access_token``."""
    app, stub = new_app(), StubTransport(GITHUB)
    oauth = OAuth(app, transport=stub)
    register_github(oauth)

    @app.route("/login")
    def login() -> ResponseReturnValue:
        redirect_uri = url_for("authorize", _external=True)
        return oauth.github.authorize_redirect(redirect_uri)

    @app.route("/authorize")
    def authorize() -> ResponseReturnValue:
        token = oauth.github.authorize_access_token()
        resp = oauth.github.get("user")
        profile = resp.json()
        # do something with the token and profile
        session["token"], session["profile"] = dict(token), profile
        return redirect("/")

    browser = app.test_client()
    away = browser.get("/login").headers["Location"]
    assert away.startswith("https://github.com/login/oauth/authorize?")
    assert query_of(away)["scope"] == "user:email"
    back = browser.get(f"/authorize?code=code&state={query_of(away)['state']}")
    assert (back.status_code, back.headers["Location"]) == (302, "/")
    kept = session_of(app, browser)
    assert (kept["profile"], kept["token"]["access_token"]) == ({"login": "ada"}, "token")
    stub.assert_all_used()


def test_code_challenge() -> None:
    """``oauth.register('example', …, client_kwargs=None, code_challenge_method='S256')``."""
    app = new_app()
    stub = StubTransport(lambda _: Response(200, JSON, b'{"access_token": "token"}'))
    oauth = OAuth(app, transport=stub)
    oauth.register(
        "example",
        client_id="Example Client ID",
        client_secret="Example Client Secret",
        access_token_url="https://example.com/oauth/access_token",
        authorize_url="https://example.com/oauth/authorize",
        api_base_url="https://api.example.com/",
        client_kwargs=None,
        code_challenge_method="S256",
    )
    add_login(app, oauth, "example", "me")
    browser = app.test_client()
    query = query_of(browser.get("/login").headers["Location"])
    assert (query["code_challenge_method"], len(query["code_challenge"])) == ("S256", 43)
    browser.get(f"/authorize?code=code&state={query['state']}")
    sent = dict(parse_qsl((stub.requests[0].body or b"").decode()))
    assert len(sent["code_verifier"]) >= 43


def to_unicode(text: str | bytes) -> str:
    """What the page imports from elsewhere."""
    return text.decode() if isinstance(text, bytes) else text


def test_compliance_fix_for_slack() -> None:
    """``slack_compliance_fix(session)`` as printed, and ``compliance_fix=`` at registration."""

    def slack_compliance_fix(session: OAuth2Client) -> None:
        def _fix(resp: Response) -> Response:
            token = resp.json()
            # slack returns no token_type
            token["token_type"] = "Bearer"
            resp._content = to_unicode(json.dumps(token)).encode("utf-8")  # pyright: ignore[reportPrivateUsage] as printed
            return resp

        session.register_compliance_hook("access_token_response", _fix)

    app = new_app()
    stub = StubTransport(lambda _: Response(200, JSON, b'{"access_token": "t", "token_type": 5}'))
    oauth = OAuth(app, transport=stub)
    oauth.register(
        "slack",
        client_id="...",
        client_secret="...",
        access_token_url="https://slack.com/api/oauth.access",
        authorize_url="https://slack.com/oauth/authorize",
        compliance_fix=slack_compliance_fix,
        api_base_url="https://slack.com/api/",
    )
    add_login(app, oauth, "slack", "users.identity")
    browser = app.test_client()
    state = query_of(browser.get("/login").headers["Location"])["state"]
    browser.get(f"/authorize?code=code&state={state}")
    assert session_of(app, browser)["token"]["token_type"] == "Bearer"


def test_many_services_share_their_views() -> None:
    """``oauth.create_client(name)`` in the views of ``/login/<name>`` and its two fellows."""
    app, stub = new_app(), StubTransport({**TWITTER, **GITHUB})
    saved: dict[str, dict[str, object]] = {}

    def fetch_token(name: str) -> OAuth1Token:
        return saved[name]  # type: ignore[return-value]  # pyright: ignore[reportReturnType] kept as it came

    oauth = OAuth(app, fetch_token=fetch_token, transport=stub)
    register_twitter(oauth)
    register_github(oauth)
    oauth1_services = {"twitter"}

    def get_profile_url(name: str) -> str:
        return {"twitter": "account/verify_credentials.json", "github": "user"}[name]

    @app.route("/login/<name>")
    def login(name: str) -> ResponseReturnValue:
        client = oauth.create_client(name)
        redirect_uri = url_for("authorize", name=name, _external=True)
        return client.authorize_redirect(redirect_uri)

    @app.route("/authorize/<name>")
    def authorize(name: str) -> ResponseReturnValue:
        client = oauth.create_client(name)
        token = client.authorize_access_token()
        if name in oauth1_services:
            saved[name] = {**token, "kind": "1"}
        else:
            saved[name] = {**token, "kind": "2"}
        return redirect(url_for("profile", name=name))

    @app.route("/profile/<name>")
    def profile(name: str) -> ResponseReturnValue:
        client = oauth.create_client(name)
        resp = client.get(get_profile_url(name))
        profile = resp.json()
        return render_template_string("{{ profile }}", profile=profile)

    def log_in(browser: FlaskClient, name: str, answer: Callable[[dict[str, str]], str]) -> str:
        away = query_of(browser.get(f"/login/{name}").headers["Location"])
        back = browser.get(f"/authorize/{name}?{answer(away)}", follow_redirects=True)
        return back.text

    browser = app.test_client()
    text = log_in(browser, "twitter", lambda q: f"oauth_token={q['oauth_token']}&oauth_verifier=v")
    assert "screen_name" in text
    assert "login" in log_in(browser, "github", lambda q: f"code=c&state={q['state']}")
    assert {name: token["kind"] for name, token in saved.items()} == {"twitter": "1", "github": "2"}


def test_blueprint_of_loginpass() -> None:
    """``create_flask_blueprint(GitHub, oauth, handle_authorize)``, ``/github/login``."""
    app, stub = new_app(GITHUB_CLIENT_ID="c", GITHUB_CLIENT_SECRET="s"), StubTransport(PROFILE)
    oauth = OAuth(app, transport=stub)
    saved: list[object] = []
    user_page, some_error = "the page of the user", PermissionError("no login")

    def save_token(name: str, token: object) -> None:
        saved.append((name, token))

    def save_user(user_info: object) -> None:
        saved.append(user_info)

    def handle_authorize(
        remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
    ) -> ResponseReturnValue:
        if token:
            save_token(remote.name, token)
        if user_info:
            save_user(user_info)
            return user_page
        raise some_error

    github_bp = create_flask_blueprint(GitHub, oauth, handle_authorize)
    app.register_blueprint(github_bp, url_prefix="/github")
    # Now, there are: ``/github/login`` and ``/github/auth``

    browser = app.test_client()
    away = query_of(browser.get("/github/login").headers["Location"])
    assert away["redirect_uri"] == "http://localhost/github/auth"
    assert browser.get(f"/github/auth?code=c&state={away['state']}").text == user_page
    kept = {"access_token": "token", "token_type": "bearer", "scope": "user:email"}
    assert saved == [("github", kept), {"sub": "1815", "preferred_username": "ada"}]
    app.testing = True
    with pytest.raises(PermissionError):
        browser.get("/github/auth?error=access_denied")
