"""The provider in the place of an application's services: a login takes five lines."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug import Response as View
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.providers.catalogue import CATALOGUE
from tests.testing.acting import query_of
from tests.testing.shop import CLIENTS, GITHUB_USER, TWITTER_USER, create_app, oauth
from typedoauth import (
    AuthorizationResponseError,
    ConfigurationError,
    CredentialRequestError,
    OAuth1Client,
    OAuth2Client,
    StateMismatchError,
    TokenEndpointError,
)
from typedoauth.flask import AnyRegistration, OAuth, OpenIDApp, registries
from typedoauth.providers import Provider
from typedoauth.testing import FrozenClock, LocalProvider
from typedoauth.transports import WSGITransport

_CALLBACK = "http://localhost/callback"
_COUNTS = {
    "twitter": "token_credentials",
    "github": "authorization_code",
    "google": "authorization_code",
}


@pytest.fixture
def app() -> Flask:
    """An application of the factory, which lets errors out."""
    app = create_app()
    app.testing = True
    return app


@pytest.fixture
def there(oauth_provider: LocalProvider) -> LocalProvider:
    """A provider with the APIs that the application calls."""
    oauth_provider.add_resource(GITHUB_USER, lambda user: {"login": user.email})
    oauth_provider.add_resource(TWITTER_USER, lambda user: {"screen_name": user.email})
    return oauth_provider


def _log_in(browser: FlaskClient, name: str) -> str:
    return browser.get(f"/login/{name}", follow_redirects=True).text


@pytest.mark.parametrize("name", CLIENTS)
def test_login_takes_five_lines(app: Flask, there: LocalProvider, name: str) -> None:
    """The application's own test client comes back signed in."""
    there.stand_in(app)
    there.login_as("user-1", email="ada@example.com")
    browser = app.test_client()
    assert browser.get(f"/login/{name}", follow_redirects=True).text == "Hello, ada@example.com"
    assert there.counts[_COUNTS[name]] == 1


def test_client_made_before_is_led_there_too(app: Flask, there: LocalProvider) -> None:
    """It does not matter in which order a test's fixtures come."""
    browser = app.test_client()
    there.stand_in(app)
    there.login_as("ada", email="ada@example.com")
    assert _log_in(browser, "github") == "Hello, ada@example.com"


def test_other_applications_are_left_alone(app: Flask, there: LocalProvider) -> None:
    """Of two that one registry serves, only the one that was given."""
    other = create_app()
    there.stand_in(app)
    there.login_as("ada")
    location = other.test_client().get("/login/github").headers["Location"]
    assert location.startswith("https://github.com/login/oauth/authorize?")


def test_application_is_left_as_it_was(app: Flask, there: LocalProvider) -> None:
    """Its services are the real ones again, and what it learnt is forgotten."""
    before = app.wsgi_app
    there.login_as("ada", email="ada@example.com")
    stand_in = there.stand_in(app)
    assert repr(stand_in) == "<StandIn>"
    with stand_in as provider:
        assert provider is there
        _log_in(app.test_client(), "google")
    assert app.wsgi_app == before
    location = app.test_client().get("/login/github").headers["Location"]
    assert location.startswith("https://github.com/login/oauth/authorize?")
    with app.app_context():
        assert oauth.google.server_metadata == {}  # type: ignore[attr-defined]


def test_what_wraps_the_application_later_stays(app: Flask, there: LocalProvider) -> None:
    """A middleware that came in between is not thrown away, and goes on to work."""
    stand_in = there.stand_in(app)
    inner = app.wsgi_app
    outer = DispatcherMiddleware(inner)
    app.wsgi_app = outer  # type: ignore[method-assign]
    stand_in.close()
    assert app.wsgi_app is outer
    location = app.test_client().get("/login/github").headers["Location"]
    assert location.startswith("https://github.com/login/oauth/authorize?")


def test_clock_is_shared(app: Flask, there: LocalProvider, oauth_clock: FrozenClock) -> None:
    """The application's time is the provider's."""
    oauth_clock.advance(1_000_000)
    there.stand_in(app)
    there.login_as("ada", email="ada@example.com")
    browser = app.test_client()
    _log_in(browser, "github")
    with browser.session_transaction() as session:
        assert session["github"]["expires_at"] == oauth_clock.now + 3600


