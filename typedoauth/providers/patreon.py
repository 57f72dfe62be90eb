"""Patreon."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Patreon"]

_FIELDS: Final = "full_name,first_name,last_name,vanity,email,is_email_verified,image_url,url"

Patreon: Final[OAuth2Provider] = OAuth2Provider(
    name="patreon",
    title="Patreon",
    authorize_url="https://www.patreon.com/oauth2/authorize",
    access_token_url="https://www.patreon.com/api/oauth2/token",
    api_base_url="https://www.patreon.com/api/oauth2/v2/",
    client_kwargs={
        "scope": "identity identity[email]",
        "token_endpoint_auth_method": "client_secret_post",
    },
    profile=Endpoint("identity", params={"fields[user]": _FIELDS}, within="data"),
    claims={
        "sub": "id",
        "name": "attributes.full_name",
        "given_name": "attributes.first_name",
        "family_name": "attributes.last_name",
        "preferred_username": "attributes.vanity",
        "email": "attributes.email",
        "email_verified": "attributes.is_email_verified",
        "profile": "attributes.url",
        "picture": "attributes.image_url",
    },
)
