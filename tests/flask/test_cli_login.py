"""``flask typedoauth login``: a whole login from the terminal, for each protocol."""

from __future__ import annotations

import json
import random
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import urllib3
from click.testing import Result
from flask import Flask
from typing_extensions import override

from tests.client.test_stored_tokens import DictStore
from tests.flask.command_line import runner
from typedoauth import OAuth2Token, TokenKey
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth, login_begun, login_succeeded
from typedoauth.flask.cli import group
from typedoauth.providers import Endpoint, OAuth2Provider
from typedoauth.testing import LocalProvider, serve

SECRET = "S3CRET-0f-the-client"
PROTOCOLS = ["one", "two", "openid", "posting"]
Browse = Callable[[str], object]


def free_port() -> int:
    """A port that nobody uses now, and that no connection is given for its own end."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


class Desk:
    """An application, a provider over real HTTP, and somebody at a browser."""

    def __init__(self, base: str, provider: LocalProvider) -> None:
        self.base, self.port = base, free_port()
        self.redirect_uri = f"http://127.0.0.1:{self.port}/callback"
        provider.add_user("ada", name="Ada \x1b[2J", email="ada@home.example")
        provider.add_client("client", SECRET, redirect_uris=[self.redirect_uri])
        self.store = DictStore()
        self.app = Flask("desk")
        self.oauth = OAuth(self.app, token_store=self.store)
        self.oauth.register(
            "one",
            client_id="client",
            client_secret=SECRET,
            request_token_url=f"{base}/oauth1/initiate",
            authorize_url=f"{base}/oauth1/authorize",
            access_token_url=f"{base}/oauth1/token",
        )
        self.oauth.register(
            "two",
            client_id="client",
            client_secret=SECRET,
            authorize_url=f"{base}/oauth2/authorize",
            access_token_url=f"{base}/oauth2/token",
            client_kwargs={"scope": "profile"},
        )
        queried: OAuth2Options = {"scope": "openid profile email"}
        posted: OAuth2Options = {"scope": "openid profile email", "response_mode": "form_post"}
        for name, options in (("openid", queried), ("posting", posted)):
            self.oauth.register(
                name,
                client_id="client",
                client_secret=SECRET,
                server_metadata_url=f"{base}/.well-known/openid-configuration",
                client_kwargs=options,
            )
        self.pages: list[tuple[int, str]] = []
        self.http = urllib3.PoolManager(retries=False, timeout=30)

    def page(self, url: str, form: str | None = None) -> tuple[int, str]:
        """Open an address of the loopback, and see what it shows."""
        answer = self.http.request(
            "GET" if form is None else "POST", url, body=form, redirect=False
        )
        shown = (answer.status, answer.data.decode())
        self.pages.append(shown)
        return shown

    def decide(self, url: str, decision: str = "approve") -> tuple[str, str | None]:
        """Decide as Ada; tell where that leads, and what is posted there."""
        form = urlencode({"user": "ada", "decision": decision})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.http.request("POST", url, body=form, headers=headers, redirect=False)
        if answer.status == 303:
            return answer.headers["Location"], None
        fields = re.findall(r'name="(\w+)" value="([^"]*)"', answer.data.decode())
        return self.redirect_uri, urlencode(fields)

    def come_back(self, url: str) -> None:
        """Log in."""
        self.page(*self.decide(url))


@pytest.fixture
def desk() -> Generator[Desk]:
    """A desk with its provider."""
    provider = LocalProvider()
    with serve(provider) as base:
        yield Desk(base, provider)


def log_in(
    desk: Desk,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
    head_start: float = 0.0,
) -> Result:
    """Run the command; *browse* is what its browser does, *head_start* seconds before it waits."""
    threads: list[Thread] = []

    def open_url(url: str) -> bool:
        threads.append(Thread(target=browse, args=[url]))
        threads[0].start()
        threads[0].join(head_start)
        return True

    monkeypatch.setattr("webbrowser.open", open_url)
    arguments = ["login", *words, "--port", str(desk.port), "--browser"]
    if "--timeout" not in words:
        arguments += ["--timeout", "60"]
    result = runner(desk.app).invoke(group, arguments)
    for one in threads:
        one.join()
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert SECRET not in result.output + result.stderr + str(desk.pages)
    return result


@pytest.mark.parametrize("name", PROTOCOLS)
def test_login_ends_with_a_token(name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser is told so; the terminal shows what came, and keeps it where asked."""
    result = log_in(desk, desk.come_back, monkeypatch, name, "--save", "ada", "--json")
    assert result.exit_code == 0, result.stderr
    (status, page) = desk.pages[-1]
    assert status == 200
    assert "Logged in" in page
    told = json.loads(result.stdout)
    assert (told["client"], told["saved_for"]) == (name, "ada")
    kept = dict(desk.store.kept[TokenKey(name, "ada")])
    assert told["members"] == sorted(kept)
    for secret in ("access_token", "refresh_token", "oauth_token_secret", "id_token"):
        assert str(kept.get(secret, "no such member")) not in result.output + result.stderr


