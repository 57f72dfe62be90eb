"""The provider on a desk: it knows every client on this machine, and nobody elsewhere."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import requests
from flask import Flask
from werkzeug import Response
from werkzeug.test import Client

from tests.flask.command_line import runner
from tests.testing.acting import VERIFIER, authorization_request, basic, decide, query_of
from typedoauth import ConfigurationError
from typedoauth.flask import OAuth
from typedoauth.flask.cli import group
from typedoauth.flask.cli.commands import CONFIGURATION
from typedoauth.testing import EVERYDAY, serve
from typedoauth.testing.__main__ import main
from typedoauth.testing.desk import CLIENT_SECRET, DeskProvider, is_on_loopback, run

_COMMANDS = {
    "module": [sys.executable, "-m", "typedoauth.testing"],
    "flask": [sys.executable, "-m", "flask", "typedoauth", "provider"],
}

_APPROVAL = {"user": "ada", "decision": "approve"}


@pytest.fixture
def desk() -> DeskProvider:
    """The provider."""
    return DeskProvider()


@pytest.fixture
def http(desk: DeskProvider) -> Client:
    """Sends requests to it."""
    return Client(desk)


@contextmanager
def _running(command: list[str]) -> Generator[tuple[str, list[str]]]:
    """Run a command; gives the provider's address, and the settings to paste."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        base = process.stdout.readline().split()[4].rstrip("/")
        snippets: list[str] = []
        for line in process.stdout:
            if line.startswith("# "):
                snippets.append("")
            elif snippets:
                snippets[-1] += line
            if len(snippets) == 3 and line == ")\n":
                break
        yield base, snippets
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _app(snippet: str) -> Flask:
    """An application into which settings were pasted."""
    app = Flask("app")
    app.secret_key = "of the test"
    oauth = OAuth(app)
    exec(snippet, {"oauth": oauth})  # noqa: S102  as a person would paste it
    client = oauth.create_client("provider")

    def login() -> Response:
        return client.authorize_redirect("http://localhost/authorize")

    def authorize() -> dict[str, str]:
        token = client.authorize_access_token()
        return {"kind": type(client).__name__, "openid": str("userinfo" in token)}

    app.add_url_rule("/login", view_func=login)
    app.add_url_rule("/authorize", view_func=authorize)
    return app


@pytest.mark.parametrize("command", _COMMANDS.values(), ids=_COMMANDS)
def test_printed_settings_log_in(command: list[str]) -> None:
    """What the command prints can be pasted, for each protocol, and works over HTTP."""
    seen: list[dict[str, str]] = []
    with _running([*command, "--port", "0", "--user", "linus"]) as (base, snippets):
        for snippet in snippets:
            browser = _app(snippet).test_client()
            away = browser.get("/login").headers["Location"]
            assert away.startswith(base)
            seen.append(browser.get(decide(away, "linus")).get_json())
    assert seen == [
        {"kind": "OAuth2App", "openid": "True"},
        {"kind": "OAuth2App", "openid": "False"},
        {"kind": "OAuth1App", "openid": "False"},
    ]


