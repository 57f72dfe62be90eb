"""Which token a call uses, where it comes from, and what is refused as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, current_app

from tests.flask.site import PROVIDER, Site
from typedoauth import OAuth1Token, OAuth2Token
from typedoauth.errors import (
    ContextError,
    InvalidTokenError,
    MissingTokenError,
    UntrustedOriginError,
)
from typedoauth.flask import OAuth, OAuth2App, RemoteApp
from typedoauth.transports import Response, StubTransport

API = "https://api.example/"


def token(text: str) -> OAuth2Token:
    """A token."""
    return {"access_token": text, "token_type": "Bearer"}


class Calls:
    """An application with a client of each protocol, and a service that only listens."""

    def __init__(
        self, fetch_token: Callable[[str], Any] | None = None
    ) -> None:  # any: wrong ones too
        self.app = Flask("calls")
        self.app.secret_key = "k"
        self.stub = StubTransport(lambda _: Response(200, content=b"{}"))
        self.oauth = OAuth(self.app, fetch_token=fetch_token, transport=self.stub)

    def add(self, fetch_token: Callable[[], OAuth2Token] | None = None) -> OAuth2App:
        """Register ``two``."""
        return self.oauth.register(
            "two",
            client_id="c",
            access_token_url=f"{PROVIDER}/token",
            api_base_url=API,
            fetch_token=fetch_token,
        )

    def sent(self) -> list[str]:
        """The tokens that were sent."""
        found = [one.headers.get("authorization") or "" for one in self.stub.requests]
        return [one.removeprefix("Bearer ") for one in found]


def test_token_of_the_call_comes_first() -> None:
    """``token=``, then the context's, then ``fetch_token``."""
    calls = Calls(fetch_token=lambda _: token("registry"))
    two = calls.add()
    with calls.app.test_request_context():
        two.get("a")
        two.token = token("context")
        two.get("a")
        two.get("a", token=token("call"))
        two.get("a")
        two.token = None
        two.get("a")
    assert calls.sent() == ["registry", "context", "call", "context", "registry"]


def test_own_fetch_token_comes_before_that_of_the_registry() -> None:
    """The client's is called without arguments, the registry's with the name."""
    calls = Calls(fetch_token=lambda name: token(f"registry's {name}"))
    calls.add(fetch_token=lambda: token("own"))
    calls.oauth.register("other", client_id="c", access_token_url=f"{PROVIDER}/token")
    with calls.app.test_request_context():
        calls.oauth.two.get(API)
        calls.oauth.other.get(API)
    assert calls.sent() == ["own", "registry's other"]


def test_token_of_a_login_comes_before_fetch_token() -> None:
    """The view that ends a login calls the API before it has saved anything."""
    site = Site()
    site.oauth.fetch_token = lambda _: {"access_token": "stale"}
    assert site.log_in(site.app.test_client(), "two")["profile"]["sub"] == "ada"


def test_fetch_token_is_asked_for_each_call() -> None:
    """A request may act for several users, so one user's token is not kept for the next."""
    users = iter(["ada", "bob"])
    calls = Calls(fetch_token=lambda _: token(next(users)))
    two = calls.add()
    with calls.app.test_request_context():
        two.get("a")
        two.get("b")
    assert calls.sent() == ["ada", "bob"]


def test_fetch_token_that_has_none_is_asked_again() -> None:
    """A user may connect an account within a request."""
    answers = iter([None, token("t")])
    calls = Calls(fetch_token=lambda _: next(answers))
    two = calls.add()
    with calls.app.test_request_context():
        with pytest.raises(MissingTokenError, match="fetch_token"):
            two.get("a")
        two.get("a")
    assert calls.sent() == ["t"]


def test_requests_within_one_pushed_context_do_not_share_tokens() -> None:
    """A test or shell that pushes a context around its requests sees each user's own."""
    users = iter(["ada", "grace"])
    calls = Calls(fetch_token=lambda _: token(next(users)))
    two = calls.add()

    @calls.app.get("/")
    def view() -> str:
        two.get("a")
        return ""

    with calls.app.app_context():
        for _ in range(2):
            calls.app.test_client().get("/")
    assert calls.sent() == ["ada", "grace"]


def test_worker_asks_for_each_call() -> None:
    """Outside of requests the next call may be for another user."""
    user = ["ada"]
    calls = Calls(fetch_token=lambda _: token(user[0]))
    two = calls.add()
    with calls.app.app_context():
        two.get("a")
        user[0] = "grace"
        two.get("a")
        assert two.token == token("grace")
    two.get("a")
    assert calls.sent() == ["ada", "grace", "grace"]


def test_fetch_token_finds_its_application() -> None:
    """Outside of any context, and inside another application's, with a bound registry."""
    calls = Calls(fetch_token=lambda _: token(_current_name()))
    two = calls.add()
    two.get("a")
    other = Flask("other")
    calls.oauth.init_app(other, transport=calls.stub)
    with other.app_context():
        calls.oauth.bind(calls.app).two.get("a")
        calls.oauth.two.get("a")
    assert calls.sent() == ["calls", "calls", "other"]


def _current_name() -> str:
    return current_app.name


def test_token_is_assigned_for_the_context() -> None:
    """A copy of it, which the caller's later changes do not reach."""
    calls = Calls()
    two = calls.add()
    given = token("t")
    with calls.app.app_context():
        two.token = given
        given["access_token"] = "changed"
        assert two.token == token("t")
    with calls.app.app_context():
        assert two.token is None


