"""Mailchimp."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Mailchimp"]

Mailchimp: Final[OAuth2Provider] = OAuth2Provider(
    name="mailchimp",
    title="Mailchimp",
    authorize_url="https://login.mailchimp.com/oauth2/authorize",
    access_token_url="https://login.mailchimp.com/oauth2/token",
    api_base_url="https://login.mailchimp.com/oauth2/",
    client_kwargs={"token_endpoint_auth_method": "client_secret_post"},
    profile=Endpoint("metadata"),
    claims={
        "sub": "login.login_id",
        "name": "accountname",
        "preferred_username": "login.login_name",
        "email": "login.email",
        "picture": "login.avatar",
    },
)
