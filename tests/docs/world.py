"""The services that the examples speak to, and the person who logs in there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.testing.acting import decide
from typedoauth import OAuth2Client, OAuth2Token
from typedoauth.testing import LocalProvider
from typedoauth.transports import Headers, Request, WSGITransport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ADDRESSES = (
    ("https://github.com/login/oauth/authorize", "/oauth2/authorize"),
    ("https://github.com/login/oauth/access_token", "/oauth2/token"),
    ("https://api.github.com/", "/github/"),
    ("https://provider.example", ""),
)

_GITHUB_USER = {
    "id": 1815,
    "name": "Ada",
    "email": "ada@example.com",
    "html_url": "https://github.com/ada",
    "avatar_url": "https://avatars.githubusercontent.com/u/1815",
    "blog": "",
}


class World:
    """A local provider under the addresses that the pages use.

    Attributes:
        provider: The provider, with the user ``ada``.
        base: Its base URL.

    Args:
        require_pkce: Whether the client has to send a code challenge; libraries of old do not.
    """

    def __init__(self, *, require_pkce: bool = True) -> None:
        self.base: str = ""
        self.provider: LocalProvider = LocalProvider()
        self.provider.add_user("ada", name="Ada", email="ada@example.com", password="her-password")
        self.provider.add_client(
            "my-client",
            "my-secret",
            name="The example",
            redirect_uris=[
                f"http://localhost/{path}"
                for path in (
                    "authorize",
                    "callback",
                    "authorize/one",
                    "authorize/two",
                    "authorize/photos",
                    "authorize/mail",
                    "notes/auth",
                    "account/auth/github",
                    "login/authorized",
                    "login/github/authorized",
                    "login/notes/authorized",
                )
            ],
            scope="openid profile email notes read:user user:email",
            post_logout_redirect_uris=["http://localhost/logged-out"],
            backchannel_logout_uri="http://localhost/logout/backchannel",
            require_pkce=require_pkce,
        )
        self.provider.add_client("my-tool", redirect_uris=["http://127.0.0.1:8017/"])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the provider, or as GitHub's API."""
        if environ["PATH_INFO"] != "/github/user":
            return self.provider(environ, start_response)
        echo = WSGITransport(self.provider).send(
            Request(
                "GET",
                "http://localhost/api/echo",
                Headers({"Authorization": str(environ.get("HTTP_AUTHORIZATION", ""))}),
            )
        )
        status = f"{echo.status_code} {echo.reason}"
        start_response(status, [("Content-Type", "application/json")])
        login = echo.json().get("user")
        return [json.dumps({**_GITHUB_USER, "login": login}).encode()]

    @property
    def addresses(self) -> list[str]:
        """Those that the pages name."""
        return [address for address, _ in _ADDRESSES]

    def located(self, text: str) -> str:
        """Put this provider's addresses in the place of those that the pages name."""
        for address, path in _ADDRESSES:
            text = text.replace(address, self.base + path)
        return text

    def log_in(
        self, app: Flask, path: str = "/login", decision: str = "approve"
    ) -> tuple[FlaskClient, TestResponse]:
        """Log in as Ada, as a browser does it; the response is that to the callback."""
        browser = app.test_client()
        away = browser.get(path)
        assert away.status_code == 302, away.text
        return browser, self.come_back(browser, away.headers["Location"], decision)

    def come_back(self, browser: FlaskClient, url: str, decision: str = "approve") -> TestResponse:
        """Decide on the provider's page, and bring the answer back."""
        back = urlsplit(decide(url, decision=decision))
        return browser.get(f"{back.path}?{back.query}")

    def token(self) -> OAuth2Token:
        """A token of Ada's, with a refresh token."""
        client = OAuth2Client(
            "my-client",
            "my-secret",
            access_token_url=f"{self.base}/oauth2/token",
            transport=WSGITransport(self),
        )
        return client.fetch_access_token(username="ada", password="her-password")
