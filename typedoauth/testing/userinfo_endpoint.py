"""The UserInfo endpoint (OpenID Connect Core 5.3)."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing import claims
from typedoauth.testing.api import caller
from typedoauth.testing.state import State
from typedoauth.testing.tokens import mint
from typedoauth.testing.web import Route, base_url, json_answer, no_store, refuse

__all__ = ["ROUTES", "userinfo"]


def userinfo(state: State, request: Request) -> Response:
    """Tell who has logged in; needs the scope ``openid``.

    Args:
        state: The provider's memory.
        request: The call, with a bearer token.

    Returns:
        The claims as JSON, or as a JWT where the client is registered for that.
    """
    found = caller(state, request, "openid")
    if found.user is None or found.scope is None:
        refuse("invalid_token", "this token does not come from a login with OpenID Connect", 401)
    login = found.authentication
    names = login.userinfo_claims if login else frozenset[str]()
    told = {"sub": found.user.user_id, **claims.released(found.user, found.scope, names)}
    state.counts["userinfo"] += 1
    client = state.clients[found.client_id]
    algorithm = client.userinfo_signed_response_alg
    if algorithm is None:
        return json_answer(told)
    about = {"iss": base_url(request), "aud": client.client_id}
    token = mint(state, "userinfo", client, algorithm, {**about, **told})
    return no_store(Response(token, content_type="application/jwt"))


ROUTES: Final[tuple[Route, ...]] = (("/oauth2/userinfo", ("GET", "POST"), userinfo),)
"""Paths, methods and views."""
