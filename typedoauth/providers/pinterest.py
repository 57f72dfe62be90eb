"""Pinterest."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Pinterest"]

Pinterest: Final[OAuth2Provider] = OAuth2Provider(
    name="pinterest",
    title="Pinterest",
    authorize_url="https://www.pinterest.com/oauth/",
    access_token_url="https://api.pinterest.com/v5/oauth/token",
    api_base_url="https://api.pinterest.com/v5/",
    client_kwargs={"scope": "user_accounts:read", "scope_separator": ","},
    profile=Endpoint("user_account"),
    claims={
        "sub": "id",
        "name": "business_name",
        "preferred_username": "username",
        "profile": template("https://www.pinterest.com/{username}/"),
        "picture": "profile_image",
        "website": "website_url",
    },
)
