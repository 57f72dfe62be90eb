"""Gitea and Forgejo."""

from __future__ import annotations

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.parameters import host_name
from typedoauth.providers.profiles import Endpoint

__all__ = ["Gitea"]


def Gitea(host: str = "gitea.com", *, name: str = "gitea") -> OAuth2Provider:
    """Gitea and Forgejo.

    Args:
        host: The host of the instance, such as ``codeberg.org``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *host* is no host.
    """
    base = f"https://{host_name(host, 'host')}"
    return OAuth2Provider(
        name=name,
        title="Gitea",
        authorize_url=f"{base}/login/oauth/authorize",
        access_token_url=f"{base}/login/oauth/access_token",
        api_base_url=f"{base}/api/v1/",
        client_kwargs={"scope": "read:user"},
        profile=Endpoint("user"),
        claims={
            "sub": "id",
            "name": "full_name",
            "preferred_username": "login",
            "email": "email",
            "profile": "html_url",
            "picture": "avatar_url",
            "website": "website",
            "locale": "language",
        },
    )
