"""LinkedIn."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["LinkedIn"]

LinkedIn: Final[OpenIDProvider] = OpenIDProvider(
    name="linkedin",
    title="LinkedIn",
    server_metadata_url="https://www.linkedin.com/oauth/.well-known/openid-configuration",
    api_base_url="https://api.linkedin.com/v2/",
    client_kwargs={
        "scope": "openid profile email",
        "token_endpoint_auth_method": "client_secret_post",
        # It refuses a token request with code_verifier: invalid_client.
        "code_challenge_method": "none",
        # Its ID Tokens do not repeat the nonce.
        "accept_missing_nonce": True,
    },
    unconfirmed=(
        "whether its ID Tokens have a nonce by now; its issuer, which was without /oauth once",
    ),
)
