"""Tokens are dicts whose keys the checkers know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_type

from flask import session
from typing_extensions import TypedDict

from tests.typing.services import OAUTH1_TOKEN, OAUTH2_TOKEN, new_app, new_services
from typedoauth import (
    AnyToken,
    OAuth1Token,
    OAuth2Token,
    TokenKey,
    expires_at,
    is_expired,
    is_oauth1_token,
    is_oauth2_token,
)
from typedoauth.flask import OAuth


def test_members_have_types() -> None:
    """By index where the server must send them, by ``get`` everywhere."""
    token: OAuth2Token = {"access_token": "t", "expires_at": 1}
    assert_type(token["access_token"], str)
    assert_type(token.get("expires_at"), int | None)
    assert_type(token.get("refresh_token"), str | None)
    assert (token["access_token"], token.get("expires_at")) == ("t", 1)


def test_members_of_one_server_are_read_with_get() -> None:
    """A member that no specification names is an object to the checkers."""
    token: OAuth1Token = {"oauth_token": "t", "oauth_token_secret": "s"}
    name: object = token.get("screen_name")
    assert name is None


def test_members_of_one_server_may_be_declared() -> None:
    """A TypedDict of one's own that extends the token goes wherever a token goes."""

    class SlackToken(OAuth2Token, total=False):
        """With what one service adds."""

        team_id: str

    token: SlackToken = {"access_token": "t", "team_id": "T1"}
    services = new_services(new_app())
    assert services.github.get("user", token=token).ok


def test_token_is_copied_into_a_dict() -> None:
    """``dict(token)`` is how a token gets into a database or a session."""
    copy: dict[str, object] = dict(OAUTH2_TOKEN)
    assert copy == {"access_token": "t2", "token_type": "Bearer"}


def test_token_of_either_kind_is_told_apart() -> None:
    """Both functions narrow, for both checkers."""

    def identifier(token: AnyToken) -> str:
        if is_oauth1_token(token):
            assert_type(token, OAuth1Token)
            return token["oauth_token"]
        if is_oauth2_token(token):
            assert_type(token, OAuth2Token)
            return token["access_token"]
        raise AssertionError

    assert identifier(OAUTH1_TOKEN) == "t1"
    assert identifier(OAUTH2_TOKEN) == "t2"


def test_expiry_is_told_by_functions() -> None:
    """The time is an argument, in seconds."""
    assert_type(expires_at(OAUTH2_TOKEN), int | None)
    assert_type(is_expired(OAUTH2_TOKEN, 0.5), bool)
    assert is_expired({"access_token": "t", "expires_at": 1}, now=2, margin=0)


def test_row_of_a_database_gives_a_token() -> None:
    """The documented ``to_token``, with its columns that may be empty."""

    @dataclass
    class Row:
        """A row as the documented table has it."""

        access_token: str
        token_type: str | None = None
        refresh_token: str | None = None
        expires_at: int = 0

        def to_token(self) -> OAuth2Token:
            """The row as a token."""
            return {
                "access_token": self.access_token,
                "token_type": self.token_type,
                "refresh_token": self.refresh_token,
                "expires_at": self.expires_at,
            }

    services = new_services(new_app())
    assert services.github.get("user", token=Row("t").to_token()).ok


def test_kind_of_the_app_is_the_kind_of_its_token() -> None:
    """A login answers what the app speaks, and calls go on with it."""
    flask = new_app()
    app = new_services(flask).github
    with flask.test_request_context():
        location = app.authorize_redirect("https://app.example/back").location
        kept = dict(session)
    state = location.split("state=")[1].split("&")[0]
    with flask.test_request_context(f"/back?code=c&state={state}"):
        session.update(kept)
        token = app.authorize_access_token()
        assert_type(token, OAuth2Token)
        assert_type(app.token, OAuth2Token | None)
        assert app.token == token


def test_remote_app_takes_either_token() -> None:
    """By name, the checker cannot know; the app itself does."""

    def call(oauth: OAuth, name: str, token: AnyToken) -> bool:
        return oauth.create_client(name).get("user", token=token).ok

    services = new_services(new_app())
    assert call(services, "twitter", OAUTH1_TOKEN)
    assert call(services, "github", OAUTH2_TOKEN)


def test_token_of_the_context_can_be_set() -> None:
    """Assigning to ``token`` takes the app's kind, or ``None``."""
    flask = new_app()
    services = new_services(flask)
    with flask.app_context():
        services.github.token = OAUTH2_TOKEN
        services.twitter.token = None
        assert services.github.token == OAUTH2_TOKEN


def test_token_key_is_hashable() -> None:
    """It is what stores look tokens up with."""
    keys: dict[TokenKey, OAuth2Token] = {TokenKey("github", "ada"): OAUTH2_TOKEN}
    assert keys[TokenKey("github", "ada", None, None)] == OAUTH2_TOKEN


def test_typed_dict_of_a_neighbour_is_a_token() -> None:
    """Structure counts, not the name."""

    class Stored(TypedDict):
        """What another library calls a token."""

        oauth_token: str
        oauth_token_secret: str

    stored: Stored = {"oauth_token": "t", "oauth_token_secret": "s"}
    assert new_services(new_app()).twitter.get("user", token=stored).ok
