"""Figma."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Figma"]

Figma: Final[OAuth2Provider] = OAuth2Provider(
    name="figma",
    title="Figma",
    authorize_url="https://www.figma.com/oauth",
    access_token_url="https://api.figma.com/v1/oauth/token",
    refresh_token_url="https://api.figma.com/v1/oauth/refresh",
    api_base_url="https://api.figma.com/v1/",
    client_kwargs={"scope": "current_user:read"},
    profile=Endpoint("me"),
    claims={"sub": "id", "name": "handle", "email": "email", "picture": "img_url"},
)
