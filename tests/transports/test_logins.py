"""Whole logins over real HTTP, with each transport that makes connections."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask, url_for
from flask.typing import ResponseReturnValue

from tests.testing.acting import decide
from tests.transports.contract import Make, each
from typedoauth.flask import OAuth, OpenIDApp
from typedoauth.testing import LocalProvider, serve


@dataclass
class Place:
    """A provider with a user and a client, and where it is."""

    provider: LocalProvider
    base: str


@pytest.fixture
def place() -> Generator[Place]:
    """The provider, over HTTP on loopback."""
    provider = LocalProvider()
    provider.add_user("ada", name="Ada")
    provider.add_client(
        "client",
        "client-secret",
        redirect_uris=[f"http://localhost/authorize/{name}" for name in ("one", "two", "three")],
        scope="openid profile",
    )
    with serve(provider) as base:
        yield Place(provider, base)


def create_app(oauth: OAuth, base: str) -> Flask:
    """An application with one client of each protocol."""
    app = Flask("site")
    app.secret_key = "of the test"
    app.testing = True
    oauth.init_app(app)
    oauth.register(
        "one",
        client_id="client",
        client_secret="client-secret",
        request_token_url=f"{base}/oauth1/initiate",
        authorize_url=f"{base}/oauth1/authorize",
        access_token_url=f"{base}/oauth1/token",
        api_base_url=f"{base}/api/",
    )
    oauth.register(
        "two",
        client_id="client",
        client_secret="client-secret",
        authorize_url=f"{base}/oauth2/authorize",
        access_token_url=f"{base}/oauth2/token",
        api_base_url=f"{base}/api/",
        client_kwargs={"scope": "profile"},
    )
    oauth.register(
        "three",
        client_cls=OpenIDApp,
        client_id="client",
        client_secret="client-secret",
        server_metadata_url=f"{base}/.well-known/openid-configuration",
        api_base_url=f"{base}/api/",
        client_kwargs={"scope": "openid profile"},
    )

    def login(name: str) -> ResponseReturnValue:
        redirect_uri = url_for("authorize", name=name, _external=True)
        return oauth.create_client(name).authorize_redirect(redirect_uri)

    def authorize(name: str) -> ResponseReturnValue:
        client = oauth.create_client(name)
        token = client.authorize_access_token()
        return {"keys": sorted(token), "me": client.get("me", params={"q": "a b&c=\u00fc"}).json()}

    app.add_url_rule("/login/<name>", view_func=login)
    app.add_url_rule("/authorize/<name>", view_func=authorize)
    return app


@each()
@pytest.mark.parametrize(
    ("name", "key"),
    [("one", "oauth_token_secret"), ("two", "access_token"), ("three", "userinfo")],
    ids=["OAuth 1.0a", "OAuth 2.0", "OpenID Connect"],
)
def test_a_login(make: Make, place: Place, name: str, key: str) -> None:
    """It ends with a token, and with a call to the API that the token opens."""
    transport = make()
    browser = create_app(OAuth(transport=transport), place.base).test_client()
    back = urlsplit(decide(browser.get(f"/login/{name}").headers["Location"]))
    answer = browser.get(f"{back.path}?{back.query}").json
    assert answer is not None
    assert answer["me"]["sub"] == "ada"
    assert key in answer["keys"]
    transport.close()
