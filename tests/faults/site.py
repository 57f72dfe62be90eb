"""A Flask application with logins, its provider, and the person between the two."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Final, TypeAlias, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, request, session, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from typing_extensions import override
from werkzeug.test import Client, TestResponse

from tests.faults.cases import Case
from typedoauth import AnyToken, Timeout
from typedoauth.client import OAuth1Options, OAuth2Options
from typedoauth.errors import OAuthError
from typedoauth.flask import AnyRegistration, OAuth, OAuth1App, OpenIDApp
from typedoauth.oidc import LogoutToken
from typedoauth.testing import LocalProvider
from typedoauth.tokens import OpenIDToken, is_openid_token
from typedoauth.transports import Request, Response, Urllib3Transport, WSGITransport

PROVIDER: Final = "https://op.example"
APP: Final = "http://localhost"
CLIENT_SECRET: Final = "the-client-secret-of-the-fault-table"
SCOPE: Final = "openid profile email"
API_LIMIT: Final = 1 << 20
DEADLINES: Final = Timeout(connect=2, read=2, total=5)

Pairs: TypeAlias = list[tuple[str, str]]


class SteppingClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now: float = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


class Switch:
    """Leads requests to the provider in process, or over sockets to a server that is broken.

    Every host is the provider: what is sent to a wrong one would succeed there.

    Attributes:
        requests: What was sent.
        answers: The bodies that came back from the provider.
        address: Where that server is, if there is one.
        broken: Whether its network is broken now; before and after, it is the provider.
    """

    def __init__(self, provider: LocalProvider) -> None:
        self.requests: list[Request] = []
        self.answers: list[bytes] = []
        self.address: str | None = None
        self.broken: bool = False
        self._wsgi = WSGITransport(provider)
        self._sockets = Urllib3Transport()

    def send(self, request: Request, /) -> Response:
        self.requests.append(request)
        if self.broken and urlsplit(request.url).hostname in ("127.0.0.1", "localhost"):
            return self._sockets.send(request)
        if self.address is not None and "/.well-known/" in request.url:
            # The provider tells its issuer by the address that it is asked at.
            request = replace(request, url=request.url.replace(self.address, PROVIDER, 1))
        response = self._wsgi.send(request)
        if not request.stream:
            self.answers.append(response.content)
        return response

    def close(self) -> None:
        """Close the connections to broken servers."""
        self._sockets.close()


@dataclass(frozen=True)
class Callback:
    """How the provider sends the browser back.

    Attributes:
        url: Where to.
        pairs: What it brings.
        posted: Whether it is a form.
    """

    url: str
    pairs: Pairs
    posted: bool

    @property
    def usable(self) -> bool:
        """Whether it names a login, and nothing in it occurs twice."""
        names = [name for name, value in self.pairs if value]
        return len(set(names)) == len(names) and not _KEYS.isdisjoint(names)


@dataclass(frozen=True)
class Attempt:
    """What came of a request to the application.

    Attributes:
        answer: What the browser was answered.
        error: What was raised, or ``None``.
        token: What the client held as its token when that was raised.
        callback: What the provider sent the browser back with, if it came so far.
    """

    answer: TestResponse
    error: OAuthError | None
    token: AnyToken | None
    callback: Callback | None = None


class Site:
    """One application with the clients ``two`` (OpenID Connect) and ``one`` (OAuth 1.0a).

    Args:
        client: Which client of the provider it is.
        options: Its ``client_kwargs``, besides the scope.
        two: More of the registration of ``two``.
        one: More of the registration of ``one``.
        provider: The provider; one of its own when left out.
        clock: The clock of both.
    """

    def __init__(
        self,
        client: str = "client",
        options: OAuth2Options | None = None,
        *,
        two: AnyRegistration | None = None,
        one: AnyRegistration | None = None,
        provider: LocalProvider | None = None,
        clock: SteppingClock | None = None,
        timeout: Timeout = DEADLINES,
    ) -> None:
        self.clock: SteppingClock = clock or SteppingClock()
        self.provider: LocalProvider = provider or make_provider(self.clock, client)
        self.transport: Switch = Switch(self.provider)
        self.timeout: Timeout = timeout
        self.app: Flask = Flask("site")
        self.app.secret_key = "the application's own key"
        self.app.testing = True
        self.oauth: OAuth = OAuth(self.app, transport=self.transport, clock=self.clock)
        self.tokens: dict[str, OpenIDToken] = {}
        self.ended: list[LogoutToken] = []
        self.left: list[str] = []
        self._raised: list[tuple[OAuthError, AnyToken | None]] = []
        self._secrets: set[str] = {CLIENT_SECRET, str(self.app.secret_key)}
        ours: AnyRegistration = {
            "client_id": client,
            "client_secret": CLIENT_SECRET,
            "api_base_url": f"{PROVIDER}/api/",
        }
        of_two: OAuth2Options = {
            "scope": SCOPE,
            "default_timeout": timeout,
            "max_response_bytes": API_LIMIT,
            **(options or {}),
        }
        of_one: OAuth1Options = {"default_timeout": timeout, "max_response_bytes": API_LIMIT}
        registered_two: AnyRegistration = {
            **ours,
            "server_metadata_url": f"{PROVIDER}/.well-known/openid-configuration",
            "client_kwargs": of_two,
            **(two or {}),
        }
        registered_one: AnyRegistration = {
            **ours,
            "request_token_url": f"{PROVIDER}/oauth1/initiate",
            "authorize_url": f"{PROVIDER}/oauth1/authorize",
            "access_token_url": f"{PROVIDER}/oauth1/token",
            "client_kwargs": of_one,
            **(one or {}),
        }
        self.two: OpenIDApp = self.oauth.register("two", client_cls=OpenIDApp, **registered_two)
        self.one: OAuth1App = self.oauth.register("one", client_cls=OAuth1App, **registered_one)
        for path, view, methods in (
            ("/login/<name>", self._login, ["GET"]),
            ("/authorize/one", self._authorize_one, ["GET"]),
            ("/authorize/two", self._authorize_two, ["GET", "POST"]),
            ("/refresh", self._refresh, ["POST"]),
            ("/userinfo", self._userinfo, ["GET"]),
            ("/me", self._me, ["GET"]),
            ("/logout", self._logout, ["POST"]),
            ("/logged-out", self._logged_out, ["GET"]),
        ):
            self.app.add_url_rule(path, view_func=view, methods=methods)
        ending = self.two.backchannel_logout_view(self.ended.append)
        self.app.add_url_rule("/backchannel", view_func=ending, methods=["POST"])
        self.app.register_error_handler(OAuthError, self._refused)

    # What the application does

    def _login(self, name: str) -> ResponseReturnValue:
        client = self.oauth.create_client(name)
        callback = url_for(f"_authorize_{name}", _external=True)
        asks = json.loads(request.args.get("asks", "{}"))
        return client.authorize_redirect(callback, **asks)

    def _authorize_one(self) -> ResponseReturnValue:
        self.one.authorize_access_token()
        answer = self.one.get("me")
        answer.raise_for_status()
        session["user"] = str(answer.json()["sub"])
        return str(session["user"])

    def _authorize_two(self) -> ResponseReturnValue:
        token = self.two.authorize_access_token()
        session["user"] = token["userinfo"]["sub"]
        self.tokens[session["user"]] = token
        return token["userinfo"]["sub"]

    def _refresh(self) -> ResponseReturnValue:
        token = self.two.refresh_token(self.tokens[session["user"]])
        assert is_openid_token(token)
        self.tokens[session["user"]] = token
        return token["userinfo"]["sub"]

    def _userinfo(self) -> ResponseReturnValue:
        return dict(self.two.userinfo(self.tokens[session["user"]]))

    def _me(self) -> ResponseReturnValue:
        answer = self.two.get("me", token=self.tokens[session["user"]])
        answer.raise_for_status()
        return str(answer.json().get("sub", ""))

    def _logout(self) -> ResponseReturnValue:
        id_token = self.tokens.pop(session["user"]).get("id_token")
        session.clear()
        back = url_for("_logged_out", _external=True)
        return self.two.logout_redirect(back, id_token, data={"next": "/bye"})

    def _logged_out(self) -> ResponseReturnValue:
        return str(self.two.validate_logout_response()["next"])

    def _refused(self, error: OAuthError) -> ResponseReturnValue:
        used = self.one if request.path.endswith("/one") else self.two
        self._raised.append((error, used.token))
        return str(error), 400

    # What a person and their browser do

    def browser(self) -> FlaskClient:
        """Open a browser."""
        return self.app.test_client()

    def attempt(self, answer: TestResponse, callback: Callback | None = None) -> Attempt:
        """Tell what came of a request that was just answered."""
        error, token = self._raised.pop() if self._raised else (None, None)
        assert answer.status_code == (400 if error else 200), answer.text
        return Attempt(answer, error, token, callback)

    def log_in(
        self, browser: FlaskClient, name: str = "two", asks: Mapping[str, object] | None = None
    ) -> Attempt:
        """Log Ada in, as far as it goes."""
        query = urlencode({"asks": json.dumps(dict(asks or {}))})
        begun = browser.get(f"/login/{name}?{query}")
        if begun.status_code != 302:
            return self.attempt(begun)
        return self.arrive(browser, self.approve(begun.headers["Location"]))

    def approve(self, location: str) -> Callback:
        """Approve at the provider, and tell how it sends the browser back."""
        self._learn(parse_qsl(urlsplit(location).query))
        self.left.append(location)
        assert location.startswith(f"{PROVIDER}/"), location
        form = {"user": "ada", "decision": "approve"}
        answer = Client(self.provider).post(location, base_url=PROVIDER, data=form)
        if answer.status_code == 200:
            callback = Callback(*form_of(answer.text), posted=True)
        else:
            assert answer.status_code == 303, answer.text
            callback = _callback(answer.headers["Location"])
        self._learn(callback.pairs)
        return callback

    def arrive(self, browser: FlaskClient, callback: Callback) -> Attempt:
        """Bring what the provider answered to the application."""
        parts = urlsplit(callback.url)
        assert f"{parts.scheme}://{parts.netloc}" == APP
        if callback.posted:
            form = urlencode(callback.pairs)
            kind = "application/x-www-form-urlencoded"
            answer = browser.post(parts.path, data=form, content_type=kind)
        else:
            answer = browser.get(f"{parts.path}?{parts.query}")
        return self.attempt(answer, callback)

    def log_out(self, browser: FlaskClient) -> Attempt:
        """Log out at the provider, and come back."""
        away = browser.post("/logout").headers["Location"]
        self._learn(parse_qsl(urlsplit(away).query))
        parts = urlsplit(away)
        query = f"{parts.path}?{parts.query}"
        answer = Client(self.provider).get(query, base_url=PROVIDER)
        assert answer.status_code == 303, answer.text
        return self.arrive(browser, _callback(answer.headers["Location"]))

    def user(self, browser: FlaskClient) -> str | None:
        """Who is logged in, by the session of a browser."""
        with browser.session_transaction() as there:
            found: object = there.get("user")
        return None if found is None else str(found)

    # What must not be seen

    def secrets(self) -> set[str]:
        """Everything that was a secret so far, long enough to be looked for."""
        for sent in self.transport.requests:
            self._learn(parse_qsl((sent.body or b"").decode("utf-8", "replace")))
            self._secrets.add(sent.headers.get("Authorization", "").partition(" ")[2])
        for body in self.transport.answers:
            self._learn(_members(body))
        self.transport.answers.clear()
        return {one for one in self._secrets if len(one) >= 8}

    def learn(self, secret: str) -> str:
        """Take a text for a secret from now on."""
        self._secrets.add(secret)
        return secret

    def _learn(self, pairs: Iterable[tuple[str, object]]) -> None:
        found = (value for name, value in pairs if name in _SECRET)
        self._secrets.update(value for value in found if isinstance(value, str))


def site_of(case: Case) -> Site:
    """The application of a case."""
    return Site(case.client, case.options)


def make_provider(clock: SteppingClock, client: str) -> LocalProvider:
    """A provider with Ada and one client, which is called like what is special about it."""
    provider = LocalProvider(clock=clock)
    provider.add_user("ada", name="Ada", email="ada@example.com", claims={"email_verified": True})
    provider.add_client(
        client,
        CLIENT_SECRET,
        redirect_uris=[f"{APP}/authorize/one", f"{APP}/authorize/two"],
        id_token_signed_response_alg="ES256" if client == "elliptic" else "RS256",
        userinfo_signed_response_alg="RS256" if client == "signed" else None,
        post_logout_redirect_uris=[f"{APP}/logged-out"],
        backchannel_logout_uri=f"{APP}/backchannel",
    )
    return provider


_KEYS: Final = frozenset({"denied", "oauth_token", "state"})
_SECRET: Final = frozenset(
    {"access_token", "code", "code_verifier", "id_token", "id_token_hint", "logout_token", "nonce"}
    | {"oauth_token", "oauth_token_secret", "oauth_verifier", "refresh_token", "state"}
)


class _Form(HTMLParser):
    """The form of a page that posts itself."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str = ""
        self.pairs: Pairs = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"] or ""
        if found.get("type") == "hidden":
            self.pairs.append((found["name"] or "", found["value"] or ""))


def form_of(page: str) -> tuple[str, Pairs]:
    """Where the form of a page goes, and what it holds."""
    found = _Form()
    found.feed(page)
    return found.action, found.pairs


def _callback(url: str) -> Callback:
    return Callback(url, parse_qsl(urlsplit(url).query, keep_blank_values=True), False)


def _members(body: bytes) -> list[tuple[str, object]]:
    if len(body) > 1 << 17:
        return []
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return list(parse_qsl(body.decode("utf-8", "replace")))
    return list(cast("dict[str, object]", found).items()) if isinstance(found, dict) else []
