"""Whole logins at the real servers without Flask: the clients that a script uses."""

from __future__ import annotations

import pytest

from tests.real_servers.browser import Browser
from tests.real_servers.clients import BASIC, HMAC, REDIRECT_URIS
from tests.real_servers.servers import OAuth1Server, OAuth2Server
from typedoauth import OAuth1Client, OAuth2Client

_REDIRECT_URI = REDIRECT_URIS[0]


def test_oauth1_login_in_a_script(authlib_oauth1: OAuth1Server) -> None:
    """The three legs of RFC 5849 2, one call each."""
    client = OAuth1Client(
        HMAC.client_id,
        HMAC.client_secret,
        request_token_url=authlib_oauth1.request_token_url,
        authorize_url=authlib_oauth1.authorize_url,
        access_token_url=authlib_oauth1.access_token_url,
        api_base_url=authlib_oauth1.api_base_url,
    )
    pending = client.start_authorization(_REDIRECT_URI)
    arrival = Browser("grace").authorize(pending.url, _REDIRECT_URI)
    token = client.finish_authorization(arrival.url, pending)
    assert client.get("me", token=token).json()["sub"] == "grace"


@pytest.mark.parametrize("scope", ["profile email", ["profile", "email"]])
def test_oauth2_login_in_a_script(server: OAuth2Server, scope: str | list[str]) -> None:
    """Code and PKCE (RFC 6749 4.1, RFC 7636); scopes as text or list."""
    client = OAuth2Client(
        BASIC.client_id,
        BASIC.client_secret,
        authorize_url=server.authorize_url,
        access_token_url=server.access_token_url,
        api_base_url=server.api_base_url,
        scope=scope,
    )
    pending = client.start_authorization(_REDIRECT_URI)
    arrival = Browser("grace").authorize(pending.url, _REDIRECT_URI)
    token = client.finish_authorization(arrival.url, pending)
    assert token.get("scope") == "profile email"
    assert client.get("me", token=token).json()["sub"] == "grace"
