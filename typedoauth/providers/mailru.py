"""Mail.ru."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import coded
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["MailRu"]

MailRu: Final[OAuth2Provider] = OAuth2Provider(
    name="mailru",
    title="Mail.ru",
    authorize_url="https://oauth.mail.ru/login",
    access_token_url="https://oauth.mail.ru/token",
    api_base_url="https://oauth.mail.ru/",
    client_kwargs={"scope": "userinfo", "token_placement": "query"},
    profile=Endpoint("userinfo"),
    claims={
        "sub": "id",
        "name": "name",
        "given_name": "first_name",
        "family_name": "last_name",
        "nickname": "nickname",
        "email": "email",
        "picture": "image",
        "gender": coded("gender", {"f": "female", "m": "male"}),
        "locale": "locale",
    },
    unconfirmed=("client authentication",),
)
