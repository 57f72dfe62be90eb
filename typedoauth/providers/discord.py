"""Discord."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import first, template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Discord"]

Discord: Final[OAuth2Provider] = OAuth2Provider(
    name="discord",
    title="Discord",
    authorize_url="https://discord.com/oauth2/authorize",
    access_token_url="https://discord.com/api/oauth2/token",
    api_base_url="https://discord.com/api/",
    client_kwargs={
        "scope": "identify email",
        "token_endpoint_auth_method": "client_secret_post",
    },
    metadata={"revocation_endpoint": "https://discord.com/api/oauth2/token/revoke"},
    profile=Endpoint("users/@me"),
    claims={
        "sub": "id",
        "name": first("global_name", "username"),
        "preferred_username": "username",
        "email": "email",
        "email_verified": "verified",
        "picture": template("https://cdn.discordapp.com/avatars/{id}/{avatar}.png"),
        "locale": "locale",
    },
    unconfirmed=("whether it asks for a User-Agent of its own form; user_agent= sets one",),
)
