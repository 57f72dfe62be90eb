"""Reddit."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import template, unescaped
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Reddit"]

Reddit: Final[OAuth2Provider] = OAuth2Provider(
    name="reddit",
    title="Reddit",
    authorize_url="https://www.reddit.com/api/v1/authorize",
    access_token_url="https://www.reddit.com/api/v1/access_token",
    api_base_url="https://oauth.reddit.com/api/v1/",
    client_kwargs={
        "scope": "identity",
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_basic",
        "code_challenge_method": "none",
    },
    profile=Endpoint("me"),
    claims={
        "sub": "id",
        "name": "name",
        "preferred_username": "name",
        "profile": template("https://www.reddit.com/user/{name}"),
        "picture": unescaped("icon_img"),
    },
    unconfirmed=("whether it knows PKCE", "how it treats a User-Agent that others use, too"),
)
