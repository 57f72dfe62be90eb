"""Authorization server metadata (RFC 8414)."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing.client_authentication import METHODS
from typedoauth.testing.state import State
from typedoauth.testing.token_endpoint import GRANTS
from typedoauth.testing.web import Route, base_url, json_answer

__all__ = ["ROUTES", "describe"]


def describe(state: State, request: Request) -> Response:
    """Publish what the authorization server can do (RFC 8414 3.2).

    Args:
        state: The provider's memory.
        request: The client's request.

    Returns:
        The metadata; the issuer is the address that was asked.
    """
    issuer = base_url(request)
    with_secret = [method for method in METHODS if method != "none"]
    scopes = {value for client in state.clients.values() for value in client.scope}
    return json_answer(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/oauth2/authorize",
            "token_endpoint": f"{issuer}/oauth2/token",
            "revocation_endpoint": f"{issuer}/oauth2/revoke",
            "introspection_endpoint": f"{issuer}/oauth2/introspect",
            "scopes_supported": sorted(scopes),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(GRANTS),
            "token_endpoint_auth_methods_supported": list(METHODS),
            "revocation_endpoint_auth_methods_supported": list(METHODS),
            "introspection_endpoint_auth_methods_supported": with_secret,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )


ROUTES: Final[tuple[Route, ...]] = (
    ("/.well-known/oauth-authorization-server", ("GET",), describe),
)
"""Paths, methods and views."""
