"""What becomes of tokens of the real OAuth 2.0 servers: renewed, revoked, looked up, fetched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.real_servers.clients import BASIC, PEOPLE, POST, PUBLIC, SPECIAL, OAuth2Registration
from tests.real_servers.login_app import LoginApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.errors import InvalidGrantError, TokenEndpointError
from typedoauth.flask import OAuth2App
from typedoauth.tokens import OAuth2Token, check_oauth2_token

_CONFIDENTIAL = pytest.mark.parametrize("client", [BASIC, POST, SPECIAL], ids=lambda c: c.client_id)
_ALL = pytest.mark.parametrize("client", [BASIC, POST, PUBLIC, SPECIAL], ids=lambda c: c.client_id)


def _logged_in(
    server: OAuth2Server, client: OAuth2Registration
) -> tuple[LoginApp, OAuth2App, OAuth2Token]:
    site = LoginApp()
    remote = site.register_oauth2(server, client)
    return site, remote, check_oauth2_token(site.log_in())


def _expired(token: OAuth2Token) -> OAuth2Token:
    return {**token, "expires_at": 1}


@_ALL
def test_expired_token_is_renewed_before_the_call(
    server: OAuth2Server, client: OAuth2Registration
) -> None:
    """One refresh, with the client's own authentication, and the call goes through (6)."""
    site, remote, token = _logged_in(server, client)
    before = len(server.token_requests())
    with site.app.app_context():
        answer = remote.get("me", token=_expired(token))
    assert answer.json()["sub"] == "ada"
    assert server.token_requests()[before:] == [200]


def test_renewed_token_is_handed_to_update_token(server: OAuth2Server) -> None:
    """``update_token`` gets the new token, whose refresh token replaced the old one (6)."""
    site, _, token = _logged_in(server, BASIC)
    updates: list[tuple[str, OAuth2Token]] = []
    site.oauth.init_app(site.app, update_token=lambda name, new: updates.append((name, new)))
    with site.app.app_context():
        site.oauth.remote.get("me", token=_expired(token))
        [(name, new)] = updates
        assert name == "remote"
        assert new.get("refresh_token") not in {None, token.get("refresh_token")}
        # What was handed over is good for the next renewal; the old one is not.
        site.oauth.remote.get("me", token=_expired(new))
    assert len(updates) == 2


def test_threads_with_one_expired_token_refresh_once(server: OAuth2Server) -> None:
    """The servers take a refresh token once: a second refresh would be refused (6)."""
    site, remote, token = _logged_in(server, BASIC)
    before = len(server.token_requests())

    def call(_: int) -> str:
        with site.app.app_context():
            return str(remote.get("me", token=_expired(token)).json()["sub"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(16))) == ["ada"] * 16
    assert server.token_requests()[before:] == [200]


def test_spent_refresh_token_is_an_error_of_its_kind(server: OAuth2Server) -> None:
    """``invalid_grant`` tells the application to have the person log in again (5.2)."""
    site, remote, token = _logged_in(server, BASIC)
    with site.app.app_context():
        remote.refresh_token(token)
    # Another application knows nothing of that refresh.
    other = LoginApp()
    late = other.register_oauth2(server, BASIC)
    with other.app.app_context(), pytest.raises(InvalidGrantError) as caught:
        late.refresh_token(token)
    assert str(token.get("refresh_token")) not in str(caught.value)


@_ALL
def test_revoked_token_is_refused_by_the_api(
    server: OAuth2Server, client: OAuth2Registration
) -> None:
    """``revoke_token`` (RFC 7009) ends what the login began."""
    site, remote, token = _logged_in(server, client)
    with site.app.app_context():
        assert remote.get("me", token=token).status_code == 200
        remote.revoke_token(token)
        assert remote.get("me", token=token).status_code == 401


@_CONFIDENTIAL
def test_introspection_tells_what_the_server_knows(
    server: OAuth2Server, client: OAuth2Registration
) -> None:
    """``introspect_token`` (RFC 7662) sees the token before and after its revocation."""
    site, remote, token = _logged_in(server, client)
    with site.app.app_context():
        known = remote.introspect_token(token)
        assert (known["active"], known.get("client_id")) == (True, client.client_id)
        remote.revoke_token(token)
        assert remote.introspect_token(token)["active"] is False


@_CONFIDENTIAL
def test_client_credentials_get_a_token_of_their_own(
    server: OAuth2Server, client: OAuth2Registration
) -> None:
    """Without a person the client speaks for itself (RFC 6749 4.4)."""
    site = LoginApp()
    remote = site.register_oauth2(server, client)
    with site.app.app_context():
        token = remote.fetch_access_token(grant_type="client_credentials")
        assert remote.get("me", token=token).json()["sub"] == client.client_id


def test_client_of_its_own_fetches_and_renews_by_itself(server: OAuth2Server) -> None:
    """``grant_type="client_credentials"``: calls just work, with one token (RFC 6749 4.4)."""
    site = LoginApp()
    remote = site.register_oauth2(server, BASIC, {"grant_type": "client_credentials"})
    before = len(server.token_requests())
    for _ in range(2):
        with site.app.app_context():
            assert remote.get("me").json()["sub"] == BASIC.client_id
    assert server.token_requests()[before:] == [200]


@_ALL
def test_password_gets_a_token(authlib_oauth2: OAuth2Server, client: OAuth2Registration) -> None:
    """A password with every awkward character arrives whole (RFC 6749 4.3)."""
    site = LoginApp()
    remote = site.register_oauth2(authlib_oauth2, client)
    with site.app.app_context():
        token = remote.fetch_access_token(username="ada", password=PEOPLE["ada"])
        assert remote.get("me", token=token).json()["sub"] == "ada"


def test_wrong_password_is_refused_without_being_shown(authlib_oauth2: OAuth2Server) -> None:
    """The refusal names neither the password nor the secret (RFC 6749 5.2)."""
    site = LoginApp()
    remote = site.register_oauth2(authlib_oauth2, BASIC)
    with site.app.app_context(), pytest.raises(TokenEndpointError) as caught:
        remote.fetch_access_token(username="ada", password="guess3d")
    assert caught.value.status == 400
    assert "guess3d" not in str(caught.value)
