"""Box."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Box"]

Box: Final[OAuth2Provider] = OAuth2Provider(
    name="box",
    title="Box",
    authorize_url="https://account.box.com/api/oauth2/authorize",
    access_token_url="https://api.box.com/oauth2/token",
    api_base_url="https://api.box.com/2.0/",
    # The scopes are those of the app's settings.
    client_kwargs={"token_endpoint_auth_method": "client_secret_post"},
    metadata={"revocation_endpoint": "https://api.box.com/oauth2/revoke"},
    profile=Endpoint("users/me"),
    claims={
        "sub": "id",
        "name": "name",
        "email": "login",
        "picture": "avatar_url",
        "zoneinfo": "timezone",
        "locale": "language",
        "phone_number": "phone",
    },
)
