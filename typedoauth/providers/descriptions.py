"""What is special about a service, in words: for a table, a page or a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typedoauth.providers.declarations import (
    OAuth1Provider,
    OAuth2Provider,
    OpenIDProvider,
    Provider,
)
from typedoauth.providers.profiles import Endpoint, Introspection, TokenAnswer
from typedoauth.providers.quirks import Quirk, Step

__all__ = ["quirks", "scope"]


def scope(provider: Provider) -> str:
    """What a login asks for.

    Args:
        provider: The declaration.

    Returns:
        The scope as it is sent; empty where none is.
    """
    if not isinstance(provider, OAuth2Provider | OpenIDProvider):
        return ""
    given = provider.client_kwargs.get("scope") or ""
    separator = provider.client_kwargs.get("scope_separator", " ")
    return given if isinstance(given, str) else separator.join(given)


def quirks(provider: Provider) -> Sequence[str]:
    """What a service does otherwise than most.

    Args:
        provider: The declaration.

    Returns:
        A few words for each.
    """
    return [*_of_client(provider), *_of_profile(provider)]


def _of_client(provider: Provider) -> Iterator[str]:
    if not isinstance(provider, OAuth2Provider | OpenIDProvider):
        return
    options = provider.client_kwargs
    method = options.get("token_endpoint_auth_method")
    if any(not isinstance(one, tuple) for one in provider.client_auth_methods):
        yield "client authentication of its own"
    elif method == "client_secret_post":
        yield "secret in the body"
    if options.get("code_challenge_method") == "none":
        yield "no PKCE"
    if options.get("token_placement") == "query":
        yield "token in the query"
    if options.get("scope_separator", " ") != " ":
        yield f"scopes joined with `{options.get('scope_separator')}`"
    if options.get("response_mode") == "form_post":
        yield "answers the login with a POST"
    if options.get("accept_missing_nonce"):
        yield "no `nonce` in the ID Token"
    algorithm = options.get("id_token_signed_response_alg")
    if algorithm is not None:
        yield f"signs with {algorithm}"
    if provider.access_token_params.get("method") == "GET":
        yield "token by GET"
    if provider.authorize_params:
        yield f"login with {', '.join(f'`{name}`' for name in provider.authorize_params)}"
    if isinstance(provider.compliance_fix, Quirk):
        yield provider.compliance_fix.what


def _of_profile(provider: Provider) -> Iterator[str]:
    if isinstance(provider, OpenIDProvider):
        if provider.ask_userinfo:
            yield "UserInfo is asked"
        if "issuer" in provider.metadata:
            yield "issuer is not that of the address"
    elif isinstance(provider, OAuth1Provider | OAuth2Provider):
        source = provider.profile
        if isinstance(source, Introspection):
            yield "profile by introspection"
        elif isinstance(source, TokenAnswer):
            yield "profile comes with the token"
        elif isinstance(source, Endpoint):
            if source.method == "POST":
                yield "profile by POST"
            if source.within:
                yield f"profile within `{source.within}`"
            yield from (one.what for one in source.then if isinstance(one, Step))
