"""Slack, signing in with OpenID Connect."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["Slack"]

Slack: Final[OpenIDProvider] = OpenIDProvider(
    name="slack",
    title="Slack",
    server_metadata_url="https://slack.com/.well-known/openid-configuration",
    api_base_url="https://slack.com/api/",
    client_kwargs={
        "scope": "openid profile email",
        "token_endpoint_auth_method": "client_secret_post",
    },
    unconfirmed=("whether its login page knows PKCE for every app; its token endpoint does",),
)
