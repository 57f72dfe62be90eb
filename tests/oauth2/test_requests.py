"""Client authentication, bearer tokens and token requests as they are sent."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth._urls import query_pairs
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError, UnsupportedTokenTypeError
from typedoauth.messages import Headers, Request
from typedoauth.oauth2 import (
    AuthorizationCodeGrant,
    ClientSecretBasic,
    ClientSecretPost,
    NoClientAuthentication,
    PasswordGrant,
    RefreshTokenGrant,
    TokenPlacement,
    add_bearer_token,
    client_authentication_method,
    token_request,
)
from typedoauth.oauth2.bearer import token_placement
from typedoauth.oauth2.client_authentication import add_form_parameters
from typedoauth.tokens import OAuth2Token

URL = "https://as.example/token"
FORM = Headers({"Content-Type": "application/x-www-form-urlencoded"})
TOKEN: OAuth2Token = {"access_token": "t0ken"}
PUBLIC = ClientCredentials("public")
NAMES = st.text(st.characters(codec="utf-8"), min_size=1)


def basic(request: Request) -> str:
    """What HTTP Basic carries."""
    return b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()


@given(NAMES, NAMES)
def test_basic_carries_any_credentials(client_id: str, secret: str) -> None:
    """A server that decodes as RFC 6749 2.3.1 and appendix B say gets them back."""
    client = ClientCredentials(client_id, secret)
    sent = basic(ClientSecretBasic().authenticate(Request("POST", URL), client))
    assert [unquote_plus(part) for part in sent.split(":")] == [client_id, secret]


def test_basic_raw_leaves_credentials_as_they_are() -> None:
    """Many servers decode nothing (RFC 7617 2.1: UTF-8)."""
    client = ClientCredentials("a+b", "c d:é%")
    assert basic(ClientSecretBasic("raw").authenticate(Request("POST", URL), client)) == (
        "a+b:c d:é%"
    )


def test_basic_raw_cannot_carry_a_colon_in_the_identifier() -> None:
    """The first colon ends it (RFC 7617 2)."""
    with pytest.raises(ConfigurationError, match="colon"):
        ClientSecretBasic("raw").authenticate(Request("POST", URL), ClientCredentials("a:b", "c"))


@pytest.mark.parametrize("method", [ClientSecretBasic(), ClientSecretPost()])
def test_method_with_a_secret_needs_one(method: ClientSecretBasic | ClientSecretPost) -> None:
    """A public client proves nothing (RFC 6749 2.3)."""
    with pytest.raises(ConfigurationError, match="'none'"):
        method.authenticate(Request("POST", URL), PUBLIC)


def test_public_client_says_who_it_is() -> None:
    """Just its identifier (RFC 6749 3.2.1)."""
    sent = NoClientAuthentication().authenticate(Request("POST", URL, body=b"a=1"), PUBLIC)
    assert (sent.body, "authorization" in sent.headers) == (b"a=1&client_id=public", False)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, b"a=1"),
        (b"", b"a=1"),
        (b"b=2", b"b=2&a=1"),
        (b"a=0&b=2&a=3", b"b=2&a=1"),
        (b"%61=0&b=%20+%zz", b"b=%20+%zz&a=1"),
        (b"\xff=\xfe&&c", b"\xff=\xfe&c&a=1"),
    ],
)
def test_form_parameters_are_added_byte_for_byte(body: bytes | None, expected: bytes) -> None:
    """Those of the name are replaced; what else is there is the caller's, and stays."""
    assert add_form_parameters(Request("POST", URL, body=body), [("a", "1")]).body == expected


class Own:
    """A method of one's own."""

    name = "none"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Do nothing."""
        return request


def test_methods_are_chosen_by_name() -> None:
    """A method of one's own wins over a built-in one of its name."""
    assert client_authentication_method("client_secret_basic") == ClientSecretBasic()
    assert client_authentication_method("client_secret_basic", encoding="raw") == ClientSecretBasic(
        "raw"
    )
    assert client_authentication_method("client_secret_post") == ClientSecretPost()
    own = Own()
    assert client_authentication_method("none", own=[own]) is own


