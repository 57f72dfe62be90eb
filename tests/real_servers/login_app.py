"""A Flask application that logs people in, written after the documented example."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from tests.real_servers.browser import Arrival, Browser
from tests.real_servers.clients import REDIRECT_URIS, OAuth1Registration, OAuth2Registration
from tests.real_servers.servers import OAuth1Server, OAuth2Server
from typedoauth.client import OAuth1Options, OAuth2Options
from typedoauth.flask import OAuth, OAuth1App, OAuth2App


class LoginApp:
    """The application, and somebody who uses it.

    Args:
        verb: The method of the API call that ends a login.

    Attributes:
        app: The application.
        oauth: Its registry; the service is registered as ``remote``.
        sent: The parameters of the last authorization request.
    """

    def __init__(self, verb: str = "GET") -> None:
        self._verb: str = verb
        self.app: Flask = Flask("login_app")
        self.app.secret_key = "a key of the tests"
        self.app.testing = True
        self.oauth: OAuth = OAuth(self.app)
        self.sent: dict[str, str] = {}
        self.app.add_url_rule("/login", view_func=self.login)
        self.app.add_url_rule("/authorize", view_func=self.authorize, methods=["GET", "POST"])

    def register_oauth1(
        self, server: OAuth1Server, client: OAuth1Registration, options: OAuth1Options
    ) -> OAuth1App:
        """Register an OAuth 1.0 server."""
        return self.oauth.register(
            "remote",
            client_id=client.client_id,
            client_secret=client.client_secret,
            request_token_url=server.request_token_url,
            access_token_url=server.access_token_url,
            authorize_url=server.authorize_url,
            api_base_url=server.api_base_url,
            client_kwargs=options,
        )

    def register_oauth2(
        self,
        server: OAuth2Server,
        client: OAuth2Registration,
        options: OAuth2Options | None = None,
    ) -> OAuth2App:
        """Register an OAuth 2.0 server; the client authenticates as it is held to there."""
        kwargs: OAuth2Options = {
            "scope": "profile",
            "token_endpoint_auth_method": client.authentication,
        }
        kwargs.update(options or {})
        return self.oauth.register(
            "remote",
            client_id=client.client_id,
            client_secret=client.client_secret,
            access_token_url=server.access_token_url,
            authorize_url=server.authorize_url,
            api_base_url=server.api_base_url,
            revocation_endpoint=server.revocation_url,
            introspection_endpoint=server.introspection_url,
            client_kwargs=kwargs,
        )

    def login(self) -> ResponseReturnValue:
        """The view that sends the browser to the service."""
        return self.oauth.remote.authorize_redirect(url_for("authorize", _external=True))

    def authorize(self) -> ResponseReturnValue:
        """The view that the service sends the browser back to."""
        token = self.oauth.remote.authorize_access_token()
        profile = self.oauth.remote.request(self._verb, "me").json()
        return {"token": dict(token), "profile": profile}

    def begin(self, http: FlaskClient, browser: Browser | None = None) -> Arrival:
        """Open ``/login`` and do what the service asks, up to the way back.

        Args:
            http: The application's side of the browser.
            browser: The service's side; Ada, who agrees, when left out.
        """
        answer = http.get("/login")
        assert answer.status_code == 302, answer.text
        url = urlsplit(answer.location)
        assert url.port, "the browser must be sent to the real server"
        self.sent = dict(parse_qsl(url.query))
        return (browser or Browser()).authorize(answer.location, REDIRECT_URIS[0])

    def log_in(self, browser: Browser | None = None) -> dict[str, Any]:  # Any: tokens as JSON
        """Log Ada in, see that the API knows her, and return the token."""
        with self.app.test_client() as http:
            answer = self.begin(http, browser).open_in(http)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.get_json()  # Any: likewise
        assert document["profile"]["sub"] == "ada"
        token: dict[str, Any] = document["token"]  # Any: likewise
        return token
