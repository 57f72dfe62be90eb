"""Withings."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import TokenAnswer
from typedoauth.providers.quirks import unwrapped_token

__all__ = ["Withings"]

Withings: Final[OAuth2Provider] = OAuth2Provider(
    name="withings",
    title="Withings",
    authorize_url="https://account.withings.com/oauth2_user/authorize2",
    access_token_url="https://wbsapi.withings.net/v2/oauth2",
    access_token_params={"action": "requesttoken"},
    refresh_token_params={"action": "requesttoken"},
    api_base_url="https://wbsapi.withings.net/",
    client_kwargs={
        "scope": "user.info",
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
    },
    compliance_fix=unwrapped_token("body"),
    # It has no name and no address to tell.
    profile=TokenAnswer(),
    claims={"sub": "userid"},
)
