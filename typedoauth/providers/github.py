"""GitHub."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import email_of_list

__all__ = ["GitHub"]

GitHub: Final[OAuth2Provider] = OAuth2Provider(
    name="github",
    title="GitHub",
    authorize_url="https://github.com/login/oauth/authorize",
    access_token_url="https://github.com/login/oauth/access_token",
    api_base_url="https://api.github.com/",
    client_kwargs={"scope": "read:user user:email"},
    profile=Endpoint("user", then=(email_of_list("user/emails"),)),
    claims={
        "sub": "id",
        "name": "name",
        "preferred_username": "login",
        "email": "email",
        "email_verified": "email_verified",
        "profile": "html_url",
        "picture": "avatar_url",
        "website": "blog",
    },
)
