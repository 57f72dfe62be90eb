"""Whole OAuth 1.0a logins over HTTP by clients that others wrote."""

from __future__ import annotations

import pytest
from authlib.integrations.requests_client import OAuth1Session as AuthlibSession
from requests_oauthlib import OAuth1Session as OAuthlibSession

from tests.testing.acting import CALLBACK, SECRET, decide
from typedoauth.testing import LocalProvider

_OAUTHLIB_METHODS = (
    "HMAC-SHA1",
    "HMAC-SHA256",
    "HMAC-SHA512",
    "RSA-SHA1",
    "RSA-SHA256",
    "RSA-SHA512",
    "PLAINTEXT",
)
_AUTHLIB_METHODS = ("HMAC-SHA1", "RSA-SHA1", "PLAINTEXT")

# What oauthlib is asked to send in each API call: method, path with query, form or raw body.
_CALLS: tuple[tuple[str, str, object], ...] = (
    ("GET", "/api/echo", None),
    ("GET", "/api/echo?b=2&a=1&a=%20x&empty=&plus=a%2Bb&tilde=~&%C3%BC=%26", None),
    ("POST", "/api/echo?q=1", {"a b": "c d", "ü": "~+&="}),
    ("PUT", "/api/echo", b"\x00not a form\xff"),
    ("DELETE", "/api/echo", None),
)


@pytest.mark.parametrize("signature_type", ["AUTH_HEADER", "QUERY", "BODY"])
@pytest.mark.parametrize("signature_method", _OAUTHLIB_METHODS)
def test_login_with_oauthlib_gives_token_credentials(
    provider: LocalProvider,
    url: str,
    rsa_private_pem: str,
    signature_method: str,
    signature_type: str,
) -> None:
    """Each signature method of oauthlib logs in from each placement (RFC 5849 2, 3.4, 3.5)."""
    with OAuthlibSession(
        "client",
        client_secret=SECRET,
        callback_uri=CALLBACK,
        signature_method=signature_method,
        signature_type=signature_type,
        rsa_key=rsa_private_pem,
    ) as session:
        temporary = session.fetch_request_token(f"{url}/oauth1/initiate")
        assert temporary["oauth_callback_confirmed"] == "true"
        page = session.authorization_url(f"{url}/oauth1/authorize")
        session.parse_authorization_response(decide(page))
        session.fetch_access_token(f"{url}/oauth1/token")
        form = {"note": "1"} if signature_type == "BODY" else None
        answer = session.request("POST" if form else "GET", f"{url}/api/echo", data=form)
    assert answer.json()["user"] == "ada"
    assert provider.counts["token_credentials"] == 1


@pytest.mark.parametrize("signature_type", ["HEADER", "QUERY", "BODY"])
@pytest.mark.parametrize("signature_method", _AUTHLIB_METHODS)
def test_login_with_authlib_gives_token_credentials(
    url: str, rsa_private_pem: str, signature_method: str, signature_type: str
) -> None:
    """Each signature method of Authlib logs in from each placement (RFC 5849 2, 3.4, 3.5)."""
    with AuthlibSession(
        "client",
        SECRET,
        redirect_uri=CALLBACK,
        signature_method=signature_method,
        signature_type=signature_type,
        rsa_key=rsa_private_pem,
    ) as session:
        temporary = session.fetch_request_token(f"{url}/oauth1/initiate")
        page = session.create_authorization_url(f"{url}/oauth1/authorize", temporary["oauth_token"])
        session.parse_authorization_response(decide(page, user="grace"))
        session.fetch_access_token(f"{url}/oauth1/token")
        answer = session.post(f"{url}/api/echo", data={"note": "1"})
    assert answer.json()["user"] == "grace"
    assert answer.json()["form"] == [["note", "1"]]


@pytest.mark.parametrize(("method", "path", "data"), _CALLS)
@pytest.mark.parametrize("signature_method", ["HMAC-SHA1", "HMAC-SHA256", "RSA-SHA512"])
def test_api_call_signed_by_oauthlib_is_accepted(
    url: str,
    rsa_private_pem: str,
    signature_method: str,
    method: str,
    path: str,
    data: dict[str, str] | bytes | None,
) -> None:
    """Queries, forms and raw bodies are signed as oauthlib signs them (RFC 5849 3.4.1.3)."""
    with OAuthlibSession(
        "client",
        client_secret=SECRET,
        callback_uri=CALLBACK,
        signature_method=signature_method,
        rsa_key=rsa_private_pem,
    ) as session:
        session.fetch_request_token(f"{url}/oauth1/initiate")
        page = session.authorization_url(f"{url}/oauth1/authorize")
        session.parse_authorization_response(decide(page))
        session.fetch_access_token(f"{url}/oauth1/token")
        answer = session.request(method, f"{url}{path}", data=data)
    assert answer.status_code == 200, answer.text
    assert answer.json()["placement"] == "header"
