"""``flask typedoauth check``: each broken setting is found and named, and nothing else is."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask, current_app, has_request_context
from flask.views import MethodView
from hypothesis import given
from hypothesis import strategies as st

from tests.flask.clinic import CASES, LOOPBACK, OLD, PLAIN, SECRET, Break, Case, Clinic
from tests.flask.command_line import runner
from typedoauth.flask import OAuth
from typedoauth.flask.cli import group
from typedoauth.flask.doctor import ERRORS, WARNINGS
from typedoauth.stores import SQLTokenStore
from typedoauth.testing import LocalProvider, serve

Member = str | None


def visit(broken: Break | None = None, *words: str, json: bool = False) -> Result:
    """Run the doctor on the clinic's application."""
    clinic = Clinic()
    if broken is not None:
        broken(clinic)
    return check(clinic.app(), *clinic.arguments, *words, *(["--json"] if json else []))


def check(app: Flask, *words: str) -> Result:
    """Run the doctor."""
    result = runner(app).invoke(group, ["check", *words])
    assert not has_request_context()
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def findings(result: Result) -> list[dict[str, Member]]:
    """What it said in JSON."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def row(code: str) -> Break:
    """What breaks the setting of a row."""
    return next(case.broken for case in CASES if case.code == code)


def problems(result: Result) -> set[Member]:
    """The codes of what is not as it should be."""
    return {one["code"] for one in findings(result) if one["severity"] != "ok"}


@pytest.mark.parametrize("healthy", [None, OLD, PLAIN, LOOPBACK], ids=["openid", "1", "2", "desk"])
def test_healthy_application_has_nothing(healthy: Break | None) -> None:
    """Of each protocol, deployed and at a desk."""
    result = visit(healthy, json=True)
    assert problems(result) == set()
    assert result.exit_code == 0


@pytest.fixture(autouse=True)
def _without_joserfc(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not installed, for the row that is about it."""
    monkeypatch.setitem(sys.modules, "joserfc", None)
    monkeypatch.setitem(sys.modules, "joserfc.jwe", None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.setting)
def test_broken_setting_is_found_and_named(case: Case) -> None:
    """By its code, with a sentence and a remedy, and nothing that is not wrong is."""
    result = visit(case.broken, json=True)
    assert problems(result) == {case.code} | case.also
    for one in findings(result):
        assert (one["severity"] == "ok") is (one["remedy"] is None)
        assert one["message"]
    assert result.exit_code == (1 if ERRORS & problems(result) else 0)


@pytest.mark.parametrize("json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.setting)
def test_no_secret_is_printed(case: Case, json: bool) -> None:
    """Whatever is broken."""
    result = visit(case.broken, json=json)
    assert SECRET not in result.output + result.stderr


def test_every_code_has_a_row() -> None:
    """And no code is there without one, besides that of an application without clients."""
    assert {case.code for case in CASES} == (ERRORS | WARNINGS) - {"no_client"}


def test_findings_have_five_members() -> None:
    """A line of JSON each; those of the application name no client."""
    found = findings(visit(json=True))
    assert all([*one] == ["client", "code", "severity", "message", "remedy"] for one in found)
    assert {one["client"] for one in found} == {None, "provider"}
    assert {one["code"] for one in found} >= {"secret_key_ok", "redirect_uri_ok", "jwks_ok"}


def test_redirect_uri_is_told() -> None:
    """As the application builds it, behind the proxy that is in front of it."""
    mounted = visit(
        lambda clinic: clinic.proxy.update(x_prefix=1) if clinic.proxy else None,
        "--base-url",
        "https://app.example/shop",
        json=True,
    )
    assert problems(mounted) == set()
    assert "the redirect URI is https://app.example/shop/callback:" in mounted.stdout


def test_person_reads_lines() -> None:
    """The application's first, then each client's, and a count."""
    lines = visit(row("pkce_off")).stdout
    assert lines.startswith("the application\n  ok       SECRET_KEY is set and long enough\n  ok  ")
    assert (
        "\nprovider\n"
        "  warning  code_challenge_method is none: a code that somebody took can be used "
        "[pkce_off]\n"
        "           → leave it out, unless the provider fails with PKCE\n"
    ) in lines
    assert lines.endswith("\n0 errors, 1 warning\n")


def test_one_client_can_be_named() -> None:
    """Whatever is wrong with the others."""
    clinic = Clinic()
    app = clinic.app()
    OAuth(app).register("other", client_id="c")
    assert "client_secret_missing" not in check(app, "provider", "--json").stdout
    assert {one["client"] for one in findings(check(app, "other", "--json"))} == {None, "other"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody"], "no client 'nobody' is registered; registered: provider"),
        (["--callback", "nowhere"], "there is no endpoint 'nowhere'"),
        (["--base-url", "app.example"], "--base-url is such as https://app.example"),
        (["--base-url", "https://app.example:x"], "--base-url is such as"),
        (["--base-url", "https://u:p@app.example"], "--base-url is such as"),
        (["--base-url", "https://app.example/?a=b"], "--base-url is such as"),
        (["--timeout", "0"], "--timeout"),
        (["--tenant", "t"], "--tenant says whose client NAME is"),
    ],
    ids=["name", "callback", "relative", "port", "user", "query", "timeout", "tenant"],
)
def test_wrong_use_is_told(words: list[str], said: str) -> None:
    """With exit code 2."""
    result = visit(None, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_offline_asks_nobody() -> None:
    """Whatever the provider would answer."""
    result = visit(
        row("discovery_unreachable"),
        "--offline",
        json=True,
    )
    assert result.exit_code == 0
    assert not any(str(one["code"]).startswith("discovery") for one in findings(result))


def test_callback_can_be_named() -> None:
    """Where several could be it."""
    ambiguous = row("callback_ambiguous")
    result = visit(ambiguous, "--callback", "two", json=True)
    assert problems(result) == set()
    assert "https://app.example/two" in result.stdout


def test_nothing_is_left_behind() -> None:
    """Neither in the cache nor in the token store."""
    clinic = Clinic()
    check(clinic.app())
    assert clinic.registry["cache"].kept == {}
    assert clinic.registry["token_store"].kept == {}


def test_nothing_is_left_behind_in_a_database(tmp_path: Path) -> None:
    """A row that nobody would find is one all the same."""
    store = SQLTokenStore(f"sqlite:///{tmp_path / 'tokens.db'}")
    clinic = Clinic()
    clinic.registry["token_store"] = store
    assert problems(check(clinic.app(), "--json")) == set()
    assert list(store.summaries()) == []
    store.close()


def served(base: str) -> Flask:
    """An application whose provider is on this machine."""
    app = Flask("desk")
    OAuth(app).register(
        "provider",
        client_id="c",
        client_secret=SECRET,
        server_metadata_url=f"{base}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid"},
    )
    return app


