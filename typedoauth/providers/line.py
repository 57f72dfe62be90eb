"""LINE."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["LINE"]

LINE: Final[OpenIDProvider] = OpenIDProvider(
    name="line",
    title="LINE",
    server_metadata_url="https://access.line.me/.well-known/openid-configuration",
    api_base_url="https://api.line.me/",
    client_kwargs={
        "scope": "openid profile email",
        "token_endpoint_auth_method": "client_secret_post",
        # To web apps it signs with the channel secret.
        "id_token_signed_response_alg": "HS256",
    },
)
