"""Logins in a real browser, where the provider's page posts across sites."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, request

from tests.real_servers.chromium import Chromium, browsing
from tests.real_servers.clients import REDIRECT_URIS
from tests.real_servers.openid import register_client
from tests.real_servers.openid_app import OpenIDApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.errors import OAuthError
from typedoauth.testing import serve


class _Site(OpenIDApp):
    """The application, at ``localhost``, which is another site than the provider's 127.0.0.1.

    Attributes:
        address: Its address.
        callbacks: Of each callback, its method and whether it came with the session.
    """

    def __init__(self, server: OAuth2Server, address: str) -> None:
        client = register_client(server, redirect_uris=[f"{address}/authorize", REDIRECT_URIS[0]])
        super().__init__(server, client, {"response_mode": "form_post"})
        self.address: str = address
        self.callbacks: list[tuple[str, bool]] = []
        # Said, not left to the browser: Chromium lets new cookies that say nothing pass.
        self.app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
        self.app.before_request(self._note_callback)
        self.app.register_error_handler(OAuthError, lambda error: (type(error).__name__, 400))

    def _note_callback(self) -> None:
        if request.path == "/authorize":
            self.callbacks.append((request.method, "session" in request.cookies))


@pytest.fixture
def site(oidc_provider: OAuth2Server) -> Iterator[_Site]:
    """The application, running."""
    sites: list[_Site] = []
    with serve(lambda environ, start: sites[0].app(environ, start)) as address:
        port = urlsplit(address).port
        sites.append(_Site(oidc_provider, f"http://localhost:{port}"))
        yield sites[0]


def _sign_in(browser: Chromium, site: _Site) -> None:
    browser.open(f"{site.address}/login")
    assert browser.url.startswith("http://127.0.0.1:")
    browser.fill("[name=user]", "ada")
    browser.click("[value=approve]")


def test_login_posted_across_sites(driver: str, site: _Site, tmp_path: Path) -> None:
    """The first POST comes without the session; the page of ours posts again, by itself."""
    with browsing(driver, tmp_path) as browser:
        _sign_in(browser, site)
        browser.wait_for('"sub":"ada"')
        assert browser.url == f"{site.address}/authorize"
    assert site.callbacks == [("POST", False), ("POST", True)]


def test_login_posted_across_sites_without_scripts(
    driver: str, site: _Site, tmp_path: Path
) -> None:
    """The same, with a button of the provider's and one of ours."""
    with browsing(driver, tmp_path, javascript=False) as browser:
        _sign_in(browser, site)
        browser.click("noscript button")
        browser.wait_for("One more step")
        assert browser.url == f"{site.address}/authorize"
        browser.click("button")
        browser.wait_for('"sub":"ada"')
    assert site.callbacks == [("POST", False), ("POST", True)]


def test_login_of_somebody_else_posted_from_another_site_is_refused(
    driver: str, site: _Site, tmp_path: Path
) -> None:
    """The second post is as much bound to the browser as a redirect (RFC 6749 10.12)."""
    with site.app.test_client() as attacker:
        arrival = site.begin(attacker)
    fields = "".join(
        f"<input name='{escape(name)}' value='{escape(value)}'>"
        for name, value in (arrival.form or {}).items()
    )
    page = f"<form method=post action='{site.address}/authorize'>{fields}<button>Go</button>"
    lure = Flask("lure")
    lure.add_url_rule("/", view_func=lambda: page)
    with serve(lure) as elsewhere, browsing(driver, tmp_path) as browser:
        browser.open(f"{site.address}/login")  # so that there is a session
        browser.open(elsewhere)
        browser.click("button")
        browser.wait_for("StateMismatchError")
    assert site.callbacks == [("POST", False), ("POST", True)]
