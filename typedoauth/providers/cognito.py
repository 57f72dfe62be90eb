"""Amazon Cognito."""

from __future__ import annotations

from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import label, one_name

__all__ = ["Cognito"]


def Cognito(region: str, user_pool_id: str, *, name: str = "cognito") -> OpenIDProvider:
    """Amazon Cognito.

    Args:
        region: The AWS region, such as ``eu-central-1``.
        user_pool_id: The user pool, such as ``eu-central-1_AbCdEfGhI``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: One of them cannot be right.
    """
    host = f"cognito-idp.{label(region, 'region')}.amazonaws.com"
    issuer = f"https://{host}/{one_name(user_pool_id, 'user_pool_id')}"
    return OpenIDProvider(
        name=name,
        title="Amazon Cognito",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email"},
        claims={"sub": "sub", "preferred_username": "cognito:username"},
    )
