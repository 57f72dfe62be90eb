"""``flask typedoauth`` as it is run: found by Flask, in a process of its own, on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from typedoauth import TokenKey
from typedoauth.stores import SQLTokenStore

_SITE = """\
from collections.abc import Iterator

from flask import Flask

from typedoauth.flask import OAuth
from typedoauth.stores import MemoryTokenStore, SQLTokenStore


class Slow(MemoryTokenStore):
    def reseal(self) -> Iterator[tuple[int, int]]:
        for done in range(0, 101, 25):
            yield done, 100


def create_app(kind: str = "sql") -> Flask:
    app = Flask("site")
    OAuth(app, token_store=Slow() if kind == "slow" else SQLTokenStore("sqlite:///{path}"))
    return app
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with a token of Ada's, beside an application that uses it."""
    path = tmp_path / "tokens.db"
    (tmp_path / "site_of_the_test.py").write_text(_SITE.replace("{path}", str(path)), "utf-8")
    store = SQLTokenStore(f"sqlite:///{path}")
    store.set(TokenKey("two", "ada"), {"access_token": "SECRET"})
    store.close()
    return path


def _command(words: str, kind: str = "sql") -> list[str]:
    app = f"site_of_the_test:create_app({kind!r})"
    return [sys.executable, "-m", "flask", "--app", app, "typedoauth", *words.split()]


def _on_a_terminal(database: Path, words: str, answer: bytes = b"", kind: str = "sql") -> str:
    """What a person sees, and the exit code at its end."""
    master, slave = pty.openpty()
    try:
        with subprocess.Popen(
            _command(words, kind), cwd=database.parent, stdin=slave, stdout=slave, stderr=slave
        ) as process:
            os.close(slave)
            os.write(master, answer)
            seen = b""
            while True:
                try:
                    read = os.read(master, 4096)
                except OSError:  # Linux's way to say that the other side has closed
                    break
                if not read:
                    break
                seen += read
    finally:
        os.close(master)
    return f"{seen.decode()}exit {process.returncode}"


def test_flask_finds_the_commands(database: Path) -> None:
    """By the entry point: the application imports nothing for it."""
    result = subprocess.run(
        _command("tokens list --json"),
        cwd=database.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["owner"] == "ada"


@pytest.mark.parametrize(
    ("answer", "end", "left"), [(b"y\n", "1 token deleted\r\nexit 0", 0), (b"n\n", "exit 1", 1)]
)
def test_person_is_asked(database: Path, answer: bytes, end: str, left: int) -> None:
    """On a terminal; what is deleted is what was said yes to."""
    seen = _on_a_terminal(database, "tokens delete ada", answer)
    assert "Delete everything that is kept of ada, without revoking it? [y/N]: " in seen
    assert seen.endswith(end)
    store = SQLTokenStore(f"sqlite:///{database}")
    assert len(list(store.summaries())) == left
    store.close()


def test_yes_is_not_asked(database: Path) -> None:
    """Neither on a terminal."""
    assert _on_a_terminal(database, "tokens delete ada --yes") == "1 token deleted\r\nexit 0"


def test_person_sees_a_bar(database: Path) -> None:
    """On a terminal only; it ends at the end."""
    seen = _on_a_terminal(database, "rotate-keys", kind="slow")
    assert "Encrypting  [" in seen
    assert "100%" in seen
    assert seen.endswith("100 done\r\nexit 0")
    piped = subprocess.run(
        _command("rotate-keys", "slow"),
        cwd=database.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert piped.stderr.splitlines()[1] == "25 % (25 of 100)"
