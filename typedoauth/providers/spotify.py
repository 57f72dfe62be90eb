"""Spotify."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Spotify"]

Spotify: Final[OAuth2Provider] = OAuth2Provider(
    name="spotify",
    title="Spotify",
    authorize_url="https://accounts.spotify.com/authorize",
    access_token_url="https://accounts.spotify.com/api/token",
    api_base_url="https://api.spotify.com/v1/",
    client_kwargs={"scope": "user-read-email user-read-private"},
    profile=Endpoint("me"),
    claims={
        "sub": "id",
        "name": "display_name",
        "email": "email",
        "profile": "external_urls.spotify",
        "picture": "images.0.url",
    },
)
