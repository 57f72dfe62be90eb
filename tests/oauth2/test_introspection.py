"""Introspection answers and revocation answers (RFC 7662 2.2, 2.3, RFC 7009 2.2)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.errors import MalformedResponseError, OAuthError, TokenEndpointError
from typedoauth.messages import Response
from typedoauth.oauth2 import parse_introspection_response
from typedoauth.oauth2.token_endpoint import raise_for_refusal

JSON = {"Content-Type": "application/json"}


def answer(members: object, status: int = 200) -> Response:
    """An answer of the endpoint."""
    return Response(status, JSON, json.dumps(members).encode(), url="https://as.example/i")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"exp": 5.0, "iat": 0}, {"exp": 5, "iat": 0}),
        ({"aud": ["a", "b"]}, {"aud": ["a", "b"]}),
        ({"scope": None, "exp": None, "aud": None}, {}),
        ({"own": {"x": None}}, {"own": {"x": None}}),
    ],
)
def test_good_answer(members: dict[str, object], expected: dict[str, object]) -> None:
    """Members that are null count as absent; times are whole numbers (RFC 7662 2.2)."""
    assert parse_introspection_response(answer({"active": True, **members})) == {
        "active": True,
        **expected,
    }


BAD: list[object] = [
    {},
    {"active": None},
    {"active": "true"},
    {"active": 1},
    [{"active": True}],
    {"active": True, "exp": "5"},
    {"active": True, "exp": True},
    {"active": True, "exp": 5.5},
    {"active": True, "iat": []},
    {"active": True, "nbf": {}},
    {"active": True, "scope": ["a"]},
    {"active": True, "sub": 5},
    {"active": True, "aud": 5},
    {"active": True, "aud": ["a", 5]},
]


@pytest.mark.parametrize("members", BAD)
def test_bad_answer_is_refused(members: object) -> None:
    """``active`` is a boolean, and other members have their types, or it is no answer."""
    with pytest.raises(MalformedResponseError):
        parse_introspection_response(answer(members))


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b'{"active": true, "active": false}'])
def test_answer_that_is_no_document_is_refused(content: bytes) -> None:
    """Two readers must not disagree on whether a token is active (RFC 7662 4)."""
    with pytest.raises(MalformedResponseError):
        parse_introspection_response(Response(200, JSON, content))


@pytest.mark.parametrize("status", [302, 400, 401, 500])
def test_refusal_is_no_answer(status: int) -> None:
    """A refusal never counts as active, whatever its body says (RFC 7662 2.3)."""
    with pytest.raises(TokenEndpointError) as caught:
        parse_introspection_response(answer({"active": True}, status))
    assert caught.value.status == status


def test_token_is_hidden_in_a_refusal() -> None:
    """A server may quote the token it was asked about."""
    members = {"error": "invalid_request", "error_description": "what is hush-hush?"}
    with pytest.raises(TokenEndpointError, match="hidden") as caught:
        parse_introspection_response(answer(members, 400), ["hush-hush"])
    assert "hush" not in str(caught.value)


@given(st.binary())
def test_any_answer_is_read_or_refused(content: bytes) -> None:
    """Nothing but OAuthError comes of garbage."""
    try:
        found = parse_introspection_response(Response(200, JSON, content))
    except OAuthError:
        return
    assert isinstance(found["active"], bool)


@pytest.mark.parametrize("content", [b"", b"OK", b"<html>fine</html>", b"{}"])
def test_revocation_succeeds_whatever_the_body(content: bytes) -> None:
    """The status tells; the body is nobody's business (RFC 7009 2.2)."""
    raise_for_refusal(Response(200, content=content))


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, b'{"error": "unsupported_token_type"}', "unsupported_token_type"),
        (503, b"", "token_endpoint_error"),
        (200, b'{"error": "invalid_client"}', "invalid_client"),
        (307, b"", "token_endpoint_error"),
    ],
)
def test_revocation_refused(status: int, content: bytes, error: str) -> None:
    """A token that may still be good must not count as revoked (RFC 7009 2.2.1)."""
    with pytest.raises(TokenEndpointError) as caught:
        raise_for_refusal(Response(status, content=content))
    assert (caught.value.error, caught.value.status) == (error, status)