def test_json_has_what_a_person_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One object; claims as they came, without those of the login alone."""
    told = json.loads(log_in(desk, desk.come_back, monkeypatch, "openid", "--json").stdout)
    assert [*told] == [
        *["client", "protocol", "saved_for", "account", "token_type", "scope", "expires_at"],
        *["refreshable", "members", "claims"],
    ]
    assert (told["protocol"], told["saved_for"]) == ("OpenID Connect", None)
    assert told["claims"]["sub"] == "ada"
    assert told["claims"]["email"] == "ada@home.example"
    assert not {"nonce", "at_hash"} & told["claims"].keys()
    assert desk.store.kept == {}


def test_person_reads_lines(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what a user has chosen commands no terminal."""
    result = log_in(desk, desk.come_back, monkeypatch, "openid")
    lines = result.stdout.splitlines()
    assert lines[:2] == ["client       openid", "protocol     OpenID Connect"]
    assert "claim        sub: ada" in lines
    assert "claim        name: Ada \\x1b[2J" in lines
    assert any(line.startswith("expires      in ") for line in lines)
    assert f"redirect URI: {desk.redirect_uri}\n" in result.stderr
    assert "code_challenge_method=S256" in result.stderr


def test_browser_may_be_back_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the command that opened it goes on; its page comes when the login has ended."""
    threads: list[Thread] = []

    def open_url(url: str) -> bool:
        threads.append(Thread(target=desk.come_back, args=[url]))
        threads[0].start()
        threads[0].join(0.3)
        return True

    monkeypatch.setattr("webbrowser.open", open_url)
    arguments = ["login", "two", "--port", str(desk.port), "--browser", "--timeout", "5"]
    result = desk.app.test_cli_runner().invoke(group, arguments)
    threads[0].join()
    assert result.exit_code == 0, result.stderr
    assert desk.pages[-1][0] == 200


def test_declared_service_is_asked_who_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of OAuth 2.0 has no ID Token; its profile is told as standard claims."""
    service = OAuth2Provider(
        name="declared",
        title="Declared",
        authorize_url=f"{desk.base}/oauth2/authorize",
        access_token_url=f"{desk.base}/oauth2/token",
        api_base_url=f"{desk.base}/api/",
        client_kwargs={"scope": "profile"},
        profile=Endpoint("me"),
        claims={"sub": "sub", "name": "name"},
    )
    desk.oauth.register_provider(service, client_id="client", client_secret=SECRET)
    result = log_in(desk, desk.come_back, monkeypatch, "declared", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["claims"]["sub"] == "ada"
    away = replace(service, name="away", profile=Endpoint("nowhere"))
    desk.oauth.register_provider(away, client_id="client", client_secret=SECRET)
    result = log_in(desk, desk.come_back, monkeypatch, "away", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["claims"] == {}
    assert "the profile could not be had: " in result.stderr


def test_nobody_is_logged_in_to_the_application(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no signal says so."""
    told: list[object] = []

    def listen(sender: Flask, event: object) -> None:
        told.append(event)

    login_begun.connect(listen)
    login_succeeded.connect(listen)
    assert log_in(desk, desk.come_back, monkeypatch, "two").exit_code == 0
    assert told == []


def test_scope_can_be_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Than the registered one."""
    words = ["two", "--scope", "notes", "--json"]
    assert json.loads(log_in(desk, desk.come_back, monkeypatch, *words).stdout)["scope"] == "notes"


def test_browser_that_is_back_at_once_is_let_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the command has begun to wait."""
    result = log_in(desk, desk.come_back, monkeypatch, "two", head_start=0.5)
    assert result.exit_code == 0, result.stderr
    assert [status for status, _ in desk.pages] == [200]


@pytest.mark.parametrize("name", ["one", "two"])
def test_wrong_state_is_refused(name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a page; the right one is waited for all the same."""

    def browse(url: str) -> None:
        location, _ = desk.decide(url)
        query = dict(parse_qsl(urlsplit(location).query))
        key = "oauth_token" if name == "one" else "state"
        for wrong in ({**query, key: "another"}, {k: v for k, v in query.items() if k != key}):
            assert desk.page(f"{desk.redirect_uri}?{urlencode(wrong)}")[0] == 400
        assert desk.page(f"{desk.redirect_uri}?{urlencode([*query.items()] * 2)}")[0] == 400
        assert desk.page(location.replace("/callback", "/favicon.ico"))[0] == 404
        desk.page(location)

    result = log_in(desk, browse, monkeypatch, name)
    assert result.exit_code == 0
    assert [status for status, _ in desk.pages] == [400, 400, 400, 404, 200]
    assert all(page.startswith("<!doctype html>") for _, page in desk.pages)


def test_other_host_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads here by DNS is none of ours."""

    def browse(url: str) -> None:
        location, _ = desk.decide(url)
        answer = desk.http.request("GET", location, headers={"Host": "evil.example"})
        assert answer.status == 404
        desk.page(location)

    assert log_in(desk, browse, monkeypatch, "two").exit_code == 0


def test_second_callback_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first one is being traded."""

    class Slow(DictStore):
        @override
        def set(self, key: TokenKey, token: OAuth2Token, /) -> None:
            second.start()
            second.join()

    def browse(url: str) -> None:
        locations.append(desk.decide(url)[0])
        desk.page(locations[0])

    locations: list[str] = []
    second = Thread(target=lambda: desk.page(locations[0]))
    desk.oauth.init_app(desk.app, token_store=Slow())
    result = log_in(desk, browse, monkeypatch, "two", "--save", "ada")
    assert result.exit_code == 0, result.stderr
    assert sorted(status for status, _ in desk.pages) == [200, 409]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_refusal_is_told(name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """To both: exit code 1, and a page."""
    result = log_in(
        desk, lambda url: desk.page(*desk.decide(url, "deny")), monkeypatch, name, "--save", "ada"
    )
    assert result.exit_code == 1
    assert "the login was refused" in result.stderr
    assert "The login was refused" in desk.pages[-1][1]
    assert desk.store.kept == {}


def test_failure_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code that the provider does not know: exit code 5."""

    def browse(url: str) -> None:
        location, _ = desk.decide(url)
        desk.page(re.sub(r"code=[^&]+", "code=wrong", location))

    result = log_in(desk, browse, monkeypatch, "two")
    assert result.exit_code == 5
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert "The login failed" in desk.pages[-1][1]


def test_nobody_comes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait ends."""
    result = log_in(desk, lambda _: None, monkeypatch, "two", "--timeout", "0.01")
    assert result.exit_code == 1
    assert result.stderr.endswith("nobody came back within 0.01 s\n")


def test_unreadable_request_is_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is no callback."""

    def browse(url: str) -> None:
        assert desk.page(desk.redirect_uri, "a" * 70_000)[0] == 400
        desk.come_back(url)

    assert log_in(desk, browse, monkeypatch, "two").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nobody"], 2, "no client 'nobody' is registered"),
        (["two", "--account", "work"], 2, "--account says where to --save the token"),
        (["two", "--save", ""], 2, "--save takes the identifier of a user"),
        (["two", "--path", "callback"], 2, "--path begins with a slash"),
        (["own"], 4, "no user logs in with it"),
    ],
    ids=["name", "account", "owner", "path", "grant"],
)
def test_wrong_use_is_told(
    words: list[str], code: int, said: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is asked."""
    desk.oauth.register(
        "own",
        client_id="client",
        client_secret=SECRET,
        access_token_url=f"{desk.base}/oauth2/token",
        client_kwargs={"grant_type": "client_credentials"},
    )
    result = log_in(desk, lambda _: None, monkeypatch, *words)
    assert result.exit_code == code
    assert said in result.stderr


def test_token_cannot_be_kept_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is told before the login."""
    desk.app = Flask("bare")
    OAuth(desk.app).register("two", client_id="c", access_token_url=f"{desk.base}/token")
    result = log_in(desk, lambda _: None, monkeypatch, "two", "--save", "ada")
    assert result.exit_code == 4
    assert "--save needs a token store" in result.stderr


def test_taken_port_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", desk.port))
        taken.listen()
        result = log_in(desk, lambda _: None, monkeypatch, "two")
    assert result.exit_code == 1
    assert f"port {desk.port} of 127.0.0.1 is taken" in result.stderr


_APP = """\
from flask import Flask
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth, login_begun, login_succeeded

app = Flask("site")
OAuth(app).register(
    "two",
    client_id="client",
    client_secret="S3CRET",
    authorize_url="{base}/oauth2/authorize",
    access_token_url="{base}/oauth2/token",
    client_kwargs={{"scope": "profile"}},
)
"""


def test_url_is_printed_in_a_process_of_its_own(desk: Desk, tmp_path: Path) -> None:
    """Without a terminal no browser is opened: whoever reads the line opens it."""
    (tmp_path / "site_of_the_login.py").write_text(_APP.format(base=desk.base), "utf-8")
    words = ["typedoauth", "login", "two", "--port", str(desk.port), "--timeout", "60", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "site_of_the_login:app", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        url = next((line.strip() for line in process.stderr if line.startswith("http")), None)
        assert url is not None
        location, _ = desk.decide(url)
        # The secret of that application is another one.
        assert desk.page(location)[0] == 400
        _, said = process.communicate()
    assert process.returncode == 5
    assert "Error: " in said
    assert "S3CRET" not in said
