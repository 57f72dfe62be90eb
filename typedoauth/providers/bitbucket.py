"""Bitbucket."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import email_of_list

__all__ = ["Bitbucket"]

Bitbucket: Final[OAuth2Provider] = OAuth2Provider(
    name="bitbucket",
    title="Bitbucket",
    authorize_url="https://bitbucket.org/site/oauth2/authorize",
    access_token_url="https://bitbucket.org/site/oauth2/access_token",
    api_base_url="https://api.bitbucket.org/2.0/",
    client_kwargs={"scope": "account email"},
    profile=Endpoint(
        "user",
        then=(
            email_of_list(
                "user/emails", within="values", primary="is_primary", verified="is_confirmed"
            ),
        ),
    ),
    claims={
        "sub": "account_id",
        "name": "display_name",
        "nickname": "nickname",
        "preferred_username": "username",
        "email": "email",
        "email_verified": "email_verified",
        "profile": "links.html.href",
        "picture": "links.avatar.href",
        "website": "website",
    },
)
