"""``async def`` views through whole logins."""

from __future__ import annotations

import asyncio

import pytest
from flask import Flask, session, url_for
from werkzeug import Response

from typedoauth.flask import OAuth, RemoteApp
from typedoauth.testing import LocalProvider


@pytest.fixture
def app() -> Flask:
    """An application of which every view is a coroutine, with a service of each protocol."""
    app = Flask("app")
    app.secret_key = "of the test"
    oauth = OAuth(app)
    oauth.register(
        "one",
        request_token_url="https://one.example/initiate",
        access_token_url="https://one.example/token",
        authorize_url="https://one.example/authorize",
        api_base_url="https://one.example/api/",
        client_id="one",
        client_secret="my-secret",
    )
    oauth.register(
        "two",
        access_token_url="https://two.example/token",
        authorize_url="https://two.example/authorize",
        api_base_url="https://two.example/api/",
        client_id="two",
        client_secret="my-secret",
        client_kwargs={"scope": "profile"},
    )
    oauth.register(
        "openid",
        server_metadata_url="https://openid.example/.well-known/openid-configuration",
        api_base_url="https://openid.example/api/",
        client_id="openid",
        client_secret="my-secret",
        client_kwargs={"scope": "openid profile"},
    )

    async def login(name: str) -> Response:
        await asyncio.sleep(0)
        client: RemoteApp = oauth.create_client(name)
        return client.authorize_redirect(url_for("authorize", name=name, _external=True))

    async def authorize(name: str) -> str:
        await asyncio.sleep(0)
        client: RemoteApp = oauth.create_client(name)
        client.authorize_access_token()
        await asyncio.sleep(0)  # the token stays at hand
        session["user"] = client.get("me").json()["sub"]
        return f"Hello, {session['user']}"

    app.add_url_rule("/login/<name>", view_func=login)
    app.add_url_rule("/authorize/<name>", view_func=authorize)
    return app


@pytest.mark.parametrize("name", ["one", "two", "openid"])
def test_login_goes_through_coroutines(
    app: Flask, oauth_provider: LocalProvider, name: str
) -> None:
    """Session, pending authorization and token are where they are in an ordinary view."""
    oauth_provider.stand_in(app)
    oauth_provider.login_as("ada")
    browser = app.test_client()
    assert browser.get(f"/login/{name}", follow_redirects=True).text == "Hello, ada"
    with browser.session_transaction() as session:
        assert session["user"] == "ada"


def test_two_logins_do_not_meet(app: Flask, oauth_provider: LocalProvider) -> None:
    """Each request has its own token at hand."""
    oauth_provider.stand_in(app)
    for user in ("ada", "grace"):
        oauth_provider.login_as(user)
        page = app.test_client().get("/login/two", follow_redirects=True)
        assert page.text == f"Hello, {user}"
