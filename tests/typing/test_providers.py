"""Declared services, their registration and the blueprint have types."""

from __future__ import annotations

from typing import assert_type

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tests.typing.services import new_app
from typedoauth import AnyToken, OAuth1Token, OAuth2Token, UserInfo
from typedoauth.errors import OAuthError
from typedoauth.flask import (
    OAuth,
    OAuth1App,
    OAuth2App,
    OpenIDApp,
    RemoteApp,
    create_flask_blueprint,
    return_to,
)
from typedoauth.providers import (
    BattleNet,
    Endpoint,
    GitHub,
    GitLab,
    Google,
    OAuth1Provider,
    OAuth2Provider,
    OpenIDProvider,
    Provider,
    Twitter,
)
from typedoauth.tokens import OpenIDToken


def test_declarations_have_their_kind() -> None:
    """Constants, and functions where there are parameters."""
    assert_type(Twitter, OAuth1Provider)
    assert_type(GitHub, OAuth2Provider)
    assert_type(Google, OpenIDProvider)
    assert_type(GitLab("git.example"), OAuth2Provider)
    assert_type(BattleNet("eu"), OpenIDProvider)


def test_registration_answers_the_kind_of_app() -> None:
    """Which decides the kind of token."""
    oauth = OAuth(new_app())
    one = oauth.register_provider(Twitter, client_id="c", client_secret="s")
    two = oauth.register_provider(GitHub, client_id="c", client_kwargs={"scope": "read:user"})
    three = oauth.register_provider(Google, "work", client_id="c")
    assert_type(one, OAuth1App)
    assert_type(two, OAuth2App)
    assert_type(three, OpenIDApp)
    assert_type(register_some(oauth, GitLab()), RemoteApp)


def register_some(oauth: OAuth, provider: Provider) -> RemoteApp:
    """A service of whichever kind."""
    return oauth.register_provider(provider, client_id="c", authorize_params={"a": "b"})


def claims(one: OAuth1App, two: OAuth2App, token1: OAuth1Token, token2: OAuth2Token) -> None:
    """Claims are the same, whatever the protocol."""
    assert_type(one.userinfo(token1), UserInfo)
    assert_type(two.userinfo(token2), UserInfo)
    assert_type(GitHub.userinfo(two, token2), UserInfo)
    assert_type(Twitter.userinfo(one, token1), UserInfo)


def handle_any(
    remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Ends logins of every kind."""
    return return_to(remote)


def handle_one(
    remote: OAuth1App, token: OAuth1Token | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Ends logins of OAuth 1.0."""
    return {"token": token["oauth_token"] if token else None}


def handle_two(
    remote: OAuth2App, token: OAuth2Token | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Ends logins of OAuth 2.0, and of OpenID Connect."""
    return {"token": token["access_token"] if token else None}


def handle_three(
    remote: OpenIDApp, token: OpenIDToken | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Ends logins of OpenID Connect."""
    return {"sub": token["userinfo"]["sub"] if token else None}


def handle_error(remote: RemoteApp, error: OAuthError) -> ResponseReturnValue:
    """Ends what is no login."""
    return error.code, 400


def test_handlers_have_the_kind_of_the_service() -> None:
    """Or a wider one."""
    oauth = OAuth(new_app())
    one = create_flask_blueprint(Twitter, oauth, handle_one)
    two = create_flask_blueprint([GitHub, Google], oauth, handle_two, name="two")
    three = create_flask_blueprint(Google, oauth, handle_three, handle_error=handle_error)
    many = create_flask_blueprint([Twitter, GitHub, Google], oauth, handle_any)
    wide = create_flask_blueprint(GitHub, oauth, handle_any, handle_error=handle_error)
    found: list[Blueprint] = [one, two, three, many, wide]
    assert [blueprint.name for blueprint in found] == [
        "login_twitter",
        "two",
        "login_google",
        "login",
        "login_github",
    ]


def test_own_service_is_declared_the_same_way() -> None:
    """With the same types."""
    mine = OAuth2Provider(
        name="mine",
        title="Mine",
        authorize_url="https://mine.example/authorize",
        access_token_url="https://mine.example/token",
        api_base_url="https://mine.example/api/",
        client_kwargs={"scope": "profile"},
        profile=Endpoint("me", within="data"),
        claims={"sub": "id", "name": lambda profile: profile.get("nick")},
    )
    assert_type(OAuth(new_app()).register_provider(mine, client_id="c"), OAuth2App)
    assert_type(mine.normalise({"id": 1, "nick": "ada"}), UserInfo)
