"""authentik."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import host_name, one_name

__all__ = ["Authentik"]


def Authentik(host: str, application: str, *, name: str = "authentik") -> OpenIDProvider:
    """authentik, with an issuer for each provider, as it is set up at first.

    Args:
        host: Its host.
        application: The slug of the application.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: One of them cannot be right.
    """
    path = f"application/o/{one_name(application, 'application')}"
    return OpenIDProvider(
        name=name,
        title="authentik",
        server_metadata_url=(
            f"https://{host_name(host, 'host')}/{path}/.well-known/openid-configuration"
        ),
        client_kwargs={"scope": "openid profile email"},
    )
