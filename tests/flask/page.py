"""What the examples of the documented page take for granted, and its two registrations."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Flask, redirect, session, url_for
from flask.typing import ResponseReturnValue

from typedoauth import OAuth1Token
from typedoauth.flask import OAuth
from typedoauth.transports import Headers, Request, Response

FORM = Headers({"Content-Type": "application/x-www-form-urlencoded"})
JSON = Headers({"Content-Type": "application/json"})
TWITTER = {
    "POST https://api.twitter.com/oauth/request_token": Response(
        200, FORM, b"oauth_token=temp&oauth_token_secret=temp-s&oauth_callback_confirmed=true"
    ),
    "POST https://api.twitter.com/oauth/access_token": Response(
        200, FORM, b"oauth_token=token&oauth_token_secret=token-secret&screen_name=ada"
    ),
    "GET https://api.twitter.com/1.1/account/verify_credentials.json": Response(
        200, JSON, b'{"screen_name": "ada"}'
    ),
}
GITHUB = {
    "POST https://github.com/login/oauth/access_token": Response(
        200, JSON, b'{"access_token": "token", "token_type": "bearer", "scope": "user:email"}'
    ),
    "GET https://api.github.com/user": Response(200, JSON, b'{"login": "ada"}'),
}
PROFILE = {
    "POST https://github.com/login/oauth/access_token": GITHUB[
        "POST https://github.com/login/oauth/access_token"
    ],
    "GET https://api.github.com/user": Response(200, JSON, b'{"id": 1815, "login": "ada"}'),
    "GET https://api.github.com/user/emails": Response(404, JSON, b'{"message": "Not Found"}'),
}
TOKEN1: OAuth1Token = {"oauth_token": "token", "oauth_token_secret": "token-secret"}


def new_app(**config: object) -> Flask:
    """The ``app`` that the page takes for granted."""
    app = Flask("page")
    app.config.from_mapping({"SECRET_KEY": "a secret", **config})
    return app


def authorization(request: Request) -> dict[str, str]:
    """The parameters of an OAuth 1.0 header."""
    header = request.headers["authorization"].removeprefix("OAuth ")
    return {key: value.strip('"') for key, value in parse_qsl(header.replace(", ", "&"))}


def register_twitter(oauth: OAuth) -> None:
    """The page's registration of Twitter."""
    oauth.register(
        name="twitter",
        client_id="{{ your-twitter-consumer-key }}",
        client_secret="{{ your-twitter-consumer-secret }}",
        request_token_url="https://api.twitter.com/oauth/request_token",
        request_token_params=None,
        access_token_url="https://api.twitter.com/oauth/access_token",
        access_token_params=None,
        authorize_url="https://api.twitter.com/oauth/authenticate",
        api_base_url="https://api.twitter.com/1.1/",
        client_kwargs=None,
    )


def register_github(oauth: OAuth) -> None:
    """The page's registration of GitHub."""
    oauth.register(
        name="github",
        client_id="{{ your-github-client-id }}",
        client_secret="{{ your-github-client-secret }}",
        access_token_url="https://github.com/login/oauth/access_token",
        authorize_url="https://github.com/login/oauth/authorize",
        api_base_url="https://api.github.com/",
        client_kwargs={"scope": "user:email"},
    )


def add_login(app: Flask, oauth: OAuth, name: str, profile_url: str) -> None:
    """The page's two routes, for one of its two services."""
    service = oauth.create_client(name)

    @app.route("/login")
    def login() -> ResponseReturnValue:
        redirect_uri = url_for("authorize", _external=True)
        return service.authorize_redirect(redirect_uri)

    @app.route("/authorize")
    def authorize() -> ResponseReturnValue:
        token = service.authorize_access_token()
        resp = service.get(profile_url)
        profile = resp.json()
        # do something with the token and profile
        session["token"], session["profile"] = dict(token), profile
        return redirect("/")
