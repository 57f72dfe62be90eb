"""The provider on a desk, as a person uses it with a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, url_for
from werkzeug import Response

from tests.real_servers.chromium import Chromium, browsing
from typedoauth.errors import OAuthError
from typedoauth.flask import OAuth, OpenIDApp
from typedoauth.testing import serve
from typedoauth.testing.desk import CLIENT_SECRET, DeskProvider


@dataclass
class _Desk:
    """A desk.

    Attributes:
        provider: The provider.
        page: Its page.
        app: The address of an application.
    """

    provider: DeskProvider
    page: str
    app: str

    def choose(self, browser: Chromium, *inputs: str) -> None:
        """Choose on the page, and apply it."""
        browser.open(self.page)
        for name, value in (one.split("=") for one in inputs):
            browser.click(f"label:has([name={name}][value='{value}'])")
        browser.click("button")
        browser.wait_for('role="status"')


@pytest.fixture
def desk() -> Iterator[_Desk]:
    """A provider and an application, both running; a login is one of OpenID Connect."""
    provider = DeskProvider()
    with serve(provider) as there:
        app = Flask("app")
        app.secret_key = "of the test"
        client = OAuth(app).register(
            "provider",
            client_cls=OpenIDApp,
            client_id="whatever",
            client_secret=CLIENT_SECRET,
            server_metadata_url=f"{there}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email"},
        )

        def login() -> Response:
            return client.authorize_redirect(url_for("authorize", _external=True))

        def authorize() -> str:
            return f"Hello, {client.authorize_access_token()['userinfo'].get('email')}!"

        app.add_url_rule("/login", view_func=login)
        app.add_url_rule("/authorize", view_func=authorize)
        app.register_error_handler(OAuthError, lambda error: (type(error).__name__, 400))
        with serve(app) as here:
            yield _Desk(provider, f"{there}/", here)


@pytest.fixture(scope="module")
def browser(driver: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A window; what it keeps means nothing to another test's provider."""
    with browsing(driver, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


def test_person_is_asked(desk: _Desk, browser: Chromium) -> None:
    """At first, whoever comes says who they are."""
    browser.open(f"{desk.app}/login")
    browser.click("label:has([value=grace])")
    browser.click("[value=approve]")
    browser.wait_for("Hello, grace@example.com!")


def test_person_is_chosen(desk: _Desk, browser: Chromium) -> None:
    """Then nobody is asked, until the page says so again."""
    desk.choose(browser, "user=ada")
    browser.open(f"{desk.app}/login")
    browser.wait_for("Hello, ada@example.com!")
    desk.choose(browser, "user=")
    browser.open(f"{desk.app}/login")
    browser.wait_for("Who are you?")


def test_somebody_is_added(desk: _Desk, browser: Chromium) -> None:
    """Whoever is added is the one who signs in."""
    browser.open(desk.page)
    browser.click("fieldset summary")
    browser.fill("[name=new_user]", "<b>linus</b>")
    browser.fill("[name=new_email]", "linus@example.com")
    browser.click("button")
    browser.wait_for("Saved.")
    assert browser.evaluate("document.querySelector('[name=user]:checked').value") == (
        "<b>linus</b>"
    )
    browser.open(f"{desk.app}/login")
    browser.wait_for("Hello, linus@example.com!")


def test_fault_is_chosen(desk: _Desk, browser: Chromium) -> None:
    """It lasts until another one is chosen."""
    desk.choose(browser, "user=ada", "fault=deny")
    for _ in range(2):
        browser.open(f"{desk.app}/login")
        browser.wait_for("AuthorizationDeniedError")
    desk.choose(browser, "fault=wrong_state")
    browser.open(f"{desk.app}/login")
    browser.wait_for("StateMismatchError")
    desk.choose(browser, "fault=")
    browser.open(f"{desk.app}/login")
    browser.wait_for("Hello, ada@example.com!")


def test_page_of_another_site_chooses_nothing(desk: _Desk, browser: Chromium) -> None:
    """A form that is sent from elsewhere is refused."""
    lure = Flask("lure")
    form = f"<form method=post action={desk.page}><input name=fault value=deny><button>Go</button>"
    lure.add_url_rule("/", view_func=lambda: form)
    with serve(lure, host="localhost") as elsewhere:
        browser.open(elsewhere)
        browser.click("button")
        browser.wait_for("Forbidden")
    assert desk.provider.fault == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_page_fits(desk: _Desk, browser: Chromium, width: int, scheme: str) -> None:
    """Nothing has to be scrolled sideways; every control has a name; the scheme is kept to."""
    browser.show_as(width=width, scheme=scheme)
    browser.open(desk.page)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    labels = browser.evaluate(
        "[...document.querySelectorAll('input')].map(one => one.labels[0].textContent.trim())"
    )
    assert len(labels) > 8
    assert all(labels)
    ground = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(238, 241, 246)", "dark": "rgb(16, 20, 27)"}[scheme]
