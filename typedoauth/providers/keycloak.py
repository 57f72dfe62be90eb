"""Keycloak."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import host_name, one_name

__all__ = ["Keycloak"]


def Keycloak(host: str, realm: str, *, name: str = "keycloak") -> OpenIDProvider:
    """Keycloak 17 and later, whose addresses have no ``/auth``.

    Args:
        host: Its host.
        realm: The realm.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: One of them cannot be right.
    """
    issuer = f"https://{host_name(host, 'host')}/realms/{one_name(realm, 'realm')}"
    return OpenIDProvider(
        name=name,
        title="Keycloak",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email"},
    )
