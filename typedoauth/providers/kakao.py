"""Kakao."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import first
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Kakao"]

Kakao: Final[OAuth2Provider] = OAuth2Provider(
    name="kakao",
    title="Kakao",
    authorize_url="https://kauth.kakao.com/oauth/authorize",
    access_token_url="https://kauth.kakao.com/oauth/token",
    api_base_url="https://kapi.kakao.com/v2/",
    # Without a scope it asks for what the app's settings have.
    client_kwargs={"token_endpoint_auth_method": "client_secret_post"},
    profile=Endpoint("user/me"),
    claims={
        "sub": "id",
        "name": "kakao_account.name",
        "nickname": first("kakao_account.profile.nickname", "properties.nickname"),
        "email": "kakao_account.email",
        "email_verified": "kakao_account.is_email_verified",
        "picture": "kakao_account.profile.profile_image_url",
        "gender": "kakao_account.gender",
        "phone_number": "kakao_account.phone_number",
    },
)
