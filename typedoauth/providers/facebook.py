"""Facebook."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Facebook"]

# Version 25.0 is answered until 29 July 2028.
_GRAPH: Final = "https://graph.facebook.com/v25.0"

Facebook: Final[OAuth2Provider] = OAuth2Provider(
    name="facebook",
    title="Facebook",
    authorize_url="https://www.facebook.com/v25.0/dialog/oauth",
    access_token_url=f"{_GRAPH}/oauth/access_token",
    api_base_url=f"{_GRAPH}/",
    client_kwargs={
        "scope": ["email", "public_profile"],
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
    },
    profile=Endpoint(
        "me",
        params={"fields": "id,name,first_name,middle_name,last_name,email,picture,link"},
    ),
    claims={
        "sub": "id",
        "name": "name",
        "given_name": "first_name",
        "middle_name": "middle_name",
        "family_name": "last_name",
        "email": "email",
        "profile": "link",
        "picture": "picture.data.url",
    },
)
