"""The application's own functions, in every shape that existing code has."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_type

import pytest
from flask import Flask

from tests.typing.services import (
    AUTHORIZE,
    BASE,
    OAUTH1_TOKEN,
    OAUTH2_TOKEN,
    REQUEST,
    TOKEN,
    answer,
    new_app,
)
from typedoauth import AnyToken, OAuth1Token, OAuth2Token, OAuthError
from typedoauth.flask import LoginFailed, OAuth, OAuth2App, login_failed, token_update
from typedoauth.transports import StubTransport

EXPIRED: OAuth2Token = {"access_token": "old", "refresh_token": "r", "expires_at": 1}


def registered(oauth: OAuth) -> OAuth2App:
    """A service whose tokens can be renewed."""
    return oauth.register("github", client_id="c", access_token_url=TOKEN, api_base_url=BASE)


def test_registry_fetches_by_name() -> None:
    """A function of the name that answers a token of either kind, or none."""

    def fetch_token(name: str) -> AnyToken | None:
        return OAUTH2_TOKEN if name == "github" else None

    flask = new_app()
    oauth = OAuth(flask, fetch_token=fetch_token, transport=StubTransport(answer))
    with flask.app_context():
        assert registered(oauth).get("user").ok


def test_registry_fetches_one_kind() -> None:
    """A function that only knows one kind of token will do."""

    def fetch_token(name: str) -> OAuth2Token:
        assert name == "github"
        return OAUTH2_TOKEN

    flask = new_app()
    oauth = OAuth(fetch_token=fetch_token)
    oauth.init_app(flask, fetch_token=fetch_token, transport=StubTransport(answer))
    with flask.app_context():
        assert registered(oauth).get("user").ok


def test_app_fetches_its_own_kind() -> None:
    """Without arguments; lambdas will do."""
    flask = new_app()
    oauth = OAuth(flask, transport=StubTransport(answer))
    twitter = oauth.register(
        "twitter",
        client_id="c",
        client_secret="s",
        request_token_url=REQUEST,
        api_base_url=BASE,
        fetch_token=lambda: OAUTH1_TOKEN,
    )
    github = oauth.register(
        "github",
        client_id="c",
        access_token_url=TOKEN,
        api_base_url=BASE,
        fetch_token=lambda: OAUTH2_TOKEN,
    )
    with flask.app_context():
        assert twitter.get("user").ok
        assert github.get("user").ok


class Kept:
    """Functions that keep tokens, in all their shapes, and what they were given."""

    tokens: list[OAuth2Token]

    def __init__(self) -> None:
        self.tokens = []

    def by_name(self, name: str, token: OAuth2Token) -> OAuth2Token:
        """The documented function of the registry, which returns something."""
        assert name == "github"
        self.tokens.append(token)
        return token

    def by_name_with_old(
        self,
        name: str,
        token: OAuth2Token,
        refresh_token: str | None = None,
        access_token: str | None = None,
    ) -> None:
        """The function of current code, which finds the row by the old token."""
        assert (name, refresh_token, access_token) == ("github", "r", "old")
        self.tokens.append(token)

    def by_name_with_keywords(self, name: str, token: OAuth2Token, **old: str | None) -> None:
        """The same with whatever keywords there are."""
        assert (name, old) == ("github", {"refresh_token": "r", "access_token": "old"})
        self.tokens.append(token)

    def by_name_of_either(self, name: str, token: AnyToken) -> None:
        """A function that keeps tokens of both protocols."""
        assert name == "github"
        self.tokens.append({"access_token": str(token.get("access_token"))})

    def alone(self, token: OAuth2Token) -> None:
        """The function of one client."""
        self.tokens.append(token)

    def with_old(
        self, token: OAuth2Token, refresh_token: str | None = None, access_token: str | None = None
    ) -> None:
        """The same in current code."""
        assert (refresh_token, access_token) == ("r", "old")
        self.tokens.append(token)

    def with_old_by_keyword(
        self, token: OAuth2Token, *, refresh_token: str | None, access_token: str | None
    ) -> None:
        """The same with keywords that are not optional."""
        assert (refresh_token, access_token) == ("r", "old")
        self.tokens.append(token)


REGISTRY_SHAPES: list[Callable[[Kept, Flask], OAuth]] = [
    lambda kept, app: OAuth(app, update_token=kept.by_name),
    lambda kept, app: OAuth(app, update_token=kept.by_name_with_old),
    lambda kept, app: OAuth(app, update_token=kept.by_name_with_keywords),
    lambda kept, app: OAuth(app, update_token=kept.by_name_of_either),
    lambda kept, app: OAuth(app, update_token=lambda name, token: kept.tokens.append(token)),
]


@pytest.mark.parametrize("shape", REGISTRY_SHAPES)
def test_registry_keeps_renewed_tokens(shape: Callable[[Kept, Flask], OAuth]) -> None:
    """``update_token`` of the registry gets the name, and the old token if it wants."""
    kept, flask = Kept(), new_app()
    oauth = shape(kept, flask)
    oauth.init_app(flask, transport=StubTransport(answer))
    with flask.app_context():
        assert registered(oauth).get("user", token=EXPIRED).ok
    assert [token["access_token"] for token in kept.tokens] == ["t3"]


APP_SHAPES: list[Callable[[Kept, OAuth], OAuth2App]] = [
    lambda kept, oauth: oauth.register(
        "a", client_id="c", access_token_url=TOKEN, update_token=kept.alone
    ),
    lambda kept, oauth: oauth.register(
        "a", client_id="c", access_token_url=TOKEN, update_token=kept.with_old
    ),
    lambda kept, oauth: oauth.register(
        "a", client_id="c", access_token_url=TOKEN, update_token=kept.with_old_by_keyword
    ),
    lambda kept, oauth: oauth.register(
        "a", client_id="c", access_token_url=TOKEN, update_token=kept.tokens.append
    ),
    lambda kept, oauth: oauth.register(
        "a", client_id="c", access_token_url=TOKEN, update_token=lambda token: kept.alone(token)
    ),
]


@pytest.mark.parametrize("shape", APP_SHAPES)
def test_app_keeps_renewed_tokens(shape: Callable[[Kept, OAuth], OAuth2App]) -> None:
    """``update_token`` of a client gets the token, and the old one if it wants."""
    kept, flask = Kept(), new_app()
    app = shape(kept, OAuth(flask, transport=StubTransport(answer)))
    with flask.app_context():
        assert app.get(f"{BASE}user", token=EXPIRED).ok
    assert [token["access_token"] for token in kept.tokens] == ["t3"]


def test_request_token_is_kept_by_the_application() -> None:
    """The documented pair of functions for temporary credentials."""
    kept: list[OAuth1Token] = []

    def save_request_token(token: OAuth1Token) -> None:
        kept.append(token)

    def fetch_request_token() -> OAuth1Token | None:
        return kept[-1] if kept else None

    flask = new_app()
    app = OAuth(flask, transport=StubTransport(answer)).register(
        "twitter",
        client_id="c",
        client_secret="s",
        request_token_url=REQUEST,
        access_token_url=TOKEN,
        authorize_url=AUTHORIZE,
        save_request_token=save_request_token,
        fetch_request_token=fetch_request_token,
    )
    with flask.test_request_context():
        app.authorize_redirect("https://app.example/back")
    assert fetch_request_token() == {"oauth_token": "r1", "oauth_token_secret": "rs1"}


def test_functions_of_a_registry_can_be_read_and_set() -> None:
    """As public attributes, with the types of the arguments."""
    oauth = OAuth()
    oauth.fetch_token = lambda name: OAUTH2_TOKEN
    assert_type(oauth.fetch_token("github"), OAuth2Token)
    oauth.update_token = None
    assert oauth.cache is None


def test_signal_is_sent_to_a_function() -> None:
    """The documented signal: its sender is the Flask application."""
    heard: list[str] = []

    def on_update(sender: Flask, name: str, token: OAuth2Token, **old: str | None) -> None:
        heard.append(f"{sender.name} {name} {token['access_token']} {old['access_token']}")

    flask = new_app()
    app = registered(OAuth(flask, transport=StubTransport(answer)))
    with token_update.connected_to(on_update, flask), flask.app_context():
        app.get("user", token=EXPIRED)
    assert heard == ["typing github t3 old"]


def test_event_is_sent_to_a_function() -> None:
    """Its receivers take the application and the event, by whatever names."""
    heard: list[str] = []
    flask = new_app()

    @login_failed.connect_via(flask)
    def audit(app: Flask, failed: LoginFailed) -> None:
        assert_type(failed.login, str | None)
        heard.append(f"{app.name} {failed.client} {failed.error.code}")

    event = LoginFailed(client="c", login=None, stage="begin", error=OAuthError())
    login_failed.send(flask, event)
    login_failed.disconnect(audit)
    assert heard == ["typing c oauth_error"]
