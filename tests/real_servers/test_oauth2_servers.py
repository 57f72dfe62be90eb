"""Authlib's OAuth 2.0 server and oidc-provider are strict, and accept what is right."""

from __future__ import annotations

import pytest

from tests.real_servers.browser import Browser, RefusedError
from tests.real_servers.clients import (
    ACCENTED,
    BASIC,
    OAUTH2_CLIENTS,
    PEOPLE,
    POST,
    PUBLIC,
    SPACES,
    SPECIAL,
    OAuth2Registration,
)
from tests.real_servers.foreign import REDIRECT_URI, OAuth2Dance, basic, query_of, send
from tests.real_servers.servers import OAuth2Server

_CLIENT_CREDENTIALS = {"grant_type": "client_credentials", "scope": "profile"}


@pytest.mark.parametrize("client", [BASIC, POST, PUBLIC, SPECIAL], ids=lambda c: c.client_id)
def test_whole_dance_reaches_the_api(server: OAuth2Server, client: OAuth2Registration) -> None:
    """Each way of authenticating gets a token (RFC 6749 2.3.1) that the API accepts."""
    dance = OAuth2Dance(server, client)
    answer = dance.call(dance.token()["access_token"])
    assert (answer.status_code, answer.json()["sub"]) == (200, "ada")


def test_state_and_issuer_come_back(server: OAuth2Server) -> None:
    """``state`` comes back as it was sent; oidc-provider names itself as well (RFC 9207 2)."""
    answer = OAuth2Dance(server, BASIC).answer()
    assert (answer["state"], answer.get("iss")) == ("st&te", server.issuer)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-of-the-right-length-0123456789"},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1/authorize"},
        {"code": "guessed"},
    ],
    ids=["verifier", "no verifier", "redirect URI", "code"],
)
def test_code_wrongly_traded_is_refused(server: OAuth2Server, changes: dict[str, str]) -> None:
    """A code needs its verifier (RFC 7636 4.6) and its redirect URI (RFC 6749 4.1.3)."""
    dance = OAuth2Dance(server, BASIC)
    answer = dance.trade(changes.get("code", dance.answer()["code"]), changes)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}


def test_code_works_once(server: OAuth2Server) -> None:
    """A code that was traded is void (RFC 6749 4.1.2)."""
    dance = OAuth2Dance(server, BASIC)
    code = dance.answer()["code"]
    assert [dance.trade(code).status_code for _ in range(2)] == [200, 400]


def test_code_of_another_client_is_refused(server: OAuth2Server) -> None:
    """A code is bound to the client it was issued to (RFC 6749 4.1.3)."""
    owner, thief = OAuth2Dance(server, BASIC), OAuth2Dance(server, POST)
    answer = thief.trade(owner.answer()["code"], {"code_verifier": owner.verifier})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
    ],
    ids=["none", "plain", "no method"],
)
def test_authorization_without_s256_is_refused(
    server: OAuth2Server, changes: dict[str, str | None]
) -> None:
    """PKCE with S256 is demanded of confidential clients, too (RFC 7636 4.4.1)."""
    assert OAuth2Dance(server, BASIC).answer(**changes)["error"] == "invalid_request"


def test_unregistered_redirect_uri_gets_an_error_page(server: OAuth2Server) -> None:
    """The browser is not sent to a stranger (RFC 6749 3.1.2.4)."""
    page = OAuth2Dance(server, BASIC).page(redirect_uri="http://localhost/elsewhere")
    with pytest.raises(RefusedError, match="400"):
        Browser().authorize(page, "http://localhost/elsewhere")


def test_refusal_of_the_person_comes_back_as_an_error(server: OAuth2Server) -> None:
    """The application learns of it, with its state (RFC 6749 4.1.2.1)."""
    page = OAuth2Dance(server, BASIC).page()
    answer = query_of(Browser(decision="deny").authorize(page, REDIRECT_URI).url)
    assert (answer["error"], answer["state"]) == ("access_denied", "st&te")


