"""HubSpot."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Introspection

__all__ = ["HubSpot"]

HubSpot: Final[OAuth2Provider] = OAuth2Provider(
    name="hubspot",
    title="HubSpot",
    authorize_url="https://app.hubspot.com/oauth/authorize",
    access_token_url="https://api.hubapi.com/oauth/2026-03/token",
    api_base_url="https://api.hubapi.com/",
    client_kwargs={"scope": "oauth", "token_endpoint_auth_method": "client_secret_post"},
    # Its other way to tell has the token in the path, and so in the logs of everybody.
    metadata={"introspection_endpoint": "https://api.hubapi.com/oauth/2026-03/token/introspect"},
    profile=Introspection(),
    claims={"sub": "user_id", "email": "user"},
)
