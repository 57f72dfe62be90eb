"""The examples that the specifications print, request by request and answer by answer."""

from __future__ import annotations

import json

import pytest

from typedoauth._urls import query_pairs
from typedoauth.credentials import ClientCredentials, PendingAuthorization
from typedoauth.errors import AuthorizationDeniedError, TokenEndpointError
from typedoauth.messages import Headers, Request, Response
from typedoauth.oauth2 import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    ClientSecretBasic,
    ClientSecretPost,
    PasswordGrant,
    RefreshTokenGrant,
    add_bearer_token,
    authorization_request_url,
    check_authorization_response,
    code_challenge,
    parse_authorization_response,
    parse_introspection_response,
    parse_token_response,
    token_query_request,
    token_request,
)
from typedoauth.oauth2.token_endpoint import raise_for_refusal
from typedoauth.protocols import Grant
from typedoauth.tokens import OAuth2Token

CLIENT = ClientCredentials("s6BhdRkqt3", "gX1fBat3bV")
BASIC = "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"
SERVER = "https://server.example.com"
CALLBACK = "https://client.example.com/cb"
TOKEN: OAuth2Token = {"access_token": "mF_9.B5f-4.1JqM", "token_type": "Bearer"}


def no_store(content: object, status: int = 200) -> Response:
    """A JSON answer with the header fields that RFC 6749 5.1 prints."""
    headers = {
        "Content-Type": "application/json;charset=UTF-8",
        "Cache-Control": "no-store",
        "Pragma": "no-cache",
    }
    return Response(status, headers, json.dumps(content).encode(), url=f"{SERVER}/token")


def test_rfc6749_2_3_1_basic() -> None:
    """HTTP Basic with the client's identifier and password (RFC 6749 2.3.1)."""
    request = ClientSecretBasic().authenticate(Request("POST", f"{SERVER}/token"), CLIENT)
    assert request.headers["Authorization"] == BASIC


def test_rfc6749_2_3_1_body() -> None:
    """The same in the body, with the refresh token of the example (RFC 6749 2.3.1)."""
    grant = RefreshTokenGrant("tGzv3JOkF0XG5Qx2TlKWIA")
    client = ClientCredentials("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw")
    request = ClientSecretPost().authenticate(token_request(f"{SERVER}/token", grant), client)
    assert request.body == (
        b"grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA"
        b"&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw"
    )


def test_rfc6749_4_1_1_authorization_request() -> None:
    """The parameters of the authorization request (RFC 6749 4.1.1)."""
    url = authorization_request_url(
        f"{SERVER}/authorize", client_id="s6BhdRkqt3", state="xyz", redirect_uri=CALLBACK
    )
    assert url.partition("?")[0] == f"{SERVER}/authorize"
    printed = (
        "response_type=code&client_id=s6BhdRkqt3&state=xyz"
        "&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb"
    )
    assert sorted(query_pairs(url.partition("?")[2])) == sorted(query_pairs(printed))


def test_rfc6749_4_1_2_authorization_response() -> None:
    """The code of the redirect (RFC 6749 4.1.2)."""
    response = parse_authorization_response(query_pairs("code=SplxlOBeZQQYbYS6WxSbIA&state=xyz"))
    code = check_authorization_response(response, PendingAuthorization("xyz"))
    assert code == "SplxlOBeZQQYbYS6WxSbIA"


def test_rfc6749_4_1_2_1_error_response() -> None:
    """The resource owner said no (RFC 6749 4.1.2.1)."""
    response = parse_authorization_response(query_pairs("error=access_denied&state=xyz"))
    with pytest.raises(AuthorizationDeniedError) as caught:
        check_authorization_response(response, PendingAuthorization("xyz"))
    assert caught.value.error == "access_denied"


GRANTS = [
    (
        "4.1.3",
        AuthorizationCodeGrant("SplxlOBeZQQYbYS6WxSbIA", CALLBACK),
        "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA"
        "&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb",
    ),
    (
        "4.3.2",
        PasswordGrant("johndoe", "A3ddj3w"),
        "grant_type=password&username=johndoe&password=A3ddj3w",
    ),
    ("4.4.2", ClientCredentialsGrant(), "grant_type=client_credentials"),
    (
        "6",
        RefreshTokenGrant("tGzv3JOkF0XG5Qx2TlKWIA"),
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA",
    ),
]


@pytest.mark.parametrize(("section", "grant", "body"), GRANTS, ids=[one[0] for one in GRANTS])
def test_rfc6749_token_requests(section: str, grant: Grant, body: str) -> None:
    """Each grant's request, with the client's Authorization header (RFC 6749 4.1.3 to 6)."""
    request = token_request(f"{SERVER}/token", grant)
    request = ClientSecretBasic().authenticate(request, CLIENT)
    assert (request.method, request.url) == ("POST", f"{SERVER}/token")
    assert request.headers["Authorization"] == BASIC
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert query_pairs((request.body or b"").decode()) == query_pairs(body)


