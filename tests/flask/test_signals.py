"""Those who listen are told what becomes of logins and tokens, and never a secret."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.client.openid import DISCOVERY, Provider
from tests.flask.openid import OpenIDSite
from tests.flask.site import CLIENT_SECRET, PROVIDER, Site, cookie_of
from tests.flask.test_secrets import Ears, leaks
from typedoauth.errors import (
    AuthorizationDeniedError,
    ConfigurationError,
    IdTokenError,
    OAuthError,
    StateMismatchError,
    TokenEndpointError,
    TransportError,
)
from typedoauth.flask import (
    EventSignal,
    LoggedOut,
    LoginBegun,
    LoginFailed,
    LoginSucceeded,
    OAuth,
    OpenIDApp,
    TokenRevoked,
    logged_out,
    login_begun,
    login_failed,
    login_succeeded,
    token_revoked,
    token_update,
)
from typedoauth.oidc import LogoutToken
from typedoauth.transports import Request, Response

Event: TypeAlias = LoginBegun | LoginSucceeded | LoginFailed | TokenRevoked | LoggedOut
SIGNALS: tuple[EventSignal[Any], ...] = (  # any: of every event
    login_begun,
    login_succeeded,
    login_failed,
    token_revoked,
    logged_out,
)


@contextmanager
def heard(app: Flask) -> Generator[list[Event]]:
    """Every event of an application, in order."""
    events: list[Event] = []

    def listen(sender: Flask, event: Event) -> None:
        assert sender is app
        events.append(event)

    with ExitStack() as stack:
        for signal in SIGNALS:
            stack.enter_context(signal.connected_to(listen, app))
        yield events


def kinds(events: list[Event]) -> list[type]:
    """What happened, in order."""
    return [type(event) for event in events]


@pytest.fixture
def site() -> OpenIDSite:
    """An application with a client of each protocol."""
    return OpenIDSite()


@pytest.fixture
def browser(site: OpenIDSite) -> FlaskClient:
    """Somebody's browser."""
    return site.app.test_client()


@pytest.mark.parametrize(
    ("name", "subject", "scope"),
    [("one", None, None), ("two", None, "profile notes"), ("op", "ada", "openid profile email")],
)
def test_login_is_told(
    site: OpenIDSite, browser: FlaskClient, name: str, subject: str | None, scope: str | None
) -> None:
    """It begins and succeeds, in each protocol, under one name."""
    with heard(site.app) as events:
        site.arrive(browser, site.decide(site.begin(browser, name)))
    begun, succeeded = events
    assert isinstance(begun, LoginBegun)
    assert begun.client == name
    assert succeeded == LoginSucceeded(client=name, login=begun.login, subject=subject, scope=scope)


def test_token_is_at_hand_when_a_login_has_succeeded(
    site: OpenIDSite, browser: FlaskClient
) -> None:
    """A receiver runs in the request of the callback."""
    tokens: list[object] = []
    with login_succeeded.connected_to(lambda _app, _event: tokens.append(site.op.token)):
        answer = site.arrive(browser, site.decide(site.begin(browser, "op")))
    assert tokens == [answer.get_json()["token"]]


