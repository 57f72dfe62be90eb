"""The pages of migrations: the code before and the code after do the same for a browser."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import pytest
from flask.sessions import SecureCookieSessionInterface

from tests.docs.pages import Example, befores, examples, pages, read, run
from tests.docs.sites import After, Before, Elsewhere, Site, before, follow
from tests.docs.world import World
from tests.packaging.installing import Environment
from tests.testing.acting import decide
from typedoauth import StateMismatchError
from typedoauth.testing import serve

DANCE: Final = "docs/migrating-flask-dance.md"
OAUTHLIB: Final = "docs/migrating-flask-oauthlib.md"
Page: TypeAlias = tuple[int, str]
"""A status and what stands on the page."""


@dataclass(frozen=True)
class Migration:
    """An application before and after, both of one page.

    Attributes:
        page: The page.
        number: Which of its applications, from 0.
        example: Which of its examples the one after is, from 0.
        start: Where the browser begins.
        approved: What it sees after Ada has approved.
        denied: What it sees after she has not, where the page says.
        old: Whether the library needs an old Flask.
    """

    page: str
    number: int
    example: int
    start: str
    approved: Page
    denied: Page | None = None
    old: bool = False

    @property
    def code(self) -> str:
        """The code before."""
        return befores(read(self.page))[self.number].text

    @property
    def after(self) -> Example:
        """The code after."""
        return examples(self.page, read(self.page))[self.example]


SESSIONS: Final = Migration(DANCE, 0, 0, "/profile", (200, "You are ada on GitHub."))
USERS: Final = Migration(DANCE, 1, 1, "/me", (200, "Hello, Ada"), (403, "No login: access_denied"))
REMOTE: Final = Migration(
    OAUTHLIB, 0, 0, "/login", (200, "Hello, Ada"), (403, "No login: access_denied"), old=True
)
SIGNED: Final = Migration(
    OAUTHLIB, 1, 1, "/login", (200, "Hello, Ada"), (403, "No login"), old=True
)
AUTHLIB: Final = Migration(
    "docs/migrating.md", 0, 0, "/login", (200, "Hello, Ada"), (403, "No login: access_denied")
)
LOGINPASS: Final = Migration(
    "docs/migrating-loginpass.md",
    0,
    0,
    "/account/login/github",
    (200, "Hello, Ada"),
    (403, "No login"),
    old=True,
)
MIGRATIONS: Final = (AUTHLIB, LOGINPASS, SESSIONS, USERS, REMOTE, SIGNED)
every = pytest.mark.parametrize(
    "migration", MIGRATIONS, ids=[f"{one.page}-{one.number}" for one in MIGRATIONS]
)
refused = pytest.mark.parametrize(
    "migration",
    [one for one in MIGRATIONS if one.denied],
    ids=[f"{one.page}-{one.number}" for one in MIGRATIONS if one.denied],
)

Start: TypeAlias = Callable[[Migration], AbstractContextManager[Before]]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases of this test only."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lenient_world(world: World) -> Generator[World]:
    """Services as they are for libraries that do not know PKCE."""
    found = World(require_pkce=False)
    with serve(found) as base:
        found.base = base
        yield found


@pytest.fixture
def start(lenient_world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Start:
    """Starts an application of before."""

    def started(migration: Migration) -> AbstractContextManager[Before]:
        python: Path | None = None
        if migration.old:
            environment: Environment = request.getfixturevalue("old_environment")
            python = environment.python
        return before(migration.code, lenient_world, tmp_path, python)

    return started


@contextmanager
def running(
    migration: Migration, world: World, cookie: str | None = None
) -> Generator[tuple[ModuleType, After]]:
    """Run an application of after, and open a browser, with a session of before or without."""
    with (
        run(migration.after, world.located) as names,
        names.oauth.override(transport=Elsewhere(world)),
    ):
        browser = names.app.test_client()
        if cookie is not None:
            browser.set_cookie("session", cookie)
        yield names, After(browser)


def logged_in(migration: Migration, start: Start, world: World) -> str:
    """Log in before the migration; answers the session cookie."""
    with start(migration) as site:
        answer = follow(world, site, migration.start)
        assert (answer.status, answer.text) == migration.approved
        assert answer.cookie is not None
        return answer.cookie


def seen(world: World, site: Site, start: str, decision: str = "approve") -> Page:
    """Where a login ends."""
    answer = follow(world, site, start, decision)
    return answer.status, answer.text


@every
def test_a_login_before(migration: Migration, start: Start, lenient_world: World) -> None:
    """The code of the other library logs Ada in."""
    with start(migration) as site:
        assert seen(lenient_world, site, migration.start) == migration.approved


@every
def test_a_login_after(migration: Migration, world: World) -> None:
    """The same steps end with the same page."""
    with running(migration, world) as (_, site):
        assert seen(world, site, migration.start) == migration.approved


@refused
def test_a_refusal_before(migration: Migration, start: Start, lenient_world: World) -> None:
    """Ada says no, and the code of the other library says so."""
    with start(migration) as site:
        assert seen(lenient_world, site, migration.start, "deny") == migration.denied


@refused
def test_a_refusal_after(migration: Migration, world: World) -> None:
    """And so does the code after."""
    with running(migration, world) as (_, site):
        assert seen(world, site, migration.start, "deny") == migration.denied


def test_a_session_of_flask_dance_is_taken_over(start: Start, lenient_world: World) -> None:
    """Its user need not log in again, and the token is where the new ones are."""
    cookie = logged_in(SESSIONS, start, lenient_world)
    with (
        running(SESSIONS, lenient_world, cookie) as (names, site),
        run(examples(DANCE, read(DANCE))[2], lenient_world.located) as tools,
    ):
        names.app.before_request(lambda: tools.take_over(names.github))
        for _ in range(2):
            assert site.get("/profile").text == "You are ada on GitHub."
        (account,) = names.oauth.linked_accounts(owner="1815")
        assert account.scopes == ("read:user",)


def test_a_session_with_a_dead_token_is_left(start: Start, lenient_world: World) -> None:
    """The user logs in again."""
    cookie = logged_in(SESSIONS, start, lenient_world)
    strangers = World()
    with (
        running(SESSIONS, lenient_world, cookie) as (names, site),
        run(examples(DANCE, read(DANCE))[2], lenient_world.located) as tools,
        names.oauth.override(transport=Elsewhere(strangers)),
    ):
        names.app.before_request(lambda: tools.take_over(names.github))
        assert site.get("/profile").location == "/login/github"


def test_the_table_of_flask_dance_is_copied(start: Start, lenient_world: World) -> None:
    """Once; its users need not log in again."""
    cookie = logged_in(USERS, start, lenient_world)
    with (
        running(USERS, lenient_world, cookie) as (names, site),
        run(examples(DANCE, read(DANCE))[2], lenient_world.located) as tools,
    ):
        assert site.get("/me").location == "/login/notes"
        assert tools.copy_tokens(os.environ["DATABASE_URL"]) == 1
        assert tools.copy_tokens(os.environ["DATABASE_URL"]) == 0
        assert site.get("/me").text == "Hello, Ada"
        (account,) = names.oauth.linked_accounts(owner="1")
        assert account.scopes == ("profile",)


def test_a_copied_token_that_has_expired_is_renewed(start: Start, lenient_world: World) -> None:
    """Its refresh token and its expiry came along."""
    cookie = logged_in(USERS, start, lenient_world)
    with (
        running(USERS, lenient_world, cookie) as (names, site),
        run(examples(DANCE, read(DANCE))[2], lenient_world.located) as tools,
        names.oauth.override(clock=lambda: time.time() + 7200),
    ):
        tools.copy_tokens(os.environ["DATABASE_URL"])
        assert site.get("/me").text == "Hello, Ada"
    assert lenient_world.provider.counts["refresh_token"] == 1


@pytest.mark.parametrize("migration", [AUTHLIB, REMOTE, SIGNED])
def test_a_session_of_before_is_good(
    migration: Migration, start: Start, lenient_world: World
) -> None:
    """The code after reads the token that the code before has kept."""
    cookie = logged_in(migration, start, lenient_world)
    with running(migration, lenient_world, cookie) as (_, site):
        assert site.get("/me").text == "Hello again, Ada"


def test_only_the_code_after_checks_the_state(start: Start, lenient_world: World) -> None:
    """Somebody else's callback logs this browser in at Flask-OAuthlib, and does not here."""

    def brought(site: Site) -> Page:
        away = lenient_world.located(site.get(REMOTE.start).location or "")
        url = urlsplit(decide(re.sub(r"&state=[^&]*", "", away)))
        answer = site.get(f"{url.path}?{url.query}&state=of-somebody-else")
        return answer.status, answer.text

    with start(REMOTE) as site:
        assert brought(site) == REMOTE.approved
    with running(REMOTE, lenient_world) as (names, site_after):
        names.app.testing = True
        with pytest.raises(StateMismatchError):
            brought(site_after)


