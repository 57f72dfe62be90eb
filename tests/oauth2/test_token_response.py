"""What a token endpoint may answer, and what comes of it (RFC 6749 5)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.credentials import ClientCredentials
from typedoauth.errors import (
    InvalidGrantError,
    MalformedResponseError,
    OAuthError,
    TokenEndpointError,
    UnsupportedTokenTypeError,
)
from typedoauth.messages import Request, Response
from typedoauth.oauth2 import (
    ClientSecretBasic,
    RefreshTokenGrant,
    parse_token_response,
    token_query_request,
    token_request,
)
from typedoauth.oauth2.token_endpoint import as_get, merge_refreshed, raise_for_refusal, secrets_of
from typedoauth.tokens import OAuth2Token

URL = "https://as.example/token?hush=1"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def answer(content: object, status: int = 200) -> Response:
    """An answer of the token endpoint."""
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Response(status, JSON, written, url=URL)


def parsed(**members: object) -> OAuth2Token:
    """The token of an answer with these members."""
    return parse_token_response(answer({"access_token": "a", **members}), 1000.5)


GOOD: list[tuple[dict[str, object], dict[str, object]]] = [
    ({}, {"token_type": "Bearer"}),
    ({"token_type": "bearer"}, {"token_type": "bearer"}),
    ({"token_type": "bot"}, {"token_type": "bot"}),
    ({"expires_in": 3600}, {"expires_in": 3600, "expires_at": 4600}),
    ({"expires_in": "3600"}, {"expires_in": 3600, "expires_at": 4600}),
    ({"expires_in": 3600.7}, {"expires_in": 3600, "expires_at": 4600}),
    ({"expires_in": 0}, {"expires_in": 0}),
    ({"expires_in": None}, {"expires_in": None}),
    ({"expires_in": ""}, {"expires_in": None}),
    ({"expires_at": "4600"}, {"expires_at": 4600}),
    ({"expires_at": None}, {"expires_at": None}),
    ({"expires_at": "soon", "expires_in": 5}, {"expires_in": 5, "expires_at": 1005}),
    ({"refresh_token": None}, {"refresh_token": None}),
    ({"refresh_token": ""}, {"refresh_token": ""}),
    ({"scope": ["a", "b"]}, {"scope": "a b"}),
    ({"scope": None}, {"scope": None}),
    ({"custom": {"x": [1]}}, {"custom": {"x": [1]}}),
    ({"userinfo": {"sub": "admin"}}, {}),
    ({"error": None}, {"error": None}),
    ({"error": ""}, {"error": ""}),
]


@pytest.mark.parametrize(("members", "expected"), GOOD)
def test_good_answer_gives_a_token(members: dict[str, object], expected: dict[str, object]) -> None:
    """Every member is kept; times are numbers; claims cannot be put in (RFC 6749 5.1)."""
    assert parsed(**members) == {"access_token": "a", "token_type": "Bearer", **expected}


def test_form_answer_gives_a_token() -> None:
    """Older servers answer with a form, all of text."""
    content = b"access_token=a%2Bb&expires_in=60&scope=x+y&expires=5183999"
    assert parse_token_response(Response(200, FORM, content), 0) == {
        "access_token": "a+b",
        "token_type": "Bearer",
        "expires_in": 60,
        "expires_at": 60,
        "scope": "x y",
        "expires": "5183999",
    }


BAD: list[tuple[str, bytes | object, int, type[OAuthError]]] = [
    ("nothing", b"", 200, MalformedResponseError),
    ("no token", {}, 200, MalformedResponseError),
    ("a list", [1], 200, MalformedResponseError),
    ("null", b"null", 200, MalformedResponseError),
    ("a text", b'"access_token"', 200, MalformedResponseError),
    ("HTML", b"<!doctype html><p>access_token=hush", 200, MalformedResponseError),
    ("not UTF-8", b'{"access_token": "\xff"}', 200, MalformedResponseError),
    ("UTF-16", '{"access_token": "a"}'.encode("utf-16"), 200, MalformedResponseError),
    ("cut off", b'{"access_token": "hush', 200, MalformedResponseError),
    ("token twice", b'{"access_token": "a", "access_token": "b"}', 200, MalformedResponseError),
    ("NaN", b'{"access_token": "a", "expires_in": NaN}', 200, MalformedResponseError),
    ("too deep", b'{"access_token": "a", "x": ' + b"[" * 100_000, 200, MalformedResponseError),
    ("token null", {"access_token": None}, 200, MalformedResponseError),
    ("token empty", {"access_token": ""}, 200, MalformedResponseError),
    ("token a number", {"access_token": 5}, 200, MalformedResponseError),
    ("token an object", {"access_token": {}}, 200, MalformedResponseError),
    ("token with a line break", {"access_token": "a\r\nX: y"}, 200, MalformedResponseError),
    ("token not ASCII", {"access_token": "ä"}, 200, MalformedResponseError),
    ("half a surrogate", b'{"access_token": "\\ud800"}', 200, MalformedResponseError),
    ("type null", {"access_token": "a", "token_type": None}, 200, UnsupportedTokenTypeError),
    ("type a number", {"access_token": "a", "token_type": 1}, 200, UnsupportedTokenTypeError),
    ("refresh a number", {"access_token": "a", "refresh_token": 1}, 200, MalformedResponseError),
    ("refresh not ASCII", {"access_token": "a", "refresh_token": "ä"}, 200, MalformedResponseError),
    ("id_token an object", {"access_token": "a", "id_token": {}}, 200, MalformedResponseError),
    ("scope a number", {"access_token": "a", "scope": 1}, 200, MalformedResponseError),
    ("expires_in negative", {"access_token": "a", "expires_in": -1}, 200, MalformedResponseError),
    ("expires_in true", {"access_token": "a", "expires_in": True}, 200, MalformedResponseError),
    ("expires_in words", {"access_token": "a", "expires_in": "1h"}, 200, MalformedResponseError),
    ("expires_in nan", {"access_token": "a", "expires_in": "nan"}, 200, MalformedResponseError),
    ("expires_in huge", {"access_token": "a", "expires_in": 10**30}, 200, MalformedResponseError),
    (
        "expires_in of 400 digits",
        b'{"access_token": "a", "expires_in": ' + b"9" * 400 + b"}",
        200,
        MalformedResponseError,
    ),
    ("expires_in a list", {"access_token": "a", "expires_in": [1]}, 200, MalformedResponseError),
    ("expires_at words", {"access_token": "a", "expires_at": "soon"}, 200, MalformedResponseError),
    ("error with status 200", {"error": "bad_code"}, 200, TokenEndpointError),
    ("error as an object", {"error": {"message": "m", "code": 1}}, 400, TokenEndpointError),
    ("error beside a token", {"access_token": "a", "error": "x"}, 200, TokenEndpointError),
    ("invalid_grant", {"error": "invalid_grant"}, 400, InvalidGrantError),
    ("token with status 400", {"access_token": "a"}, 400, TokenEndpointError),
    ("token with status 500", {"access_token": "a"}, 500, TokenEndpointError),
    ("token with status 302", {"access_token": "a"}, 302, TokenEndpointError),
    ("HTML with status 502", b"<h1>Bad Gateway", 502, TokenEndpointError),
    ("garbage with status 401", b"\xff\x00", 401, TokenEndpointError),
    ("status 199", {"access_token": "a"}, 199, TokenEndpointError),
]


@pytest.mark.parametrize(("what", "content", "status", "kind"), BAD, ids=[one[0] for one in BAD])
def test_bad_answer_is_refused(
    what: str, content: bytes | object, status: int, kind: type[OAuthError]
) -> None:
    """What a broken or hostile token endpoint may answer, and the error for it (RFC 6749 5)."""
    with pytest.raises(OAuthError) as caught:
        parse_token_response(answer(content, status), 0)
    assert type(caught.value) is kind
    assert "hush" not in str(caught.value)
    assert caught.value.__context__ is None


def test_refusal_as_a_form_is_read() -> None:
    """With status 200, as GitHub sends it to those who ask for no JSON."""
    content = b"error=bad_verification_code&error_description=The+code+is+wrong"
    with pytest.raises(TokenEndpointError, match="bad_verification_code: The code is wrong"):
        parse_token_response(Response(200, FORM, content), 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_of_a_token_request_is_refused(status: int) -> None:
    """It carries the client's credentials, and goes nowhere else (RFC 9700 4.12)."""
    with pytest.raises(TokenEndpointError, match="redirect is not followed") as caught:
        parse_token_response(Response(status, {"Location": "https://evil.example/"}, url=URL), 0)
    assert caught.value.status == status


