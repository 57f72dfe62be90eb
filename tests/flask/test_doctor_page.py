"""docs/doctor.md shows what the commands print, and its table is that of the tests."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from threading import Thread

import pytest
import urllib3
from flask import Flask

from tests.docs.pages import blocks, read, table
from tests.flask.clinic import CASES, Clinic
from tests.flask.test_cli import run
from tests.flask.test_cli_login import free_port
from typedoauth.flask import OAuth
from typedoauth.flask.doctor import ERRORS
from typedoauth.testing import LocalProvider, serve

PAGE = "docs/doctor.md"


def _shown() -> dict[str, tuple[str, str]]:
    """Each command of the page, by its name, and what it is said to print."""
    found: dict[str, tuple[str, str]] = {}
    for block in blocks(read(PAGE)):
        if block.info == "console":
            first, _, rest = block.text.partition("\n")
            command = first.removeprefix("$ flask typedoauth ")
            found[command.split()[0]] = (command, rest)
    return found


def test_table_is_that_of_the_tests() -> None:
    """Every code, in order, with what is broken."""
    told = [
        (code.strip("`"), severity, setting) for code, severity, setting in table(PAGE, "findings")
    ]
    rows = [
        (case.code, "error" if case.code in ERRORS else "warning", case.setting) for case in CASES
    ]
    assert told == [*rows, ("no_client", "error", "nothing is registered")]


def test_check_prints_what_is_shown() -> None:
    """Of an application at a desk."""
    command, printed = _shown()["check"]
    clinic = Clinic(proxy=None)
    clinic.config = {"SECRET_KEY": "dev"}
    clinic.registry = {}
    assert run(clinic.app(), command, apart=False).output == printed


def test_clients_prints_what_is_shown() -> None:
    """Of the same."""
    command, printed = _shown()["clients"]
    assert run(Clinic().app(), command, apart=False).output == printed


def test_providers_prints_what_is_shown() -> None:
    """Of a service with a parameter."""
    command, printed = _shown()["providers"]
    assert run(Flask("empty"), command, apart=False).output == printed


def test_login_prints_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the addresses, which are others each time."""
    command, printed = _shown()["login"]
    port, opened = free_port(), list[Thread]()
    now = datetime(2027, 1, 15, 8, tzinfo=UTC).timestamp()
    provider = LocalProvider(clock=lambda: now)
    provider.add_user("ada")
    redirect_uri = f"http://127.0.0.1:{port}/callback"
    provider.add_client("client", "secret", redirect_uris=[redirect_uri])

    def browse(url: str) -> None:
        http = urllib3.PoolManager()
        body = "user=ada&decision=approve"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = http.request("POST", url, body=body, headers=headers, redirect=False)
        assert http.request("GET", answer.headers["Location"]).status == 200

    def open_url(url: str) -> bool:
        opened.append(Thread(target=browse, args=[url]))
        opened[0].start()
        return True

    monkeypatch.setattr("webbrowser.open", open_url)
    with serve(provider) as base:
        app = Flask("desk")
        OAuth(app, clock=lambda: now).register(
            "provider",
            client_id="client",
            client_secret="secret",
            server_metadata_url=f"{base}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile"},
        )
        result = run(app, command.replace("8400", str(port)) + " --browser", apart=False)
    assert result.exit_code == 0, result.output
    opened[0].join()
    said = result.output.replace(str(port), "8400").replace(base, "http://127.0.0.1:5001")
    said = re.sub(r"authorize\?.*", "authorize?…", said)
    said = re.sub(r"claim        (?!iss|sub|aud).*\n", "", said)
    assert said == printed
