"""WorkOS."""

from __future__ import annotations

from typedoauth.errors import ConfigurationError
from typedoauth.providers.claims import joined
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["WorkOS"]


def WorkOS(
    *,
    connection: str | None = None,
    organization: str | None = None,
    provider: str | None = None,
    name: str = "workos",
) -> OAuth2Provider:
    """WorkOS, which leads on to the identity provider of an organisation.

    Args:
        connection: The id of a connection.
        organization: The id of an organisation.
        provider: A provider, such as ``GoogleOAuth``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: Not exactly one of the three is given.
    """
    where = {"connection": connection, "organization": organization, "provider": provider}
    given: dict[str, object] = {key: value for key, value in where.items() if value}
    if len(given) != 1:
        raise ConfigurationError("WorkOS takes one of connection=, organization= and provider=")
    return OAuth2Provider(
        name=name,
        title="WorkOS",
        authorize_url="https://api.workos.com/sso/authorize",
        authorize_params=given,
        access_token_url="https://api.workos.com/sso/token",
        api_base_url="https://api.workos.com/",
        client_kwargs={"token_endpoint_auth_method": "client_secret_post"},
        profile=Endpoint("sso/profile"),
        claims={
            "sub": "id",
            "name": joined("first_name", "last_name"),
            "given_name": "first_name",
            "family_name": "last_name",
            "email": "email",
            "picture": "raw_attributes.picture",
        },
    )