def test_unknown_method_and_encoding_are_refused() -> None:
    """The message names the option and what there is."""
    with pytest.raises(ConfigurationError, match=r"revocation.*client_secret_post, none"):
        client_authentication_method("private_key_jwt", option="revocation_endpoint_auth_method")
    with pytest.raises(ConfigurationError, match="rfc6749, raw"):
        client_authentication_method("none", encoding="latin-1")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("header", "header"), ("body", "body"), ("query", "query"), ("uri", "query")],
)
def test_placements(name: str, expected: TokenPlacement) -> None:
    """``uri`` is what older code calls the query."""
    assert token_placement(name) == expected


def test_unknown_placement_is_refused() -> None:
    """The message names those that exist."""
    with pytest.raises(ConfigurationError, match="header, body, query"):
        token_placement("cookie")


@pytest.mark.parametrize("token_type", ["Bearer", "bearer", "BEARER", "", None])
def test_bearer_in_any_case(token_type: str | None) -> None:
    """The type does not depend on case; none counts as Bearer (RFC 6749 5.1)."""
    token: OAuth2Token = {"access_token": "t0ken", "token_type": token_type}
    sent = add_bearer_token(Request("GET", URL), token, "header")
    assert sent.headers["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("token_type", ["mac", "DPoP", "bot", "Bearer "])
def test_other_token_types_are_refused(token_type: str) -> None:
    """A client must not use what it does not understand (RFC 6749 7.1)."""
    with pytest.raises(UnsupportedTokenTypeError) as caught:
        add_bearer_token(
            Request("GET", URL), {"access_token": "t0ken", "token_type": token_type}, "header"
        )
    assert "t0ken" not in str(caught.value)


def test_token_in_the_query_keeps_what_is_there() -> None:
    """The rest of the URL stays; a Cache-Control of the caller's wins (RFC 6750 2.3)."""
    given = Request("GET", f"{URL}?a=%20&b#c", Headers({"cache-control": "no-cache"}))
    sent = add_bearer_token(given, {"access_token": "t&k"}, "query")
    assert sent.url == f"{URL}?a=%20&b&access_token=t%26k#c"
    assert sent.headers["Cache-Control"] == "no-cache"


def test_second_token_in_the_query_is_refused() -> None:
    """A token is sent once (RFC 6750 2)."""
    with pytest.raises(ConfigurationError, match="sent twice"):
        add_bearer_token(Request("GET", f"{URL}?access_token=x"), TOKEN, "query")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_token_in_a_form(method: str) -> None:
    """It goes to the end of the form, whose label may have parameters (RFC 6750 2.2)."""
    headers = Headers({"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=utf-8"})
    sent = add_bearer_token(Request(method, URL, headers, b"a=\xff"), TOKEN, "body")
    assert sent.body == b"a=\xff&access_token=t0ken"
    assert sent.headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "headers", "body"),
    [
        ("GET", FORM, None),
        ("HEAD", FORM, None),
        ("POST", Headers({"Content-Type": "application/json"}), b"{}"),
        ("POST", Headers(), b'{"a": 1}'),
        ("POST", Headers({"Content-Type": "multipart/form-data"}), b""),
    ],
)
def test_token_in_a_body_that_is_no_form_is_refused(
    method: str, headers: Headers, body: bytes | None
) -> None:
    """A body of another kind would be broken by it (RFC 6750 2.2)."""
    with pytest.raises(ConfigurationError, match="form-encoded"):
        add_bearer_token(Request(method, URL, headers, body), TOKEN, "body")


def test_further_parameters_override_and_repeat() -> None:
    """Extra parameters win over the grant's; a sequence sends its name twice."""
    extra = {"resource": ["a", "b"], "redirect_uri": "https://x/"}
    request = token_request(URL, AuthorizationCodeGrant("c", "https://y/", "v"), extra)
    assert query_pairs((request.body or b"").decode()) == [
        ("grant_type", "authorization_code"),
        ("code", "c"),
        ("redirect_uri", "https://x/"),
        ("code_verifier", "v"),
        ("resource", "a"),
        ("resource", "b"),
    ]


def test_grants_hide_their_secrets() -> None:
    """No repr of a grant shows what it trades."""
    grants = (
        AuthorizationCodeGrant("hush", None, "hush"),
        RefreshTokenGrant("hush"),
        PasswordGrant("ada", "hush"),
    )
    assert "hush" not in repr(grants)
