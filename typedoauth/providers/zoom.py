"""Zoom."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import joined
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Zoom"]

Zoom: Final[OAuth2Provider] = OAuth2Provider(
    name="zoom",
    title="Zoom",
    authorize_url="https://zoom.us/oauth/authorize",
    access_token_url="https://zoom.us/oauth/token",
    api_base_url="https://api.zoom.us/v2/",
    # The scopes are those of the app's settings.
    metadata={"revocation_endpoint": "https://zoom.us/oauth/revoke"},
    profile=Endpoint("users/me"),
    claims={
        "sub": "id",
        "name": joined("first_name", "last_name"),
        "given_name": "first_name",
        "family_name": "last_name",
        "nickname": "display_name",
        "email": "email",
        "picture": "pic_url",
        "zoneinfo": "timezone",
        "locale": "language",
    },
)
