"""Twitch."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.quirks import client_id_header

__all__ = ["Twitch"]

Twitch: Final[OpenIDProvider] = OpenIDProvider(
    name="twitch",
    title="Twitch",
    server_metadata_url="https://id.twitch.tv/oauth2/.well-known/openid-configuration",
    api_base_url="https://api.twitch.tv/helix/",
    client_kwargs={
        "scope": "openid user:read:email",
        "token_endpoint_auth_method": "client_secret_post",
    },
    # It puts no claim into the ID Token that was not asked for.
    authorize_params={
        "claims": {
            "id_token": {
                "email": None,
                "email_verified": None,
                "picture": None,
                "preferred_username": None,
            }
        }
    },
    compliance_fix=client_id_header("Client-Id"),
)
