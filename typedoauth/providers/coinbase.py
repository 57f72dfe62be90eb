"""Coinbase."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Coinbase"]

Coinbase: Final[OAuth2Provider] = OAuth2Provider(
    name="coinbase",
    title="Coinbase",
    authorize_url="https://login.coinbase.com/oauth2/auth",
    access_token_url="https://login.coinbase.com/oauth2/token",
    api_base_url="https://api.coinbase.com/v2/",
    client_kwargs={
        "scope": ["wallet:user:read", "wallet:user:email"],
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
    },
    metadata={"revocation_endpoint": "https://login.coinbase.com/oauth2/revoke"},
    profile=Endpoint("user", within="data"),
    claims={
        "sub": "id",
        "name": "name",
        "preferred_username": "username",
        "email": "email",
        "picture": "avatar_url",
        "zoneinfo": "time_zone",
    },
    unconfirmed=("client authentication",),
)
