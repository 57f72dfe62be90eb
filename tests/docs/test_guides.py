"""The guides' logins and functions do what their pages say."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from secrets import token_hex

import pytest
from flask import url_for
from werkzeug import Response as View

from tests.docs.pages import Example, blocks, call_tests, examples, read, run
from tests.docs.world import World
from tests.flask.tracing import TracedSite, settled, wrong_secret
from typedoauth import OAuth2Client, OAuth2Token, TokenEndpointError, TokenExpiredError
from typedoauth.flask import OAuth1App
from typedoauth.flask.trace import login_traces

_COLUMNS = {
    "photos": {"oauth_token", "oauth_token_secret"},
    "mail": {"access_token", "refresh_token"},
}


def _page(name: str) -> list[Example]:
    return examples(name, read(name))


def _whole(name: str) -> Example:
    (example,) = _page(name)
    return example


def test_getting_started_logs_in(world: World) -> None:
    """Ada is in the session, with the scope she gave."""
    with run(_whole("docs/getting-started.md"), world.located) as names:
        browser, answer = world.log_in(names.app)
        assert answer.status_code == 302
        with browser.session_transaction() as session:
            assert (session["user"], session["scope"]) == ("ada", "profile email")


def test_getting_started_tells_of_a_refusal(world: World) -> None:
    """A person who cancels sees the page that the error handler makes."""
    with run(_whole("docs/getting-started.md"), world.located) as names:
        _, answer = world.log_in(names.app, decision="deny")
        assert (answer.status_code, answer.text[:11]) == (400, "You said no")


def test_getting_started_tells_of_a_failure(world: World) -> None:
    """A callback that belongs to no login does not end in a traceback."""
    with run(_whole("docs/getting-started.md"), world.located) as names:
        answer = names.app.test_client().get("/authorize?state=x&code=y")
        assert (answer.status_code, answer.text[:13]) == (400, "The login did")


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/here", "/here"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),  # werkzeug takes the tab out of an address
        ("https:/x", "/"),
        (f"/{token_hex(900)}", "/"),
    ],
    ids=["path", "slashes", "backslash", "tab", "scheme", "long"],
)
def test_getting_started_returns(wanted: str, reached: str, world: World) -> None:
    """The wish travels with the login, unless it leads away."""
    with run(_whole("docs/getting-started.md"), world.located) as names:
        with names.app.test_request_context():
            path = url_for("login_and_return", next=wanted)
        _, answer = world.log_in(names.app, path)
        assert answer.headers["Location"] == reached


def test_oauth1_logs_in(world: World) -> None:
    """The view gets token credentials."""
    with run(_whole("docs/oauth1.md"), world.located) as names:
        world.log_in(names.app)
        assert len(names.remembered) == 1


@pytest.mark.parametrize(
    ("path", "scope"), [("/login", "profile email"), ("/login-again", "profile")]
)
def test_oauth2_logs_in(path: str, scope: str, world: World) -> None:
    """The view gets a token of the scope that was asked for."""
    with run(_whole("docs/oauth2.md"), world.located) as names:
        world.log_in(names.app, path)
        assert [token["scope"] for token in names.remembered] == [scope]


def test_oauth2_url_without_redirect(world: World) -> None:
    """The URL that a page fetches leads through a whole login."""
    with run(_whole("docs/oauth2.md"), world.located) as names:
        browser = names.app.test_client()
        world.come_back(browser, browser.get("/login-url").get_json()["url"])
        assert len(names.remembered) == 1


def test_oauth2_metadata(world: World) -> None:
    """The endpoint comes from the server's metadata."""
    with run(_whole("docs/oauth2.md"), world.located) as names, names.app.app_context():
        assert names.described.load_server_metadata()["issuer"] == world.base


def _saved(names: object, world: World) -> OAuth2Token:
    """A token of Ada's, saved and expired."""
    token = world.token()
    token["expires_at"] = int(time.time())
    getattr(names, "save")("ada", "provider", token)  # noqa: B009  an example's
    return token


def test_stored_token_is_used_and_renewed(world: World) -> None:
    """The calls of later requests find it; when it has expired, it is renewed once."""
    with run(_page("docs/tokens.md")[0], world.located) as names:
        browser, answer = world.log_in(names.app)
        assert answer.headers["Location"] == "/"
        with names.app.app_context():
            token = names.provider.stored_token(owner="ada")
            names.provider.save_token({**token, "expires_at": 1}, owner="ada")
        assert [browser.get("/profile").text for _ in range(2)] == ["Ada", "Ada"]
        assert world.provider.counts["refresh_token"] == 1


def test_nobodys_request_leads_to_the_login(world: World) -> None:
    """As the error handler of the page says."""
    with run(_page("docs/tokens.md")[0], world.located) as names:
        assert names.app.test_client().get("/profile").headers["Location"] == "/login"


def test_tokens_are_found_and_renewed(world: World) -> None:
    """A stored token that has expired is renewed, saved and announced, once."""
    with run(_page("docs/tokens.md")[1], world.located) as names:
        old = _saved(names, world)
        browser = names.app.test_client()
        with browser.session_transaction() as session:
            session["user"] = "ada"
        assert [browser.get("/profile").text for _ in range(2)] == ["Ada", "Ada"]
        assert (names.seen, world.provider.counts["refresh_token"]) == (["provider"], 1)
        with names.app.test_request_context():
            names.session["user"] = "ada"
            found = names.fetch_token("provider")
        assert found["access_token"] != old["access_token"]