def test_refusal_carries_what_the_server_says() -> None:
    """Code, words, page and status (RFC 6749 5.2)."""
    members = {
        "error": "invalid_client",
        "error_description": "No such client",
        "error_uri": "https://as.example/help",
    }
    with pytest.raises(TokenEndpointError) as caught:
        raise_for_refusal(answer(members, 401))
    error = caught.value
    assert (error.error, error.description, error.uri, error.status) == (
        "invalid_client",
        "No such client (https://as.example/token answered status 401)",
        "https://as.example/help",
        401,
    )


def test_refusal_without_words_tells_where_and_what() -> None:
    """No query is shown of the address."""
    with pytest.raises(TokenEndpointError) as caught:
        raise_for_refusal(answer(b"", 503))
    assert str(caught.value) == (
        "token_endpoint_error: https://as.example/token answered status 503 and gave no error code"
    )


@pytest.mark.parametrize("status", [404, 405])
def test_refusal_by_another_page_doubts_the_address(status: int) -> None:
    """A page that is no token endpoint knows no error codes."""
    with pytest.raises(TokenEndpointError, match="check the URL of the endpoint"):
        raise_for_refusal(answer(b"", status))


def request() -> Request:
    """An authenticated refresh request."""
    grant = RefreshTokenGrant("refresh/hush", "read")
    made = token_request("https://as.example/token", grant, {"redirect_uri": "https://app/"})
    return ClientSecretBasic().authenticate(made, ClientCredentials("id", "secret hush"))


