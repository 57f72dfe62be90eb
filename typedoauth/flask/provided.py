"""What the apps of declared services know besides: their class, and who the user is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from typedoauth.claims import StandardClaims, UserInfo
from typedoauth.client import OAuth2Client
from typedoauth.client.verbs import APICalls
from typedoauth.errors import ConfigurationError, IdTokenError, MissingTokenError
from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, OpenIDApp
from typedoauth.providers.declarations import (
    OAuth1Provider,
    OAuth2Provider,
    OpenIDProvider,
    Provider,
)
from typedoauth.tokens import OAuth1Token, OAuth2Token, is_openid_token

__all__ = ["app_class_of_provider", "oauth1_userinfo", "oauth2_userinfo"]


def app_class_of_provider(provider: object) -> type[OAuth1App | OAuth2App]:
    """The class of the apps of a declared service.

    Args:
        provider: The declaration.

    Returns:
        The class.

    Raises:
        ConfigurationError: It is none; a service with parameters has to be called first.
    """
    if not isinstance(provider, Provider):
        hint = f", such as {getattr(provider, '__name__', '')}(…)" if callable(provider) else ""
        raise ConfigurationError(f"provider is a declaration of typedoauth.providers{hint}")
    if isinstance(provider, OAuth1Provider):
        return OAuth1App
    return OpenIDApp if isinstance(provider, OpenIDProvider) else OAuth2App


def oauth1_userinfo(
    provider: Provider | None, app: APICalls[OAuth1Token], name: str, token: OAuth1Token | None
) -> UserInfo:
    """Ask a service of OAuth 1.0 about the user.

    Args:
        provider: Its declaration.
        app: Its app.
        name: What that is called.
        token: The user's token.

    Returns:
        The profile as standard claims.

    Raises:
        ConfigurationError: It is not declared.
        MissingTokenError: There is no token.
        OAuthError: It could not be asked, or its answer is no profile.
    """
    if not isinstance(provider, OAuth1Provider):
        raise ConfigurationError(
            f"client {name!r} is of OAuth 1.0, which knows no profile; call the service's own "
            "API, or declare it and use register_provider"
        )
    if token is None:
        raise MissingTokenError(f"client {name!r} has no token to ask with; give token=")
    return provider.userinfo(app, token)


def oauth2_userinfo(
    provider: Provider,
    app: APICalls[OAuth2Token],
    client: OAuth2Client,
    token: OAuth2Token | None,
    sub: str | None,
) -> UserInfo:
    """Tell who the user of a declared service is.

    Args:
        provider: The declaration.
        app: Its app.
        client: Its client.
        token: The user's token.
        sub: Whom the answer has to be about.

    Returns:
        The standard claims.

    Raises:
        MissingTokenError: There is no token.
        IdTokenError: The answer is about somebody else.
        OAuthError: It could not be asked, or its answer is no profile.
    """
    if isinstance(provider, OpenIDProvider):
        if token is not None and is_openid_token(token) and not provider.ask_userinfo:
            found: StandardClaims = token["userinfo"]
        else:
            found = client.userinfo(token, sub=sub)
        claims = provider.normalise(cast("Mapping[str, object]", found))  # read by name
    else:
        if token is None:
            raise MissingTokenError(f"client {client.name!r} has no token to ask with; give token=")
        claims = cast("OAuth2Provider", provider).userinfo(app, token)  # the app is of its kind
    if sub is not None and claims["sub"] != sub:
        raise IdTokenError("the profile is about another user than sub= says", claim="sub")
    return claims
