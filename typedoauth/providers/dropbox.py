"""Dropbox."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Dropbox"]

Dropbox: Final[OAuth2Provider] = OAuth2Provider(
    name="dropbox",
    title="Dropbox",
    authorize_url="https://www.dropbox.com/oauth2/authorize",
    access_token_url="https://api.dropboxapi.com/oauth2/token",
    api_base_url="https://api.dropboxapi.com/2/",
    client_kwargs={"scope": "account_info.read"},
    # A call without arguments is a POST of null.
    profile=Endpoint(
        "users/get_current_account",
        method="POST",
        headers={"Content-Type": "application/json"},
        body=b"null",
    ),
    claims={
        "sub": "account_id",
        "name": "name.display_name",
        "given_name": "name.given_name",
        "family_name": "name.surname",
        "nickname": "name.familiar_name",
        "email": "email",
        "email_verified": "email_verified",
        "picture": "profile_photo_url",
        "locale": "locale",
    },
)
