"""The countermeasures that SECURITY.md names, each met by what it is against."""

from __future__ import annotations

import json
import logging
import re
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import decompress

import pytest
from cachelib import SimpleCache
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug import Response as View
from werkzeug.test import Client

from tests.docs.pages import ROOT, is_test, table
from typedoauth import (
    AnyToken,
    ConfigurationError,
    DuplicateParameterError,
    InsecureTransportError,
    InvalidGrantError,
    MalformedResponseError,
    OAuth1Client,
    OAuth2Client,
    OAuth2Token,
    StateMismatchError,
    TokenEndpointError,
    UntrustedOriginError,
)
from typedoauth.flask import OAuth, OAuthError
from typedoauth.testing import LocalProvider
from typedoauth.transports import Headers, Request, Response, StubTransport, WSGITransport

AS = "https://as.example"
TOKEN: OAuth2Token = {"access_token": "an-access-token", "token_type": "Bearer"}


class Site:
    """An application with both protocols, and its provider, in process."""

    def __init__(self, cache: SimpleCache | None = None) -> None:
        self.now = 1_000_000.0
        self.provider = LocalProvider(clock=self.clock)
        self.provider.add_user("ada", name="Ada")
        callbacks = [f"http://localhost/authorize/{name}" for name in ("one", "two")]
        self.provider.add_client("client", "the-client-secret", redirect_uris=callbacks)
        self.app = Flask("site")
        self.app.secret_key = "the-secret-key"
        self.errors: list[OAuthError] = []
        self.tokens: list[AnyToken] = []
        transport = WSGITransport(self.provider)
        self.oauth = OAuth(self.app, cache=cache, transport=transport, clock=self.clock)
        both: dict[str, Any] = {  # any: keywords for both protocols
            "client_id": "client",
            "client_secret": "the-client-secret",
            "api_base_url": f"{AS}/api/",
        }
        self.oauth.register(
            "one",
            request_token_url=f"{AS}/oauth1/initiate",
            authorize_url=f"{AS}/oauth1/authorize",
            access_token_url=f"{AS}/oauth1/token",
            **both,
        )
        self.oauth.register(
            "two",
            authorize_url=f"{AS}/oauth2/authorize",
            access_token_url=f"{AS}/oauth2/token",
            issuer=AS,
            **both,
        )
        self.app.add_url_rule("/login/<name>", "login", self.login)
        self.app.add_url_rule("/authorize/<name>", "authorize", self.authorize)

    def clock(self) -> float:
        return self.now

    def login(self, name: str) -> View:
        callback = url_for("authorize", name=name, _external=True)
        return self.oauth.create_client(name).authorize_redirect(callback)

    def authorize(self, name: str) -> str:
        app = self.oauth.create_client(name)
        try:
            self.tokens.append(app.authorize_access_token())
        except OAuthError as error:
            self.errors.append(error)
            return type(error).__name__
        return str(app.get("me").json()["sub"])

    def callback(self, browser: FlaskClient, name: str = "two") -> str:
        """Go as far as the callback, which it returns."""
        away = urlsplit(browser.get(f"/login/{name}").headers["Location"])
        page = Client(self.provider).post(
            f"{away.path}?{away.query}",
            base_url=AS,
            data={"user": "ada", "decision": "approve"},
        )
        back = urlsplit(page.headers["Location"])
        return f"{back.path}?{back.query}"

    def reason(self) -> str:
        """Why the last callback was not accepted."""
        error = self.errors[-1]
        assert isinstance(error, StateMismatchError)
        return error.reason


def test_every_row_is_proved() -> None:
    """The files and the tests of the table exist."""
    rows = table("SECURITY.md", "countermeasures")
    assert len(rows) > 20
    for *_, code, test in rows:
        assert (ROOT / code.strip("`")).is_file(), code
        assert is_test(test), test


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_callback_of_another_browser(name: str) -> None:
    """A callback in a browser that has not begun its login asks for no token."""
    site = Site()
    callback = site.callback(site.app.test_client(), name)
    victim = site.app.test_client()
    assert victim.get(callback).text == "StateMismatchError"
    assert site.reason() == "no_session_cookie"
    assert site.provider.counts["token_requests"] == 0


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("cached", [False, True])
def test_a_callback_works_once(name: str, cached: bool) -> None:
    """The second time it is refused, before anything is sent."""
    site = Site(SimpleCache() if cached else None)
    browser = site.app.test_client()
    callback = site.callback(browser, name)
    assert [browser.get(callback).text for _ in range(2)] == ["ada", "StateMismatchError"]
    assert site.reason() == "already_used"


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("cached", [False, True])
def test_a_login_expires(name: str, cached: bool) -> None:
    """After an hour it is refused."""
    site = Site(SimpleCache() if cached else None)
    browser = site.app.test_client()
    callback = site.callback(browser, name)
    site.now += 3601
    assert browser.get(callback).text == "StateMismatchError"
    assert site.reason() == "expired"