@pytest.mark.parametrize("command", _COMMANDS.values(), ids=_COMMANDS)
def test_host_of_a_network_is_refused(command: list[str]) -> None:
    """Anybody there could sign in as whoever they like."""
    result = subprocess.run(
        [*command, "--host", "0.0.0.0"], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode != 0
    assert "not on loopback" in result.stderr
    assert "Traceback" not in result.stderr


def test_network_is_refused_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """As wrong use; the command of Flask calls it a configuration that cannot be."""
    with pytest.raises(SystemExit, match="2"):
        main(["--host", "192.168.1.1"])
    assert "'192.168.1.1' is not on loopback" in capsys.readouterr().err
    result = runner(Flask("app")).invoke(group, ["provider", "--host", "192.168.1.1"])
    assert result.exit_code == CONFIGURATION
    assert "'192.168.1.1' is not on loopback" in result.stderr


def test_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a traceback."""
    with serve(DeskProvider()) as base, pytest.raises(SystemExit):
        main(["--port", base.rpartition(":")[2]])
    assert "in use" in capsys.readouterr().err


def test_ctrl_c_ends_it() -> None:
    """The port is free again."""
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if "OAuth 1.0a" in text:
            raise KeyboardInterrupt

    run(port=0, say=say)
    base = said[0].split()[4]
    with pytest.raises(requests.ConnectionError):
        requests.get(base, timeout=10)


@pytest.mark.parametrize("command", _COMMANDS.values(), ids=_COMMANDS)
def test_ctrl_c_is_no_error(command: list[str]) -> None:
    """Nor a traceback."""
    with subprocess.Popen(
        [*command, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What runs the tests in the background may have it ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            _, told = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, told) == (0, "")


@pytest.mark.parametrize("host", ["localhost", "::1", "127.0.0.1"])
def test_it_listens_on_loopback(host: str) -> None:
    """By any of its names."""
    with serve(DeskProvider(), host=host) as base:
        assert requests.get(f"{base}/", timeout=10).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "app.example", ""])
def test_nothing_else_is_served(host: str) -> None:
    """Nor any other application of ``serve``."""
    with pytest.raises(ConfigurationError, match="loopback"), serve(DeskProvider(), host=host):
        pass


def test_short_secret_is_refused() -> None:
    """It signs where HS256 is asked for (RFC 7518 3.2)."""
    with pytest.raises(ConfigurationError, match="32"):
        run(client_secret="short")


# Clients


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (basic("any-client", CLIENT_SECRET), 200),
        (basic("any-client", "another secret"), 401),
        ({}, 200),
    ],
    ids=["secret", "wrong secret", "public"],
)
def test_any_client_is_known(http: Client, headers: dict[str, str], status: int) -> None:
    """By the one secret, or as a public client; PKCE is checked as ever."""
    sent = authorization_request(client_id="any-client", redirect_uri="http://localhost:5000/")
    page = http.post("/oauth2/authorize", query_string=sent, data=_APPROVAL)
    form = {
        "grant_type": "authorization_code",
        "code": query_of(page.headers["Location"])["code"],
        "redirect_uri": "http://localhost:5000/",
        "client_id": "any-client",
        "code_verifier": VERIFIER,
    }
    assert http.post("/oauth2/token", data=form, headers=headers).status_code == status


def test_wrong_verifier_is_refused(http: Client) -> None:
    """A public client has nothing else."""
    sent = authorization_request(client_id="any-client", redirect_uri="http://localhost:5000/")
    page = http.post("/oauth2/authorize", query_string=sent, data=_APPROVAL)
    form = {
        "grant_type": "authorization_code",
        "code": query_of(page.headers["Location"])["code"],
        "redirect_uri": "http://localhost:5000/",
        "client_id": "any-client",
        "code_verifier": VERIFIER[::-1],
    }
    assert http.post("/oauth2/token", data=form).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("http://localhost/", True),
        ("http://app.localhost:5000/callback?x=y", True),
        ("https://127.1.2.3/", True),
        ("http://[::1]:5000/", True),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://127.0.0.1@app.example/", False),
        ("http://localhost/#fragment", False),
        ("http://10.0.0.1/", False),
        ("app:/callback", False),
        ("//[", False),
        ("", False),
    ],
)
def test_redirect_uri_leads_to_this_machine(http: Client, uri: str, good: bool) -> None:
    """Whatever leads elsewhere is refused with a page."""
    assert is_on_loopback(uri) is good
    if uri:
        sent = authorization_request(redirect_uri=uri)
        page = http.get("/oauth2/authorize", query_string=sent)
        assert page.status_code == (200 if good else 400)
        assert ("may not go" in page.text) is not good


def test_request_without_client_is_refused(http: Client) -> None:
    """No id is not any id."""
    sent = authorization_request(client_id=None)
    assert "not registered" in http.get("/oauth2/authorize", query_string=sent).text


# The page


@pytest.mark.parametrize("host", ["evil.example", "evil.example:9000", "10.0.0.1", "x"])
@pytest.mark.parametrize("path", ["/", "/oauth2/token", "/.well-known/openid-configuration"])
def test_other_host_is_refused(http: Client, host: str, path: str) -> None:
    """A site whose name was made to lead to this machine learns nothing (DNS rebinding)."""
    assert http.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_form_of_another_page_is_refused(desk: DeskProvider, http: Client, site: str) -> None:
    """A page elsewhere on this machine is another page."""
    answer = http.post("/", data={"fault": "deny"}, headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, desk.fault) == (403, "")


def test_scopes_and_keys_are_there_before_the_first_login(http: Client) -> None:
    """``flask typedoauth check`` may be the first to ask."""
    metadata = http.get("/.well-known/openid-configuration").get_json()
    assert {"openid", "profile", "email"} <= set(metadata["scopes_supported"])
    assert [key["alg"] for key in http.get("/oauth2/jwks").get_json()["keys"]] == ["RS256"]


def test_page_shows_what_was_chosen(http: Client) -> None:
    """User and fault stay checked, and the counts are told."""
    answer = http.post(
        "/",
        data={"user": "grace", "fault": "be_slow"},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=True,
    )
    assert 'value="grace" checked' in answer.text
    assert 'value="be_slow" checked' in answer.text
    assert "Saved." in answer.text
    assert "So far" not in answer.text


def test_somebody_is_added(http: Client) -> None:
    """Whoever is added is the one who signs in from then on; what they are called is escaped."""
    form = {"user": "ada", "new_user": " <b>linus</b> ", "new_email": "linus@example.com"}
    answer = http.post("/", data=form, follow_redirects=True)
    assert 'value="&lt;b&gt;linus&lt;/b&gt;" checked' in answer.text
    assert "<b>" not in answer.text
    sent = authorization_request(redirect_uri="http://localhost/")
    assert http.get("/oauth2/authorize", query_string=sent).status_code == 303


def test_fault_of_a_moment_is_over_at_once(desk: DeskProvider, http: Client) -> None:
    """The page says that it happened, and shows nothing as wrong."""
    http.get("/oauth2/authorize", query_string=authorization_request(redirect_uri="http://[::1]/"))
    before = http.get("/oauth2/jwks").get_json()
    answer = http.post("/", data={"fault": "rotate_keys"}, follow_redirects=True)
    assert "Done: New keys sign" in answer.text
    assert desk.fault == ""
    assert http.get("/oauth2/jwks").get_json() != before
    assert "So far" in answer.text


def test_fault_that_ends_by_itself_is_over(desk: DeskProvider, http: Client) -> None:
    """After two failures the page shows nothing as wrong; it can be chosen again."""
    for _ in range(2):
        http.post("/", data={"fault": "answer_500_twice"})
        assert desk.fault == "answer_500_twice"
        assert [http.get("/oauth2/jwks").status_code for _ in range(3)] == [500, 500, 200]
        assert desk.fault == ""


@pytest.mark.parametrize("name", EVERYDAY)
def test_every_fault_can_be_chosen(desk: DeskProvider, name: str) -> None:
    """One takes the place of another."""
    desk.choose_fault("wrong_state")
    desk.choose_fault(name)
    assert desk.fault == ("" if EVERYDAY[name].momentary else name)
    desk.choose_fault("")
    assert desk.fault == ""


def test_unknown_fault_is_refused(desk: DeskProvider, http: Client) -> None:
    """By the method; the page takes it for none."""
    with pytest.raises(ConfigurationError, match="be_slow"):
        desk.choose_fault("nonsense")
    http.post("/", data={"fault": "nonsense", "user": "nobody"})
    assert desk.fault == ""
    assert "Ask each time" in http.get("/").text