def test_nobody_is_signed_in_by_itself(app: Flask, there: LocalProvider) -> None:
    """Without ``login_as`` the provider's page is what the application's client sees."""
    there.stand_in(app)
    there.add_user("ada", name="Ada")
    page = app.test_client().get("/login/github")
    assert (page.status_code, "Approve" in page.text) == (200, True)


# The protocol is not skipped


def test_secret_of_the_application_is_checked(app: Flask, there: LocalProvider) -> None:
    """It is held to what was registered beforehand."""
    there.add_client(
        "github-client",
        "another secret",
        scope="read:user",
        redirect_uris=["http://localhost/authorize/github"],
    )
    there.stand_in(app)
    there.login_as("ada")
    with pytest.raises(TokenEndpointError, match="invalid_client"):
        _log_in(app.test_client(), "github")


def test_signature_of_the_application_is_checked(app: Flask, there: LocalProvider) -> None:
    """An OAuth 1.0 request that is signed with another secret is refused."""
    there.add_client("twitter-client", "another secret")
    there.stand_in(app)
    with pytest.raises(CredentialRequestError, match="signature_invalid"):
        app.test_client().get("/login/twitter")


def test_redirect_uri_is_checked(app: Flask, there: LocalProvider) -> None:
    """Where redirection URIs were registered, they are compared; the page says so."""
    there.add_client("github-client", "github-client-secret", redirect_uris=["http://localhost/"])
    there.stand_in(app)
    there.login_as("ada")
    page = app.test_client().get("/login/github")
    assert (page.status_code, "letter by letter" in page.text) == (400, True)


def test_pkce_is_checked(app: Flask, there: LocalProvider) -> None:
    """The code of a login is worth nothing without its verifier."""
    there.stand_in(app)
    there.login_as("ada")
    app.test_client().get("/login/github")
    thief = OAuth2Client(
        "github-client",
        "github-client-secret",
        authorize_url="https://github.com/login/oauth/authorize",
        access_token_url="https://github.com/login/oauth/access_token",
        transport=WSGITransport(there),
    )
    location = app.test_client().get("/login/github").headers["Location"]
    with pytest.raises(TokenEndpointError, match="code_verifier"):
        thief.fetch_access_token(
            "http://localhost/authorize/github", code=query_of(location)["code"]
        )


def test_state_is_checked(app: Flask, there: LocalProvider) -> None:
    """The answer of a login is good in the browser that began it only."""
    there.stand_in(app)
    there.login_as("ada")
    location = app.test_client().get("/login/github").headers["Location"]
    with pytest.raises(StateMismatchError):
        app.test_client().get(location)


def test_wrong_request_is_refused_as_ever(app: Flask, there: LocalProvider) -> None:
    """An error of the authorization endpoint comes back to the application."""
    there.add_client(
        "github-client",
        "github-client-secret",
        scope="notes",
        redirect_uris=["http://localhost/authorize/github"],
    )
    there.stand_in(app)
    there.login_as("ada")
    with pytest.raises(AuthorizationResponseError, match="invalid_scope"):
        _log_in(app.test_client(), "github")


def test_answer_by_form_is_posted(app: Flask, there: LocalProvider) -> None:
    """``form_post`` reaches the application as a POST, with the cookies of its browser."""
    seen: list[tuple[str, bool]] = []

    @app.before_request
    def note() -> None:
        seen.append((request.method, "session" in request.cookies))

    app.config["GITHUB_AUTHORIZE_PARAMS"] = {"response_mode": "form_post"}
    there.stand_in(app)
    there.login_as("ada", email="ada@example.com")
    assert _log_in(app.test_client(), "github") == "Hello, ada@example.com"
    assert seen == [("GET", False), ("POST", True)]


