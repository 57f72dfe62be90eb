"""Salesforce."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import host_name

__all__ = ["Salesforce"]


def Salesforce(host: str = "login.salesforce.com", *, name: str = "salesforce") -> OpenIDProvider:
    """Salesforce.

    Args:
        host: ``test.salesforce.com`` for sandboxes, or the host of a My Domain.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *host* is no host.
    """
    base = f"https://{host_name(host, 'host')}"
    return OpenIDProvider(
        name=name,
        title="Salesforce",
        server_metadata_url=f"{base}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email"},
        ask_userinfo=True,
        unconfirmed=("which claims its ID Tokens have",),
    )
