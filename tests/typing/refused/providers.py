"""Uses of declared services that are wrong."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from typing import assert_type

from flask.typing import ResponseReturnValue

from tests.typing.services import new_app
from typedoauth import OAuth1Token, OAuth2Token, UserInfo
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, RemoteApp, create_flask_blueprint
from typedoauth.providers import (
    Apple,
    Auth0,
    BattleNet,
    EntraID,
    GitHub,
    GitLab,
    Google,
    Mastodon,
    OAuth2Provider,
    Ping,
    StackOverflow,
    Twitter,
)
from typedoauth.providers.claims import ClaimSources
from typedoauth.providers.profiles import Endpoint

oauth = OAuth(new_app())


def handle_one(
    remote: OAuth1App, token: OAuth1Token | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Ends logins of OAuth 1.0."""
    return ""


def handle_two(
    remote: OAuth2App, token: OAuth2Token | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Ends logins of OAuth 2.0."""
    return ""


def handle_none(remote: RemoteApp) -> ResponseReturnValue:
    """Takes no token."""
    return ""


def parameters() -> None:
    """Hosts, tenants, regions."""
    # E: mypy[call-arg] pyright[reportCallIssue]
    Auth0()
    # E: mypy[arg-type] pyright[reportArgumentType]
    Auth0(None)
    # E: mypy[call-arg] pyright[reportCallIssue]
    Auth0(host="a.example")
    # E: mypy[call-arg] pyright[reportCallIssue]
    Mastodon()
    # E: mypy[call-arg] pyright[reportCallIssue]
    EntraID()
    # E: mypy[arg-type] pyright[reportArgumentType]
    BattleNet("mars")
    # E: mypy[arg-type] pyright[reportArgumentType]
    Ping("1815", "mars")
    # E: mypy[arg-type] pyright[reportArgumentType]
    GitLab(7)
    # E: mypy[call-arg] pyright[reportCallIssue]
    StackOverflow()
    # E: mypy[call-arg] pyright[reportCallIssue]
    Apple("T1815", "K1815", "a key")
    # E: mypy[operator] pyright[reportCallIssue]
    GitHub(host="git.example")
    # E: mypy[misc] pyright[reportAttributeAccessIssue]
    GitHub.name = "other"


def registration() -> None:
    """Keywords, and what is registered."""
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    oauth.register_provider("github")
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    oauth.register_provider(GitLab, client_id="c")
    # E: mypy[call-overload] pyright[reportCallIssue]
    oauth.register_provider(GitHub, cleint_id="c")
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    oauth.register_provider(GitHub, client_kwargs={"skope": "a"})
    # E: mypy[call-overload] pyright[reportArgumentType]
    oauth.register_provider(GitHub, request_token_url="https://a.example/")
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    oauth.register_provider(Twitter, refresh_token_url="https://a.example/")
    github = oauth.register_provider(GitHub)
    # E: mypy[arg-type] pyright[reportArgumentType]
    github.userinfo({"oauth_token": "t", "oauth_token_secret": "s"})
    # E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(github.userinfo()["sub"].emial)
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(github.userinfo()["emial"])
    # E: mypy[assert-type] pyright[reportAssertTypeFailure]
    assert_type(oauth.register_provider(Google), OAuth2App)


def blueprints() -> None:
    """Handlers of another kind."""
    # E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
    create_flask_blueprint(GitHub, oauth, handle_one)
    # E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
    create_flask_blueprint(Twitter, oauth, handle_two)
    # E: mypy[arg-type list-item] pyright[reportArgumentType reportCallIssue]
    create_flask_blueprint([Twitter, GitHub], oauth, handle_two)
    # E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
    create_flask_blueprint(GitHub, oauth, handle_none)
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    create_flask_blueprint(GitLab, oauth, handle_two)
    # E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
    create_flask_blueprint("github", oauth, handle_two)


def declarations() -> None:
    """Services of one's own."""
    # E: mypy[typeddict-item] pyright[reportAssignmentType]
    without: ClaimSources = {"name": "name"}
    # E: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
    unknown: ClaimSources = {"sub": "id", "emial": "email"}
    # E: mypy[call-arg] pyright[reportCallIssue]
    OAuth2Provider(name="a", title="A", profile=Endpoint("me"))
    # E: mypy[arg-type] pyright[reportArgumentType]
    OAuth2Provider(name="a", title="A", profile="me", claims={"sub": "id"})
    # E: mypy[arg-type] pyright[reportArgumentType]
    Endpoint("me", method="PUT")
    print(without, unknown)
