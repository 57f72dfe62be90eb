"""Clients that come from a store while the application runs: providers of tenants."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.test import Client

from tests.client.world import SteppingClock
from typedoauth import (
    ConfigurationError,
    StateMismatchError,
    StoreError,
    TokenKey,
    UnknownClientError,
)
from typedoauth.flask import OAuth, OAuth1App, OAuth2App
from typedoauth.stores import MemoryTokenStore
from typedoauth.testing import LocalProvider
from typedoauth.transports import WSGITransport

SETTINGS: Mapping[str, object] = {
    "client_id": "client",
    "client_secret": "secret",
    "authorize_url": "http://localhost/oauth2/authorize",
    "access_token_url": "http://localhost/oauth2/token",
    "api_base_url": "http://localhost/api/",
}


class Rows:
    """A table of clients."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str | None], Mapping[str, object]] = {}

    def get(self, name: str, tenant: str | None, /) -> Mapping[str, object] | None:
        """Look a client up."""
        return self.rows.get((name, tenant))


class Site:
    """An application whose tenants bring their own providers."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.tokens = MemoryTokenStore()
        self.provider = LocalProvider(clock=SteppingClock())
        self.provider.add_user("ada", password="pw")
        self.provider.add_client("client", "secret", redirect_uris=["http://localhost/callback"])
        self.app = Flask("site")
        self.app.secret_key = "of the test"
        self.oauth = OAuth(
            self.app,
            client_store=self.rows,
            token_store=self.tokens,
            owner=lambda: "ada",
            transport=WSGITransport(self.provider),
        )

    def app_of(self, tenant: str | None = "acme", name: str = "sso") -> OAuth2App:
        """A tenant's client."""
        found = self.oauth.create_client(name, tenant)
        assert isinstance(found, OAuth2App)
        return found


def test_client_appears_changes_and_goes_without_a_restart() -> None:
    """The store is asked each time."""
    site = Site()
    with site.app.app_context():
        with pytest.raises(UnknownClientError, match="has no client 'sso' of tenant 'acme'"):
            site.app_of()
        site.rows.rows["sso", "acme"] = SETTINGS
        assert site.app_of().client_id == "client"
        site.rows.rows["sso", "acme"] = {**SETTINGS, "client_id": "another"}
        assert site.app_of().client_id == "another"
        del site.rows.rows["sso", "acme"]
        with pytest.raises(UnknownClientError):
            site.app_of()


def test_client_is_kept_as_long_as_its_settings_are() -> None:
    """So that its keys and connections are, too."""
    site = Site()
    site.rows.rows["sso", "acme"] = SETTINGS
    with site.app.app_context():
        first = site.app_of()._client  # pyright: ignore[reportPrivateUsage] compared only
        site.rows.rows["sso", "acme"] = dict(SETTINGS)
        assert site.app_of()._client is first  # pyright: ignore[reportPrivateUsage] likewise


def test_whole_login_of_a_tenant() -> None:
    """Redirect, callback, call; the token is kept under the tenant."""
    site = Site()
    site.rows.rows["sso", "acme"] = SETTINGS
    site.rows.rows["sso", "other"] = SETTINGS

    @site.app.get("/login")
    def login() -> ResponseReturnValue:
        return site.app_of().authorize_redirect("http://localhost/callback")

    @site.app.get("/callback")
    def callback() -> str:
        client = site.app_of()
        client.save_token(client.authorize_access_token())
        return str(client.get("me").json()["sub"])

    assert {login, callback}
    browser = site.app.test_client()
    page = browser.get("/login").headers["Location"]
    answer = Client(site.provider).post(page, data={"user": "ada", "decision": "approve"})
    assert browser.get(answer.headers["Location"]).text == "ada"
    assert [one.key for one in site.tokens.summaries()] == [TokenKey("sso", "ada", None, "acme")]
    with site.app.app_context():
        assert site.app_of("other").stored_token() is None