@pytest.mark.parametrize("client", [BASIC, POST, SPECIAL], ids=lambda c: c.client_id)
def test_wrong_secret_is_refused(server: OAuth2Server, client: OAuth2Registration) -> None:
    """A client with a wrong secret gets nothing (RFC 6749 5.2)."""
    wrong = OAuth2Registration(client.client_id, "guessed", client.authentication)
    answer = OAuth2Dance(server, wrong).post(server.access_token_url, _CLIENT_CREDENTIALS)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_other_way_of_authenticating_is_refused(authlib_oauth2: OAuth2Server) -> None:
    """The right secret in the body is no good for a client that registered Basic.

    oidc-provider takes either way from either client.
    """
    other = OAuth2Registration(BASIC.client_id, BASIC.client_secret, "client_secret_post")
    url = authlib_oauth2.access_token_url
    answer = OAuth2Dance(authlib_oauth2, other).post(url, _CLIENT_CREDENTIALS)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("fixture", "client", "encoding", "accepted"),
    [
        ("authlib_oauth2", SPECIAL, "form", True),
        ("authlib_oauth2", SPECIAL, "raw", False),
        ("authlib_oauth2", ACCENTED, "form", True),
        ("authlib_oauth2", SPACES, "form", False),
        ("authlib_oauth2", SPACES, "percent", True),
        ("authlib_oauth2", SPACES, "raw", True),
        ("oidc_provider", SPECIAL, "form", True),
        ("oidc_provider", SPECIAL, "raw", False),
        ("oidc_provider", SPACES, "form", True),
        ("oidc_provider", SPACES, "percent", True),
    ],
)
def test_basic_is_decoded_by_each_server_in_its_own_way(
    request: pytest.FixtureRequest,
    fixture: str,
    client: OAuth2Registration,
    encoding: str,
    accepted: bool,
) -> None:
    """RFC 6749 2.3.1 has both halves form-encoded; Authlib undoes ``%20``, but not ``+``."""
    found = request.getfixturevalue(fixture)
    assert isinstance(found, OAuth2Server)
    answer = OAuth2Dance(found, client).post(
        found.access_token_url, _CLIENT_CREDENTIALS, basic(client, encoding=encoding)
    )
    assert (answer.status_code == 200) is accepted, answer.text


def test_refresh_token_works_once(server: OAuth2Server) -> None:
    """Refreshing gives another refresh token and takes the old one away (RFC 6749 6)."""
    dance = OAuth2Dance(server, BASIC)
    token = dance.token()
    renewed = dance.refresh(token["refresh_token"])
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] != token["refresh_token"]
    assert dance.call(renewed.json()["access_token"]).status_code == 200
    again = dance.refresh(token["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_revoked_token_is_no_good(server: OAuth2Server) -> None:
    """After revocation (RFC 7009 2) neither API nor token endpoint takes the token."""
    dance = OAuth2Dance(server, BASIC)
    token = dance.token()
    form = {"token": token["refresh_token"], "token_type_hint": "refresh_token"}
    assert dance.post(server.revocation_url, form).status_code == 200
    assert dance.call(token["access_token"]).status_code == 401
    assert dance.refresh(token["refresh_token"]).status_code == 400


def test_introspection_tells_active_from_made_up(server: OAuth2Server) -> None:
    """Introspection (RFC 7662 2.2) knows its own tokens and no others."""
    dance = OAuth2Dance(server, BASIC)
    access_token = dance.token()["access_token"]
    known = dance.post(server.introspection_url, {"token": access_token}).json()
    assert (known["active"], known["client_id"]) == (True, BASIC.client_id)
    assert dance.post(server.introspection_url, {"token": "guessed"}).json() == {"active": False}


@pytest.mark.parametrize("endpoint", ["revocation_url", "introspection_url"])
def test_stranger_may_neither_revoke_nor_introspect(server: OAuth2Server, endpoint: str) -> None:
    """Both endpoints authenticate the client (RFC 7009 2.1, RFC 7662 2.1)."""
    wrong = OAuth2Registration(BASIC.client_id, "guessed")
    url: str = getattr(server, endpoint)
    assert OAuth2Dance(server, wrong).post(url, {"token": "any"}).status_code == 401


@pytest.mark.parametrize("access_token", ["guessed", ""])
def test_api_refuses_tokens_that_nobody_issued(server: OAuth2Server, access_token: str) -> None:
    """The API wants a token of its own (RFC 6750 3)."""
    assert OAuth2Dance(server, BASIC).call(access_token).status_code == 401


@pytest.mark.parametrize("right", [True, False])
def test_password_grant_checks_the_password(authlib_oauth2: OAuth2Server, right: bool) -> None:
    """Authlib's server knows its people (RFC 6749 4.3)."""
    password = PEOPLE["ada"] if right else "guessed"
    form = {"grant_type": "password", "username": "ada", "password": password}
    answer = OAuth2Dance(authlib_oauth2, BASIC).post(authlib_oauth2.access_token_url, form)
    assert answer.status_code == (200 if right else 400)


@pytest.mark.parametrize("place", ["query", "body"])
def test_api_takes_tokens_in_query_and_body(authlib_oauth2: OAuth2Server, place: str) -> None:
    """The API beside Authlib's server takes tokens as RFC 6750 2.2 and 2.3 allow, one each."""
    token = {"access_token": OAuth2Dance(authlib_oauth2, BASIC).token()["access_token"]}
    url = f"{authlib_oauth2.api_base_url}me"
    if place == "query":
        url = f"{url}?access_token={token['access_token']}"
    data = token if place == "body" else None
    assert send("POST", url, data=data).status_code == 200
    twice = {"Authorization": f"Bearer {token['access_token']}"}
    assert send("POST", url, headers=twice, data=data).status_code == 400


def test_everybody_registered_is_known_to_both_servers(server: OAuth2Server) -> None:
    """No client of the table is missing anywhere: each gets an authorization code."""
    assert all("code" in OAuth2Dance(server, client).answer() for client in OAUTH2_CLIENTS)