def test_secrets_of_a_request_leave_harmless_parameters_out() -> None:
    """A message may say refresh_token and name the redirection URI; it holds no credential."""
    assert secrets_of(request()) == ["aWQ6c2VjcmV0JTIwaHVzaA==", "refresh/hush"]


@pytest.mark.parametrize(
    "echo",
    ["refresh/hush", "refresh%2Fhush", "Basic aWQ6c2VjcmV0JTIwaHVzaA==", "code_refresh/hush!"],
)
def test_echoed_secret_is_hidden(echo: str) -> None:
    """Servers quote what they were sent; no message repeats it."""
    members = {"error": "invalid_request", "error_description": f"cannot accept {echo}"}
    with pytest.raises(TokenEndpointError) as caught:
        parse_token_response(answer(members, 400), 0, secrets_of(request()))
    assert "hush" not in str(caught.value)
    assert "aWQ6" not in str(caught.value)
    assert "[hidden]" in str(caught.value)


def test_as_get_moves_the_form_into_the_query() -> None:
    """For servers that know no better; the body is empty then."""
    made = as_get(request())
    assert made.url == (
        "https://as.example/token?grant_type=refresh_token&refresh_token=refresh%2Fhush"
        "&scope=read&redirect_uri=https%3A%2F%2Fapp%2F"
    )
    assert (made.method, made.body) == ("GET", None)
    assert "content-type" not in made.headers
    assert "authorization" in made.headers


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({"refresh_token": "r"}, {}, {"refresh_token": "r"}),
        ({"refresh_token": "r"}, {"refresh_token": ""}, {"refresh_token": "r"}),
        ({"refresh_token": "r"}, {"refresh_token": None}, {"refresh_token": "r"}),
        ({"refresh_token": "r"}, {"refresh_token": "s"}, {"refresh_token": "s"}),
        ({"scope": "a"}, {}, {"scope": "a"}),
        ({"scope": "a"}, {"scope": None}, {"scope": "a"}),
        ({"scope": "a"}, {"scope": "b"}, {"scope": "b"}),
        ({"expires_at": 5, "custom": 1}, {}, {}),
        ({"id_token": "i"}, {}, {"id_token": "i"}),
        ({"id_token": "i"}, {"id_token": ""}, {"id_token": "i"}),
        ({"id_token": "i"}, {"id_token": "j"}, {"id_token": "j"}),
        ({"userinfo": {"sub": "a"}}, {}, {"userinfo": {"sub": "a"}}),
        (
            {"userinfo": {"sub": "a", "name": "A"}},
            {"userinfo": {"sub": "a"}},
            {"userinfo": {"sub": "a"}},
        ),
    ],
)
def test_refreshed_token_keeps_what_the_answer_omits(
    old: OAuth2Token, new: OAuth2Token, merged: OAuth2Token
) -> None:
    """The refresh token and the scope stay, the old expiry does not (RFC 6749 6).

    So do the ID Token and its claims (OpenID Connect Core 12.2).
    """
    assert merge_refreshed({**old, "access_token": "a"}, {**new, "access_token": "b"}) == {
        **merged,
        "access_token": "b",
    }


