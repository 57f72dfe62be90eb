"""Amazon."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Amazon"]

Amazon: Final[OAuth2Provider] = OAuth2Provider(
    name="amazon",
    title="Amazon",
    authorize_url="https://www.amazon.com/ap/oa",
    access_token_url="https://api.amazon.com/auth/o2/token",
    api_base_url="https://api.amazon.com/",
    client_kwargs={"scope": "profile"},
    profile=Endpoint("user/profile"),
    claims={"sub": "user_id", "name": "name", "email": "email"},
)
