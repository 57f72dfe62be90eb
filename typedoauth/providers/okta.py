"""Okta."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import host_name, one_name

__all__ = ["Okta"]


def Okta(
    domain: str, authorization_server: str | None = None, *, name: str = "okta"
) -> OpenIDProvider:
    """Okta.

    Args:
        domain: The organisation's domain, such as ``example.okta.com``.
        authorization_server: The id of a custom authorization server, such as
            ``default``; the organisation's own one when left out.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: One of them cannot be right.
    """
    base = f"https://{host_name(domain, 'domain')}"
    issuer = base
    if authorization_server is not None:
        issuer = f"{base}/oauth2/{one_name(authorization_server, 'authorization_server')}"
    return OpenIDProvider(
        name=name,
        title="Okta",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        api_base_url=f"{base}/api/v1/",
        client_kwargs={"scope": "openid profile email"},
        # The ID Token that comes with an access token is a thin one.
        ask_userinfo=True,
    )
