"""Logout at an OpenID Provider: begun here, or begun there and told to the application."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, current_app, session
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from typing_extensions import override
from werkzeug.test import Client, TestResponse

from tests.client.openid import (
    ABSENT,
    DISCOVERY,
    END_SESSION,
    JWKS,
    OP,
    Provider,
)
from tests.flask.caches import AtomicMemory, Forgetful
from tests.flask.openid import BYE, OpenIDSite
from tests.flask.site import PROVIDER, cookie_of, query_of, session_of
from typedoauth import Response
from typedoauth.errors import (
    ConfigurationError,
    ContextError,
    DuplicateParameterError,
    OAuthError,
    StateMismatchError,
    TransportError,
)
from typedoauth.flask import OAuth, OAuth2App
from typedoauth.oidc import FrontChannelLogout, LogoutToken
from typedoauth.protocols import Cache

BACK = "/backchannel"
FRONT = "/frontchannel"


class Shop:
    """An application that logs its users out, here and when the provider says so.

    Attributes:
        provider: Says what a test tells it to.
        ended: What ``on_logout`` was called with.
        errors: What was refused.
    """

    def __init__(self, cache: Cache | None = None, **settings: Any) -> None:  # any: of register
        self.provider = Provider()
        self.ended: list[LogoutToken | FrontChannelLogout] = []
        self.errors: list[OAuthError] = []
        self.app = Flask("shop")
        self.app.secret_key = "k"
        self.oauth = OAuth(transport=self.provider.stub, clock=self.provider.clock)
        self.oauth.init_app(self.app, cache=cache)
        given: dict[str, Any] = {"server_metadata_url": DISCOVERY, **settings}  # any: likewise
        self.op: OAuth2App = self.oauth.register("op", client_id="client", **given)
        self.app.register_error_handler(OAuthError, self._refused)
        self.app.add_url_rule("/logout", view_func=self._logout)
        self.app.add_url_rule("/bye", view_func=self._bye, methods=["GET", "POST"])

    def _logout(self) -> ResponseReturnValue:
        return self.op.logout_redirect(BYE, data={"next": "/shop"})

    def _bye(self) -> ResponseReturnValue:
        return dict(self.op.validate_logout_response())

    def _refused(self, error: OAuthError) -> ResponseReturnValue:
        self.errors.append(error)
        return str(error), 400

    def listen(
        self, on_logout: Callable[[LogoutToken], object] | None = None, /, **asked: bool
    ) -> None:
        """Add the view for the back channel."""
        view = self.op.backchannel_logout_view(on_logout or self.ended.append, **asked)
        self.app.add_url_rule(BACK, view_func=view, methods=["POST"])

    def watch(self, **asked: bool) -> None:
        """Add the view for the front channel."""
        view = self.op.frontchannel_logout_view(self.ended.append, **asked)
        self.app.add_url_rule(FRONT, view_func=view)

    def told(self, text: str | None = None, **changes: object) -> TestResponse:
        """Post a logout token, as the provider does."""
        form = {"logout_token": self.provider.logout_token(**changes) if text is None else text}
        return self.app.test_client().post(BACK, data=form)

    def leave(self, browser: FlaskClient) -> str:
        """Begin a logout; tell the way back, as the provider would make it."""
        location = browser.get("/logout").headers["Location"]
        return f"/bye?state={query_of(location)['state']}"

    def refused(self, browser: FlaskClient, url: str) -> OAuthError:
        """Come back in a way that is refused."""
        answer = browser.get(url)
        assert answer.status_code == 400, answer.text
        return self.errors[-1]


@pytest.fixture(params=["session", "cache"])
def shop(request: pytest.FixtureRequest) -> Shop:
    """With a cache and without."""
    return Shop(AtomicMemory() if request.param == "cache" else None)


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    """Somebody's browser."""
    return shop.app.test_client()


# Begun here


def test_logout_at_the_provider_and_back() -> None:
    """The whole way round, with a login before it (RP-Initiated Logout 2, 3)."""
    site = OpenIDSite()
    browser = site.app.test_client()

    def leave() -> ResponseReturnValue:
        session.clear()
        return site.op.logout_redirect(BYE, id_token, data={"next": "/shop"}, ui_locales=["de"])

    def bye() -> ResponseReturnValue:
        return dict(site.op.validate_logout_response())

    site.app.add_url_rule("/leave", view_func=leave)
    site.app.add_url_rule("/bye", view_func=bye)
    id_token = site.arrive(browser, site.callback(browser)).get_json()["token"]["id_token"]
    answer = browser.get("/leave")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    location = answer.headers["Location"]
    query = query_of(location)
    assert query.pop("state")
    assert query == {
        "id_token_hint": id_token,
        "client_id": "client",
        "post_logout_redirect_uri": BYE,
        "ui_locales": "de",
    }
    back = Client(site.provider).get(location, base_url=PROVIDER).headers["Location"]
    assert site.provider.counts["logout"] == 1
    assert browser.get(back).get_json() == {"next": "/shop"}


