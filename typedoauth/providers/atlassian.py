"""Atlassian."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Atlassian"]

Atlassian: Final[OAuth2Provider] = OAuth2Provider(
    name="atlassian",
    title="Atlassian",
    authorize_url="https://auth.atlassian.com/authorize",
    authorize_params={"audience": "api.atlassian.com", "prompt": "consent"},
    access_token_url="https://auth.atlassian.com/oauth/token",
    api_base_url="https://api.atlassian.com/",
    client_kwargs={"scope": "read:me", "token_endpoint_auth_method": "client_secret_post"},
    profile=Endpoint("me"),
    claims={
        "sub": "account_id",
        "name": "name",
        "nickname": "nickname",
        "email": "email",
        "email_verified": "email_verified",
        "picture": "picture",
        "zoneinfo": "zoneinfo",
        "locale": "locale",
    },
    unconfirmed=("client authentication by a form, where its documentation shows JSON",),
)
