"""TikTok."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import NamedCredentials, client_id_parameter

__all__ = ["TikTok"]

TikTok: Final[OAuth2Provider] = OAuth2Provider(
    name="tiktok",
    title="TikTok",
    authorize_url="https://www.tiktok.com/v2/auth/authorize/",
    access_token_url="https://open.tiktokapis.com/v2/oauth/token/",
    api_base_url="https://open.tiktokapis.com/v2/",
    client_kwargs={
        "scope": ["user.info.basic", "user.info.profile"],
        "scope_separator": ",",
        "token_endpoint_auth_method": "named_credentials",
    },
    client_auth_methods=(NamedCredentials("client_key", "client_secret"),),
    compliance_fix=client_id_parameter("client_key"),
    metadata={"revocation_endpoint": "https://open.tiktokapis.com/v2/oauth/revoke/"},
    profile=Endpoint(
        "user/info/",
        params={"fields": "open_id,union_id,avatar_url,display_name,username,profile_deep_link"},
        within="data.user",
    ),
    claims={
        "sub": "open_id",
        "name": "display_name",
        "preferred_username": "username",
        "profile": "profile_deep_link",
        "picture": "avatar_url",
    },
    unconfirmed=("whether PKCE counts for web apps, as it does for others",),
)