@pytest.mark.parametrize("section", ["4.1.4", "5.1"])
def test_rfc6749_token_response(section: str) -> None:
    """The printed answer, parameter of its own included (RFC 6749 4.1.4, 5.1)."""
    document = {
        "access_token": "2YotnFZFEjr1zCsicMWpAA",
        "token_type": "example",
        "expires_in": 3600,
        "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA",
        "example_parameter": "example_value",
    }
    assert parse_token_response(no_store(document), 1000.9) == {**document, "expires_at": 4600}


def test_rfc6749_4_4_3_token_response() -> None:
    """An answer without a refresh token (RFC 6749 4.4.3)."""
    document = {"access_token": "2YotnFZFEjr1zCsicMWpAA", "expires_in": 3600}
    assert "refresh_token" not in parse_token_response(no_store(document), 0)


def test_rfc6749_5_2_error_response() -> None:
    """The printed refusal (RFC 6749 5.2)."""
    with pytest.raises(TokenEndpointError) as caught:
        parse_token_response(no_store({"error": "invalid_request"}, 400), 0)
    assert (caught.value.error, caught.value.status) == ("invalid_request", 400)


def test_rfc6749_7_1_and_rfc6750_2_1_header() -> None:
    """The token in the header (RFC 6749 7.1, RFC 6750 2.1)."""
    request = add_bearer_token(Request("GET", f"{SERVER}/resource"), TOKEN, "header")
    assert request.headers["Authorization"] == "Bearer mF_9.B5f-4.1JqM"


def test_rfc6750_2_2_body() -> None:
    """The token in a form (RFC 6750 2.2)."""
    headers = Headers({"Content-Type": "application/x-www-form-urlencoded"})
    request = add_bearer_token(Request("POST", f"{SERVER}/resource", headers), TOKEN, "body")
    assert request.body == b"access_token=mF_9.B5f-4.1JqM"


def test_rfc6750_2_3_query() -> None:
    """The token in the query, after what is there, and nothing to be stored (RFC 6750 2.3)."""
    request = add_bearer_token(Request("GET", f"{SERVER}/resource?p=q"), TOKEN, "query")
    assert request.url == f"{SERVER}/resource?p=q&access_token=mF_9.B5f-4.1JqM"
    assert request.headers["Cache-Control"] == "no-store"


def test_rfc7636_appendix_b() -> None:
    """The S256 challenge of the printed verifier (RFC 7636 appendix B)."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert code_challenge(verifier) == challenge
    url = authorization_request_url(SERVER, client_id="c", state="s", code_verifier=verifier)
    assert f"&code_challenge={challenge}&code_challenge_method=S256" in url
    assert verifier not in url


def test_rfc7009_2_1_revocation() -> None:
    """The printed revocation request, and its empty success (RFC 7009 2.1, 2.2)."""
    request = token_query_request(f"{SERVER}/revoke", "45ghiukldjahdnhzdauz", "refresh_token")
    request = ClientSecretBasic().authenticate(request, CLIENT)
    assert request.body == b"token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token"
    assert request.headers["Authorization"] == BASIC
    raise_for_refusal(Response(200))


def test_rfc7662_2_1_introspection() -> None:
    """The printed introspection requests (RFC 7662 2.1)."""
    request = token_query_request(f"{SERVER}/introspect", "2YotnFZFEjr1zCsicMWpAA")
    assert request.headers["Accept"] == "application/json"
    assert request.body == b"token=2YotnFZFEjr1zCsicMWpAA"
    hinted = token_query_request(f"{SERVER}/introspect", "mF_9.B5f-4.1JqM", "access_token")
    assert hinted.body == b"token=mF_9.B5f-4.1JqM&token_type_hint=access_token"


def test_rfc7662_2_2_active() -> None:
    """The printed answer about a token that is in use (RFC 7662 2.2)."""
    document = {
        "active": True,
        "client_id": "l238j323ds-23ij4",
        "username": "jdoe",
        "scope": "read write dolphin",
        "sub": "Z5O3upPC88QrAjx00dis",
        "aud": "https://protected.example.net/resource",
        "iss": "https://server.example.com/",
        "exp": 1419356238,
        "iat": 1419350238,
        "extension_field": "twenty-seven",
    }
    assert parse_introspection_response(no_store(document)) == document


def test_rfc7662_2_2_inactive() -> None:
    """The printed answer about any other token (RFC 7662 2.2)."""
    assert parse_introspection_response(no_store({"active": False})) == {"active": False}
