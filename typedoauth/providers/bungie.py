"""Bungie."""

from __future__ import annotations

from typedoauth.providers.claims import https, template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import header_of_calls

__all__ = ["Bungie"]


def Bungie(api_key: str, *, name: str = "bungie") -> OAuth2Provider:
    """Bungie.

    Args:
        api_key: The app's API key, which every call carries.
        name: What its client is called.

    Returns:
        The declaration.
    """
    return OAuth2Provider(
        name=name,
        title="Bungie",
        authorize_url="https://www.bungie.net/en/OAuth/Authorize",
        access_token_url="https://www.bungie.net/Platform/App/OAuth/token/",
        api_base_url="https://www.bungie.net/Platform/",
        # The scopes are those of the app's settings.
        compliance_fix=header_of_calls(X_API_Key=api_key),
        profile=Endpoint("User/GetMembershipsForCurrentUser/", within="Response.bungieNetUser"),
        claims={
            "sub": "membershipId",
            "name": "displayName",
            "preferred_username": "uniqueName",
            "profile": template("https://www.bungie.net/en/Profile/254/{membershipId}"),
            "picture": https("profilePicturePath", prefix="https://www.bungie.net"),
        },
    )
