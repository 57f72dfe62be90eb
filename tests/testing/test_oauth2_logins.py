"""Whole OAuth 2.0 logins over HTTP by Authlib's client."""

from __future__ import annotations

from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session

from tests.testing.acting import CALLBACK, SECRET, VERIFIER, decide
from typedoauth.testing import LocalProvider


def _session(client_id: str, secret: str | None, method: str, **more: str) -> OAuth2Session:
    options: dict[str, Any] = {**more}  # Authlib takes them as they are
    return OAuth2Session(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        scope="profile email",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        **options,
    )


def _login(session: OAuth2Session, url: str) -> None:
    page, state = session.create_authorization_url(
        f"{url}/oauth2/authorize", code_verifier=VERIFIER
    )
    session.fetch_token(
        f"{url}/oauth2/token",
        authorization_response=decide(page),
        state=state,
        code_verifier=VERIFIER,
    )


@pytest.mark.parametrize(
    ("client_id", "secret", "method"),
    [
        ("client", SECRET, "client_secret_post"),
        ("other", "other-secret", "client_secret_basic"),
        ("public", None, "none"),
    ],
)
@pytest.mark.parametrize("placement", ["header", "body", "uri"])
def test_login_with_authlib_gives_a_profile(
    url: str, client_id: str, secret: str | None, method: str, placement: str
) -> None:
    """Each client authentication and each placement works (RFC 6749 2.3.1, RFC 6750 2)."""
    with _session(client_id, secret, method, token_placement=placement) as session:
        _login(session, url)
        answer = session.request(
            "POST" if placement == "body" else "GET",
            f"{url}/api/echo",
            data={"a": "b"} if placement == "body" else None,
        )
    assert answer.json()["user"] == "ada"
    assert answer.json()["placement"] == {"uri": "query"}.get(placement, placement)


def test_scope_decides_what_the_profile_tells(url: str) -> None:
    """The email address needs its scope (RFC 6749 3.3)."""
    with _session("public", None, "none") as session:
        _login(session, url)
        assert session.get(f"{url}/api/me").json() == {
            "sub": "ada",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
        }
        assert session.get(f"{url}/api/notes").status_code == 403


def test_expired_token_is_refreshed_by_authlib(provider: LocalProvider, url: str) -> None:
    """An automatic refresh takes one request and leads to a new token (RFC 6749 6)."""
    with _session("public", None, "none", token_endpoint=f"{url}/oauth2/token") as session:
        _login(session, url)
        session.token["expires_at"] = 1
        assert session.get(f"{url}/api/me").status_code == 200
        assert session.get(f"{url}/api/me").status_code == 200
    assert provider.counts["refresh_token"] == 1


@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "nonsense"])
def test_revoked_token_is_inactive_whatever_the_hint(url: str, hint: str | None) -> None:
    """Revocation and introspection fit each other (RFC 7009 2.1, RFC 7662 2.2)."""
    with _session("client", SECRET, "client_secret_post") as session:
        _login(session, url)
        access = session.token["access_token"]
        before = session.introspect_token(f"{url}/oauth2/introspect", access).json()
        assert (before["active"], before["sub"], before["scope"]) == (True, "ada", "profile email")
        revoked = session.revoke_token(
            f"{url}/oauth2/revoke", access, hint, auth=("other", "other-secret")
        )
        assert revoked.status_code == 400
        session.revocation_endpoint_auth_method = "client_secret_post"
        assert session.revoke_token(f"{url}/oauth2/revoke", access, hint).status_code == 200
        after = session.introspect_token(f"{url}/oauth2/introspect", access).json()
    assert after == {"active": False}


@pytest.mark.parametrize(
    ("grant", "user"),
    [
        ({"grant_type": "client_credentials"}, None),
        ({"grant_type": "password", "username": "ada", "password": "p w&d"}, "ada"),
    ],
)
def test_grant_without_a_browser_gives_a_token(
    url: str, grant: dict[str, str], user: str | None
) -> None:
    """Client credentials and password work with Authlib (RFC 6749 4.3, 4.4)."""
    with _session("client", SECRET, "client_secret_post") as session:
        options: dict[str, Any] = {**grant}  # Authlib takes them as they are
        token = session.fetch_token(f"{url}/oauth2/token", **options)
        assert session.get(f"{url}/api/echo").json()["user"] == user
    assert ("refresh_token" in token) == (user is not None)
