"""Auth0."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import host_name

__all__ = ["Auth0"]


def Auth0(domain: str, *, name: str = "auth0") -> OpenIDProvider:
    """Auth0.

    Args:
        domain: The tenant's domain, such as ``example.eu.auth0.com``, or its own one.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *domain* is no host.
    """
    base = f"https://{host_name(domain, 'domain')}"
    return OpenIDProvider(
        name=name,
        title="Auth0",
        server_metadata_url=f"{base}/.well-known/openid-configuration",
        api_base_url=f"{base}/",
        client_kwargs={"scope": "openid profile email"},
    )
