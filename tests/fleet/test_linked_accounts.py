"""The example with Flask-Login, Flask-SQLAlchemy and the SQL store, walked through as a person."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from examples.demo.browser import Browser, Page
from examples.linked_accounts.models import db
from examples.linked_accounts.stack import Stack, running
from typedoauth.testing import Lifetimes


@contextmanager
def opened(folder: Path, lifetimes: Lifetimes | None = None) -> Generator[Stack]:
    """The app and its provider, and no connection left in the end."""
    with running(folder, lifetimes) as made:
        yield made
        with made.app.app_context():
            db.engine.dispose()


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """The app and its provider."""
    with opened(tmp_path) as made:
        yield made


class Person:
    """Somebody with a browser."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.browser = Browser()

    def go(self, path: str) -> Page:
        """Open a page of the app."""
        return self.browser.open(self.stack.app_url + path)

    def press(self, action: str) -> Page:
        """Press a button of the first page."""
        return self.browser.submit(self.go("/"), action)

    def choose(self, user: str, decision: str = "approve") -> Page:
        """Sign in with an account, or link it."""
        page = self.press("/login")
        assert page.url.startswith(self.stack.provider_url)
        return self.browser.submit(page, "", user=user, decision=decision)


def tokens(stack: Stack) -> list[tuple[str, str]]:
    """Whose tokens are kept, and of which account."""
    with stack.app.app_context(), db.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT owner, account FROM typedoauth_tokens ORDER BY account")
        )
        return [(row[0], row[1]) for row in rows]


def test_two_accounts_are_linked_used_and_unlinked(stack: Stack) -> None:
    """Each has its own token; unlinking revokes one and deletes it, and leaves the other."""
    ada = Person(stack)
    assert "Hello, Ada Lovelace" in ada.choose("ada").text
    assert "Ada, Countess" in ada.choose("countess").text
    assert tokens(stack) == [("1", "ada"), ("1", "countess")]
    for sub in ("ada", "countess"):
        assert f"{sub}@example.com" in ada.go(f"/accounts/{sub}").text
    assert "no longer linked" in ada.press("/accounts/countess/unlink").text
    assert (tokens(stack), stack.provider.counts["revocation"]) == ([("1", "ada")], 1)
    assert ada.go("/accounts/countess").status == 404
    assert "ada@example.com" in ada.go("/accounts/ada").text


def test_expired_token_is_renewed_once(tmp_path: Path) -> None:
    """By the call that meets it; what is kept is encrypted all the while."""
    with opened(tmp_path, Lifetimes(access_token=4)) as stack:
        ada = Person(stack)
        ada.choose("ada")
        time.sleep(2.1)  # it is used for half its life
        assert [ada.go("/accounts/ada").status for _ in range(2)] == [200, 200]
        assert stack.provider.counts["refresh_token"] == 1
        with stack.app.app_context(), db.engine.connect() as connection:
            (kept,) = connection.execute(text("SELECT token FROM typedoauth_tokens")).scalars()
    assert b"access_token" not in bytes(kept)


def test_signing_in_again_finds_the_same_user(stack: Stack) -> None:
    """By any of the linked accounts."""
    ada = Person(stack)
    ada.choose("ada")
    ada.choose("countess")
    ada.press("/logout")
    assert "Hello, Ada Lovelace" in ada.choose("countess").text
    assert tokens(stack) == [("1", "ada"), ("1", "countess")]


def test_account_of_somebody_else_is_not_linked(stack: Stack) -> None:
    """Nor seen, nor unlinked."""
    ada, grace = Person(stack), Person(stack)
    ada.choose("ada")
    grace.choose("grace")
    assert grace.choose("ada").status == 409
    assert grace.go("/accounts/ada").status == 404
    assert tokens(stack) == [("1", "ada"), ("2", "grace")]


def test_last_account_stays(stack: Stack) -> None:
    """Nobody could sign in without one."""
    ada = Person(stack)
    ada.choose("ada")
    with pytest.raises(LookupError):
        ada.press("/accounts/ada/unlink")


def test_leaving_takes_everything_along(stack: Stack) -> None:
    """Tokens are revoked at the service and forgotten here, and those of others stay."""
    ada, grace = Person(stack), Person(stack)
    ada.choose("ada")
    ada.choose("countess")
    grace.choose("grace")
    assert "are gone" in ada.press("/leave").text
    assert (tokens(stack), stack.provider.counts["revocation"]) == ([("2", "grace")], 2)
    assert "Sign in" in ada.go("/").text
    assert "grace@example.com" in grace.go("/accounts/grace").text


def test_saying_no_links_nothing(stack: Stack) -> None:
    """The page says so."""
    ada = Person(stack)
    ada.choose("ada")
    page = ada.choose("countess", decision="deny")
    assert (page.status, "You said no" in page.text) == (403, True)
    assert tokens(stack) == [("1", "ada")]


def test_nobody_sees_accounts_without_signing_in(stack: Stack) -> None:
    """Flask-Login answers 401."""
    assert Person(stack).go("/accounts/ada").status == 401
