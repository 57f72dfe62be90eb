"""The page of the traces in a real browser: on a phone and a desk, light and dark, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.flask.tracing import PAGE, TracedSite, approved, begun, other_host, wrong_nonce
from tests.real_servers.chromium import Chromium, browsing
from typedoauth.testing import serve

_ENTER = "\ue007"


@pytest.fixture(scope="module")
def browser(driver: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A window that runs no scripts."""
    with browsing(driver, tmp_path_factory.mktemp("browser"), javascript=False) as browser:
        yield browser


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    """Where an application shows logins of every kind."""
    site = TracedSite()
    person = site.app.test_client()
    for name in ("one", "two", "op"):
        approved(site, person, name)
    begun(site, person, "two")
    other_host(site, person, "two")
    wrong_nonce(site, person, "op")
    with serve(site.app) as address:
        yield f"{address}{PAGE}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_page_can_be_read(browser: Chromium, page: str, width: int, scheme: str) -> None:
    """Nothing lies beside the screen, and every text stands out, also where all is open."""
    browser.show_as(width=width, scheme=scheme)
    browser.open(page)
    browser.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate("getComputedStyle(document.querySelector('.parties')).display") == (
        "grid"
    ), "its style is not let in"
    contrasts = browser.contrasts()
    assert len(contrasts) > 100
    assert min(contrasts) >= 4.5


def test_page_is_worked_by_keyboard(browser: Chromium, page: str) -> None:
    """A login, and the values of a message, open with the enter key."""
    browser.show_as(width=1200, scheme="light")
    browser.open(page)
    for selector in (".login:nth-of-type(2)", ".login:nth-of-type(1) .step details"):
        before = browser.evaluate(f"document.querySelector({selector!r}).open")
        browser.fill(f"{selector} > summary", _ENTER)
        assert (before, browser.evaluate(f"document.querySelector({selector!r}).open")) == (
            False,
            True,
        )


def test_page_has_headings_and_names(browser: Chromium, page: str) -> None:
    """For who hears it: a heading for each login, and what arrows and marks show, in words."""
    browser.open(page)
    heard = str(browser.evaluate("document.querySelector('.login').textContent"))
    assert browser.evaluate("document.querySelectorAll('h1').length") == 1
    assert browser.evaluate("document.querySelectorAll('.login h2').length") == 6
    assert "Browser to app" in heard
    assert re.search(r"Check passed:\s+The callback says which login it answers", heard)
    assert re.search(r"Check failed:\s+It answers this login \(nonce\)", heard)


def test_text_is_one_click_away(browser: Chromium, page: str) -> None:
    """The link to the text works, as a person clicks on it."""
    browser.show_as(width=1200, scheme="light")
    browser.open(page)
    browser.click("header a")
    browser.wait_for("Login 6 with op (OpenID Connect)")
    assert browser.url == f"{page}.txt"
