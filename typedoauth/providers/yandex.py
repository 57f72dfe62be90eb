"""Yandex."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Yandex"]

Yandex: Final[OAuth2Provider] = OAuth2Provider(
    name="yandex",
    title="Yandex",
    authorize_url="https://oauth.yandex.com/authorize",
    access_token_url="https://oauth.yandex.com/token",
    api_base_url="https://login.yandex.ru/",
    client_kwargs={"scope": "login:info login:email login:avatar"},
    profile=Endpoint("info", params={"format": "json"}),
    claims={
        "sub": "id",
        "name": "real_name",
        "given_name": "first_name",
        "family_name": "last_name",
        "nickname": "display_name",
        "preferred_username": "login",
        "email": "default_email",
        "picture": template("https://avatars.yandex.net/get-yapic/{default_avatar_id}/islands-200"),
        "gender": "sex",
        "birthdate": "birthday",
        "phone_number": "default_phone.number",
    },
)
