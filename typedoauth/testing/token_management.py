"""Revocation (RFC 7009) and introspection (RFC 7662)."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing.client_authentication import authenticate_client
from typedoauth.testing.records import AccessToken, RefreshToken
from typedoauth.testing.state import State
from typedoauth.testing.web import Route, base_url, form_parameters, json_answer, no_store, refuse

__all__ = ["ROUTES", "introspect", "revoke"]


def _find(state: State, form: dict[str, str]) -> AccessToken | RefreshToken | None:
    token = form.get("token")
    if token is None:
        refuse("invalid_request", "token is missing from the form")
    # The hint is only that (RFC 7009 2.1): both tables are looked at whatever it says.
    return state.access_tokens.get(token) or state.refresh_tokens.get(token)


def revoke(state: State, request: Request) -> Response:
    """Answer a revocation request (RFC 7009 2).

    Args:
        state: The provider's memory.
        request: The client's request.

    Returns:
        200, also for a token that nobody knows. A refresh token takes every
        token of its family along.
    """
    form = form_parameters(request)
    client = authenticate_client(state, request, form)
    found = _find(state, form)
    if found is not None:
        if found.grant.client_id != client.client_id:
            refuse("invalid_grant", "the token was issued to another client")
        if isinstance(found, RefreshToken):
            found.grant.revoked = True
        else:
            del state.access_tokens[form["token"]]
    state.counts["revocation"] += 1
    return no_store(Response(status=200))


def introspect(state: State, request: Request) -> Response:
    """Answer an introspection request (RFC 7662 2).

    Args:
        state: The provider's memory.
        request: The client's request.

    Returns:
        The token's state; only ``active: false`` for a token that has ended, is
        unknown or belongs to another client.
    """
    form = form_parameters(request)
    client = authenticate_client(state, request, form)
    if client.token_endpoint_auth_method == "none":
        refuse("unauthorized_client", "a public client may not introspect (RFC 7662 2.1)")
    found = _find(state, form)
    state.counts["introspection"] += 1
    if (
        found is None
        or found.grant.client_id != client.client_id
        or found.grant.revoked
        or found.expires_at <= state.clock()
        or (isinstance(found, RefreshToken) and found.used)
    ):
        return json_answer({"active": False})
    scope = found.scope if isinstance(found, AccessToken) else found.grant.scope
    document: dict[str, object] = {
        "active": True,
        "scope": " ".join(scope),
        "client_id": client.client_id,
        "iat": int(found.issued_at),
        "exp": int(found.expires_at),
        "iss": base_url(request),
    }
    if found.grant.user_id is not None:
        document["sub"] = document["username"] = found.grant.user_id
    if isinstance(found, AccessToken):
        document["token_type"] = "Bearer"
    return json_answer(document)


ROUTES: Final[tuple[Route, ...]] = (
    ("/oauth2/revoke", ("POST",), revoke),
    ("/oauth2/introspect", ("POST",), introspect),
)
"""Paths, methods and views."""
