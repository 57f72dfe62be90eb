"""Mastodon."""

from __future__ import annotations

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.parameters import host_name
from typedoauth.providers.profiles import Endpoint

__all__ = ["Mastodon"]


def Mastodon(host: str, *, name: str = "mastodon") -> OAuth2Provider:
    """Mastodon. An account's id counts on its own instance only.

    Args:
        host: The host of the instance, such as ``mastodon.social``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *host* is no host.
    """
    base = f"https://{host_name(host, 'host')}"
    return OAuth2Provider(
        name=name,
        title="Mastodon",
        authorize_url=f"{base}/oauth/authorize",
        access_token_url=f"{base}/oauth/token",
        api_base_url=f"{base}/api/v1/",
        client_kwargs={
            "scope": "read:accounts",
            "token_endpoint_auth_method": "client_secret_post",
        },
        metadata={"revocation_endpoint": f"{base}/oauth/revoke"},
        profile=Endpoint("accounts/verify_credentials"),
        claims={
            "sub": "id",
            "name": "display_name",
            "preferred_username": "username",
            "profile": "url",
            "picture": "avatar",
            "locale": "source.language",
        },
    )
