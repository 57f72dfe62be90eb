"""Shopify."""

from __future__ import annotations

from typedoauth.providers.claims import template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.parameters import label
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import token_in_header

__all__ = ["Shopify"]


def Shopify(shop: str, *, name: str = "shopify") -> OAuth2Provider:
    """Shopify: the token is the shop's, and so is the profile.

    Args:
        shop: The shop, the first part of ``….myshopify.com``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *shop* is no name of a shop.
    """
    base = f"https://{label(shop, 'shop')}.myshopify.com/admin"
    return OAuth2Provider(
        name=name,
        title="Shopify",
        authorize_url=f"{base}/oauth/authorize",
        access_token_url=f"{base}/oauth/access_token",
        api_base_url=f"{base}/api/2026-07/",
        client_kwargs={
            "scope": "read_products",
            "scope_separator": ",",
            "token_endpoint_auth_method": "client_secret_post",
        },
        compliance_fix=token_in_header("X-Shopify-Access-Token"),
        profile=Endpoint("shop.json", within="shop"),
        claims={
            "sub": "id",
            "name": "name",
            "preferred_username": "myshopify_domain",
            "email": "email",
            "website": template("https://{domain}/"),
            "zoneinfo": "iana_timezone",
            "locale": "primary_locale",
        },
        unconfirmed=("until when this version of the Admin API is answered",),
    )