def test_tokens_are_renewed_now(world: World) -> None:
    """A token that is good is renewed all the same, where it is asked for."""
    with run(_page("docs/tokens.md")[1], world.located) as names:
        with names.app.test_request_context():
            names.session["user"] = "ada"
            renewed = names.renew_now(world.token())
        assert names.act_for(renewed) == "ada"


def test_tokens_that_cannot_be_renewed(world: World) -> None:
    """An expired token without a refresh token is an error of its own."""
    expired: OAuth2Token = {"access_token": "a", "expires_at": 1}
    with (
        run(_page("docs/tokens.md")[1], world.located) as names,
        pytest.raises(TokenExpiredError),
    ):
        names.act_for(expired)


@pytest.mark.parametrize(("name", "grants"), [("photos", 0), ("mail", 1)])
def test_tokens_of_both_protocols(name: str, grants: int, world: World) -> None:
    """One pair of functions keeps and finds either kind; OAuth 2.0 renews, and keeps that."""
    with run(_page("docs/tokens.md")[2], world.located) as names:
        browser, answer = world.log_in(names.app, f"/login/{name}")
        assert answer.text == "Welcome"
        token = json.loads(names.rows["ada", name])
        names.rows["ada", name] = json.dumps({**token, "expires_at": 1})
        assert browser.get(f"/me/{name}").text == "Ada"
        assert world.provider.counts["refresh_token"] == grants
        kept = json.loads(names.rows["ada", name])
        assert (kept.get("expires_at") == 1) is (name == "photos")
        told = {value for key, value in kept.items() if key in _COLUMNS[name]}
        assert set(names.columns(kept)) == told


def test_a_provider_in_another_process(tmp_path: Path) -> None:
    """The script of the page gives out tokens and answers calls, on the port that it says."""
    script = _page("docs/testing.md")[-1].source()
    assert script.count("port=9000") == 1
    path = tmp_path / "provider.py"
    path.write_text(script.replace("port=9000", "port=0"), "utf-8")
    with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True) as made:
        try:
            assert made.stdout is not None
            base = made.stdout.readline().split()[-1]
            client = OAuth2Client(
                "my-client",
                "my-secret",
                access_token_url=f"{base}/oauth2/token",
                api_base_url=f"{base}/api/",
                grant_type="client_credentials",
            )
            token = client.fetch_access_token()
            assert token.get("expires_in") == 120
            assert client.get("echo", token=token).ok
        finally:
            made.terminate()


def test_signals_are_heard(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The receivers of the page write down a login that succeeds and one that does not."""
    with run(_whole("docs/signals.md"), world.located) as names, caplog.at_level("INFO", "audit"):
        world.log_in(names.app)
        names.app.test_client().get("/authorize?state=x&code=y")
    logged = [one.getMessage() for one in caplog.records if one.name == "audit"]
    assert [text.partition(": ")[2][:19] for text in logged] == [
        "provider is ada",
        "provider failed: mi",
    ]
    assert names.mismatches == ["no_session_cookie"]


def test_trace_reads_as_the_page_shows() -> None:
    """The text of a login with a wrong secret, but for labels, times and sizes."""
    site = TracedSite()
    wrong_secret(site, site.app.test_client(), "two")
    shown = [block.text for block in blocks(read("docs/trace.md")) if block.info == "text"]
    assert settled(site.traces[0].text()) == shown[1]


def test_trace_of_the_example_names_the_mistake(world: World) -> None:
    """Its secret is not the one that the provider knows."""
    with run(_page("docs/trace.md")[1], world.located) as names:
        browser = names.app.test_client()
        away = browser.get("/login").headers["Location"]
        with pytest.raises(TokenEndpointError):
            world.come_back(browser, away)
        diagnosis = login_traces(names.app)[0].diagnosis
    assert diagnosis is not None
    assert "client_secret or client_id is wrong" in diagnosis.wrong


def test_a_state_mismatch_leads_to_the_login(world: World) -> None:
    """The handler of the page sends whoever has no open login there."""
    with run(_whole("docs/pending-authorizations.md"), world.located) as names:
        names.app.add_url_rule("/login", "login", lambda: "the login")

        def authorize() -> str:
            names.oauth.provider.authorize_access_token()
            return "in"

        names.app.add_url_rule("/authorize", view_func=authorize)
        answer = names.app.test_client().get("/authorize?oauth_token=t&oauth_verifier=v")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/login")


def test_functions_keep_temporary_credentials(world: World) -> None:
    """What the page's functions keep is what the callback needs, and is gone afterwards."""
    with run(_whole("docs/pending-authorizations.md"), world.located) as names:

        def login() -> View:
            names.session["user"] = "the visitor"
            provider: OAuth1App = names.oauth.provider
            return provider.authorize_redirect(url_for("authorize", _external=True))

        def authorize() -> str:
            provider: OAuth1App = names.oauth.provider
            assert list(names.rows) == ["the visitor"]
            return provider.authorize_access_token()["oauth_token"]

        names.app.add_url_rule("/login", view_func=login)
        names.app.add_url_rule("/authorize", view_func=authorize)
        _, answer = world.log_in(names.app)
        assert (answer.status_code, names.rows) == (200, {})


@pytest.mark.parametrize("example", _page("docs/testing.md"), ids=lambda one: one.blocks[0].line)
def test_tests_of_the_page_pass(
    example: Example, world: World, request: pytest.FixtureRequest
) -> None:
    """Each is called with the fixtures that it asks for."""
    with run(example, world.located) as names:
        call_tests(names, request)
