"""Whole logins of a Flask application of Authlib's: the provider is right about the protocol.

Authlib's client shares no code with the provider, nor with typedoauth.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, jsonify, session
from werkzeug import Response

from tests.testing.acting import decide
from typedoauth.testing import LocalProvider, serve
from typedoauth.testing.desk import CLIENT_SECRET, DeskProvider

# any: it has no types
AuthlibOAuth: Any = import_module("authlib.integrations.flask_client").OAuth

_ALGORITHMS = ("RS256", "ES256", "PS256", "ES512")
_CALLBACK = "http://localhost/authorize"


def _app(**settings: object) -> Flask:
    """Authlib's documented application."""
    app = Flask("app")
    app.secret_key = "of the test"
    oauth = AuthlibOAuth(app)
    oauth.register("service", **settings)

    def login() -> Response:
        response: Response = oauth.service.authorize_redirect(_CALLBACK)
        return response

    def authorize() -> Response:
        token: dict[str, object] = oauth.service.authorize_access_token()
        session["token"] = {name: one for name, one in token.items() if name != "userinfo"}
        return jsonify(token)

    def me() -> Response:
        return jsonify(oauth.service.get("me", token=session["token"]).json())

    def userinfo() -> Response:
        return jsonify(oauth.service.userinfo(token=session["token"]))

    for view in (login, authorize, me, userinfo):
        app.add_url_rule(f"/{view.__name__}", view_func=view)
    return app


def _log_in(app: Flask, *paths: str) -> list[Any]:  # any: JSON
    """Log in, then open more pages; gives the JSON of each."""
    browser = app.test_client()
    back = urlsplit(decide(browser.get("/login").headers["Location"]))
    first = browser.get(f"{back.path}?{back.query}")
    answers = [first, *(browser.get(path) for path in paths)]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    return [answer.get_json() for answer in answers]


@pytest.fixture
def there(provider: LocalProvider) -> LocalProvider:
    """The provider, with clients that sign in every way that Authlib verifies."""
    for algorithm in _ALGORITHMS:
        provider.add_client(
            algorithm,
            "its secret",
            redirect_uris=[_CALLBACK],
            id_token_signed_response_alg=algorithm,
        )
    return provider


@pytest.mark.parametrize("algorithm", _ALGORITHMS)
def test_openid_connect_login(there: LocalProvider, algorithm: str) -> None:
    """Discovery, PKCE, nonce, the ID Token's signature and claims, UserInfo (Connect Core)."""
    with serve(there) as url:
        app = _app(
            client_id=algorithm,
            client_secret="its secret",
            server_metadata_url=f"{url}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
            },
        )
        token, told = _log_in(app, "/userinfo")
    claims = token["userinfo"]
    assert (claims["iss"], claims["sub"], claims["aud"]) == (url, "ada", algorithm)
    assert claims["email"] == told["email"] == "ada@example.com"
    assert there.counts["userinfo"] == 1


def test_oauth2_login(there: LocalProvider) -> None:
    """Code and PKCE (RFC 6749 4.1, RFC 7636)."""
    with serve(there) as url:
        app = _app(
            client_id="RS256",
            client_secret="its secret",
            access_token_url=f"{url}/oauth2/token",
            authorize_url=f"{url}/oauth2/authorize",
            api_base_url=f"{url}/api/",
            client_kwargs={"scope": "profile", "code_challenge_method": "S256"},
        )
        token, me = _log_in(app, "/me")
    assert (token["scope"], me["sub"]) == ("profile", "ada")


def test_oauth1_login(there: LocalProvider) -> None:
    """The three legs, and a signed call (RFC 5849)."""
    with serve(there) as url:
        app = _app(
            client_id="RS256",
            client_secret="its secret",
            request_token_url=f"{url}/oauth1/initiate",
            access_token_url=f"{url}/oauth1/token",
            authorize_url=f"{url}/oauth1/authorize",
            api_base_url=f"{url}/api/",
        )
        token, me = _log_in(app, "/me")
    assert (set(token), me["sub"]) == ({"oauth_token", "oauth_token_secret"}, "ada")


def test_desk_is_for_any_library() -> None:
    """An application that knows nothing of typedoauth can be developed with it."""
    with serve(DeskProvider()) as url:
        app = _app(
            client_id="an-app-of-authlib",
            client_secret=CLIENT_SECRET,
            server_metadata_url=f"{url}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email"},
        )
        ((token),) = _log_in(app)
    assert token["userinfo"]["email_verified"] is True
