"""``flask typedoauth``: what all its commands have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask
from typing_extensions import override

from tests.client.test_stored_tokens import DictStore
from tests.flask.command_line import runner
from tests.flask.test_token_store import Site
from typedoauth import OAuth1Token, OAuth2Token, OpenIDToken, TokenKey
from typedoauth.flask import OAuth
from typedoauth.flask.cli import group
from typedoauth.stores import MemoryTokenStore, TokenSummary

OPENID: OpenIDToken = {
    "access_token": "SECRET-access",
    "refresh_token": "SECRET-refresh",
    "token_type": "Bearer",
    "scope": "profile mail",
    "id_token": "SECRET-id",
    "userinfo": {"iss": "SECRET-iss", "sub": "SECRET-sub", "aud": "a", "exp": 1, "iat": 1},
}
TOKEN: OAuth2Token = OPENID
OLD: OAuth1Token = {"oauth_token": "SECRET-token", "oauth_token_secret": "SECRET-secret"}

# Every command, in a way in which it finds something.
EVERY = [
    "tokens list",
    "tokens show ada --client two",
    "tokens show ada --client one",
    "tokens revoke ada --client two --yes",
    "tokens revoke ada --all-clients --force --yes",
    "tokens delete ada --yes",
    "tokens delete ada --client two --yes",
    "tokens purge",
    "tokens purge --dry-run",
    "rotate-keys",
]
MANAGING = [one for one in EVERY if " show " not in one]


def run(app: Flask, command: str, answers: str | None = None, *, apart: bool = True) -> Result:
    """Run a command in an application; its output is no terminal."""
    return runner(app, apart=apart).invoke(group, command.split(), input=answers)


def filled() -> Site:
    """A site whose store has a token of each protocol."""
    site = Site()
    site.store.set(TokenKey("two", "ada"), TOKEN)
    site.store.set(TokenKey("one", "ada"), OLD)
    return site


@pytest.mark.parametrize("json", ["", " --json"], ids=["text", "json"])
@pytest.mark.parametrize("command", EVERY)
def test_no_secret_is_printed(command: str, json: str) -> None:
    """Not by any command, on any stream."""
    result = run(filled().app, command + json)
    assert result.exit_code == 0
    assert result.output
    assert "SECRET" not in result.output + result.stderr


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("--help", ["check", "clients", "login", "provider", "providers", "rotate-keys", "tokens"]),
        ("tokens --help", ["list", "show", "revoke", "delete", "purge"]),
    ],
)
def test_help_tells_what_there_is(command: str, named: list[str]) -> None:
    """A line for each command, none of them cut short."""
    result = run(Flask("site"), command)
    lines = result.output.partition("Commands:\n")[2].splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(named)
    assert not any(line.endswith("...") for line in lines)


@pytest.mark.parametrize("command", EVERY)
def test_every_command_speaks_json(command: str) -> None:
    """And says so."""
    words = command.split()
    name = " ".join(words[: 2 if words[0] == "tokens" else 1])
    assert "--json" in run(Flask("site"), f"{name} --help").output


@pytest.mark.parametrize("command", EVERY)
def test_application_without_a_store_is_told(command: str) -> None:
    """Whether it has no registry, or one that keeps nothing."""
    for app in (Flask("site"), Site(token_store=None).app):
        result = run(app, command)
        assert result.exit_code == 4
        assert result.stderr == (
            "Error: the application 'site' keeps no tokens; give OAuth(…, token_store=…) or "
            "init_app(…, token_store=…) a store\n"
        )


@pytest.mark.parametrize("command", MANAGING)
def test_small_store_is_told_what_it_lacks(command: str) -> None:
    """Three methods keep tokens; these commands need more."""
    result = run(Site(token_store=DictStore()).app, command)
    assert result.exit_code == 4
    assert "a DictStore has no summaries, delete_owner, purge, reseal" in result.stderr
    assert result.stdout == ""


def test_store_is_told_the_one_thing_it_lacks() -> None:
    """And not what it has."""

    class Almost(DictStore):
        def summaries(self) -> None: ...
        def delete_owner(self) -> None: ...
        def purge(self) -> None: ...

    result = run(Site(token_store=Almost()).app, "rotate-keys")
    assert "a Almost has no reseal (see" in result.stderr


def test_small_store_can_be_looked_into() -> None:
    """``show`` needs no more than ``get``; when the token was written nobody knows."""
    store = DictStore()
    store.set(TokenKey("two", "ada"), TOKEN)
    result = run(Site(token_store=store).app, "tokens show ada --client two")
    assert result.exit_code == 0
    assert "updated      -\n" in result.output


@pytest.mark.parametrize("command", EVERY)
def test_failing_store_ends_in_one_line(command: str) -> None:
    """And an exit code of its own, whatever it raises."""

    class Broken(MemoryTokenStore):
        @override
        def get(self, key: TokenKey, /) -> OAuth2Token | None:
            raise OSError("SECRET")

        @override
        def summaries(
            self, *, owner: str | None = None, client: str | None = None
        ) -> Iterator[TokenSummary]:
            raise OSError("SECRET")

        @override
        def delete_owner(self, owner: str, /) -> int:
            raise OSError("SECRET")

        @override
        def purge(self, before: float, /) -> int:
            raise OSError("SECRET")

        @override
        def reseal(self) -> Iterator[tuple[int, int]]:
            raise OSError("SECRET")

    result = run(Site(token_store=Broken()).app, command)
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr == (
        "Error: the token store, a Broken, failed with OSError; see the cause of this error\n"
    )


@pytest.mark.parametrize(
    "command",
    ["tokens revoke ada --client two", "tokens delete ada", "tokens delete ada --client two"],
)
def test_nobody_is_asked_where_nobody_is(command: str) -> None:
    """Without a terminal ``--yes`` is needed: a script neither hangs nor deletes by accident."""
    site = filled()
    result = run(site.app, command, "y\n")
    assert result.exit_code == 2
    assert "say --yes" in result.stderr
    assert len(list(site.store.summaries())) == 2


def test_every_registry_is_covered() -> None:
    """An application may have several, with a store of its own each, or one for all."""
    site, second = filled(), MemoryTokenStore()
    second.set(TokenKey("three", "ada"), TOKEN)
    OAuth(site.app, token_store=second)
    OAuth(site.app, token_store=site.store)
    listed = run(site.app, "tokens list").stdout.splitlines()[1:]
    assert [line.split()[0] for line in listed] == ["two", "one", "three"]
    assert run(site.app, "tokens delete ada --yes").stdout == "3 tokens deleted\n"
    assert run(site.app, "tokens list").stdout == ""


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "\u202eb", "\x9b31m"])
def test_texts_of_users_do_not_command_the_terminal(name: str) -> None:
    """Whoever may choose an identifier could hide a row, or write one."""
    site = Site()
    site.store.set(TokenKey("two", "ada", account=name), TOKEN)
    for command in (
        "tokens list",
        "tokens list --json",
        "tokens revoke ada --client two --yes",
    ):
        output = run(site.app, command).output
        assert name not in output
        assert all(line.isprintable() for line in output.splitlines())
