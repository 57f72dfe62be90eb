"""Revocation, introspection and metadata."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from tests.testing.acting import SteppingClock, basic, bearer, login, token

_INACTIVE = {"active": False}


def _introspect(http: Client, value: str, headers: dict[str, str]) -> dict[str, object]:
    answer = http.post("/oauth2/introspect", data={"token": value}, headers=headers)
    document: dict[str, object] = answer.get_json()
    return document


def test_revoked_refresh_token_takes_its_family_along(http: Client) -> None:
    """Access tokens of the same grant end too (RFC 7009 2.1)."""
    tokens = login(http)
    answer = http.post("/oauth2/revoke", data={"token": tokens["refresh_token"]}, headers=basic())
    assert answer.status_code == 200
    assert http.get("/api/me", headers=bearer(tokens["access_token"])).status_code == 401
    assert _introspect(http, tokens["access_token"], basic()) == _INACTIVE
    again = token(http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert again.get_json()["error"] == "invalid_grant"


def test_revoked_access_token_leaves_the_refresh_token(http: Client) -> None:
    """Only the access token ends (RFC 7009 2.1)."""
    tokens = login(http)
    http.post("/oauth2/revoke", data={"token": tokens["access_token"]}, headers=basic())
    assert http.get("/api/me", headers=bearer(tokens["access_token"])).status_code == 401
    again = token(http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert again.status_code == 200


def test_unknown_token_is_revoked_all_the_same(http: Client) -> None:
    """The client wanted it gone, and it is (RFC 7009 2.2)."""
    answer = http.post("/oauth2/revoke", data={"token": "unknown"}, headers=basic())
    assert answer.status_code == 200


def test_token_of_another_client_is_not_revoked(http: Client) -> None:
    """A client ends its own tokens only (RFC 7009 2.1)."""
    access = login(http)["access_token"]
    answer = http.post(
        "/oauth2/revoke", data={"token": access}, headers=basic("other", "other-secret")
    )
    assert answer.status_code == 400
    assert http.get("/api/me", headers=bearer(access)).status_code == 200


@pytest.mark.parametrize("path", ["/oauth2/revoke", "/oauth2/introspect"])
def test_request_has_to_be_authenticated_and_whole(http: Client, path: str) -> None:
    """A wrong client is 401, a missing token 400 (RFC 7009 2.1, RFC 7662 2.1)."""
    unknown = http.post(path, data={"token": "x"}, headers=basic(secret="wrong"))
    assert (unknown.status_code, unknown.get_json()["error"]) == (401, "invalid_client")
    empty = http.post(path, data={"token": ""}, headers=basic())
    assert (empty.status_code, empty.get_json()["error"]) == (400, "invalid_request")


def test_live_tokens_are_described(http: Client, clock: SteppingClock) -> None:
    """Introspection tells whose token it is and until when (RFC 7662 2.2)."""
    tokens = login(http)
    access = _introspect(http, tokens["access_token"], basic())
    assert access == {
        "active": True,
        "scope": "profile email",
        "client_id": "client",
        "iat": int(clock()),
        "exp": int(clock()) + 3600,
        "iss": "http://localhost",
        "sub": "ada",
        "username": "ada",
        "token_type": "Bearer",
    }
    refresh = _introspect(http, tokens["refresh_token"], basic())
    assert (refresh["active"], refresh["sub"]) == (True, "ada")


def test_token_of_a_client_has_no_subject(http: Client) -> None:
    """A client that acts for itself is no user (RFC 7662 2.2)."""
    access = token(http, grant_type="client_credentials").get_json()["access_token"]
    document = _introspect(http, access, basic())
    assert (document["active"], document.get("sub")) == (True, None)


def test_dead_tokens_tell_nothing(http: Client, clock: SteppingClock) -> None:
    """Unknown, foreign, used and expired tokens look alike (RFC 7662 2.2)."""
    tokens = login(http)
    foreign = basic("other", "other-secret")
    assert _introspect(http, "unknown", basic()) == _INACTIVE
    assert _introspect(http, tokens["access_token"], foreign) == _INACTIVE
    token(http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert _introspect(http, tokens["refresh_token"], basic()) == _INACTIVE
    clock.now += 3600
    assert _introspect(http, tokens["access_token"], basic()) == _INACTIVE


def test_public_client_may_not_introspect(http: Client) -> None:
    """Introspection needs authentication, against token scanning (RFC 7662 2.1)."""
    answer = http.post("/oauth2/introspect", data={"token": "x", "client_id": "public"})
    assert answer.get_json()["error"] == "unauthorized_client"


def test_metadata_names_endpoints_that_answer(http: Client) -> None:
    """Every endpoint of the metadata is there, below the issuer (RFC 8414 2, 3.3)."""
    metadata = http.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["issuer"] == "http://localhost"
    endpoints = [value for name, value in metadata.items() if name.endswith("_endpoint")]
    assert len(endpoints) == 6
    for endpoint in endpoints:
        path = endpoint.removeprefix(metadata["issuer"])
        assert http.post(path).status_code in (200, 400, 401)
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["scopes_supported"] == ["email", "notes", "openid", "profile"]
