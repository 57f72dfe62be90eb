"""docs/command-line.md says what the commands do: its examples are run, its tables compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from flask import Flask

from tests.client.world import SteppingClock
from tests.docs.pages import blocks, read, table
from tests.flask.test_cli import OLD, run
from typedoauth import OAuth2Token, TokenKey
from typedoauth.flask import OAuth
from typedoauth.flask.cli import commands, group
from typedoauth.stores import AESGCMSealing, MemoryTokenStore, SQLTokenStore
from typedoauth.testing import LocalProvider
from typedoauth.transports import WSGITransport

PAGE = "docs/command-line.md"
_DAY = 86_400


def _site() -> Flask:
    """The application of the page."""
    clock, provider, app = SteppingClock(), LocalProvider(), Flask("site")
    provider.add_client("client", "secret")
    store = MemoryTokenStore(clock=clock)
    oauth = OAuth(app, token_store=store, clock=clock, transport=WSGITransport(provider))
    oauth.register(
        "mail",
        client_id="client",
        client_secret="secret",
        access_token_url="http://localhost/oauth2/token",
        revocation_endpoint="http://localhost/oauth2/revoke",
    )
    oauth.register("photos", client_id="client", request_token_url="http://localhost/initiate")
    now = int(datetime(2027, 1, 15, 8, tzinfo=UTC).timestamp())
    good: OAuth2Token = {
        "access_token": "SECRET",
        "refresh_token": "SECRET",
        "token_type": "Bearer",
        "scope": "read send",
        "expires_at": now + 48 * 60,
    }
    clock.now = now - 12 * 60
    store.set(TokenKey("mail", "ada"), good)
    clock.now = now - 3 * 3600
    store.set(TokenKey("mail", "ada", "work"), {**good, "expires_at": now - 2 * 3600})
    clock.now = now - 12 * 60
    store.set(TokenKey("photos", "ada"), OLD)
    clock.now = now - 41 * _DAY
    dead: OAuth2Token = {"access_token": "SECRET", "expires_at": now - 40 * _DAY}
    store.set(TokenKey("mail", "bob"), dead)
    clock.now = now
    return app


def _to_rotate(path: Path) -> Iterator[Flask]:
    """An application with three tokens under an old key."""
    url = f"sqlite:///{path / 'tokens.db'}"
    old, new = {"old": b"o" * 32}, {"new": b"n" * 32}
    store = SQLTokenStore(url, sealing=AESGCMSealing(old))
    for number in range(3):
        store.set(TokenKey("mail", str(number)), {"access_token": "SECRET"})
    store.close()
    app, store = Flask("site"), SQLTokenStore(url, sealing=AESGCMSealing(new | old))
    OAuth(app, token_store=store)
    yield app
    store.close()


def _shown() -> list[tuple[str, str]]:
    """Each command of the page, and what it is said to print."""
    text = re.sub(r"^   ", "", read(PAGE), flags=re.M)  # blocks of a list are indented
    return [
        (command, output)
        for block in blocks(text)
        if block.info == "console"
        for command, output in re.findall(
            r"^\$ flask typedoauth (.*)\n((?:[^$].*\n)*)", block.text, re.M
        )
    ]


def test_examples_are_what_is_printed(tmp_path: Path) -> None:
    """One after the other, in one application."""
    app, seen = _site(), list[str]()
    for command, output in _shown():
        if command == "rotate-keys":
            (printed,) = [run(one, command, apart=False).output for one in _to_rotate(tmp_path)]
        else:
            printed = run(app, command, apart=False).output
        assert printed == output, command
        seen.append(command.removeprefix("tokens ").split()[0])
    assert set(seen) == {*["list", "show", "revoke", "delete", "purge"], "rotate-keys"}


def test_every_exit_code_is_told() -> None:
    """The table names those of the code, and the two of Click."""
    told = {int(code) for code, _ in table(PAGE, "exit codes")}
    named = {commands.NOTHING, commands.KEPT, commands.CONFIGURATION, commands.FAILED}
    assert told == named | {0, 2}


def _commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix}{name} ")
        elif command is not None:
            yield prefix + name, command


def _options(row: list[str]) -> set[str]:
    named: list[str] = re.findall(r"`(--[\w-]+)`", row[1])
    return {*named, *([] if row[-1] == "none" else ["--json"])}


def test_every_option_is_told() -> None:
    """And no other; ``--json`` where a row says what it prints."""
    told = {
        re.sub(r" \[?(OWNER|NAME)\]?$", "", row[0].strip("`")): _options(row)
        for row in table(PAGE, "commands")
    }
    assert told == {
        name: {
            one
            for each in command.params
            for one in (*each.opts, *each.secondary_opts)
            if one.startswith("--")
        }
        for name, command in _commands(group)
    }


@pytest.mark.parametrize("name", ["revoke", "delete", "show"])
def test_owner_is_an_argument(name: str) -> None:
    """As the table writes it."""
    assert any(row[0] == f"`tokens {name} OWNER`" for row in table(PAGE, "commands"))