def _approved(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    site.arrive(browser, site.decide(site.begin(browser, name)))


def _denied(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    site.arrive(browser, site.decide(site.begin(browser, name), "deny"))


def _elsewhere(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    site.arrive(site.app.test_client(), site.decide(site.begin(browser, name)))


def _refused(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    callback = site.decide(site.begin(browser, name))
    site.provider.add_client("client", "another-secret", redirect_uris=[])
    site.arrive(browser, callback)


def _down(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    callback = site.decide(site.begin(browser, name))
    site.transport.send = _no_answer  # type: ignore[method-assign]  # the network
    site.arrive(browser, callback)


def _no_answer(request: Request, /) -> Response:
    raise TransportError("no connection")


def _untrusted(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    with site.provider.faults("id_token_nonce_wrong"):
        site.arrive(browser, site.decide(site.begin(browser, name)))


@pytest.mark.parametrize("name", ["one", "two", "op"])
@pytest.mark.parametrize(
    ("happens", "error"),
    [
        (_denied, AuthorizationDeniedError),
        (_elsewhere, StateMismatchError),
        (_refused, OAuthError),
        (_down, TransportError),
    ],
)
def test_failure_is_told(
    site: OpenIDSite,
    browser: FlaskClient,
    name: str,
    happens: Callable[[OpenIDSite, FlaskClient, str], None],
    error: type[OAuthError],
) -> None:
    """Each kind, in each protocol: the same error that the view gets, of the login that began."""
    with heard(site.app) as events:
        happens(site, browser, name)
    begun, failed = events
    assert isinstance(begun, LoginBegun)
    assert isinstance(failed, LoginFailed)
    assert isinstance(failed.error, error)
    assert failed.error is site.errors[-1]
    assert (failed.client, failed.login, failed.stage) == (name, begun.login, "callback")


def test_refusal_of_the_token_endpoint_is_told(site: OpenIDSite, browser: FlaskClient) -> None:
    """With what the service said."""
    with heard(site.app) as events:
        _refused(site, browser, "two")
    failed = cast("LoginFailed", events[-1])
    assert isinstance(failed.error, TokenEndpointError)
    assert failed.error.error == "invalid_client"


def test_untrusted_id_token_is_told(site: OpenIDSite, browser: FlaskClient) -> None:
    """With the claim that was wrong."""
    with heard(site.app) as events:
        _untrusted(site, browser, "op")
    failed = cast("LoginFailed", events[-1])
    assert isinstance(failed.error, IdTokenError)
    assert failed.error.claim == "nonce"


@pytest.mark.parametrize("name", ["one", "op"])
def test_login_that_cannot_begin_is_told(site: OpenIDSite, browser: FlaskClient, name: str) -> None:
    """The provider is out of reach before the browser leaves."""
    site.transport.send = _no_answer  # type: ignore[method-assign]  # the network
    with heard(site.app) as events:
        assert browser.get(f"/login/{name}").status_code == 400
    failed = cast("LoginFailed", events[-1])
    assert kinds(events) == [LoginFailed]
    assert (failed.stage, failed.login) == ("begin", None)


def test_login_without_openid_is_no_login_of_an_openid_app() -> None:
    """It has failed, not succeeded, and nothing was traded."""
    site = OpenIDSite()
    site.oauth.register(
        "two",
        client_cls=OpenIDApp,
        client_id="client",
        client_secret=CLIENT_SECRET,
        server_metadata_url=f"{PROVIDER}/.well-known/openid-configuration",
        client_kwargs={"scope": "profile"},
    )
    with heard(site.app) as events:
        _approved(site, site.app.test_client(), "two")
    assert kinds(events) == [LoginBegun, LoginFailed]
    assert isinstance(site.errors[-1], ConfigurationError)
    assert site.transport.forms("/oauth2/token") == []


def test_login_without_redirect_is_told(site: OpenIDSite, browser: FlaskClient) -> None:
    """``save_authorize_data`` is what begins it."""
    with heard(site.app) as events, site.app.test_request_context():
        request = site.two.create_authorization_url("http://localhost/authorize/two")
        assert events == []
        site.two.save_authorize_data(**request)
    assert kinds(events) == [LoginBegun]


def test_callback_that_is_posted_again_tells_once(site: OpenIDSite, browser: FlaskClient) -> None:
    """The page in between is neither a failure nor a success."""
    fields = dict(site.posted(browser))
    stranger = site.app.test_client()
    with heard(site.app) as events:
        stranger.post("http://localhost/authorize/op", data=fields)
    assert events == []


def test_renewal_is_told() -> None:
    """By the documented signal, whose payload is the token."""
    site = Site()
    token = site.two.fetch_access_token(username="ada", password="ada-password")
    names: list[str] = []

    def listen(sender: Flask, *, name: str, **_: object) -> None:
        names.append(name)

    with token_update.connected_to(listen, site.app):
        site.two.refresh_token(token)
    assert names == ["two"]


def test_revocation_is_told() -> None:
    """With whose token it was, where that was said."""
    site = Site()
    token = site.two.fetch_access_token(username="ada", password="ada-password")
    with heard(site.app) as events:
        site.two.revoke_token(token, owner=7, account="work", url=f"{PROVIDER}/oauth2/revoke")
    assert events == [TokenRevoked(client="two", owner="7", account="work")]


def test_revocation_that_is_refused_is_not_told(site: OpenIDSite) -> None:
    """Nothing has happened."""
    with heard(site.app) as events, pytest.raises(OAuthError):
        site.two.revoke_token("a-token", url=f"{PROVIDER}/nowhere")
    assert events == []


class Shop:
    """An application whose provider says what a test tells it to."""

    def __init__(self) -> None:
        self.provider = Provider()
        self.app = Flask("shop")
        self.app.secret_key = "k"
        self.oauth = OAuth(self.app, transport=self.provider.stub, clock=self.provider.clock)
        self.op = self.oauth.register("op", client_id="client", server_metadata_url=DISCOVERY)


def test_logout_begun_here_is_told() -> None:
    """When the browser is sent to the provider."""
    shop = Shop()
    with heard(shop.app) as events, shop.app.test_request_context():
        shop.op.logout_redirect("http://localhost/bye")
    assert events == [LoggedOut(client="op", by="application")]


def test_backchannel_logout_is_told() -> None:
    """After ``on_logout``, with whom and which session the provider named."""
    shop = Shop()
    ended: list[LogoutToken] = []
    shop.app.add_url_rule("/back", view_func=shop.op.backchannel_logout_view(ended.append))
    form = {"logout_token": shop.provider.logout_token()}
    with heard(shop.app) as events:
        for _ in range(2):  # the second is a replay
            shop.app.test_client().post("/back", data=form)
    (token,) = ended
    assert events == [
        LoggedOut(client="op", by="back_channel", subject=token.sub, session_id=token.sid)
    ]


def test_frontchannel_logout_is_told() -> None:
    """Likewise."""
    shop = Shop()
    view = shop.op.frontchannel_logout_view(lambda logout: None)
    shop.app.add_url_rule("/front", view_func=view)
    with heard(shop.app) as events:
        shop.app.test_client().get("/front", query_string={"iss": "https://op.example", "sid": "s"})
    assert events == [LoggedOut(client="op", by="front_channel", session_id="s")]


def test_other_applications_hear_nothing(site: OpenIDSite, browser: FlaskClient) -> None:
    """A receiver may be for one sender."""
    with heard(Flask("other")) as events:
        site.begin(browser, "two")
    assert events == []


def test_receiver_that_fails_is_logged_and_stops_nothing(
    site: OpenIDSite, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the other receivers nor the login."""

    def fail(_app: Flask, _event: object) -> None:
        raise LookupError("the audit log is full")

    with ExitStack() as stack:
        for signal in SIGNALS:
            stack.enter_context(signal.connected_to(fail))
        events = stack.enter_context(heard(site.app))
        answer = site.arrive(browser, site.decide(site.begin(browser, "two")))
    assert answer.status_code == 200
    assert kinds(events) == [LoginBegun, LoginSucceeded]
    logged = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert ["login_begun" in one.getMessage() for one in logged] == [True, False]


def test_receiver_that_fails_hides_no_error(site: OpenIDSite, browser: FlaskClient) -> None:
    """The view gets the error of the login, not that of the receiver."""

    def fail(_app: Flask, _event: object) -> None:
        raise LookupError("the audit log is full")

    with login_failed.connected_to(fail):
        _denied(site, browser, "two")
    assert isinstance(site.errors[-1], AuthorizationDeniedError)


def test_receiver_is_forgotten_with_its_last_reference(site: OpenIDSite) -> None:
    """As blinker does, unless it is told to hold it."""
    told: list[str] = []

    def connect(name: str, *, weak: bool) -> None:
        def receive(_app: Flask, _event: LoginBegun) -> None:
            told.append(name)

        login_begun.connect(receive, site.app, weak=weak)

    connect("weak", weak=True)
    connect("strong", weak=False)
    login_begun.send(site.app, LoginBegun(client="c", login="l"))
    assert told == ["strong"]


def test_decorator_connects(site: OpenIDSite) -> None:
    """And gives the function back."""
    told: list[str] = []

    @login_begun.connect_via(site.app)
    def receive(_app: Flask, event: LoginBegun) -> None:
        told.append(event.client)

    login_begun.send(site.app, LoginBegun(client="c", login="l"))
    login_begun.disconnect(receive)
    login_begun.send(site.app, LoginBegun(client="d", login="l"))
    assert told == ["c"]


def test_async_receiver_is_refused() -> None:
    """Nobody would await it."""

    async def later(_app: Flask, _event: LoginBegun) -> None:
        """Would have to be awaited."""

    with pytest.raises(ConfigurationError, match="async"):
        login_begun.connect(later)


@pytest.mark.parametrize("name", ["one", "two", "op"])
@pytest.mark.parametrize("happens", [_approved, _denied, _elsewhere, _refused])
def test_no_event_holds_a_secret(
    site: OpenIDSite,
    browser: FlaskClient,
    name: str,
    happens: Callable[[OpenIDSite, FlaskClient, str], None],
) -> None:
    """Neither state, code, verifier, nonce, token, client secret nor cookie."""
    ears = Ears(site)
    site.oauth.init_app(site.app, transport=ears)
    with heard(site.app) as events:
        happens(site, browser, name)
    secrets = {one for one in ears.secrets if not one.startswith((PROVIDER, "["))}  # metadata
    shown = [
        text
        for event in events
        for text in (repr(event), *(str(getattr(event, one)) for one in event.__slots__))
    ]
    assert leaks(secrets | {cookie_of(browser)}, iter(shown)) == []
