"""Fitbit."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import coded
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Fitbit"]

Fitbit: Final[OAuth2Provider] = OAuth2Provider(
    name="fitbit",
    title="Fitbit",
    authorize_url="https://www.fitbit.com/oauth2/authorize",
    access_token_url="https://api.fitbit.com/oauth2/token",
    api_base_url="https://api.fitbit.com/1/",
    client_kwargs={"scope": "profile"},
    metadata={"revocation_endpoint": "https://api.fitbit.com/oauth2/revoke"},
    profile=Endpoint("user/-/profile.json", within="user"),
    claims={
        "sub": "encodedId",
        "name": "fullName",
        "given_name": "firstName",
        "family_name": "lastName",
        "nickname": "displayName",
        "picture": "avatar640",
        "gender": coded("gender", {"FEMALE": "female", "MALE": "male"}),
        "birthdate": "dateOfBirth",
        "zoneinfo": "timezone",
        "locale": "locale",
    },
)