def test_logout_says_what_it_is_given(shop: Shop) -> None:
    """Keywords of the specification, and others."""
    with shop.app.test_request_context():
        answer = shop.op.logout_redirect(BYE, "a.b.c", logout_hint="ada", federated="1")
    assert answer.location.partition("?")[0] == END_SESSION
    query = query_of(answer.location)
    assert (query["id_token_hint"], query["logout_hint"]) == ("a.b.c", "ada")
    assert query["federated"] == "1"


def test_logout_without_a_way_back_remembers_nothing(shop: Shop, browser: FlaskClient) -> None:
    """It needs no session, and no state goes along."""
    shop.app.add_url_rule("/away", "away", lambda: shop.op.logout_redirect(data={"next": "/"}))
    answer = browser.get("/away")
    assert query_of(answer.headers["Location"]) == {"client_id": "client"}
    assert cookie_of(browser) == ""
    shop.app.secret_key = None
    assert browser.get("/away").status_code == 302


def test_way_back_is_bound_to_the_browser(shop: Shop, browser: FlaskClient) -> None:
    """Nobody else can bring the answer, and it counts once."""
    back = shop.leave(browser)
    other = shop.app.test_client()
    shop.leave(other)
    for stranger, reason in (
        (shop.app.test_client(), "no_session_cookie"),
        (other, "other_logins"),
    ):
        error = shop.refused(stranger, back)
        assert isinstance(error, StateMismatchError)
        assert error.reason == reason
    assert browser.get(back).get_json() == {"next": "/shop"}
    error = shop.refused(browser, back)
    assert isinstance(error, StateMismatchError)
    assert error.reason == "already_used"


def test_way_back_may_be_posted(shop: Shop, browser: FlaskClient) -> None:
    """Some providers do."""
    url, _, query = shop.leave(browser).partition("?")
    assert browser.post(url, data={"state": query.partition("=")[2]}).get_json() == {
        "next": "/shop"
    }


def test_two_logouts_can_be_open(shop: Shop, browser: FlaskClient) -> None:
    """Each in its tab."""
    first, second = shop.leave(browser), shop.leave(browser)
    assert browser.get(first).status_code == browser.get(second).status_code == 200


def test_open_logout_expires(shop: Shop, browser: FlaskClient) -> None:
    """As a login does, after an hour."""
    back = shop.leave(browser)
    shop.provider.clock.now += 3600
    error = shop.refused(browser, back)
    assert isinstance(error, StateMismatchError)
    assert error.reason == "expired"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", StateMismatchError),
        ("?state=", StateMismatchError),
        ("?state={0}&state={0}", DuplicateParameterError),
        ("?state=made-up", StateMismatchError),
        ("?state={0}x", StateMismatchError),
        ("?state=%C3%28", StateMismatchError),
    ],
)
def test_wrong_way_back_is_refused(
    shop: Shop, browser: FlaskClient, query: str, kind: type[OAuthError]
) -> None:
    """As an error of the tree; the logout stays open."""
    back = shop.leave(browser)
    error = shop.refused(browser, f"/bye{query.format(back.partition('=')[2])}")
    assert type(error) is kind
    assert browser.get(back).status_code == 200


def test_logout_is_no_login_and_no_other_clients(shop: Shop, browser: FlaskClient) -> None:
    """The state of one does not answer the other."""
    other = shop.oauth.register("other", client_id="client", server_metadata_url=DISCOVERY)
    states: dict[str, str] = {}

    def begin() -> str:
        states["login"] = query_of(shop.op.authorize_redirect().location)["state"]
        states["logout"] = query_of(shop.op.logout_redirect(BYE).location)["state"]
        states["other"] = query_of(other.logout_redirect(BYE).location)["state"]
        return ""

    shop.app.add_url_rule("/begin", view_func=begin)
    shop.app.add_url_rule("/callback", "callback", lambda: dict(shop.op.authorize_access_token()))
    browser.get("/begin")
    for state in (states["login"], states["other"]):
        assert isinstance(shop.refused(browser, f"/bye?state={state}"), StateMismatchError)
    error = shop.refused(browser, f"/callback?code=c&state={states['logout']}")
    assert isinstance(error, StateMismatchError)
    assert browser.get(f"/bye?state={states['logout']}").get_json() == {}