def test_token_is_not_assigned_without_a_context() -> None:
    """It would be forgotten at once, and the error says what to do."""
    two = Calls().add()
    with pytest.raises(ContextError, match="token="):
        two.token = token("t")
    assert two.token is None


def test_call_without_a_token_is_refused() -> None:
    """Nothing is sent, and the error names the ways to give one."""
    calls = Calls()
    two = calls.add()
    with calls.app.test_request_context(), pytest.raises(MissingTokenError, match="withhold_token"):
        two.get("a")
    assert calls.sent() == []


def test_token_can_be_withheld() -> None:
    """Then nobody is asked for one, and every origin may be called."""
    calls = Calls(fetch_token=lambda _: pytest.fail("asked"))
    two = calls.add()
    with calls.app.test_request_context():
        two.get("https://elsewhere.example/", withhold_token=True)
    assert calls.sent() == [""]


def test_token_does_not_go_elsewhere() -> None:
    """Another origin than that of ``api_base_url`` is refused."""
    calls = Calls()
    with pytest.raises(UntrustedOriginError):
        calls.add().get("https://elsewhere.example/", token=token("t"))
    assert calls.sent() == []


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete", "head", "options"])
@pytest.mark.parametrize("name", ["one", "two"])
def test_every_verb_sends_the_token(verb: str, name: str) -> None:
    """Of either protocol, outside of any context."""
    calls = Calls()
    calls.add()
    calls.oauth.register("one", client_id="c", client_secret="s", request_token_url=f"{PROVIDER}/r")
    one: OAuth1Token = {"oauth_token": "identifier", "oauth_token_secret": "s"}
    given: Any = one if name == "one" else token("t")  # any: of either kind
    answer = getattr(calls.oauth.create_client(name), verb)(API, token=given)
    assert answer.status_code == 200
    (request,) = calls.stub.requests
    assert request.method == verb.upper()
    assert ("identifier" if name == "one" else "Bearer t") in request.headers["authorization"]


class Row:
    """A row of a database, as some ``fetch_token`` return it."""

    def to_token(self) -> OAuth2Token:
        return token("secret")


WRONG: list[tuple[object, str]] = [
    ("text", "not str"),
    (("token", "secret"), "not tuple"),
    (5, "not int"),
    ([], "not list"),
    (Row(), "not Row"),
    ({}, "access_token"),
    ({"access_token": ""}, "access_token"),
    ({"access_token": 5}, "access_token"),
    ({"access_token": None}, "access_token"),
    ({"access_token": "a\nb"}, "cannot be sent"),
    ({"access_token": "t", "token_type": 5}, "token_type"),
    ({"oauth_token": "a", "oauth_token_secret": "b"}, "this is an OAuth 1.0 token"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_wrong_token_is_refused_wherever_it_comes_from(wrong: object, said: str) -> None:
    """``fetch_token``, ``token=`` and an assignment are checked alike, and not quoted."""
    calls = Calls(fetch_token=lambda _: wrong)
    two: Any = calls.add()  # any: the types refuse these
    with calls.app.test_request_context():
        for act in (
            lambda: two.get("a"),
            lambda: two.token,
            lambda: two.get("a", token=wrong),
            lambda: setattr(two, "token", wrong),
        ):
            with pytest.raises(InvalidTokenError, match=said) as caught:
                act()
            assert "secret" not in str(caught.value)
    assert calls.sent() == []


def test_oauth2_token_is_refused_by_oauth1() -> None:
    """The hint says which kind it is."""
    calls = Calls(fetch_token=lambda _: token("t"))
    one: Any = calls.oauth.register(
        "one", client_id="c", client_secret="s", request_token_url=f"{PROVIDER}/r"
    )
    acts: list[Callable[[], object]] = [
        lambda: one.get(API),
        lambda: one.get(API, token=token("t")),
    ]
    for act in acts:
        with pytest.raises(InvalidTokenError, match=r"this is an OAuth 2\.0 token"):
            act()


def test_error_of_fetch_token_is_let_through() -> None:
    """It is the application's own."""

    def fail(_: str) -> OAuth2Token:
        raise LookupError("no database")

    two = Calls(fetch_token=fail).add()
    with pytest.raises(LookupError, match="no database"):
        two.get("a")


def test_tokens_of_two_clients_do_not_mix() -> None:
    """What is held is held by name."""
    calls = Calls()
    two = calls.add()
    other = calls.oauth.register("other", client_id="c", access_token_url=f"{PROVIDER}/token")
    with calls.app.app_context():
        two.token = token("t")
        assert other.token is None


def test_kind_of_an_app_is_asked_for_its_own_methods() -> None:
    """A class of one protocol with a client of the other says so."""
    site = Site()
    wrong: list[RemoteApp] = [site.one, site.two]
    site.oauth.register("one", client_id="c", access_token_url=f"{PROVIDER}/token")
    site.oauth.register(
        "two", client_id="c", client_secret="s", request_token_url=f"{PROVIDER}/token"
    )
    for app, attribute in zip(wrong, ("request_token_url", "refresh_token_url"), strict=True):
        with pytest.raises(Exception, match="is registered for OAuth"):
            getattr(app, attribute)
