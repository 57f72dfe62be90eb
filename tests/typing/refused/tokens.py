"""Tokens that are none, or of the wrong kind."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from tests.typing.services import OAUTH1_TOKEN, OAUTH2_TOKEN, new_app, new_services
from typedoauth import (
    AnyToken,
    OAuth1Token,
    OAuth2Client,
    OAuth2Token,
    TokenKey,
    expires_at,
    is_expired,
)
from typedoauth.flask import RemoteApp

services = new_services(new_app())
either: RemoteApp = services.create_client("a")

# The wrong kind.
# E: mypy[arg-type] pyright[reportArgumentType]
services.github.get("user", token=OAUTH1_TOKEN)
# E: mypy[arg-type] pyright[reportArgumentType]
services.twitter.get("user", token=OAUTH2_TOKEN)
# E: mypy[arg-type] pyright[reportArgumentType]
services.twitter.request("GET", "user", token=OAUTH2_TOKEN)
# E: mypy[arg-type] pyright[reportArgumentType]
services.github.refresh_token(OAUTH1_TOKEN)
# E: mypy[assignment] pyright[reportAttributeAccessIssue]
services.github.token = OAUTH1_TOKEN
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", token=OAUTH1_TOKEN)
# E: mypy[arg-type] pyright[reportArgumentType]
expires_at(OAUTH1_TOKEN)
# E: mypy[arg-type] pyright[reportArgumentType]
is_expired(OAUTH1_TOKEN, 0)
# E: mypy[assignment] pyright[reportAssignmentType]
wrong: OAuth2Token = services.twitter.authorize_access_token()
# E: mypy[arg-type] pyright[reportArgumentType]
services.github.get("user", token=either.authorize_access_token())

# No token at all.
# E: mypy[arg-type] pyright[reportArgumentType]
services.github.get("user", token="t2")
# E: mypy[arg-type] pyright[reportArgumentType]
services.github.get("user", token=("t1", "s1"))
# E: mypy[arg-type] pyright[reportArgumentType]
services.github.get("user", token=1)
# E: mypy[arg-type] pyright[reportArgumentType]
either.get("user", token="t2")
# E: mypy[arg-type] pyright[reportArgumentType]
either.get("user", token=("t1", "s1"))
# E: mypy[arg-type] pyright[reportArgumentType]
either.get("user", token=["t2"])
# E: mypy[assignment] pyright[reportAttributeAccessIssue]
either.token = "t2"


def from_plain_dict(plain: dict[str, str]) -> None:
    """A dict of which nothing is known."""
    # E: mypy[arg-type] pyright[reportArgumentType]
    either.get("user", token=plain)
    # E: mypy[arg-type] pyright[reportArgumentType]
    services.github.get("user", token=plain)


# Members that are missing, misspelt or of a wrong type.
# E: mypy[typeddict-item typeddict-unknown-key] pyright[reportAssignmentType]
token2: OAuth2Token = {"acces_token": "t2"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
token2 = {"token_type": "Bearer"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
token2 = {"access_token": None}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
token2 = {"access_token": "t2", "expires_at": "1"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
token1: OAuth1Token = {"oauth_token": "t1"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
token1 = {"oauth_token": "t1", "oauth_token_secret": None}
# E: mypy[arg-type] pyright[reportArgumentType]
either.get("user", token={"acces_token": "t2"})


def read(token: OAuth2Token, unknown: AnyToken) -> None:
    """Reads members."""
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(token["acess_token"])
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(token["oauth_token"])
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(unknown["access_token"])
    # E: mypy[assignment] pyright[reportAssignmentType reportTypedDictNotRequiredAccess]
    text: str = token["expires_at"]
    # E: mypy[assignment] pyright[reportAssignmentType]
    number: int = token.get("expires_at")
    print(text, number)


# What only one kind of app has, or none.
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.github.revoke()
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
print(services.github.userid)
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.twitter.refresh_token()
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.twitter.revoke_token()
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
either.refresh_token()
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.gitlab.revoke()
# E: mypy[call-arg] pyright[reportCallIssue]
TokenKey("github")
# E: mypy[arg-type] pyright[reportArgumentType]
TokenKey("github", 1)
