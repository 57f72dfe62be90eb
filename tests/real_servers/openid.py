"""oidc-provider as an OpenID Provider: applications register there, and its keys are changed."""

from __future__ import annotations

import base64
import json

import requests

from tests.real_servers.clients import REDIRECT_URIS, SCOPES, OAuth2Registration
from tests.real_servers.servers import OAuth2Server

LOGGED_OUT: str = "http://localhost/logged-out"
"""Where the browser comes back to from a logout at the provider."""
_SECONDS = 20.0


def register_client(server: OAuth2Server, **metadata: object) -> OAuth2Registration:
    """Register a client (RFC 7591 3, OpenID Connect Registration 3).

    Args:
        server: oidc-provider.
        metadata: What it says of itself besides where its users come back to.

    Returns:
        The client that it is from now on.
    """
    client: dict[str, object] = {
        "redirect_uris": list(REDIRECT_URIS),
        "post_logout_redirect_uris": [LOGGED_OUT],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": " ".join(["openid", *SCOPES]),
        **metadata,
    }
    answer = _post(f"{server.process.base_url}/reg", client)
    assert answer.status_code == 201, answer.text
    registered: dict[str, str] = answer.json()
    return OAuth2Registration(registered["client_id"], registered.get("client_secret"))


def rotate_keys(server: OAuth2Server) -> None:
    """Let oidc-provider sign with new keys, and forget the old ones."""
    assert _post(f"{server.process.base_url}/rotate-keys", {}).status_code == 204


def jwk_set_requests(server: OAuth2Server) -> int:
    """How often its JWK set has been fetched."""
    return sum(path == "/jwks" for _, path, _ in server.process.requests())


def jose_header(token: str) -> dict[str, str]:
    """The header of a JWS or JWE, unverified."""
    text = token.split(".")[0]
    header: dict[str, str] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return header


def _post(url: str, document: object) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, json=document, timeout=_SECONDS)
