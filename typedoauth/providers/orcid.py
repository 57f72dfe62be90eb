"""ORCiD."""

from __future__ import annotations

from typing import Final, Literal

from typedoauth._names import one_of
from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["ORCiD"]

_ISSUERS: Final = {"production": "https://orcid.org", "sandbox": "https://sandbox.orcid.org"}


def ORCiD(
    environment: Literal["production", "sandbox"] = "production", *, name: str = "orcid"
) -> OpenIDProvider:
    """ORCiD.

    Args:
        environment: Where accounts are real, or where one tries things out.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: There is no such environment.
    """
    issuer = _ISSUERS[one_of("environment", environment, _ISSUERS)]
    return OpenIDProvider(
        name=name,
        title="ORCiD",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        # It refuses a login that asks for profile or email.
        client_kwargs={"scope": "openid", "token_endpoint_auth_method": "client_secret_post"},
        unconfirmed=("whether it knows PKCE",),
    )
