"""Instagram, for professional accounts: the API for all others has been withdrawn."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import unwrapped_token

__all__ = ["Instagram"]

Instagram: Final[OAuth2Provider] = OAuth2Provider(
    name="instagram",
    title="Instagram",
    authorize_url="https://www.instagram.com/oauth/authorize",
    access_token_url="https://api.instagram.com/oauth/access_token",
    api_base_url="https://graph.instagram.com/",
    client_kwargs={
        "scope": "instagram_business_basic",
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
        "token_placement": "query",
    },
    compliance_fix=unwrapped_token("data.0"),
    profile=Endpoint("me", params={"fields": "user_id,username,name,profile_picture_url"}),
    claims={
        "sub": "user_id",
        "name": "name",
        "preferred_username": "username",
        "profile": template("https://www.instagram.com/{username}/"),
        "picture": "profile_picture_url",
    },
)
