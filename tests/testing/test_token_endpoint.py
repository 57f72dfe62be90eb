"""The token endpoint: client authentication, grants, and what is refused."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import Client

from tests.testing.acting import (
    CALLBACK,
    SECRET,
    VERIFIER,
    SteppingClock,
    basic,
    bearer,
    challenge_of,
    code,
    login,
    token,
)
from typedoauth.testing import LocalProvider

_GRANT = {
    "grant_type": "authorization_code",
    "redirect_uri": CALLBACK,
    "code_verifier": VERIFIER,
}


def _raw(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def test_tokens_are_never_cached(http: Client) -> None:
    """Token answers forbid caches (RFC 6749 5.1)."""
    answer = token(http, code=code(http), **_GRANT)
    document = answer.get_json()
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    assert (document["token_type"], document["expires_in"]) == ("Bearer", 3600)
    assert document["scope"] == "profile email"


@pytest.mark.parametrize(
    "headers",
    [
        basic(secret="wrong"),
        basic("nobody"),
        basic("public", ""),
        basic("public", "guess"),
        _raw("client"),
        # Not form-encoded first, so that the percent sign means something else.
        _raw("other:%6fther-secre%"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Bearer x"},
        {},
    ],
)
def test_client_that_proves_nothing_is_refused(http: Client, headers: dict[str, str]) -> None:
    """Failed client authentication is 401 with a challenge (RFC 6749 5.2)."""
    answer = token(http, headers, grant_type="client_credentials")
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "form",
    [
        {"client_id": "client", "client_secret": "wrong"},
        {"client_id": "client"},
        {"client_secret": SECRET},
        {"client_id": "public", "client_secret": "guess"},
    ],
)
def test_client_that_posts_a_wrong_secret_is_refused(http: Client, form: dict[str, str]) -> None:
    """A secret in the form has to be right as well (RFC 6749 2.3.1)."""
    answer = token(http, {}, grant_type="client_credentials", **form)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_client_may_not_authenticate_twice(http: Client) -> None:
    """One method a request (RFC 6749 2.3)."""
    answer = token(http, client_secret=SECRET, grant_type="client_credentials")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_client_id_may_not_differ_from_the_header(http: Client) -> None:
    """Two names for one client are none."""
    answer = token(http, client_id="other", grant_type="client_credentials")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_secret_in_the_url_is_refused(http: Client) -> None:
    """URLs end up in logs (RFC 6749 2.3.1)."""
    answer = http.post(f"/oauth2/token?client_secret={'x'}", data={"client_id": "client"})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("method", "headers", "form"),
    [
        ("client_secret_post", basic("pinned", "pw"), {}),
        ("client_secret_basic", {}, {"client_id": "pinned", "client_secret": "pw"}),
    ],
)
def test_client_is_held_to_its_method(
    provider: LocalProvider,
    http: Client,
    method: str,
    headers: dict[str, str],
    form: dict[str, str],
) -> None:
    """A registered method is the only one (RFC 7591 2)."""
    provider.add_client("pinned", "pw", token_endpoint_auth_method=method)
    answer = token(http, headers, grant_type="client_credentials", **form)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "unknown"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant"),
        ({"grant_type": "client_credentials", "scope": "admin"}, "invalid_scope"),
        ({"grant_type": "password", "username": "ada"}, "invalid_request"),
        ({"grant_type": "password", "username": "ada", "password": "x"}, "invalid_grant"),
        ({"grant_type": "password", "username": "eve", "password": "x"}, "invalid_grant"),
        ({"grant_type": "password", "username": "grace", "password": "x"}, "invalid_grant"),
    ],
)
def test_wrong_token_request_is_refused(http: Client, form: dict[str, str], error: str) -> None:
    """Each mistake has its error code (RFC 6749 5.2)."""
    answer = token(http, **form)
    assert (answer.status_code, answer.get_json()["error"]) == (400, error)
    assert answer.headers["Cache-Control"] == "no-store"


def test_doubled_parameter_is_refused(http: Client) -> None:
    """A parameter occurs once (RFC 6749 3.2)."""
    answer = http.post(
        "/oauth2/token", data={"grant_type": ["client_credentials"] * 2}, headers=basic()
    )
    assert answer.get_json()["error"] == "invalid_request"


def test_token_request_that_is_no_form_is_refused(http: Client) -> None:
    """The token endpoint takes forms (RFC 6749 4.1.3)."""
    answer = http.post("/oauth2/token", json={"grant_type": "client_credentials"}, headers=basic())
    assert answer.get_json()["error"] == "invalid_request"


def test_token_request_by_get_is_refused(http: Client) -> None:
    """The token endpoint takes POST (RFC 6749 3.2)."""
    assert http.get("/oauth2/token").status_code == 405


def test_client_uses_only_its_grants(provider: LocalProvider, http: Client) -> None:
    """Another grant is ``unauthorized_client`` (RFC 6749 5.2)."""
    provider.add_client("machine", "pw", grant_types=["client_credentials"])
    answer = token(http, basic("machine", "pw"), grant_type="password")
    assert answer.get_json()["error"] == "unauthorized_client"


def test_public_client_has_no_credentials_grant(http: Client) -> None:
    """Client credentials are for confidential clients (RFC 6749 4.4)."""
    answer = token(http, {}, client_id="public", grant_type="client_credentials")
    assert answer.get_json()["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": "x" * 43},
        {"code_verifier": "short"},
        {"redirect_uri": None},
        {"redirect_uri": f"{CALLBACK}/"},
    ],
)
def test_code_needs_what_it_is_bound_to(http: Client, changes: dict[str, str | None]) -> None:
    """Verifier and redirection URI both have to fit (RFC 6749 4.1.3, RFC 7636 4.6)."""
    form: dict[str, str | None] = {**_GRANT, "code": code(http), **changes}
    assert token(http, **form).get_json()["error"] == "invalid_grant"


def test_short_verifier_is_refused_even_where_it_fits(http: Client) -> None:
    """Fewer than 43 characters can be guessed (RFC 7636 4.1)."""
    form = {**_GRANT, "code": code(http, code_challenge=challenge_of("short"))}
    answer = token(http, **(form | {"code_verifier": "short"}))
    assert answer.get_json()["error"] == "invalid_grant"


def test_failed_attempt_uses_up_the_code(http: Client) -> None:
    """Nobody gets to try verifiers (RFC 9700 4.5)."""
    granted = code(http)
    assert token(http, **{**_GRANT, "code": granted, "code_verifier": "x" * 43}).status_code == 400
    assert token(http, code=granted, **_GRANT).get_json()["error"] == "invalid_grant"


def test_code_of_another_client_is_refused_and_stays_good(http: Client) -> None:
    """A code is bound to its client, and nobody else can spoil it (RFC 6749 4.1.3)."""
    granted = code(http)
    stranger = token(http, basic("other", "other-secret"), code=granted, **_GRANT)
    assert stranger.get_json()["error"] == "invalid_grant"
    assert token(http, code=granted, **_GRANT).status_code == 200


def test_code_used_twice_revokes_its_tokens(http: Client) -> None:
    """The second use ends what the first one gave (RFC 6749 4.1.2)."""
    granted = code(http)
    access = token(http, code=granted, **_GRANT).get_json()["access_token"]
    assert http.get("/api/me", headers=bearer(access)).status_code == 200
    assert token(http, code=granted, **_GRANT).get_json()["error"] == "invalid_grant"
    assert http.get("/api/me", headers=bearer(access)).status_code == 401


def test_code_expires(http: Client, clock: SteppingClock) -> None:
    """A code is good for a minute (RFC 6749 4.1.2)."""
    granted = code(http)
    clock.now += 60
    assert token(http, code=granted, **_GRANT).get_json()["error"] == "invalid_grant"


def test_verifier_without_challenge_is_refused(provider: LocalProvider, http: Client) -> None:
    """A request whose challenge was taken away must not pass (RFC 9700 4.8.2)."""
    provider.add_client("client", SECRET, redirect_uris=[CALLBACK], require_pkce=False)
    without = {"code_challenge": None, "code_challenge_method": None}
    downgraded = token(http, code=code(http, **without), **_GRANT)
    assert downgraded.get_json()["error"] == "invalid_grant"
    plain = {**_GRANT, "code": code(http, **without), "code_verifier": None}
    assert token(http, **plain).status_code == 200


def _refresh(http: Client, refresh_token: str, **form: str) -> dict[str, str]:
    answer = token(http, grant_type="refresh_token", refresh_token=refresh_token, **form)
    document: dict[str, str] = answer.get_json()
    return document


def test_refresh_gives_new_tokens(http: Client) -> None:
    """Both tokens are replaced (RFC 6749 6, RFC 9700 4.14.2)."""
    first = login(http)
    second = _refresh(http, first["refresh_token"])
    assert {first["access_token"], first["refresh_token"]}.isdisjoint(second.values())
    assert http.get("/api/me", headers=bearer(second["access_token"])).status_code == 200


def test_refresh_token_used_twice_revokes_the_family(provider: LocalProvider, http: Client) -> None:
    """Whoever stole it, everything that came of the login ends (RFC 9700 4.14.2)."""
    first = login(http)
    second = _refresh(http, first["refresh_token"])
    assert _refresh(http, first["refresh_token"])["error"] == "invalid_grant"
    assert _refresh(http, second["refresh_token"])["error"] == "invalid_grant"
    assert http.get("/api/me", headers=bearer(second["access_token"])).status_code == 401
    assert provider.counts["refresh_token_reuse"] == 1


def test_refresh_token_is_good_once_for_threads_too(
    provider: LocalProvider, http: Client, clock: SteppingClock
) -> None:
    """Of several refreshes at the same moment one wins (RFC 9700 4.14.2)."""
    refresh_token = login(http)["refresh_token"]
    clock.pause = 0.02  # between the provider's check and its mark
    with ThreadPoolExecutor(4) as pool:
        browsers = [Client(provider) for _ in range(4)]
        answers = list(pool.map(_refresh, browsers, [refresh_token] * 4))
    assert sum("access_token" in answer for answer in answers) == 1


def test_refresh_may_narrow_the_scope_for_a_while(http: Client) -> None:
    """Less is possible, more is not, and the next one has it all again (RFC 6749 6)."""
    first = login(http)
    narrow = _refresh(http, first["refresh_token"], scope="email")
    assert narrow["scope"] == "email"
    wide = _refresh(http, narrow["refresh_token"], scope="email notes")
    assert wide["error"] == "invalid_scope"
    assert _refresh(http, narrow["refresh_token"])["scope"] == "profile email"


def test_refresh_token_of_another_client_is_refused(http: Client) -> None:
    """It is bound to its client (RFC 6749 6)."""
    refresh_token = login(http)["refresh_token"]
    answer = token(
        http,
        basic("other", "other-secret"),
        grant_type="refresh_token",
        refresh_token=refresh_token,
    )
    assert answer.get_json()["error"] == "invalid_grant"
    assert "access_token" in _refresh(http, refresh_token)


def test_refresh_token_expires(http: Client, clock: SteppingClock) -> None:
    """After its lifetime a person has to log in again."""
    refresh_token = login(http)["refresh_token"]
    clock.now += 30 * 24 * 3600
    assert _refresh(http, refresh_token)["error"] == "invalid_grant"


def test_client_without_the_refresh_grant_gets_no_refresh_token(
    provider: LocalProvider, http: Client
) -> None:
    """What cannot be used is not given (RFC 6749 4.1.4)."""
    provider.add_client(
        "client", SECRET, redirect_uris=[CALLBACK], grant_types=["authorization_code"]
    )
    assert "refresh_token" not in login(http)


def test_requests_are_counted(provider: LocalProvider, http: Client) -> None:
    """Tests can tell how many token requests came, and what they were for."""
    tokens = login(http)
    _refresh(http, tokens["refresh_token"])
    _refresh(http, "unknown")
    counts = provider.counts
    assert (counts["token_requests"], counts["refresh_token"]) == (3, 1)
    assert (counts["authorization_code"], counts["password"]) == (1, 0)
