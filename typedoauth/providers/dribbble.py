"""Dribbble."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Dribbble"]

Dribbble: Final[OAuth2Provider] = OAuth2Provider(
    name="dribbble",
    title="Dribbble",
    authorize_url="https://dribbble.com/oauth/authorize",
    access_token_url="https://dribbble.com/oauth/token",
    api_base_url="https://api.dribbble.com/v2/",
    client_kwargs={
        "scope": "public",
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
    },
    profile=Endpoint("user"),
    claims={
        "sub": "id",
        "name": "name",
        "preferred_username": "login",
        "profile": "html_url",
        "picture": "avatar_url",
        "website": "links.web",
    },
)
