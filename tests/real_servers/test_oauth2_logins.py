"""Whole logins at Authlib's OAuth 2.0 server and at oidc-provider, through the documented API."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.real_servers.browser import Browser
from tests.real_servers.clients import (
    ACCENTED,
    BASIC,
    POST,
    PUBLIC,
    SPACES,
    SPECIAL,
    OAuth2Registration,
)
from tests.real_servers.login_app import LoginApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.errors import AuthorizationDeniedError, StateMismatchError, TokenEndpointError


@pytest.mark.parametrize(
    "client", [BASIC, POST, PUBLIC, SPECIAL, SPACES], ids=lambda c: c.client_id
)
def test_login_with_each_client_authentication(
    server: OAuth2Server, client: OAuth2Registration
) -> None:
    """Code, PKCE and state, with each way of authenticating (RFC 6749 2.3.1, 4.1; RFC 7636)."""
    site = LoginApp()
    site.register_oauth2(server, client)
    token = site.log_in()
    assert token["token_type"] == "Bearer"
    assert token["expires_at"] > 0


def test_login_with_accents_in_identifier_and_secret(authlib_oauth2: OAuth2Server) -> None:
    """UTF-8 goes through form-encoding into Basic (RFC 6749 2.3.1, appendix B)."""
    site = LoginApp()
    site.register_oauth2(authlib_oauth2, ACCENTED)
    site.log_in()


def test_login_with_raw_basic_where_the_server_wants_it(authlib_oauth2: OAuth2Server) -> None:
    """``basic_auth_encoding="raw"`` sends identifier and secret as they are."""
    site = LoginApp()
    site.register_oauth2(authlib_oauth2, SPACES, {"basic_auth_encoding": "raw"})
    site.log_in()


def test_login_by_form_post(oidc_provider: OAuth2Server) -> None:
    """The callback may come by POST, as ``response_mode=form_post`` has it."""
    site = LoginApp()
    site.register_oauth2(oidc_provider, BASIC, {"response_mode": "form_post"})
    with site.app.test_client() as http:
        arrival = site.begin(http)
        assert arrival.form is not None
        assert arrival.open_in(http).get_json()["profile"]["sub"] == "ada"


def test_login_with_endpoints_from_the_servers_metadata(oidc_provider: OAuth2Server) -> None:
    """``server_metadata_url`` is enough to find both endpoints (RFC 8414)."""
    site = LoginApp()
    base = oidc_provider.process.base_url
    site.oauth.register(
        "remote",
        client_id=BASIC.client_id,
        client_secret=BASIC.client_secret,
        server_metadata_url=f"{base}/.well-known/openid-configuration",
        api_base_url=oidc_provider.api_base_url,
        client_kwargs={"scope": "profile"},
    )
    site.log_in()


@pytest.mark.parametrize("placement", ["header", "query", "body"])
def test_api_call_with_each_token_placement(
    authlib_oauth2: OAuth2Server, placement: Literal["header", "query", "body"]
) -> None:
    """The token goes where it is told to (RFC 6750 2.1-2.3), beside what the call sends."""
    site = LoginApp()
    remote = site.register_oauth2(authlib_oauth2, BASIC, {"token_placement": placement})
    with site.app.app_context():
        token = remote.fetch_access_token(username="grace", password="nanoseconds")
        answer = remote.post("echo", token=token, params={"a": "b c"}, data={"d": "é&"})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    sent = dict(document["query"] + document["form"])
    assert sent.pop("access_token", None) == (
        None if placement == "header" else token["access_token"]
    )
    assert sent == {"a": "b c", "d": "é&"}


def test_wrong_secret_is_an_error_of_its_kind(server: OAuth2Server) -> None:
    """The refusal at the token endpoint comes out with its code, and without the secret."""
    site = LoginApp()
    site.register_oauth2(server, OAuth2Registration(BASIC.client_id, "guessed"))
    with site.app.test_client() as http:
        arrival = site.begin(http)
        with pytest.raises(TokenEndpointError) as caught:
            arrival.open_in(http)
    assert (caught.value.error, caught.value.status) == ("invalid_client", 401)
    assert "guessed" not in str(caught.value)


def test_refusal_of_the_person_is_an_error_of_its_own(server: OAuth2Server) -> None:
    """``access_denied`` is told apart from other errors, and no token is asked for."""
    site = LoginApp()
    site.register_oauth2(server, BASIC)
    with site.app.test_client() as http:
        arrival = site.begin(http, Browser(decision="deny"))
        before = server.token_requests()
        with pytest.raises(AuthorizationDeniedError):
            arrival.open_in(http)
    assert server.token_requests() == before


def test_pkce_is_what_the_server_asks_for(server: OAuth2Server) -> None:
    """A client that gives PKCE up by name is refused by these servers: the others used it."""
    site = LoginApp()
    site.register_oauth2(server, BASIC, {"code_challenge_method": "none"})
    with site.app.test_client() as http:
        arrival = site.begin(http)
        with pytest.raises(Exception, match="invalid_request"):
            arrival.open_in(http)


def test_two_tabs_end_in_either_order(server: OAuth2Server) -> None:
    """Two logins of one browser do not disturb each other."""
    site = LoginApp()
    site.register_oauth2(server, BASIC)
    with site.app.test_client() as http:
        arrivals = [site.begin(http), site.begin(http)]
        for arrival in reversed(arrivals):
            assert arrival.open_in(http).get_json()["profile"]["sub"] == "ada"


def test_callback_works_once(server: OAuth2Server) -> None:
    """Opening the callback again reaches no server."""
    site = LoginApp()
    site.register_oauth2(server, BASIC)
    with site.app.test_client() as http:
        arrival = site.begin(http)
        assert arrival.open_in(http).status_code == 200
        before = server.token_requests()
        with pytest.raises(StateMismatchError):
            arrival.open_in(http)
    assert server.token_requests() == before


def test_callback_of_another_browser_is_refused(server: OAuth2Server) -> None:
    """A login that one browser began does not end in another (RFC 6749 10.12)."""
    site = LoginApp()
    site.register_oauth2(server, BASIC)
    with site.app.test_client() as http:
        arrival = site.begin(http)
    with site.app.test_client() as victim, pytest.raises(StateMismatchError):
        arrival.open_in(victim)