@pytest.mark.parametrize("provider", CATALOGUE.values(), ids=CATALOGUE)
def test_services_of_the_package(oauth_provider: LocalProvider, provider: Provider) -> None:
    """Whatever its quirks, a login at a service of the catalogue ends with a token."""
    app = Flask("site")
    app.secret_key = "of the site"
    client = OAuth(app).register_provider(
        provider,
        client_id="a-client",
        client_secret=None if provider.name == "apple" else "a-secret-of-this-test-for-HS256-too",
    )
    app.add_url_rule("/login", "login", lambda: client.authorize_redirect(_CALLBACK))

    def callback() -> list[str]:
        return sorted(client.authorize_access_token())

    app.add_url_rule("/callback", view_func=callback, methods=["GET", "POST"])
    oauth_provider.stand_in(app)
    oauth_provider.login_as("ada", email="ada@example.com")
    answer = app.test_client().get("/login", follow_redirects=True)
    # These call the client_id by another name, which the provider does not know.
    if provider.name in ("tiktok", "wechat"):
        assert answer.status_code == 500
    else:
        assert {"access_token", "oauth_token"}.intersection(answer.get_json())


# Users, APIs, logout


def test_login_as_adds_and_changes_a_user(there: LocalProvider) -> None:
    """One call names who is there; without details, whoever is there already."""
    assert there.login_as("ada", email="a@example.com").email == "a@example.com"
    assert there.login_as("ada").email == "a@example.com"
    assert there.login_as("ada", name="Ada", claims={"locale": "en"}).claims == {"locale": "en"}


def test_next_visitor_is_another_user(app: Flask, there: LocalProvider) -> None:
    """Two users, one after the other."""
    there.stand_in(app)
    for email in ("ada@example.com", "grace@example.com"):
        there.login_as(email, email=email)
        assert _log_in(app.test_client(), "google") == f"Hello, {email}"


def test_login_without_a_page_finds_the_visitor(app: Flask, there: LocalProvider) -> None:
    """``prompt=none`` is answered as for somebody who is signed in there."""
    there.stand_in(app)
    user = there.login_as("ada")
    with app.test_request_context():
        request = oauth.create_client("google").create_authorization_url(
            "http://localhost/authorize/google", prompt="none"
        )
    assert "code" in query_of(there.visit(request["url"]))
    assert user.user_id == "ada"


def test_logout_leads_back(app: Flask, there: LocalProvider) -> None:
    """The service's logout is gone through as its login is."""
    there.stand_in(app)
    there.login_as("ada", email="ada@example.com")
    browser = app.test_client()
    _log_in(browser, "google")
    answer = browser.get("/logout")
    assert answer.headers["Location"].partition("?")[0] == "http://localhost/bye"
    assert there.counts["logout"] == 1
    with browser.session_transaction() as session:
        assert "google" not in session


def test_resource_needs_a_token(there: LocalProvider) -> None:
    """A made-up API is as strict as a real one; it answers documents and lists too."""
    there.add_resource("https://api.example/things", [1, 2])
    client = OAuth2Client(
        "tool",
        "tool-secret",
        access_token_url="https://as.example/token",
        grant_type="client_credentials",
        transport=WSGITransport(there),
    )
    there.add_registered(client)
    answers = [
        client.get("https://api.example/things?page=2", withhold_token=withheld)
        for withheld in (True, False)
    ]
    assert [answer.status_code for answer in answers] == [401, 200]
    assert answers[1].json() == [1, 2]


def test_unknown_address_is_not_found(app: Flask, there: LocalProvider) -> None:
    """A call that nobody prepared an answer for fails."""
    there.stand_in(app)
    with app.app_context():
        assert oauth.create_client("github").get("/nowhere", withhold_token=True).status_code == 404


# Clients without Flask, and settings of other kinds


def test_script_visits() -> None:
    """What a script sends a browser to, a test visits."""
    provider = LocalProvider()
    client = OAuth2Client(
        "tool",
        access_token_url="https://as.example/token",
        authorize_url="https://as.example/authorize",
        transport=WSGITransport(provider),
    )
    provider.add_registered(client)
    provider.login_as("ada")
    begun = client.start_authorization("http://127.0.0.1:8017/")
    token = client.finish_authorization(provider.visit(begun.url), begun)
    assert token["access_token"] in provider.secrets


def test_script_of_oauth1_visits() -> None:
    """OAuth 1.0a out of band shows a page, as it must."""
    provider = LocalProvider()
    client = OAuth1Client(
        "tool",
        "tool-secret",
        request_token_url="https://as.example/initiate",
        access_token_url="https://as.example/token",
        authorize_url="https://as.example/authorize",
        transport=WSGITransport(provider),
    )
    provider.add_registered(client)
    provider.login_as("ada")
    begun = client.start_authorization("oob")
    with pytest.raises(ConfigurationError, match=r"200 OK: .*Give this code to tool"):
        provider.visit(begun.url)


