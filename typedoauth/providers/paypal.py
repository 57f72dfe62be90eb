"""PayPal."""

from __future__ import annotations

from typing import Final, Literal

from typedoauth._names import one_of
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["PayPal"]

_DOMAINS: Final = {"live": "paypal.com", "sandbox": "sandbox.paypal.com"}


def PayPal(
    environment: Literal["live", "sandbox"] = "live", *, name: str = "paypal"
) -> OAuth2Provider:
    """PayPal.

    Args:
        environment: Where accounts are real, or where one tries things out.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: There is no such environment.
    """
    domain = _DOMAINS[one_of("environment", environment, _DOMAINS)]
    return OAuth2Provider(
        name=name,
        title="PayPal",
        authorize_url=f"https://www.{domain}/connect",
        access_token_url=f"https://api-m.{domain}/v1/oauth2/token",
        api_base_url=f"https://api-m.{domain}/v1/",
        # What is shared is chosen in the app's settings, and not by a scope.
        profile=Endpoint("identity/oauth2/userinfo", params={"schema": "paypalv1.1"}),
        claims={
            "sub": "user_id",
            "name": "name",
            "given_name": "given_name",
            "family_name": "family_name",
            "email": "emails.0.value",
            "email_verified": "emails.0.confirmed",
        },
        unconfirmed=("whether every app may leave the scope out",),
    )
