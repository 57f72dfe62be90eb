"""Using an access token (RFC 6750 2, RFC 6749 7.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from typedoauth._names import one_of
from typedoauth._urls import add_query, query_pairs, split
from typedoauth.errors import ConfigurationError, UnsupportedTokenTypeError
from typedoauth.messages import Request
from typedoauth.oauth2.client_authentication import add_form_parameters
from typedoauth.tokens import OAuth2Token

__all__ = ["TokenPlacement", "add_bearer_token", "token_placement"]

TokenPlacement: TypeAlias = Literal["header", "body", "query"]
"""Where the access token goes."""

_PLACEMENTS: Final[Mapping[str, TokenPlacement]] = {
    "header": "header",
    "body": "body",
    "query": "query",
    "uri": "query",  # the word that code written for Authlib uses
}
_FORM: Final = "application/x-www-form-urlencoded"


def token_placement(name: str) -> TokenPlacement:
    """Check the name of a token placement.

    Args:
        name: ``header``, ``body`` or ``query`` (also called ``uri``).

    Returns:
        The placement.

    Raises:
        ConfigurationError: It is none of them.
    """
    return _PLACEMENTS[one_of("token_placement", name, _PLACEMENTS)]


def add_bearer_token(request: Request, token: OAuth2Token, placement: TokenPlacement) -> Request:
    """Add an access token to a request for a protected resource.

    Args:
        request: The request.
        token: The token; one without ``token_type`` counts as Bearer.
        placement: Where it goes; ``header`` is what RFC 6750 recommends.

    Returns:
        The request to send.

    Raises:
        UnsupportedTokenTypeError: The token is not a Bearer token.
        ConfigurationError: The token cannot be placed there.

    Spec: RFC 6750 2.1 (header), 2.2 (body), 2.3 (query).
    """
    if (token.get("token_type") or "bearer").lower() != "bearer":
        raise UnsupportedTokenTypeError(
            "the token's type is not Bearer, the only one that can be sent; "
            "mend it in an access_token_response compliance hook if the server misnames it"
        )
    access_token = token["access_token"]
    if placement == "header":
        headers = request.headers.replace({"Authorization": f"Bearer {access_token}"})
        return replace(request, headers=headers)
    if placement == "query":
        if any(name == "access_token" for name, _ in query_pairs(split(request.url).query)):
            raise ConfigurationError("the URL already has an access_token; it would be sent twice")
        headers = request.headers
        if "cache-control" not in headers:
            headers = headers.replace({"Cache-Control": "no-store"})
        url = add_query(request.url, [("access_token", access_token)])
        return replace(request, url=url, headers=headers)
    untyped = "" if request.body else _FORM
    kind = request.headers.get("content-type", untyped).partition(";")[0].strip().lower()
    if request.method in ("GET", "HEAD") or kind != _FORM:
        raise ConfigurationError(
            "token_placement='body' needs a form-encoded body, and a method other than GET "
            "(RFC 6750 2.2); use data=, or another placement"
        )
    placed = add_form_parameters(request, [("access_token", access_token)])
    return replace(placed, headers=placed.headers.replace({"Content-Type": _FORM}))