def test_another_browser_uses_nothing_up() -> None:
    """Whoever knows the callback's address cannot spoil the login."""
    site = Site(SimpleCache())
    browser, other = site.app.test_client(), site.app.test_client()
    callback = site.callback(browser)
    site.callback(other)  # so that it has a session of its own
    assert other.get(callback).text == "StateMismatchError"
    assert browser.get(callback).text == "ada"


def test_a_code_is_bound_to_its_verifier() -> None:
    """A code that was issued to one login is no good in another (RFC 7636 1)."""
    site = Site()
    thief, victim = site.app.test_client(), site.app.test_client()
    stolen = parse_qs(urlsplit(site.callback(victim)).query)["code"][0]
    mine = site.callback(thief)
    injected = re.sub(r"code=[^&]+", f"code={stolen}", mine)
    assert thief.get(injected).text == "InvalidGrantError"
    assert isinstance(site.errors[-1], InvalidGrantError)


def test_a_callback_of_another_issuer() -> None:
    """An iss that is not the registered one is refused, and no code is sent (RFC 9207 2.4)."""
    site = Site()
    browser = site.app.test_client()
    callback = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", site.callback(browser))
    assert browser.get(callback).text == "StateMismatchError"
    assert (site.reason(), site.provider.counts["token_requests"]) == ("other_issuer", 0)


@pytest.mark.parametrize("parameter", ["code", "state", "error", "iss"])
def test_a_doubled_parameter(parameter: str) -> None:
    """A parameter that comes twice is refused (RFC 6749 3.1)."""
    client = OAuth2Client("x", authorize_url=f"{AS}/authorize")
    callback = f"https://app.example/?state=s&{parameter}=1&{parameter}=2"
    with pytest.raises(DuplicateParameterError, match=parameter):
        client.authorization_key(callback)


def _cookie(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("session")
    assert cookie is not None
    return cookie.value


def _session(browser: FlaskClient) -> str:
    """What whoever holds the cookie can read in it."""
    packed, _, _ = _cookie(browser).removeprefix(".").partition(".")
    data = urlsafe_b64decode(packed + "==")
    return (decompress(data) if _cookie(browser).startswith(".") else data).decode()


def test_the_cookie_shows_no_secret() -> None:
    """Neither a verifier nor the secret of temporary credentials stands in the cookie."""
    site = Site()
    with site.app.test_request_context():
        begun = site.oauth.one.create_authorization_url("http://localhost/authorize/one")
        also = site.oauth.two.create_authorization_url("http://localhost/authorize/two")
    temporary, verifier = begun.get("request_token"), also.get("code_verifier")
    assert temporary is not None
    assert verifier is not None

    def keep() -> str:
        site.oauth.one.save_authorize_data(**begun)
        site.oauth.two.save_authorize_data(**also)
        return "kept"

    site.app.add_url_rule("/keep", view_func=keep)
    browser = site.app.test_client()
    assert browser.get("/keep").text == "kept"
    shown = _session(browser)
    assert temporary["oauth_token"] in shown
    assert also.get("state", "") in shown
    assert temporary["oauth_token_secret"] not in shown
    assert verifier not in shown


@pytest.mark.parametrize("name", ["one", "two"])
def test_the_cookie_stays_small(name: str) -> None:
    """A hundred logins that nobody finished leave less than 1 KiB."""
    site = Site()
    browser = site.app.test_client()
    for _ in range(100):
        browser.get(f"/login/{name}")
        assert len(_cookie(browser)) < 1024


@pytest.mark.parametrize("cached", [False, True])
def test_open_logins_are_few(cached: bool) -> None:
    """A browser has eight at most; the latest is among them."""
    site = Site(SimpleCache() if cached else None)
    browser = site.app.test_client()
    for _ in range(12):
        browser.get("/login/two")
    callback = site.callback(browser)
    entries: list[object] = json.loads(_session(browser))["_typedoauth"]["p"]
    assert 1 < len(entries) <= 8
    assert not cached or len(entries) == 8
    assert browser.get(callback).text == "ada"


def test_a_call_of_another_origin() -> None:
    """Scheme, host and port have to be those of api_base_url."""
    client = OAuth2Client("x", api_base_url="https://api.example/", transport=StubTransport({}))
    for url in ("https://evil.example/", "https://api.example:444/", "//evil.example/"):
        with pytest.raises(UntrustedOriginError):
            client.get(url, token=TOKEN)


def test_a_redirect_to_another_origin() -> None:
    """Token, cookies and Authorization stay behind."""
    stub = StubTransport(
        {
            "https://api.example/": Response(302, {"Location": "https://evil.example/"}),
            "https://evil.example/": Response(200),
        }
    )
    client = OAuth2Client("x", api_base_url="https://api.example/", transport=stub)
    client.get("/", token=TOKEN, cookies={"a": "b"})
    assert "Authorization" in stub.requests[0].headers
    assert not {"authorization", "cookie"} & {name.lower() for name in stub.requests[1].headers}


def test_a_redirect_of_the_token_endpoint() -> None:
    """It is an error, and nothing is sent where it leads."""
    answer = Response(307, {"Location": "https://evil.example/"})
    stub = StubTransport({f"{AS}/token": answer})
    client = OAuth2Client("x", "y", access_token_url=f"{AS}/token", transport=stub)
    with pytest.raises(TokenEndpointError, match="redirect"):
        client.fetch_access_token()
    assert len(stub.requests) == 1


@pytest.mark.parametrize("setting", ["access_token_url", "authorize_url", "api_base_url"])
def test_http_is_refused(setting: str) -> None:
    """An http endpoint is refused where it is registered, unless that is allowed by name."""
    url = "http://as.example/"
    for kind in (OAuth1Client, OAuth2Client):
        with pytest.raises(InsecureTransportError):
            kind("x", **{setting: url})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] a key by name
    OAuth2Client("x", access_token_url=url, allow_insecure_transport=True)
    OAuth2Client("x", access_token_url="http://127.0.0.1:5000/")


