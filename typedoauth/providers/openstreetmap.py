"""OpenStreetMap."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["OpenStreetMap"]

OpenStreetMap: Final[OAuth2Provider] = OAuth2Provider(
    name="openstreetmap",
    title="OpenStreetMap",
    authorize_url="https://www.openstreetmap.org/oauth2/authorize",
    access_token_url="https://www.openstreetmap.org/oauth2/token",
    # The API answers here, too, and not only under api.openstreetmap.org.
    api_base_url="https://www.openstreetmap.org/api/0.6/",
    client_kwargs={"scope": "read_prefs"},
    profile=Endpoint("user/details.json", within="user"),
    claims={
        "sub": "id",
        "name": "display_name",
        "preferred_username": "display_name",
        "profile": template("https://www.openstreetmap.org/user/{display_name}"),
        "picture": "img.href",
        "locale": "languages.0",
    },
)
