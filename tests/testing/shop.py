"""An application as people write them, with real services of each protocol; under test here."""

from __future__ import annotations

from flask import Flask, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from typedoauth.flask import OAuth, OAuth2App

GITHUB_USER = "https://api.github.com/user"
TWITTER_USER = "https://api.twitter.com/1.1/account/verify_credentials.json"
CLIENTS = ("twitter", "github", "google")
"""By protocol: OAuth 1.0a, OAuth 2.0, OpenID Connect."""

oauth = OAuth()
oauth.register(
    "twitter",
    request_token_url="https://api.twitter.com/oauth/request_token",
    access_token_url="https://api.twitter.com/oauth/access_token",
    authorize_url="https://api.twitter.com/oauth/authenticate",
    api_base_url="https://api.twitter.com/1.1/",
)
oauth.register(
    "github",
    access_token_url="https://github.com/login/oauth/access_token",
    authorize_url="https://github.com/login/oauth/authorize",
    api_base_url="https://api.github.com/",
    client_kwargs={"scope": "read:user"},
)
oauth.register(
    "google",
    server_metadata_url="https://accounts.google.com/.well-known/openid-configuration",
    client_kwargs={"scope": "openid email"},
)


def create_app() -> Flask:
    """The application; its factory knows nothing of tests."""
    app = Flask("shop")
    app.secret_key = "of the shop"
    for name in CLIENTS:
        app.config[f"{name.upper()}_CLIENT_ID"] = f"{name}-client"
        app.config[f"{name.upper()}_CLIENT_SECRET"] = f"{name}-client-secret"
    oauth.init_app(app)
    app.add_url_rule("/login/<name>", view_func=login)
    app.add_url_rule("/authorize/<name>", view_func=authorize, methods=["GET", "POST"])
    app.add_url_rule("/profile/<name>", view_func=profile)
    app.add_url_rule("/logout", view_func=logout)
    return app


def login(name: str) -> Response:
    """Send the visitor to the service."""
    callback = url_for("authorize", name=name, _external=True)
    return oauth.create_client(name).authorize_redirect(callback)


def authorize(name: str) -> str:
    """Let the visitor in."""
    token = oauth.create_client(name).authorize_access_token()
    session[name] = dict(token)
    return f"Hello, {_who(name)}"


def profile(name: str) -> ResponseReturnValue:
    """Call the service with the token of the login."""
    if name == "google":
        return dict(_google().userinfo(token=session[name]))
    oauth.create_client(name).token = session[name]
    return {"name": _who(name)}


def logout() -> Response:
    """Sign out here and there."""
    return _google().logout_redirect("http://localhost/bye", session.pop("google")["id_token"])


def _google() -> OAuth2App:
    client = oauth.create_client("google")
    assert isinstance(client, OAuth2App)
    return client


def _who(name: str) -> object:
    if name == "google":
        return session[name]["userinfo"]["email"]
    client = oauth.create_client(name)
    url, member = {
        "github": ("user", "login"),
        "twitter": ("account/verify_credentials.json", "screen_name"),
    }[name]
    response = client.get(url)
    response.raise_for_status()
    return response.json()[member]
