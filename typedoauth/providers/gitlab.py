"""GitLab: gitlab.com, and every other host."""

from __future__ import annotations

from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.parameters import host_name
from typedoauth.providers.profiles import Endpoint

__all__ = ["GitLab"]


def GitLab(host: str = "gitlab.com", *, name: str = "gitlab") -> OAuth2Provider:
    """GitLab.

    Args:
        host: The host of the instance.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *host* is no host.
    """
    base = f"https://{host_name(host, 'host')}"
    return OAuth2Provider(
        name=name,
        title="GitLab",
        authorize_url=f"{base}/oauth/authorize",
        access_token_url=f"{base}/oauth/token",
        api_base_url=f"{base}/api/v4/",
        client_kwargs={"scope": "read_user"},
        metadata={"revocation_endpoint": f"{base}/oauth/revoke"},
        profile=Endpoint("user"),
        claims={
            "sub": "id",
            "name": "name",
            "preferred_username": "username",
            "email": "email",
            "profile": "web_url",
            "picture": "avatar_url",
            "website": "website_url",
        },
    )
