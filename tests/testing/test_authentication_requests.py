"""What OpenID Connect adds to the authorization endpoint (Core 3.1.2)."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from werkzeug.test import Client

from tests.testing.acting import (
    CALLBACK,
    SteppingClock,
    authorization_request,
    bearer,
    login,
    query_of,
)
from tests.testing.test_openid_connect import claims_of
from typedoauth.testing import LocalProvider


def _silent(http: Client, **changes: str | None) -> dict[str, str]:
    request = authorization_request(scope="openid", prompt="none", **changes)
    answer = http.get("/oauth2/authorize", query_string=request)
    return query_of(answer.headers["Location"])


def test_silent_request_needs_a_login(http: Client) -> None:
    """Nobody is signed in yet (Core 3.1.2.6)."""
    assert _silent(http)["error"] == "login_required"


def test_silent_request_is_answered_without_a_page(http: Client) -> None:
    """Whoever has signed in and approved is not asked again."""
    login(http, scope="openid")
    assert "code" in _silent(http)


def test_silent_request_needs_consent(http: Client) -> None:
    """Another client, or more of the scope, has not been approved (Core 3.1.2.6)."""
    login(http, scope="openid")
    assert _silent(http, client_id="other")["error"] == "consent_required"


def test_silent_request_is_for_the_user_of_the_hint(http: Client) -> None:
    """``id_token_hint`` names who has to be there (Core 3.1.2.1)."""
    hint = login(http, scope="openid")["id_token"]
    assert "code" in _silent(http, id_token_hint=hint)
    http.post(
        "/oauth2/authorize",
        query_string=authorization_request(scope="openid"),
        data={"user": "grace", "decision": "approve"},
    )
    assert _silent(http, id_token_hint=hint)["error"] == "login_required"


def test_max_age_bounds_a_silent_request(http: Client, clock: SteppingClock) -> None:
    """The login must not be older (Core 3.1.2.1)."""
    login(http, scope="openid")
    clock.now += 61
    assert _silent(http, max_age="60")["error"] == "login_required"
    assert "code" in _silent(http, max_age="61")


@pytest.mark.parametrize("prompt", ["login", "consent", "login consent", "select_account"])
def test_other_prompts_show_the_page(http: Client, prompt: str) -> None:
    """Which is what happens anyway, also to those who are signed in."""
    login(http, scope="openid")
    request = authorization_request(scope="openid", prompt=prompt)
    assert http.get("/oauth2/authorize", query_string=request).status_code == 200


def test_page_authenticates_anew(http: Client, clock: SteppingClock) -> None:
    """``auth_time`` is when the page was answered; the session stays."""
    first = claims_of(http, login(http, scope="openid")["id_token"])
    clock.now += 100
    second = claims_of(http, login(http, scope="openid", max_age="1")["id_token"])
    assert second["auth_time"] == first["auth_time"] + 100
    assert second["sid"] == first["sid"]


@pytest.mark.parametrize(
    "changes",
    [
        {"acr_values": "gold silver"},
        {"claims": '{"id_token": {"acr": {"essential": true, "values": ["gold", "silver"]}}}'},
    ],
)
def test_acr_is_the_one_asked_for(http: Client, changes: dict[str, str]) -> None:
    """The first wish is fulfilled (Core 3.1.2.1, 5.5.1.1)."""
    assert claims_of(http, login(http, scope="openid", **changes)["id_token"])["acr"] == "gold"


@pytest.mark.parametrize("hint", ["grace", "Grace Hopper"])
def test_login_hint_preselects(http: Client, hint: str) -> None:
    """The user meant is the first on the page (Core 3.1.2.1)."""
    request = authorization_request(scope="openid", login_hint=hint)
    page = http.get("/oauth2/authorize", query_string=request).text
    assert re.findall(r'value="(\w+)" checked', page) == ["grace"]


def test_other_user_than_asked_for_is_no_login(http: Client) -> None:
    """A ``sub`` that was asked for is kept to (Core 5.5.1)."""
    request = authorization_request(
        scope="openid", claims=json.dumps({"id_token": {"sub": {"value": "grace"}}})
    )
    answer = http.post(
        "/oauth2/authorize",
        query_string=request,
        data={"user": "ada", "decision": "approve"},
    )
    assert query_of(answer.headers["Location"])["error"] == "login_required"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "nothing"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "\u0663"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"id_token_hint": "x.y.z"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "https://x.example"}, "request_uri_not_supported"),
    ],
)
def test_wrong_parameter_is_told_to_the_client(
    http: Client, changes: dict[str, str], error: str
) -> None:
    """By an error of Core 3.1.2.6."""
    request = authorization_request(scope="openid", **changes)
    answer = http.get("/oauth2/authorize", query_string=request)
    assert query_of(answer.headers["Location"])["error"] == error


@pytest.mark.parametrize(
    ("scope", "protocol"), [("openid", "OpenID Connect"), ("profile", "OAuth 2.0")]
)
def test_page_says_which_protocol_it_serves(http: Client, scope: str, protocol: str) -> None:
    """Without ``openid`` the parameters of OpenID Connect mean nothing (Core 3.1.2.1)."""
    prompt = "login" if scope == "openid" else "none"
    request = authorization_request(scope=scope, prompt=prompt)
    page = http.get("/oauth2/authorize", query_string=request)
    assert (page.status_code, f"{protocol} · client" in page.text) == (200, True)


@pytest.mark.parametrize(("decision", "name"), [("approve", "code"), ("deny", "error")])
def test_response_can_be_posted(http: Client, decision: str, name: str) -> None:
    """A page with a form that sends itself, or at a click (Form Post Response Mode 2)."""
    page = http.post(
        "/oauth2/authorize",
        query_string=authorization_request(scope="openid", response_mode="form_post"),
        data={"user": "ada", "decision": decision},
    )
    assert (page.status_code, "Location" in page.headers) == (200, False)
    assert f'<form method="post" action="{CALLBACK}">' in page.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    assert (fields["state"], fields["iss"], name in fields) == (
        "st=a&amp;te",
        "http://localhost",
        True,
    )
    assert "Continue" in page.text
    script = re.search(r"<script>(.*)</script>", page.text)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.headers["Content-Security-Policy"]


def test_session_cookie_is_out_of_reach(http: Client) -> None:
    """Scripts and other sites do not get it."""
    login(http, scope="openid")
    cookie = http.get_cookie("local_provider", path="/oauth2")
    assert cookie
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


def test_users_do_not_share_a_session(provider: LocalProvider, http: Client) -> None:
    """Whoever signs in next has a session of their own."""
    first = login(http, scope="openid profile")
    http.post(
        "/oauth2/authorize",
        query_string=authorization_request(scope="openid"),
        data={"user": "grace", "decision": "approve"},
    )
    answer = http.get("/oauth2/userinfo", headers=bearer(first["access_token"]))
    assert answer.get_json()["sub"] == "ada"
    assert provider.counts["id_tokens"] == 1