def test_provider_is_reached_over_the_network() -> None:
    """As the client itself would reach it; its clock is that of its answers."""
    provider = LocalProvider()
    provider.add_client("c", SECRET)
    with serve(provider) as base:
        found = findings(check(served(base), "--json"))
    assert {"discovery_ok", "jwks_ok", "clock_ok"} <= {one["code"] for one in found}


def test_silent_provider_holds_nobody_up() -> None:
    """It takes the connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = problems(check(served(base), "--timeout", "0.1", "--json"))
    assert "discovery_unreachable" in found


def test_application_without_clients_is_told() -> None:
    """And it is an error."""
    app = Flask("empty")
    assert "no_client" in problems(check(app, "--json"))


class _View(MethodView):
    def get(self) -> str:
        def finish() -> object:
            return current_app.extensions["provider"].authorize_access_token()

        return str(finish())


def test_callback_may_be_a_class() -> None:
    """Of views; and what ends the login may stand in a function within."""
    clinic = Clinic(views=())
    app = clinic.app()
    app.add_url_rule("/done", view_func=_View.as_view("done"))
    assert "the redirect URI is https://app.example/done:" in check(app).stdout


def test_client_of_the_client_store_is_checked() -> None:
    """Of a tenant; its settings are nobody else's."""

    class Clients:
        def get(self, name: str, tenant: str | None, /) -> dict[str, object] | None:
            return {"client_id": "c"} if (name, tenant) == ("theirs", "acme") else None

    clinic = Clinic()
    clinic.registry["client_store"] = Clients()
    found = findings(check(clinic.app(), "theirs", "--tenant", "acme", "--json"))
    assert {one["client"] for one in found} == {None, "theirs@acme"}
    assert "endpoint_missing" in {one["code"] for one in found}


_KEYS = st.sampled_from(
    [
        *["SECRET_KEY", "TRUSTED_HOSTS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SAMESITE"],
        *["SESSION_COOKIE_SECURE", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH"],
        *["PROVIDER_CLIENT_ID", "PROVIDER_CLIENT_SECRET", "PROVIDER_CLIENT_KWARGS"],
        *["PROVIDER_SERVER_METADATA_URL", "PROVIDER_AUTHORIZE_PARAMS", "PROVIDER_AUTHORIZE_URL"],
    ]
)
_VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["https://[", "http://a:b", "/", "//", "app.example", ".", "\udc80", "[::1]"])
    | st.lists(st.text(max_size=5), max_size=2)
    | st.dictionaries(st.text(max_size=5), st.integers(), max_size=2)
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4), st.booleans())
def test_nothing_in_config_makes_it_stumble(late: dict[str, object], bare: bool) -> None:
    """Whatever it is: there are findings, and an exit code.

    Without SERVER_NAME, by which Flask makes a context before it runs any command.
    """
    clinic = Clinic()
    clinic.config["SERVER_NAME"] = None
    clinic.arguments = ["--base-url", "https://app.example"]
    if bare:
        clinic.keywords = {}
    clinic.late = late
    result = check(clinic.app(), *clinic.arguments, "--json")
    assert result.exit_code in (0, 1)
    assert findings(result)