def test_a_login_leaves_no_secret_behind(caplog: pytest.LogCaptureFixture) -> None:
    """Whole logins, one that fails and a call write no secret into the log at DEBUG."""
    caplog.set_level(logging.DEBUG)
    site = Site()
    browser = site.app.test_client()
    said: list[str] = []
    for name in ("one", "two"):
        callback = site.callback(browser, name)
        said.extend(value for _, (value,) in parse_qs(urlsplit(callback).query).items())
        assert browser.get(callback).text == "ada"
        browser.get(callback)
    for token in site.tokens:
        secret = ("access_token", "refresh_token", "oauth_token", "oauth_token_secret")
        said.extend(str(value) for name, value in token.items() if name in secret)
    secrets = [*said, "the-client-secret", "the-secret-key"]
    secrets.remove(AS)
    assert len(secrets) == 4 + 4 + 2
    text = "\n".join([*caplog.messages, *map(str, site.errors), *map(repr, site.errors)])
    assert "answered 200" in text
    assert [value for value in secrets if value in text] == []


def test_a_token_in_a_query_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A log record of a request does without its query."""
    caplog.set_level(logging.DEBUG)
    stub = StubTransport({"https://api.example/me": Response(200)})
    client = OAuth2Client("x", transport=stub, token_placement="query")
    client.get("https://api.example/me", token=TOKEN)
    assert "https://api.example/me answered 200" in caplog.text
    assert TOKEN["access_token"] in stub.requests[0].url
    assert TOKEN["access_token"] not in caplog.text


def test_a_server_that_quotes_a_secret() -> None:
    """What was sent does not come back in the error's text."""
    body = json.dumps({"error": "invalid_client", "error_description": "not the-client-secret"})
    stub = StubTransport({f"{AS}/token": Response(401, content=body.encode())})
    client = OAuth2Client("x", "the-client-secret", access_token_url=f"{AS}/token", transport=stub)
    with pytest.raises(TokenEndpointError) as caught:
        client.fetch_access_token()
    assert caught.value.description.startswith("not [hidden] (")


def test_a_header_with_a_line_break() -> None:
    """A header field cannot begin another one."""
    with pytest.raises(ConfigurationError, match="control character"):
        Request("GET", f"{AS}/", Headers({"X-One": "1\r\nX-Two: 2"}))


def _described(document: dict[str, object]) -> OAuth2Client:
    url = f"{AS}/.well-known/oauth-authorization-server"
    stub = StubTransport({url: Response(200, content=json.dumps(document).encode())})
    return OAuth2Client("x", "y", server_metadata_url=url, transport=stub)


def test_metadata_changes_no_setting() -> None:
    """Members that are not known are dropped; the known ones are endpoints."""
    client = _described(
        {"issuer": AS, "client_id": "z", "verify": False, "trusted_origins": ["https://e.example"]}
    )
    assert client.load_server_metadata() == {"issuer": AS}
    assert client.client_id == "x"


def test_metadata_of_another_issuer() -> None:
    """The document has to be that of the issuer whose address was asked (RFC 8414 3.3)."""
    with pytest.raises(MalformedResponseError, match="issuer"):
        _described({"issuer": "https://evil.example"}).load_server_metadata()