def test_claims_of_a_server_are_no_claims() -> None:
    """``userinfo`` is where verified ones are put; every other member is kept."""
    members = {"access_token": "a", "userinfo": {"sub": "admin"}, "user": {"sub": "admin"}}
    token = parse_token_response(answer(json.dumps(members).encode()), 0)
    assert token == {"access_token": "a", "token_type": "Bearer", "user": {"sub": "admin"}}


@pytest.mark.parametrize("value", [5, {"a": "b"}, "a b\n", "é", True])
def test_id_token_that_is_no_text_is_refused(value: object) -> None:
    """A JWT is printable ASCII; the message does not quote it."""
    members = {"access_token": "a", "id_token": value}
    with pytest.raises(MalformedResponseError, match="id_token of the token response"):
        parse_token_response(answer(json.dumps(members).encode()), 0)


@given(st.binary(), st.sampled_from([JSON, FORM]), st.integers(100, 599))
def test_any_answer_is_read_or_refused(
    content: bytes, headers: dict[str, str], status: int
) -> None:
    """Nothing but OAuthError comes of garbage."""
    try:
        token = parse_token_response(Response(status, headers, content), 0)
    except OAuthError:
        return
    assert token["access_token"].isprintable()


NAMES = ("access_token", "token_type", "expires_in", "expires_at", "refresh_token", "scope")
VALUES: list[st.SearchStrategy[object]] = [
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.text()),
]


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(VALUES)))
def test_any_members_are_read_or_refused(members: dict[str, object]) -> None:
    """A token that comes out has the types that it claims to have."""
    try:
        token = parse_token_response(answer(json.dumps(members).encode()), 0)
    except OAuthError:
        return
    assert isinstance(token["access_token"], str)
    assert isinstance(token.get("token_type"), str)
    assert isinstance(token.get("expires_at"), int | None)
    assert isinstance(token.get("refresh_token"), str | None)
    assert isinstance(token.get("scope"), str | None)


def test_answers_of_the_token_endpoint_are_short() -> None:
    """They are kept while their tokens live, so a long one is refused unread: 64 KiB."""
    grant = RefreshTokenGrant("r")
    assert token_request("https://as.example/token", grant).max_bytes == 65_536
    assert token_query_request("https://as.example/revoke", "t").max_bytes == 65_536
