"""An application with logins, a provider in the same process, and the person between them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, request, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.test import Client, TestResponse

from typedoauth.client import OAuth2Options
from typedoauth.errors import OAuthError
from typedoauth.flask import OAuth, OAuth1App, OAuth2App
from typedoauth.protocols import Cache
from typedoauth.testing import LocalProvider
from typedoauth.transports import Request, Response, WSGITransport

PROVIDER = "https://provider.example"
SECRET_KEY = "the application's own key"
CLIENT_SECRET = "client-secret-of-the-tests"


class SteppingClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now: float = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


class RecordingTransport:
    """Sends to WSGI applications and remembers what it sent."""

    def __init__(self, provider: LocalProvider) -> None:
        self.requests: list[Request] = []
        self._wsgi = WSGITransport({"provider.example": provider})

    def send(self, request: Request, /) -> Response:
        self.requests.append(request)
        return self._wsgi.send(request)

    def forms(self, path: str) -> list[dict[str, str]]:
        """The forms that were sent to a path of the provider."""
        sent = [one for one in self.requests if urlsplit(one.url).path == path]
        return [query_of(f"?{(one.body or b'').decode()}") for one in sent]


class Site:
    """A Flask application with the clients ``one`` (OAuth 1.0) and ``two`` (OAuth 2.0).

    Args:
        cache: Where open logins are kept; the session when left out.
        app: The application, where it is not an ordinary one.
    """

    def __init__(self, cache: Cache | None = None, app: Flask | None = None) -> None:
        self.clock = SteppingClock()
        self.provider = LocalProvider(clock=self.clock)
        self.provider.add_user("ada", name="Ada", password="ada-password")
        self.provider.add_client(
            "client",
            CLIENT_SECRET,
            redirect_uris=[
                f"{scheme}://{host}/authorize/{name}"
                for name in ("one", "two")
                for scheme in ("http", "https")
                for host in ("localhost", "127.0.0.1", "www.localhost")
            ],
        )
        self.transport = RecordingTransport(self.provider)
        self.app = app or Flask("site")
        if app is None:
            self.app.secret_key = SECRET_KEY
        self.oauth = OAuth(transport=self.transport, clock=self.clock)
        self.errors: list[OAuthError] = []
        self.oauth.init_app(self.app, cache=cache)
        self.one: OAuth1App = register_one(self.oauth)
        self.two: OAuth2App = register_two(self.oauth)
        self.app.add_url_rule("/login/<name>", view_func=self._login)
        self.app.add_url_rule(
            "/authorize/<name>", "authorize", self._authorize, methods=["GET", "POST"]
        )
        self.app.register_error_handler(OAuthError, self._refused)

    def _login(self, name: str) -> ResponseReturnValue:
        redirect_uri = url_for("authorize", name=name, _external=True)
        parameters = json.loads(request.args.get("parameters", "{}"))
        return self.oauth.create_client(name).authorize_redirect(redirect_uri, **parameters)

    def _authorize(self, name: str) -> ResponseReturnValue:
        client = self.oauth.create_client(name)
        token = client.authorize_access_token()
        profile = client.get("me").json()
        return {"token": dict(token), "data": client.authorization_data, "profile": profile}

    def _refused(self, error: OAuthError) -> ResponseReturnValue:
        self.errors.append(error)
        return str(error), 400

    def begin(
        self,
        browser: FlaskClient,
        name: str,
        *,
        base: str = "http://localhost",
        **parameters: object,
    ) -> str:
        """Open the login page, and tell where it leads."""
        query = {"parameters": json.dumps(parameters)}
        answer = browser.get(f"/login/{name}?{urlencode(query)}", base_url=base)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def decide(self, location: str, decision: str = "approve") -> str:
        """Decide at the provider as Ada, and tell where that leads."""
        person = Client(self.provider)
        form = {"user": "ada", "decision": decision}
        answer = person.post(location, base_url=PROVIDER, data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def arrive(self, browser: FlaskClient, callback: str, *, post: bool = False) -> TestResponse:
        """Bring the provider's answer back."""
        parts = urlsplit(callback)
        base = f"{parts.scheme}://{parts.netloc}"
        if post:
            return browser.post(parts.path, base_url=base, data=query_of(callback))
        return browser.get(f"{parts.path}?{parts.query}", base_url=base)

    def refused(self, browser: FlaskClient, callback: str, *, post: bool = False) -> OAuthError:
        """Bring an answer back that is refused."""
        answer = self.arrive(browser, callback, post=post)
        assert answer.status_code == 400, answer.text
        return self.errors[-1]

    def log_in(self, browser: FlaskClient, name: str, **parameters: object) -> dict[str, Any]:
        """Log Ada in, and return what the application shows of it."""
        location = self.begin(browser, name, base="http://localhost", **parameters)
        answer = self.arrive(browser, self.decide(location))
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.get_json()  # any: JSON
        assert shown["profile"]["name"] == "Ada"
        return shown


def register_one(oauth: OAuth, name: str = "one") -> OAuth1App:
    """Register the provider's OAuth 1.0 side."""
    return oauth.register(
        name,
        client_id="client",
        client_secret=CLIENT_SECRET,
        request_token_url=f"{PROVIDER}/oauth1/initiate",
        authorize_url=f"{PROVIDER}/oauth1/authorize",
        access_token_url=f"{PROVIDER}/oauth1/token",
        api_base_url=f"{PROVIDER}/api/",
    )


def register_two(
    oauth: OAuth, name: str = "two", *, client_kwargs: OAuth2Options | None = None
) -> OAuth2App:
    """Register the provider's OAuth 2.0 side."""
    return oauth.register(
        name,
        client_id="client",
        client_secret=CLIENT_SECRET,
        authorize_url=f"{PROVIDER}/oauth2/authorize",
        access_token_url=f"{PROVIDER}/oauth2/token",
        api_base_url=f"{PROVIDER}/api/",
        issuer=PROVIDER,
        jwks_uri=f"{PROVIDER}/oauth2/jwks",
        client_kwargs=client_kwargs or {"scope": "profile notes"},
    )


def query_of(url: str) -> dict[str, str]:
    """The query of a URL, each name once."""
    return {name: one for name, (one,) in parse_qs(urlsplit(url).query).items()}


def cookie_of(browser: FlaskClient) -> str:
    """The value of the session cookie, as the browser keeps it."""
    cookie = browser.get_cookie("session")
    return "" if cookie is None else cookie.value


def session_of(app: Flask, browser: FlaskClient) -> dict[str, Any]:  # any: whatever lies there
    """What the session cookie holds, as anybody can read it."""
    interface = app.session_interface
    serializer = getattr(interface, "get_signing_serializer")(app)  # noqa: B009  of Flask's own class
    loaded: object = serializer.loads(cookie_of(browser))
    return cast("dict[str, Any]", loaded)  # any: as above


def as_text(value: Mapping[str, object]) -> str:
    """All of *value* in one text, to look for what must not stand there."""
    return json.dumps(value, default=str)