def test_logout_needs_a_session_for_the_way_back(shop: Shop, browser: FlaskClient) -> None:
    """And a request; the messages say so."""
    with pytest.raises(ContextError, match="there is no request"):
        shop.op.logout_redirect(BYE)
    with pytest.raises(ContextError, match="there is no request"):
        shop.op.validate_logout_response()
    shop.app.secret_key = None
    error = shop.refused(browser, "/logout")
    assert isinstance(error, ConfigurationError)
    assert "set SECRET_KEY" in str(error)


def test_data_that_is_no_json_is_refused(shop: Shop) -> None:
    """Before anything is kept."""
    with shop.app.test_request_context(), pytest.raises(ConfigurationError, match="JSON values"):
        shop.op.logout_redirect(BYE, data={"next": object()})


def test_open_logout_keeps_no_token(shop: Shop, browser: FlaskClient) -> None:
    """The hint goes to the provider, and not into the cookie."""
    shop.app.add_url_rule("/hinted", "hinted", lambda: shop.op.logout_redirect(BYE, "hush.hush"))
    browser.get("/hinted")
    assert "hush" not in json.dumps(session_of(shop.app, browser))


def test_oauth1_client_has_no_logout(shop: Shop) -> None:
    """The message says which protocol it is."""
    one = shop.oauth.register(
        "one", client_id="c", client_secret="s", request_token_url=f"{OP}/initiate"
    )
    untyped: Any = one  # any: the method is of the other kind
    with pytest.raises(AttributeError):
        untyped.logout_redirect(BYE)


# Back channel


def test_provider_tells_whose_session_ended() -> None:
    """A login at the local provider, whose logout tokens the view accepts (2.5)."""
    site = OpenIDSite(backchannel_logout_uri=f"http://localhost{BACK}")
    ended: list[LogoutToken] = []
    view = site.op.backchannel_logout_view(ended.append, require_typ=True, require_sid=True)
    site.app.add_url_rule(BACK, view_func=view, methods=["POST"])
    browser = site.app.test_client()
    claims = site.arrive(browser, site.callback(browser)).get_json()["token"]["userinfo"]
    ((uri, text),) = site.provider.logout_tokens("ada")
    answer = browser.post(uri, data={"logout_token": text})
    assert (answer.status_code, answer.data) == (200, b"")
    assert [(one.sub, one.sid) for one in ended] == [("ada", claims["sid"])]


def test_good_logout_token_ends_a_session(shop: Shop) -> None:
    """With the validated token, in the application's context; the answer is not kept (2.8)."""
    seen: list[object] = []
    shop.listen(lambda token: seen.append((token.sid, current_app.name)))
    answer = shop.told()
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert seen == [("s1", "shop")]


def test_logout_token_counts_once(shop: Shop) -> None:
    """Its ``jti`` is remembered for as long as it is valid (2.6)."""
    shop.listen()
    text = shop.provider.logout_token()
    assert [shop.told(text).status_code for _ in range(3)] == [200, 400, 400]
    shop.provider.clock.now += 300 + 119
    assert shop.told(text).get_json() == {
        "error": "invalid_request",
        "error_description": "the logout token was used before",
    }
    shop.provider.clock.now += 1
    assert "exp" in shop.told(text).get_json()["error_description"]
    assert shop.told(jti="j2").status_code == 200
    assert len(shop.ended) == 2


def test_logout_token_is_remembered_for_as_long_as_its_clock_may_differ() -> None:
    """``clock_skew`` keeps it valid, and known."""
    shop = Shop(client_kwargs={"clock_skew": 1000})
    shop.listen()
    text = shop.provider.logout_token()
    assert shop.told(text).status_code == 200
    shop.provider.clock.now += 300 + 999
    assert shop.told(text).get_json()["error_description"] == "the logout token was used before"


def test_token_that_has_nearly_expired_is_remembered(shop: Shop) -> None:
    """For a second at the least: caches take no less."""
    shop.listen()
    text = shop.provider.logout_token(exp=shop.provider.clock.now - 119.5)
    assert [shop.told(text).status_code for _ in range(2)] == [200, 400]


