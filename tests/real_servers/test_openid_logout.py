"""Logout at oidc-provider: begun in an application, and told to the others."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import pytest
from joserfc.jwk import ECKey

from tests.real_servers.browser import Browser
from tests.real_servers.openid import LOGGED_OUT, jose_header, register_client
from tests.real_servers.openid_app import OpenIDApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.client import OAuth2Options
from typedoauth.errors import CallbackError, StateMismatchError
from typedoauth.testing import serve


@contextmanager
def _listening(
    server: OAuth2Server, options: OAuth2Options | None = None, **metadata: object
) -> Generator[OpenIDApp]:
    """An application that the provider can reach, where its registration says."""
    sites: list[OpenIDApp] = []
    with serve(lambda environ, start: sites[0].app(environ, start)) as address:
        backchannel = f"{address}/backchannel"
        client = register_client(server, backchannel_logout_uri=backchannel, **metadata)
        sites.append(OpenIDApp(server, client, options))
        yield sites[0]


def _log_out(site: OpenIDApp, browser: Browser) -> None:
    """Log the browser's user in and out again, as far as the provider's last page."""
    with site.app.test_client() as http:
        assert site.begin(http, browser).open_in(http).status_code == 200
        browser.authorize(http.get("/logout").location, LOGGED_OUT)


def test_logout_ends_the_session_at_the_provider(oidc_provider: OAuth2Server) -> None:
    """The user confirms, is back, and has to sign in the next time (RP-Initiated Logout 2, 3)."""
    site = OpenIDApp(oidc_provider, register_client(oidc_provider))
    browser = Browser()
    with site.app.test_client() as http:
        for _ in range(2):
            site.begin(http, browser).open_in(http)
        assert browser.signed_in == 1
        arrival = browser.authorize(http.get("/logout").location, LOGGED_OUT)
        assert arrival.open_in(http).get_json() == {"farewell": "bye"}
        site.begin(http, browser)
        assert browser.signed_in == 2


def test_way_back_from_a_logout_is_bound_to_the_browser(oidc_provider: OAuth2Server) -> None:
    """The state counts once, and only where the logout was begun."""
    site = OpenIDApp(oidc_provider, register_client(oidc_provider))
    with site.app.test_client() as http, site.app.test_client() as stranger:
        arrival = Browser().authorize(http.get("/logout").location, LOGGED_OUT)
        with pytest.raises(StateMismatchError):
            arrival.open_in(stranger)
        assert arrival.open_in(http).status_code == 200
        with pytest.raises(StateMismatchError):
            arrival.open_in(http)
        with pytest.raises(CallbackError):
            http.get(LOGGED_OUT)


_KEY = ECKey.generate_key("P-256")
_ENCRYPTED: OAuth2Options = {
    "id_token_signed_response_alg": "EdDSA",
    "id_token_encrypted_response_alg": "ECDH-ES+A256KW",
    "id_token_encrypted_response_enc": "A256GCM",
}


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256"])
@pytest.mark.parametrize("with_sid", [True, False])
def test_logout_in_one_application_is_told_to_the_other(
    oidc_provider: OAuth2Server, algorithm: str, with_sid: bool
) -> None:
    """The provider posts a logout token for the subject and its session (Back-Channel 2.5)."""
    other = OpenIDApp(oidc_provider, register_client(oidc_provider))
    options: OAuth2Options = {"id_token_signed_response_alg": algorithm}
    required = {"backchannel_logout_session_required": with_sid}
    browser = Browser()
    with _listening(oidc_provider, options, **options, **required) as site:
        claims = site.log_in(browser)["userinfo"]
        _log_out(other, browser)
        [token] = site.logouts
    assert (token.iss, token.sub) == (oidc_provider.issuer, "ada")
    assert token.sid == claims.get("sid")
    assert (token.sid is not None) == with_sid


def test_logout_token_counts_once(oidc_provider: OAuth2Server) -> None:
    """Whoever got hold of one logs nobody out with it (Back-Channel 2.6)."""
    browser = Browser()
    with _listening(oidc_provider) as site:
        site.log_in(browser)
        _log_out(site, browser)
        [form] = site.posted
        answer = site.app.test_client().post("/backchannel", data=form)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
        assert len(site.logouts) == 1


def test_logout_token_of_another_client_is_refused(oidc_provider: OAuth2Server) -> None:
    """It is for one audience, as the ID Token is."""
    browser = Browser()
    other = OpenIDApp(oidc_provider, register_client(oidc_provider))
    with _listening(oidc_provider) as site:
        site.log_in(browser)
        _log_out(site, browser)
        answer = other.app.test_client().post("/backchannel", data=site.posted[0])
    assert answer.status_code == 400
    assert not other.logouts


def test_id_token_is_no_logout_token(oidc_provider: OAuth2Server) -> None:
    """An ID Token that leaked ends no session (Back-Channel 2.4)."""
    site = OpenIDApp(oidc_provider, register_client(oidc_provider))
    id_token = site.log_in()["id_token"]
    answer = site.app.test_client().post("/backchannel", data={"logout_token": id_token})
    assert answer.status_code == 400
    assert not site.logouts


def test_logout_token_may_be_encrypted(oidc_provider: OAuth2Server) -> None:
    """It is, where the ID Token is registered to be (Back-Channel 2.4)."""
    other = OpenIDApp(oidc_provider, register_client(oidc_provider))
    options: OAuth2Options = {**_ENCRYPTED, "decryption_key": _KEY.as_dict(private=True)}
    jwks = {"keys": [dict(_KEY.as_dict(private=False))]}
    browser = Browser()
    with _listening(oidc_provider, options, **_ENCRYPTED, jwks=jwks) as site:
        site.log_in(browser)
        _log_out(other, browser)
        [token] = site.logouts
        assert jose_header(site.posted[0]["logout_token"])["enc"] == "A256GCM"
    assert token.sub == "ada"
