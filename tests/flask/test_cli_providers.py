"""``flask typedoauth providers`` and ``clients``: what there is, in words and in JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.flask.clinic import SECRET, Clinic, late
from tests.flask.test_cli import run
from tests.providers.catalogue import CATALOGUE
from typedoauth.flask import OAuth
from typedoauth.flask.cli import group
from typedoauth.providers import SERVICES
from typedoauth.providers.descriptions import quirks, scope

EMPTY = Flask("empty")


def described(words: str) -> dict[str, Any]:  # any: JSON
    """What is said of a service, in JSON."""
    result = run(EMPTY, f"providers describe {words} --json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)  # any: JSON
    return found


def test_every_service_is_listed() -> None:
    """A row each, and an object each."""
    rows = run(EMPTY, "providers list").stdout.splitlines()
    assert rows[0].split() == ["NAME", "KIND", "CLIENT", "PARAMETERS"]
    assert [row.split()[0] for row in rows[1:]] == list(SERVICES)
    told = [json.loads(line) for line in run(EMPTY, "providers list --json").stdout.splitlines()]
    assert [(one["name"], one["kind"], one["client"]) for one in told] == [
        (name, CATALOGUE[name].kind, CATALOGUE[name].name) for name in SERVICES
    ]


def test_no_application_is_needed() -> None:
    """These say what the library has."""
    assert CliRunner().invoke(group, ["providers", "list"]).exit_code == 0


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_described(name: str) -> None:
    """What it is, and what it has to be given."""
    text = run(EMPTY, f"providers describe {name}").stdout
    provider = CATALOGUE[name]
    assert f"kind                {provider.kind}\n" in text
    prefix = provider.name.upper()
    assert f"config              {prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET\n" in text
    assert f"register            oauth.register_provider({name}" in text
    told = described(name)
    assert (told["name"], told["kind"], told["client"]) == (name, provider.kind, provider.name)
    if not told["parameters"]:
        settings = provider.settings()
        assert told["authorize_url"] == settings.get("authorize_url")
        assert told["server_metadata_url"] == settings.get("server_metadata_url")
        assert told["scope"] == (scope(provider) or None)
        assert told["quirks"] == list(quirks(provider))
        assert told["unconfirmed"] == list(provider.unconfirmed)


@pytest.mark.parametrize("name", ["GitHub", "github", "GITHUB"])
def test_name_is_that_of_the_import_or_of_the_client(name: str) -> None:
    """In any case."""
    assert described(name)["name"] == "GitHub"


def test_parameters_lead_to_addresses() -> None:
    """Without those that it needs there are none."""
    assert described("okta")["server_metadata_url"] is None
    assert described("okta")["needed"] == ["domain"]
    assert described("okta -p domain=engines.okta.com")["server_metadata_url"] == (
        "https://engines.okta.com/.well-known/openid-configuration"
    )
    found = described("gitlab --parameter host=git.example.com")
    assert found["authorize_url"] == "https://git.example.com/oauth/authorize"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("gitlub", "there is no service 'gitlub'; did you mean GitHub?"),
        ("zzz", "there is no service 'zzz'; providers list has them all"),
        ("gitlab -p realm=x", "GitLab has no parameter realm; it has host"),
        ("github -p host=x", "GitHub has no parameter host; it has none"),
        ("gitlab -p host", "--parameter is PARAMETER=VALUE"),
        ("gitlab -p host=https://x", "host is a host"),
        ("battlenet -p region=moon", "region"),
    ],
)
def test_wrong_use_is_told(words: str, said: str) -> None:
    """With exit code 2."""
    result = run(EMPTY, f"providers describe {words}")
    assert result.exit_code == 2
    assert said in result.stderr


def test_application_without_clients_says_so() -> None:
    """On the standard error: the list is empty."""
    app = Flask("app")
    OAuth(app)
    result = run(app, "clients")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no clients\n")


def test_clients_are_listed_without_secrets() -> None:
    """With what was worked out of keywords and config."""
    app = Clinic().app()
    text, line = (run(app, f"clients{json}").output for json in ("", " --json"))
    assert SECRET not in text + line
    assert json.loads(line) == {
        "client": "provider",
        "protocol": "OpenID Connect",
        "client_id": "c-1",
        "server_metadata_url": "https://op.example/.well-known/openid-configuration",
        "request_token_url": None,
        "authorize_url": None,
        "access_token_url": None,
        "api_base_url": None,
        "scope": "openid profile",
        "problem": None,
    }


def test_client_that_cannot_be_made_is_listed() -> None:
    """With the reason."""
    clinic = Clinic()
    clinic.keywords["client_kwargs"] = None
    late(PROVIDER_CLIENT_KWARGS={"scop": "openid"})(clinic)
    told = json.loads(run(clinic.app(), "clients --json").stdout)
    assert told["protocol"] is None
    assert "did you mean 'scope'?" in told["problem"]
