"""The library's pages in a real browser, as small and as dark as people have them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import session

from tests.flask.portal import make_portal
from tests.real_servers.chromium import Chromium, browsing
from typedoauth.errors import StateMismatchError
from typedoauth.flask import error_page
from typedoauth.stores import MemoryTokenStore
from typedoauth.testing import serve
from typedoauth.tokens import TokenKey

_UNNAMED = """[...document.querySelectorAll('a, button')]
.filter(one => !(one.getAttribute('aria-label') || one.textContent).trim()).length
"""
PAGES = {"/account/sign-in": 3, "/account/": 5, "/error": 1}
"""By path, how many links and buttons there are."""


@pytest.fixture(scope="module")
def browser(driver: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A window that runs no scripts."""
    with browsing(driver, tmp_path_factory.mktemp("browser"), javascript=False) as browser:
        yield browser


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    """The address of an application where Ada has linked two accounts."""
    store = MemoryTokenStore()
    store.set(TokenKey("github", "ada"), {"access_token": "a", "scope": "read:user user:email"})
    store.set(TokenKey("twitter", "ada", "second"), {"access_token": "a", "expires_at": 1})
    app = make_portal(token_store=store)

    def sign_in() -> str:
        session["user"] = "ada"
        return "You are Ada."

    app.add_url_rule("/as-ada", view_func=sign_in)
    again = "/account/sign-in"
    app.add_url_rule("/error", "error", lambda: error_page(StateMismatchError("x"), again=again))
    with serve(app) as here:
        yield here


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_readable(
    portal: str, browser: Chromium, path: str, width: int, scheme: str
) -> None:
    """Nothing has to be scrolled sideways, all text has contrast, every control a name."""
    browser.open(f"{portal}/as-ada")
    browser.show_as(width=width, scheme=scheme)
    browser.open(f"{portal}{path}")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    contrasts = browser.contrasts()
    assert len(contrasts) > PAGES[path]
    assert min(contrasts) >= 4.5
    assert browser.evaluate(_UNNAMED) == 0
    assert browser.evaluate("document.querySelectorAll('a, button').length") == PAGES[path]


def test_account_is_unlinked_without_scripts(portal: str, browser: Chromium) -> None:
    """One button, and the page says what is left to do."""
    browser.open(f"{portal}/as-ada")
    browser.open(f"{portal}/account/")
    browser.click("button[aria-label='Unlink Twitter (second)']")
    browser.wait_for("itself was not told")
    assert "Twitter (second)" not in browser.evaluate("document.body.innerText")