def test_failure_of_the_application_lets_the_provider_try_again(shop: Shop) -> None:
    """What could not be ended has not been."""
    failing = [True]

    def end(token: LogoutToken) -> None:
        if failing:
            failing.clear()
            raise KeyError(token.sid)
        shop.ended.append(token)

    shop.listen(end)
    text = shop.provider.logout_token()
    assert [shop.told(text).status_code for _ in range(3)] == [500, 200, 400]
    assert len(shop.ended) == 1


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"iss": "https://evil.example"}, {}),
        ({"aud": "other"}, {}),
        ({"exp": 0}, {}),
        ({"events": ABSENT}, {}),
        ({"nonce": "hush"}, {}),
        ({"jti": ABSENT}, {}),
        ({"sid": ABSENT}, {"require_sid": True}),
        ({}, {"require_typ": True}),
    ],
)
def test_logout_token_that_cannot_be_trusted_is_refused(
    shop: Shop, changes: dict[str, object], asked: dict[str, bool]
) -> None:
    """With 400 and an error in JSON that quotes nothing of it (2.8)."""
    shop.listen(**asked)
    text = shop.provider.logout_token(**changes)
    answer = shop.told(text)
    assert (answer.status_code, answer.content_type) == (400, "application/json; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    error = answer.get_json()
    assert set(error) == {"error", "error_description"}
    assert error["error"] == "invalid_request"
    for secret in (*text.split("."), "hush"):
        assert secret not in error["error_description"]
    assert shop.ended == []


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"logout_token": ""},
        {"logout_token": "a.b.c"},
        {"logout_token": "\ufffd"},
        {"id_token": "a.b.c"},
    ],
)
def test_request_without_one_logout_token_is_refused(
    shop: Shop, form: dict[str, Any]
) -> None:  # any: a form
    """In the form, once (2.5)."""
    shop.listen()
    answer = shop.app.test_client().post(BACK, data=form)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "invalid_request"


def test_two_logout_tokens_are_refused(shop: Shop) -> None:
    """Be they good: which one counts is not said anywhere."""
    shop.listen()
    tokens = [shop.provider.logout_token(jti=jti) for jti in ("j1", "j2")]
    answer = shop.app.test_client().post(BACK, data={"logout_token": tokens})
    assert (answer.status_code, shop.ended) == (400, [])


def test_logout_token_in_the_query_is_not_read(shop: Shop) -> None:
    """It would stand in logs; a GET is no logout request."""
    shop.listen()
    browser = shop.app.test_client()
    url = f"{BACK}?logout_token={shop.provider.logout_token()}"
    assert browser.post(url).status_code == 400
    assert browser.get(url).status_code == 405
    assert shop.ended == []


class Down(Forgetful):
    """A cache that has gone away."""

    up: bool = True

    @override
    def get(self, key: str) -> str | None:
        if not self.up:
            raise ConnectionError("hush")
        return super().get(key)


def test_cache_that_fails_makes_the_provider_try_again(caplog: pytest.LogCaptureFixture) -> None:
    """Whether it is a replay cannot be told: 503, and nothing ends."""
    cache = Down()
    shop = Shop(cache)
    shop.listen()
    cache.up = False
    with caplog.at_level(logging.DEBUG, "typedoauth"):
        answer = shop.told()
    assert (answer.status_code, shop.ended) == (503, [])
    assert "hush" not in answer.text + caplog.text
    cache.up = True
    assert shop.told().status_code == 200


@pytest.mark.parametrize("where", [DISCOVERY, JWKS])
@pytest.mark.parametrize("reply", [TransportError("no answer"), Response(500)], ids=["gone", "500"])
def test_provider_out_of_reach_is_to_try_again(
    shop: Shop, where: str, reply: Response | Exception
) -> None:
    """Whether the token is good cannot be told: 503, and nothing ends."""
    shop.listen()
    shop.provider.replies[where] = reply
    answer = shop.told()
    assert (answer.status_code, shop.ended) == (503, [])
    assert answer.get_json() == {
        "error": "temporarily_unavailable",
        "error_description": "this could not be looked at now; try again later",
    }
    del shop.provider.replies[where]
    assert shop.told().status_code == 200


@pytest.mark.parametrize("wrong", [None, "end", lambda: None])
def test_view_needs_a_function_of_one_argument(shop: Shop, wrong: Any) -> None:  # any: wrong
    """A logout that ends nothing would be answered 200."""

    async def later(_: object) -> None:
        """Would never be awaited."""

    for function in (wrong, later):
        with pytest.raises(ConfigurationError, match="on_logout is"):
            shop.op.backchannel_logout_view(function)
        with pytest.raises(ConfigurationError, match="on_logout is"):
            shop.op.frontchannel_logout_view(function)


