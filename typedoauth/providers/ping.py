"""PingOne."""

from __future__ import annotations

from typing import Final, Literal

from typedoauth._names import one_of
from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import one_name

__all__ = ["Ping"]

_REGIONS: Final = ("com", "ca", "eu", "asia", "com.au", "sg")


def Ping(
    environment_id: str,
    region: Literal["com", "ca", "eu", "asia", "com.au", "sg"] = "com",
    *,
    name: str = "ping",
) -> OpenIDProvider:
    """PingOne, of Ping Identity.

    Args:
        environment_id: The environment.
        region: What its hosts end with.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: One of them cannot be right.
    """
    region_name = one_of("region", region, _REGIONS)
    base = f"https://auth.pingone.{region_name}/{one_name(environment_id, 'environment_id')}"
    return OpenIDProvider(
        name=name,
        title="Ping Identity",
        server_metadata_url=f"{base}/as/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email"},
        ask_userinfo=True,
        unconfirmed=("which claims its ID Tokens have",),
    )
