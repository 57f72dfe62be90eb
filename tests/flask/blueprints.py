"""An application whose logins are a blueprint, and the local provider as declared services."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Flask, jsonify
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.test import Client, TestResponse

from tests.flask.site import CLIENT_SECRET, PROVIDER, RecordingTransport
from typedoauth import AnyToken
from typedoauth.claims import UserInfo
from typedoauth.errors import OAuthError
from typedoauth.flask import OAuth, RemoteApp, return_to
from typedoauth.providers import Endpoint, OAuth1Provider, OAuth2Provider, OpenIDProvider
from typedoauth.testing import LocalProvider

One: Final[OAuth1Provider] = OAuth1Provider(
    name="one",
    title="Local, OAuth 1.0a",
    request_token_url=f"{PROVIDER}/oauth1/initiate",
    authorize_url=f"{PROVIDER}/oauth1/authorize",
    access_token_url=f"{PROVIDER}/oauth1/token",
    api_base_url=f"{PROVIDER}/api/",
    profile=Endpoint("me"),
    claims={"sub": "sub", "name": "name", "email": "email"},
)
Two: Final[OAuth2Provider] = OAuth2Provider(
    name="two",
    title="Local, OAuth 2.0",
    authorize_url=f"{PROVIDER}/oauth2/authorize",
    access_token_url=f"{PROVIDER}/oauth2/token",
    api_base_url=f"{PROVIDER}/api/",
    client_kwargs={"scope": "profile email"},
    profile=Endpoint("me"),
    claims={"sub": "sub", "name": "name", "email": "email"},
)
Three: Final[OpenIDProvider] = OpenIDProvider(
    name="three",
    title="Local, OpenID Connect",
    server_metadata_url=f"{PROVIDER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email"},
)


class Shop:
    """An application, a provider in the same process, and what the handlers were given."""

    def __init__(self) -> None:
        self.provider: LocalProvider = LocalProvider()
        self.provider.add_user("ada", name="Ada", email="ada@example.com")
        paths = ["/auth", *(f"/auth/{name}" for name in ("one", "two", "three", "two-b"))]
        self.provider.add_client(
            "client",
            CLIENT_SECRET,
            redirect_uris=[f"http://localhost/social{path}" for path in paths],
        )
        self.transport: RecordingTransport = RecordingTransport(self.provider)
        self.app: Flask = Flask("shop")
        self.app.secret_key = "of the shop"
        for name in ("ONE", "TWO", "THREE"):
            self.app.config[f"{name}_CLIENT_ID"] = "client"
            self.app.config[f"{name}_CLIENT_SECRET"] = CLIENT_SECRET
        self.oauth: OAuth = OAuth(self.app, transport=self.transport)
        self.errors: list[OAuthError] = []

    def handle_authorize(
        self, remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
    ) -> ResponseReturnValue:
        """Show everything."""
        return jsonify(
            name=remote.name,
            token=token,
            user_info=user_info,
            next=return_to(remote, default="/home"),
            data=dict(remote.authorization_data),
        )

    def handle_error(self, remote: RemoteApp, error: OAuthError) -> ResponseReturnValue:
        """Remember the error."""
        self.errors.append(error)
        return f"{remote.name}: {error.code}", 400

    def begin(
        self, browser: FlaskClient, path: str, *, next: str | None = None, post: bool = False
    ) -> TestResponse:
        """Open the login."""
        query = {} if next is None else {"next": next}
        if post:
            return browser.post(f"/social{path}", data=query)
        return browser.get(f"/social{path}?{urlencode(query)}")

    def decide(self, location: str, decision: str = "approve") -> str:
        """Decide at the provider as Ada, and tell where that leads."""
        form = {"user": "ada", "decision": decision}
        answer = Client(self.provider).post(location, base_url=PROVIDER, data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def log_in(
        self,
        browser: FlaskClient,
        path: str,
        decision: str = "approve",
        *,
        next: str | None = None,
    ) -> TestResponse:
        """Log Ada in; the response is that to the callback."""
        away = self.begin(browser, path, next=next)
        assert away.status_code == 302, away.text
        back = urlsplit(self.decide(away.headers["Location"], decision))
        return browser.get(f"{back.path}?{back.query}")
