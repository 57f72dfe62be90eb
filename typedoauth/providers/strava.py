"""Strava."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import coded, joined, template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Strava"]

Strava: Final[OAuth2Provider] = OAuth2Provider(
    name="strava",
    title="Strava",
    authorize_url="https://www.strava.com/oauth/authorize",
    access_token_url="https://www.strava.com/oauth/token",
    api_base_url="https://www.strava.com/api/v3/",
    client_kwargs={
        "scope": "read",
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
    },
    profile=Endpoint("athlete"),
    claims={
        "sub": "id",
        "name": joined("firstname", "lastname"),
        "given_name": "firstname",
        "family_name": "lastname",
        "preferred_username": "username",
        "profile": template("https://www.strava.com/athletes/{id}"),
        "picture": "profile",
        "gender": coded("sex", {"F": "female", "M": "male"}),
    },
)