def test_callback_of_one_tenant_is_none_of_another() -> None:
    """A state belongs to the client that began the login (RFC 9700 4.4)."""
    site = Site()
    site.rows.rows["sso", "acme"] = site.rows.rows["sso", "evil"] = SETTINGS

    @site.app.get("/login")
    def login() -> ResponseReturnValue:
        return site.app_of("evil").authorize_redirect("http://localhost/callback")

    @site.app.get("/callback")
    def callback() -> ResponseReturnValue:
        return dict(site.app_of("acme").authorize_access_token())

    assert {login, callback}
    browser = site.app.test_client()
    page = browser.get("/login").headers["Location"]
    answer = Client(site.provider).post(page, data={"user": "ada", "decision": "approve"})
    site.app.testing = True
    with pytest.raises(StateMismatchError):
        browser.get(answer.headers["Location"])


def test_config_has_no_say_in_a_stored_client() -> None:
    """A secret of the application's own does not go to a tenant's server."""
    site = Site()
    site.app.config["SSO_CLIENT_SECRET"] = "of-the-application"
    site.app.config["SSO_API_BASE_URL"] = "https://x/"
    site.rows.rows["sso", "acme"] = {"client_id": "id", "access_token_url": "https://t/token"}
    with site.app.app_context():
        assert (site.app_of().client_secret, site.app_of().api_base_url) == (None, None)


def test_registered_client_comes_first() -> None:
    """A row cannot take its place; without a tenant, the store is asked for the others."""
    site = Site()
    site.oauth.register("sso", client_id="registered", access_token_url="https://a/token")
    site.rows.rows["sso", None] = SETTINGS
    site.rows.rows["more", None] = SETTINGS
    with site.app.app_context():
        assert site.oauth.create_client("sso").client_id == "registered"
        assert site.oauth.create_client("more").client_id == "client"


def test_oauth1_client_of_a_store() -> None:
    """A request_token_url is what makes it one, as with ``register``."""
    site = Site()
    site.rows.rows["old", None] = {
        "client_id": "id",
        "client_secret": "s",
        "request_token_url": "https://a/initiate",
    }
    with site.app.app_context():
        assert isinstance(site.oauth.create_client("old"), OAuth1App)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a text", "gave a str"),
        ({"client_id": "id", "acces_token_url": "https://a/"}, "access_token_url"),
        ({"client_id": "id", "access_token_url": "http://a.example/"}, "http"),
    ],
)
def test_broken_row_is_told(row: Mapping[str, object], message: str) -> None:
    """With the words of ``register``."""
    site = Site()
    site.rows.rows["sso", "acme"] = row
    with site.app.app_context(), pytest.raises(ConfigurationError, match=message):
        site.app_of()


@pytest.mark.parametrize("name", ["a@b", "", "a b", "../x"])
def test_name_that_no_client_can_have_is_unknown(name: str) -> None:
    """Two clients never look alike among open logins."""
    site = Site()
    site.rows.rows[name, "c"] = SETTINGS
    with site.app.app_context(), pytest.raises(UnknownClientError):
        site.oauth.create_client(name, "c")


def test_failing_store_is_a_store_error() -> None:
    """With its cause."""

    class Broken:
        def get(self, name: str, tenant: str | None, /) -> Mapping[str, object] | None:
            raise OSError(name, tenant)

    app = Flask("site")
    oauth = OAuth(app, client_store=Broken())
    with app.app_context(), pytest.raises(StoreError, match="a Broken"):
        oauth.create_client("sso", "acme")


def test_stored_clients_are_kept_in_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was used longest ago goes."""
    monkeypatch.setattr("typedoauth.flask.state._MOST_STORED", 3)
    site = Site()
    with site.app.app_context():
        for number in range(10):
            site.rows.rows["sso", str(number)] = SETTINGS
            assert site.app_of(str(number)).client_id == "client"
        state = site.oauth._applications.at_hand()  # pyright: ignore[reportPrivateUsage] counted only
        assert len(state._resolved) == len(state._stored) == 3  # pyright: ignore[reportPrivateUsage] likewise