def test_view_takes_posts_by_itself(shop: Shop) -> None:
    """``add_url_rule`` need not be told."""
    shop.app.add_url_rule("/by-itself", view_func=shop.op.backchannel_logout_view(print))
    browser = shop.app.test_client()
    assert (browser.get("/by-itself").status_code, browser.post("/by-itself").status_code) == (
        405,
        400,
    )


def test_two_clients_have_a_view_each(shop: Shop) -> None:
    """Under names of their own; a token for one counts for the other as a token of its own."""
    other = shop.oauth.register("other", client_id="client", server_metadata_url=DISCOVERY)
    views = [
        shop.op.backchannel_logout_view(shop.ended.append),
        other.backchannel_logout_view(shop.ended.append),
        shop.op.frontchannel_logout_view(shop.ended.append),
        other.frontchannel_logout_view(shop.ended.append),
    ]
    for number, view in enumerate(views):
        shop.app.add_url_rule(f"/{number}", view_func=view, methods=["GET", "POST"])
    assert {
        "op_backchannel_logout",
        "op_frontchannel_logout",
        "other_backchannel_logout",
        "other_frontchannel_logout",
    } <= set(shop.app.view_functions)
    form = {"logout_token": shop.provider.logout_token()}
    browser = shop.app.test_client()
    for url in ("/0", "/1"):
        assert [browser.post(url, data=form).status_code for _ in range(2)] == [200, 400]


def test_one_view_serves_several_applications() -> None:
    """Each has its own client, and knows what it has seen itself."""
    shop = Shop()
    second = Flask("second")
    second.secret_key = "k"
    shop.oauth.init_app(second)
    names: list[str] = []
    view = shop.op.backchannel_logout_view(lambda _: names.append(current_app.name))
    form = {"logout_token": shop.provider.logout_token()}
    for app in (shop.app, second):
        app.add_url_rule(BACK, view_func=view, methods=["POST"])
        answers = [app.test_client().post(BACK, data=form).status_code for _ in range(2)]
        assert answers == [200, 400]
    assert names == ["shop", "second"]


# Front channel


def test_frame_of_the_provider_ends_a_session(shop: Shop) -> None:
    """With issuer and session, or neither (Front-Channel Logout 2)."""
    shop.watch()
    browser = shop.app.test_client()
    answer = browser.get(FRONT, query_string={"iss": OP, "sid": "s1"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get(FRONT).status_code == 200
    assert shop.ended == [FrontChannelLogout(OP, "s1"), FrontChannelLogout()]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (f"iss={OP}", {}),
        ("sid=s1", {}),
        (f"iss={OP}/&sid=s1", {}),
        ("iss=https://evil.example&sid=s1", {}),
        ("iss=&sid=s1", {}),
        (f"iss={OP}&sid=s1&sid=s2", {}),
        (f"iss={OP}&iss={OP}&sid=s1", {}),
        ("", {"session_required": True}),
        (f"iss={OP}&sid=", {"session_required": True}),
    ],
)
def test_wrong_frame_ends_nothing(shop: Shop, query: str, asked: dict[str, bool]) -> None:
    """400, with an error in JSON."""
    shop.watch(**asked)
    answer = shop.app.test_client().get(f"{FRONT}?{query}")
    assert (answer.status_code, shop.ended) == (400, [])
    assert answer.get_json()["error"] == "invalid_request"


@pytest.mark.parametrize("reply", [TransportError("no answer"), Response(500)], ids=["gone", "500"])
def test_frame_waits_for_the_issuer(shop: Shop, reply: Response | Exception) -> None:
    """Whose frame it is cannot be told while the metadata is out of reach: 503."""
    shop.watch()
    shop.provider.replies[DISCOVERY] = reply
    answer = shop.app.test_client().get(f"{FRONT}?iss={OP}&sid=s1")
    assert (answer.status_code, shop.ended) == (503, [])


def test_issuer_that_is_not_known_is_nobodys() -> None:
    """A client without an issuer accepts none by name, and an empty one is none."""
    shop = Shop(server_metadata_url=None, access_token_url=f"{OP}/token")
    shop.watch()
    for issuer in (OP, ""):
        answer = shop.app.test_client().get(f"{FRONT}?iss={issuer}&sid=s1")
        assert answer.status_code == 503
