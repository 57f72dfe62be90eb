"""The services that the app logs people in with."""

from __future__ import annotations

from flask import session

from examples.demo.tokens import TokenTable
from typedoauth import AnyToken, OAuth2Token
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, OpenIDApp

SERVICES = {"local1": "OAuth 1.0a", "local2": "OAuth 2.0", "local3": "OpenID Connect"}


class Registry(OAuth):
    """The annotations tell type checkers which protocol ``oauth.<name>`` speaks."""

    local1: OAuth1App
    local2: OAuth2App
    local3: OpenIDApp


def make_registry(provider_url: str, tokens: TokenTable) -> Registry:
    """Register them; their ids and secrets come from the app's config (``LOCAL1_CLIENT_ID``, …)."""

    def fetch_token(name: str) -> AnyToken | None:
        user = session.get("user")
        return tokens.fetch(user["id"], name) if user else None

    def update_token(name: str, token: OAuth2Token) -> None:
        tokens.renew(session["user"]["id"], name, token)

    oauth = Registry(fetch_token=fetch_token, update_token=update_token)
    oauth.register(
        "local1",
        request_token_url=f"{provider_url}/oauth1/initiate",
        authorize_url=f"{provider_url}/oauth1/authorize",
        access_token_url=f"{provider_url}/oauth1/token",
        api_base_url=f"{provider_url}/api/",
        client_kwargs={"signature_method": "HMAC-SHA256"},
    )
    oauth.register(
        "local2",
        authorize_url=f"{provider_url}/oauth2/authorize",
        access_token_url=f"{provider_url}/oauth2/token",
        api_base_url=f"{provider_url}/api/",
        client_kwargs={"scope": "profile email notes"},
        code_challenge_method="S256",
    )
    oauth.register(
        "local3",
        server_metadata_url=f"{provider_url}/.well-known/openid-configuration",
        api_base_url=f"{provider_url}/api/",
        client_kwargs={"scope": "openid profile email notes"},
    )
    return oauth
