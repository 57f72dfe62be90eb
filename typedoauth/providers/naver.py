"""Naver."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import coded
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Naver"]

Naver: Final[OAuth2Provider] = OAuth2Provider(
    name="naver",
    title="Naver",
    authorize_url="https://nid.naver.com/oauth2.0/authorize",
    access_token_url="https://nid.naver.com/oauth2.0/token",
    api_base_url="https://openapi.naver.com/v1/",
    client_kwargs={"token_endpoint_auth_method": "client_secret_post"},
    profile=Endpoint("nid/me", within="response"),
    claims={
        "sub": "id",
        "name": "name",
        "nickname": "nickname",
        "email": "email",
        "picture": "profile_image",
        "gender": coded("gender", {"F": "female", "M": "male"}),
        "phone_number": "mobile",
    },
    unconfirmed=("client authentication",),
)
