"""The wheel in an environment of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.docs.pages import examples, read
from tests.packaging.installing import HERE, Environment, closure, run

_TYPED = """\
from typing import assert_type

from typedoauth import OAuth2Token
from typedoauth.flask import OAuth, OAuth2App

service = OAuth().register("service", access_token_url="https://as.example/token")
assert_type(service, OAuth2App)
assert_type(service.authorize_access_token(), OAuth2Token)
wrong: int = service.name
"""


@pytest.fixture
def application(clean: Environment, monkeypatch: pytest.MonkeyPatch) -> str:
    """The first example of the README, saved, and the settings that it reads."""
    for name in ("SECRET_KEY", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"):
        monkeypatch.setenv(name, "of-the-example")
    example = examples("README.md", read("README.md"))[0].source()
    (clean.folder / "app.py").write_text(example, "utf-8")
    return "app.py"


def test_installation_brings_what_the_four_need(clean: Environment) -> None:
    """Flask, urllib3, cryptography, typing-extensions and what these need; nothing else."""
    installed = clean.installed()
    assert set(installed) == closure("typedoauth", installed)
    assert {"flask", "urllib3", "cryptography", "typing-extensions"} < set(installed)


def test_what_is_tried_is_what_is_installed(clean: Environment) -> None:
    """And not the tree."""
    result = clean.run("-c", "import typedoauth; print(typedoauth.__file__)")
    assert Path(result.stdout.strip()).is_relative_to(clean.folder), result.stderr


def test_first_example_runs(clean: Environment, application: str) -> None:
    """A login leads away."""
    look = (
        f"import runpy; app = runpy.run_path({application!r})['app']\n"
        "print(app.test_client().get('/login').headers['Location'])"
    )
    result = clean.run("-c", look)
    assert result.stdout.startswith("https://github.com/login/oauth/authorize?"), result.stderr


def test_whole_login_works(clean: Environment) -> None:
    """With OpenID Connect, at the provider that comes with the package and its templates."""
    result = clean.run(HERE / "login.py")
    assert result.stdout == "Hello, Ada Lovelace\n", result.stderr


def test_commands_are_flasks(clean: Environment, application: str) -> None:
    """``flask typedoauth`` is found through the entry point."""
    result = clean.run("-m", "flask", "--app", application, "typedoauth", "--help")
    assert "rotate-keys" in result.stdout, result.stderr


def test_types_of_the_installed_package_are_seen(clean: Environment, tmp_path: Path) -> None:
    """mypy, which runs elsewhere, finds py.typed: it knows the types, and notices a mistake."""
    (tmp_path / "typed.py").write_text(_TYPED, "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
    result = run(*mypy, "--python-executable", clean.python, "typed.py", cwd=tmp_path)
    (complaint,) = result.stdout.splitlines()
    assert complaint.startswith(f"typed.py:{len(_TYPED.splitlines())}: error: "), result.stderr
    assert complaint.endswith('"str", variable has type "int")  [assignment]')
