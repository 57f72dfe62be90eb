"""The provider's metadata (RFC 8414, OpenID Connect Discovery 3) and keys."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing.authentication_request import PROMPTS
from typedoauth.testing.authorization_response import MODES
from typedoauth.testing.claims import BY_SCOPE
from typedoauth.testing.client_authentication import METHODS
from typedoauth.testing.jws import ASYMMETRIC
from typedoauth.testing.state import State
from typedoauth.testing.token_endpoint import GRANTS
from typedoauth.testing.tokens import ALGORITHMS
from typedoauth.testing.web import Route, base_url, json_answer, without_template

__all__ = ["ROUTES", "describe", "publish_keys"]


def describe(state: State, request: Request) -> Response:
    """Publish what the provider can do (RFC 8414 3.2, OpenID Connect Discovery 4.2).

    Args:
        state: The provider's memory.
        request: The client's request.

    Returns:
        The metadata; the issuer is the address that was asked.
    """
    issuer = base_url(request)
    base = without_template(issuer).removesuffix("/")
    state.counts["discovery"] += 1
    with_client = [method for method in METHODS if method != "none"]
    scopes = {value for client in state.clients.values() for value in client.scope}
    return json_answer(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "introspection_endpoint": f"{base}/oauth2/introspect",
            "userinfo_endpoint": f"{base}/oauth2/userinfo",
            "end_session_endpoint": f"{base}/oauth2/logout",
            "jwks_uri": f"{base}/oauth2/jwks",
            "scopes_supported": sorted({"openid", *scopes}),
            "response_types_supported": ["code"],
            "response_modes_supported": list(MODES),
            "grant_types_supported": list(GRANTS),
            "subject_types_supported": ["public"],
            "prompt_values_supported": list(PROMPTS),
            "id_token_signing_alg_values_supported": list(ALGORITHMS),
            "userinfo_signing_alg_values_supported": list(ALGORITHMS),
            "token_endpoint_auth_methods_supported": list(METHODS),
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "revocation_endpoint_auth_methods_supported": list(METHODS),
            "revocation_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "introspection_endpoint_auth_methods_supported": with_client,
            "introspection_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", *(name for names in BY_SCOPE.values() for name in names)],
            "claims_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "frontchannel_logout_supported": True,
            "frontchannel_logout_session_supported": True,
        }
    )


def publish_keys(state: State, request: Request) -> Response:
    """Publish what verifies the provider's signatures (OpenID Connect Core 10.1.1).

    Args:
        state: The provider's memory.
        request: The client's request.

    Returns:
        The JWK set: a key for each algorithm that a client is registered for.
    """
    del request
    state.counts["jwks"] += 1
    clients = state.clients.values()
    wanted = {client.id_token_signed_response_alg for client in clients}
    wanted |= {client.userinfo_signed_response_alg or "RS256" for client in clients}
    published = state.keys.published(sorted(wanted.intersection(ASYMMETRIC)))
    return json_answer({"keys": [state.in_use(key).jwk for key in published]})


ROUTES: Final[tuple[Route, ...]] = (
    ("/.well-known/oauth-authorization-server", ("GET",), describe),
    ("/.well-known/openid-configuration", ("GET",), describe),
    ("/oauth2/jwks", ("GET",), publish_keys),
)
"""Paths, methods and views."""
