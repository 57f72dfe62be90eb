"""The API: who may call it, and how the token is presented."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from tests.testing.acting import SteppingClock, basic, bearer, login, token


@pytest.mark.parametrize(
    ("headers", "query", "status", "error"),
    [
        ({}, {}, 401, "unauthorized"),
        ({"Authorization": "Bearer unknown"}, {}, 401, "invalid_token"),
        ({"Authorization": "Bearer "}, {}, 401, "invalid_token"),
        ({"Authorization": "Basic eDp5"}, {}, 401, "unauthorized"),
        ({}, {"access_token": "unknown"}, 401, "invalid_token"),
        ({"Authorization": "Bearer a"}, {"access_token": "b"}, 400, "invalid_request"),
    ],
)
def test_call_without_a_good_token_is_refused(
    http: Client, headers: dict[str, str], query: dict[str, str], status: int, error: str
) -> None:
    """Missing, wrong and doubled tokens have their answers (RFC 6750 3.1)."""
    answer = http.get("/api/me", headers=headers, query_string=query)
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")


def test_call_without_a_token_learns_both_ways(http: Client) -> None:
    """The bare challenge has no error code (RFC 6750 3.1)."""
    challenges = http.get("/api/me").headers.getlist("WWW-Authenticate")
    assert [challenge.split()[0] for challenge in challenges] == ["Bearer", "OAuth"]
    assert "error" not in challenges[0]


def test_token_in_the_body_of_a_get_does_not_count(http: Client) -> None:
    """The body carries a token only where it has a meaning (RFC 6750 2.2)."""
    access = login(http)["access_token"]
    answer = http.get("/api/echo", data={"access_token": access})
    assert answer.status_code == 401


def test_token_in_a_multipart_body_does_not_count(http: Client) -> None:
    """The body has to be a form of the simple kind (RFC 6750 2.2)."""
    access = login(http)["access_token"]
    answer = http.post(
        "/api/echo", data={"access_token": access}, content_type="multipart/form-data"
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("placement", ["header", "body", "query"])
def test_token_is_taken_from_each_place(http: Client, placement: str) -> None:
    """Header, form and query all work (RFC 6750 2.1 to 2.3)."""
    access = login(http)["access_token"]
    answer = http.post(
        "/api/echo",
        headers=bearer(access) if placement == "header" else None,
        data={"a": "1", **({"access_token": access} if placement == "body" else {})},
        query_string={"access_token": access} if placement == "query" else None,
    )
    document = answer.get_json()
    assert (document["placement"], document["form"]) == (placement, [["a", "1"]])
    assert access not in answer.text


def test_expired_token_is_refused(http: Client, clock: SteppingClock) -> None:
    """An access token ends on time (RFC 6750 3.1)."""
    headers = bearer(login(http)["access_token"])
    clock.now += 3599
    assert http.get("/api/me", headers=headers).status_code == 200
    clock.now += 1
    assert http.get("/api/me", headers=headers).get_json()["error"] == "invalid_token"


def test_missing_scope_is_named(http: Client) -> None:
    """403 says what would be needed (RFC 6750 3.1)."""
    answer = http.get("/api/notes", headers=bearer(login(http)["access_token"]))
    assert (answer.status_code, answer.get_json()["error"]) == (403, "insufficient_scope")
    assert 'scope="notes"' in answer.headers["WWW-Authenticate"]


def test_email_needs_its_scope(http: Client) -> None:
    """The profile holds what was granted, no more."""
    answer = http.get("/api/me", headers=bearer(login(http, scope="profile")["access_token"]))
    assert answer.get_json() == {"sub": "ada", "name": "Ada Lovelace"}


def test_client_is_nobody(http: Client) -> None:
    """A client-credentials token has no profile (RFC 6749 4.4)."""
    access = token(http, basic(), grant_type="client_credentials").get_json()["access_token"]
    answer = http.get("/api/me", headers=bearer(access))
    assert (answer.status_code, answer.get_json()["error"]) == (403, "access_denied")


@pytest.mark.parametrize("kind", ["data", "json"])
def test_notes_are_kept_by_user(http: Client, kind: str) -> None:
    """A note is added by form or JSON and comes back."""
    headers = bearer(login(http, scope="notes")["access_token"])
    note = {"text": " <b>hello</b> "}
    added = http.post(
        "/api/notes",
        headers=headers,
        data=note if kind == "data" else None,
        json=note if kind == "json" else None,
    )
    assert added.status_code == 201
    assert http.get("/api/notes", headers=headers).get_json() == {"notes": ["<b>hello</b>"]}


@pytest.mark.parametrize("document", [{}, {"text": " "}, {"text": 1}, [1], "text"])
def test_note_without_text_is_refused(http: Client, document: object) -> None:
    """There is nothing to keep."""
    headers = bearer(login(http, scope="notes")["access_token"])
    assert http.post("/api/notes", headers=headers, json=document).status_code == 400


def test_echo_tells_what_arrived(http: Client) -> None:
    """Body, type, query and method come back as they were understood."""
    answer = http.patch(
        "/api/echo?a=1&a=2",
        headers=bearer(login(http)["access_token"]),
        data="héllo",
        content_type="text/plain",
    )
    document = answer.get_json()
    assert (document["method"], document["body"]) == ("PATCH", "héllo")
    assert document["query"] == [["a", "1"], ["a", "2"]]
    assert (document["content_type"], document["user"]) == ("text/plain", "ada")
