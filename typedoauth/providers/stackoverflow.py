"""Stack Overflow, and the other sites of Stack Exchange."""

from __future__ import annotations

from typedoauth.providers.claims import unescaped
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.parameters import one_name
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import every, expires_renamed, query_of_calls

__all__ = ["StackOverflow"]


def StackOverflow(
    key: str, site: str = "stackoverflow", *, name: str = "stackoverflow"
) -> OAuth2Provider:
    """Stack Overflow.

    Args:
        key: The app's request key, which every call carries.
        site: The site, as its API calls it: ``stackoverflow``, ``serverfault``, …
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *site* is no name of a site.
    """
    return OAuth2Provider(
        name=name,
        title="Stack Overflow" if site == "stackoverflow" else "Stack Exchange",
        authorize_url="https://stackoverflow.com/oauth",
        access_token_url="https://stackoverflow.com/oauth/access_token/json",
        api_base_url="https://api.stackexchange.com/2.3/",
        client_kwargs={
            "scope_separator": ",",
            "token_endpoint_auth_method": "client_secret_post",
            "token_placement": "query",
        },
        compliance_fix=every(
            expires_renamed("expires"), query_of_calls(site=one_name(site, "site"), key=key)
        ),
        profile=Endpoint("me", within="items.0"),
        claims={
            "sub": "user_id",
            "name": unescaped("display_name"),
            "preferred_username": unescaped("display_name"),
            "profile": "link",
            "picture": "profile_image",
            "website": "website_url",
        },
    )
