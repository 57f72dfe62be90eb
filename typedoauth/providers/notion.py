"""Notion."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import header_of_calls

__all__ = ["Notion"]

Notion: Final[OAuth2Provider] = OAuth2Provider(
    name="notion",
    title="Notion",
    authorize_url="https://api.notion.com/v1/oauth/authorize",
    authorize_params={"owner": "user"},
    access_token_url="https://api.notion.com/v1/oauth/token",
    api_base_url="https://api.notion.com/v1/",
    compliance_fix=header_of_calls(Notion_Version="2022-06-28"),
    profile=Endpoint("users/me", within="bot.owner.user"),
    claims={"sub": "id", "name": "name", "email": "person.email", "picture": "avatar_url"},
    unconfirmed=("a token request by a form, where its documentation shows JSON",),
)