def test_flask_dance_begins_anew_without_a_login(start: Start, lenient_world: World) -> None:
    """As its page says of a callback that this browser did not ask for."""
    with start(SESSIONS) as site:
        answer = site.get("/login/github/authorized?code=c&state=s")
        assert answer.location == "/login/github"


def test_users_of_loginpass_are_found_again(start: Start, lenient_world: World) -> None:
    """What the application keeps of a user is the same before and after."""
    cookie = logged_in(LOGINPASS, start, lenient_world)
    with running(LOGINPASS, lenient_world) as (names, site):
        answer = follow(lenient_world, site, LOGINPASS.start)
        serializer = SecureCookieSessionInterface().get_signing_serializer(names.app)
        assert serializer is not None
        users = [serializer.loads(one or "")["user"] for one in (cookie, answer.cookie)]
        assert users == ["github:1815", "github:1815"]


def test_rows_of_an_application_are_copied(tmp_path: Path) -> None:
    """Once, and none over a newer token."""
    with run(examples(OAUTHLIB, read(OAUTHLIB))[2], str) as tools:
        rows = [(1, "a", "r"), (2, "b", None)]
        database = f"sqlite:///{tmp_path}/tokens.db"
        assert tools.copy_tokens(rows, database) == 2
        assert tools.copy_tokens([*rows, (3, "c", None)], database) == 1


def test_all_that_was_before_is_run() -> None:
    """Every page's code of another library is among the migrations."""
    there = [(page, number) for page in pages() for number, _ in enumerate(befores(read(page)))]
    assert sorted((one.page, one.number) for one in MIGRATIONS) == sorted(there)
