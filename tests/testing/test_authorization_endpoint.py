"""The authorization endpoint: what it redirects, what it refuses and how."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from tests.testing.acting import (
    CALLBACK,
    authorization_request,
    challenge_of,
    login,
    query_of,
    token,
)
from typedoauth.testing import LocalProvider


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "nobody"},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": f"{CALLBACK}?a=1"},
        {"redirect_uri": "http://localhost:1/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "other", "redirect_uri": None},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_untrusted_request_is_not_redirected(
    http: Client, method: str, changes: dict[str, str | None]
) -> None:
    """A wrong client or redirection URI ends on a page of the server (RFC 6749 4.1.2.1)."""
    answer = http.open(
        "/oauth2/authorize",
        method=method,
        query_string=authorization_request(**changes),
        data={"user": "ada", "decision": "approve"} if method == "POST" else None,
    )
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_doubled_identity_is_not_redirected(http: Client, name: str) -> None:
    """With two of them nobody knows which is meant (RFC 6749 3.1)."""
    pairs = [*authorization_request().items(), (name, authorization_request()[name])]
    assert http.get("/oauth2/authorize", query_string=dict_of(pairs)).status_code == 400


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Group pairs by name, as werkzeug takes them."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile admin"}, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "=" * 43}, "invalid_request"),
    ],
)
def test_wrong_request_is_told_to_the_client(
    http: Client, changes: dict[str, str | None], error: str
) -> None:
    """The redirect carries error, state and iss (RFC 6749 4.1.2.1, RFC 7636 4.4.1, RFC 9207)."""
    answer = http.get("/oauth2/authorize", query_string=authorization_request(**changes))
    assert answer.headers["Location"].startswith(f"{CALLBACK}?")
    query = query_of(answer.headers["Location"])
    assert (query["error"], query["state"], query["iss"]) == (error, "st=a&te", "http://localhost")


def test_doubled_parameter_is_told_to_the_client(http: Client) -> None:
    """A parameter occurs once (RFC 6749 3.1)."""
    pairs = [*authorization_request().items(), ("scope", "email")]
    answer = http.get("/oauth2/authorize", query_string=dict_of(pairs))
    assert query_of(answer.headers["Location"])["error"] == "invalid_request"


def test_client_without_the_grant_is_refused(provider: LocalProvider, http: Client) -> None:
    """A client uses the grants that it is registered for (RFC 6749 4.1.2.1)."""
    provider.add_client(
        "machine", "x", redirect_uris=[CALLBACK], grant_types=["client_credentials"]
    )
    answer = http.get("/oauth2/authorize", query_string=authorization_request(client_id="machine"))
    assert query_of(answer.headers["Location"])["error"] == "unauthorized_client"


def test_half_a_challenge_is_refused_where_none_is_needed(
    provider: LocalProvider, http: Client
) -> None:
    """A method without a challenge is a mistake in any case (RFC 7636 4.3)."""
    provider.add_client("client", "x", redirect_uris=[CALLBACK], require_pkce=False)
    answer = http.get("/oauth2/authorize", query_string=authorization_request(code_challenge=None))
    assert query_of(answer.headers["Location"])["error"] == "invalid_request"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_page_changes_nothing_until_its_form_is_posted(http: Client, method: str) -> None:
    """Looking is not approving: GET and HEAD give the page."""
    answer = http.open("/oauth2/authorize", method=method, query_string=authorization_request())
    assert answer.status_code == 200
    assert "Location" not in answer.headers


@pytest.mark.parametrize("form", [{}, {"user": "ada"}, {"user": "eve", "decision": "approve"}])
def test_form_without_a_decision_is_an_error_page(http: Client, form: dict[str, str]) -> None:
    """Only a known user with a known word decides."""
    answer = http.post("/oauth2/authorize", query_string=authorization_request(), data=form)
    assert answer.status_code == 400


def test_denial_is_told_to_the_client(provider: LocalProvider, http: Client) -> None:
    """A person who says no makes ``access_denied`` (RFC 6749 4.1.2.1)."""
    answer = http.post(
        "/oauth2/authorize",
        query_string=authorization_request(),
        data={"user": "ada", "decision": "deny"},
    )
    assert query_of(answer.headers["Location"])["error"] == "access_denied"
    assert provider.counts["denied"] == 1


@pytest.mark.parametrize("state", [None, "", "a b&c=d#é"])
def test_state_comes_back_as_it_was(http: Client, state: str | None) -> None:
    """State is echoed, or absent where it was (RFC 6749 4.1.2)."""
    answer = http.post(
        "/oauth2/authorize",
        query_string=authorization_request(state=state),
        data={"user": "ada", "decision": "approve"},
    )
    assert query_of(answer.headers["Location"]).get("state", None) == (state or None)


def test_query_of_the_redirect_uri_stays(provider: LocalProvider, http: Client) -> None:
    """Parameters are added to the query that is there (RFC 6749 3.1.2)."""
    provider.add_client("client", "x", redirect_uris=[f"{CALLBACK}?a=1"])
    answer = http.post(
        "/oauth2/authorize",
        query_string=authorization_request(redirect_uri=None),
        data={"user": "ada", "decision": "approve"},
    )
    assert answer.headers["Location"].startswith(f"{CALLBACK}?a=1&code=")


def test_only_redirect_uri_may_be_left_out(http: Client) -> None:
    """With one registered there is no doubt, at either endpoint (RFC 6749 3.1.2.3, 4.1.3)."""
    answer = http.post(
        "/oauth2/authorize",
        query_string=authorization_request(redirect_uri=None),
        data={"user": "ada", "decision": "approve"},
    )
    code = query_of(answer.headers["Location"])["code"]
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    answer = token(http, grant_type="authorization_code", code=code, code_verifier=verifier)
    assert answer.status_code == 200


def test_scope_left_out_means_all_of_it(http: Client) -> None:
    """The default scope is what the client is registered for (RFC 6749 3.3)."""
    assert login(http, scope=None)["scope"] == "profile email notes"


def test_challenge_of_the_specification_is_understood() -> None:
    """The example of RFC 7636 appendix B, which the other tests use, is one."""
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