@pytest.mark.parametrize(
    ("settings", "issuer"),
    [
        (
            {
                "server_metadata_url": (
                    "https://login.example/tenant/v2.0/.well-known/openid-configuration"
                )
            },
            "https://login.example/tenant/v2.0",
        ),
        (
            {
                "server_metadata_url": (
                    "https://login.example/.well-known/oauth-authorization-server/tenant"
                )
            },
            "https://login.example/tenant",
        ),
        (
            {
                "server_metadata_url": "https://tenant.example/.well-known/openid-configuration",
                "issuer": "https://tenant.example/",
            },
            "https://tenant.example/",
        ),
        (
            {
                "server_metadata_url": "https://login.example:8443/settings",
                "issuer": "https://issuer.example",
            },
            "https://issuer.example",
        ),
        (
            {
                "issuer": "https://issuer.example",
                "authorize_url": "https://login.example/authorize",
                "access_token_url": "https://api.example/token",
                "jwks_uri": "https://keys.example/keys?version=1",
                "userinfo_endpoint": "https://api.example/who%20am%20i",
            },
            "https://issuer.example",
        ),
    ],
)
def test_service_is_where_it_says(
    oauth_provider: LocalProvider, settings: AnyRegistration, issuer: str
) -> None:
    """Whatever the addresses of a service look like, its ID Tokens are of its issuer."""
    app = Flask("elsewhere")
    app.secret_key = "of the test"
    app.testing = True
    registry = OAuth(app)
    options: AnyRegistration = {
        "client_id": "one",
        "client_secret": "secret of one",
        "client_kwargs": {"scope": "openid"},
        **settings,
    }
    client = registry.register("one", client_cls=OpenIDApp, **options)

    def login() -> View:
        return client.authorize_redirect(_CALLBACK)

    def callback() -> dict[str, str]:
        token = client.authorize_access_token()
        return {"iss": token["userinfo"]["iss"], "sub": client.userinfo()["sub"]}

    app.add_url_rule("/login", view_func=login)
    app.add_url_rule("/callback", view_func=callback)
    oauth_provider.stand_in(app)
    oauth_provider.login_as("ada")
    answer = app.test_client().get("/login", follow_redirects=True)
    assert answer.get_json() == {"iss": issuer, "sub": "ada"}


def test_application_without_registry_is_told(oauth_provider: LocalProvider) -> None:
    """There is nothing to stand in for."""
    with pytest.raises(ConfigurationError, match=r"init_app\(app\)"):
        oauth_provider.stand_in(Flask("bare"))


def test_client_without_settings_is_told(oauth_provider: LocalProvider) -> None:
    """A setting that the test environment lacks is named, and nothing is left behind."""
    app = create_app()
    del app.config["TWITTER_CLIENT_ID"]
    before = app.wsgi_app
    with pytest.raises(ConfigurationError, match="TWITTER_CLIENT_ID"):
        oauth_provider.stand_in(app)
    assert app.wsgi_app == before


def test_relative_address_is_refused(oauth_provider: LocalProvider) -> None:
    """A made-up API is somewhere."""
    with pytest.raises(ConfigurationError, match="absolute"):
        oauth_provider.add_resource("/api/things", [])


def test_streams_and_errors_pass(there: LocalProvider) -> None:
    """What is no redirect to the provider is the application's own affair."""
    app = create_app()
    app.add_url_rule("/stream", "stream", lambda: (piece for piece in ("a", "b")))
    app.add_url_rule("/away", "away", lambda: ("", 302, {"Location": "https://else.example/"}))
    there.stand_in(app)
    browser = app.test_client()
    assert browser.get("/stream").text == "ab"
    assert browser.get("/away").headers["Location"] == "https://else.example/"
    assert not any(there.is_page(url) for url in ("//[", "/relative", "https://else.example/"))


def test_registries_are_those_of_the_application() -> None:
    """Each as the application sees it; none of an application that has none."""
    app = create_app()
    (found,) = registries(app)
    assert list(found) == list(oauth)
    assert found.create_client("github").client_id == "github-client"
    assert registries(Flask("bare")) == []
    assert re.fullmatch(r"https://api\.\w+\.com/.*", urlsplit(TWITTER_USER).geturl())
