"""Ory Hydra."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import host_name

__all__ = ["Hydra"]


def Hydra(host: str, *, name: str = "hydra") -> OpenIDProvider:
    """Ory Hydra, whose claims are those that its consent app gives.

    Args:
        host: The host of its public endpoints.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *host* is no host.
    """
    base = f"https://{host_name(host, 'host')}"
    return OpenIDProvider(
        name=name,
        title="Ory Hydra",
        server_metadata_url=f"{base}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email"},
        ask_userinfo=True,
    )
