"""Traces are kept in development alone, shown to who sits at the machine, and cost nothing else."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from tests.flask.site import Site, register_two
from tests.flask.tracing import PAGE, TEXT, TracedSite, approved, begun, traced_app, wrong_nonce
from typedoauth.errors import ConfigurationError
from typedoauth.flask import OAuth
from typedoauth.flask.trace import login_traces

PATHS = [PAGE, TEXT]


def test_nothing_is_there_unless_it_is_asked_for() -> None:
    """No page, no traces."""
    site = Site()
    site.app.debug = True
    browser = site.app.test_client()
    site.log_in(browser, "two")
    assert [browser.get(path).status_code for path in PATHS] == [404, 404]
    with pytest.raises(ConfigurationError, match="keeps no traces: set TYPEDOAUTH_TRACE = True"):
        login_traces(site.app)


def test_nothing_is_loaded_unless_it_is_asked_for() -> None:
    """Not even the code."""
    program = (
        "import sys; from tests.flask.site import Site; site = Site(); "
        "site.log_in(site.app.test_client(), 'two'); "
        "print([name for name in sys.modules if 'flask.trace' in name])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr


@pytest.mark.parametrize("value", [False, None, 0, ""])
def test_setting_may_say_no(value: object) -> None:
    """As it comes from a file or an environment variable."""
    app = traced_app()
    app.config["TYPEDOAUTH_TRACE"] = value
    OAuth(app)
    assert app.test_client().get(PAGE).status_code == 404


def test_tests_are_development() -> None:
    """As much as debug mode is."""
    app = traced_app()
    app.debug, app.testing = False, True
    site = TracedSite(app)
    approved(site, app.test_client(), "two")
    assert [trace.outcome for trace in site.traces] == ["succeeded"]


def test_production_is_refused() -> None:
    """Before anything is sent, and with what to do; there is no page either."""
    app = traced_app()
    app.debug = False
    site = TracedSite(app)
    browser = app.test_client()
    assert browser.get("/login/two").status_code == 400
    (error,) = site.errors
    assert isinstance(error, ConfigurationError)
    assert "flask run --debug" in str(error)
    assert site.transport.requests == []
    assert [browser.get(path).status_code for path in PATHS] == [404, 404]
    with pytest.raises(ConfigurationError, match="development"):
        login_traces(app)


def test_production_is_refused_at_every_call() -> None:
    """Also where the first ones were made in debug mode."""
    site = TracedSite()
    browser = site.app.test_client()
    begun(site, browser, "two")
    site.app.debug = False
    assert browser.get("/login/two").status_code == 400
    assert browser.get("/authorize/two?state=s&code=c").status_code == 400
    assert {type(error) for error in site.errors} == {ConfigurationError}


def test_debug_mode_may_be_turned_on_late() -> None:
    """``app.run(debug=True)`` does it after everything was set up."""
    app = traced_app()
    app.debug = False
    site = TracedSite(app)
    app.debug = True
    approved(site, app.test_client(), "two")
    assert [trace.outcome for trace in site.traces] == ["succeeded"]


def test_setting_that_comes_too_late_is_told() -> None:
    """There would be no page."""
    site = Site()
    site.app.config["TYPEDOAUTH_TRACE"] = True
    assert site.app.test_client().get("/login/two").status_code == 400
    assert "set it before" in str(site.errors[-1])


def test_application_that_has_begun_is_told() -> None:
    """Flask adds no page then."""
    app = traced_app()
    app.test_client().get("/")
    with pytest.raises(ConfigurationError, match="before the first one"):
        OAuth(app)


def test_page_shows_the_newest_first() -> None:
    """Page and text hold the same logins."""
    site = TracedSite()
    browser = site.app.test_client()
    assert "No login has been begun yet" in browser.get(PAGE).text
    assert "No login has been begun yet" in browser.get(TEXT).text
    approved(site, browser, "two")
    wrong_nonce(site, browser, "op")
    page, text = (browser.get(path) for path in PATHS)
    assert re.findall(r"<h2>Login (\d) with (\w+)", page.text) == [("2", "op"), ("1", "two")]
    assert re.findall(r"Login (\d) with (\w+)", text.text) == [("2", "op"), ("1", "two")]
    assert (page.mimetype, text.mimetype) == ("text/html", "text/plain")


def test_page_needs_no_script_and_nothing_from_elsewhere() -> None:
    """Its policy forbids both, and it has its own style."""
    site = TracedSite()
    browser = site.app.test_client()
    wrong_nonce(site, browser, "op")
    page = browser.get(PAGE)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<img|<link|src=|style=| on\w+=", page.text)
    assert "<style>" in page.text


def test_page_escapes_what_others_say() -> None:
    """A provider, or a stranger with an address, may say anything."""
    site = TracedSite()
    browser = site.app.test_client()
    browser.get(
        "/authorize/two?error=%3Cscript%3E1%3C/script%3E&error_description=%3Cb%3Ebold&%3Ci%3E=1"
    )
    page = browser.get(PAGE).text
    assert "&lt;b&gt;bold" in page
    assert not re.search(r"<(script|b>bold|i)>", page)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("base", "environ"),
    [
        ("http://localhost", {"REMOTE_ADDR": "192.168.1.7"}),
        ("http://localhost", {"REMOTE_ADDR": "203.0.113.9"}),
        ("http://localhost", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
        ("http://localhost", {"HTTP_FORWARDED": "for=127.0.0.1"}),
        ("http://localhost", {"HTTP_X_FORWARDED_PROTO": "https"}),
        ("http://localhost", {"HTTP_X_REAL_IP": "127.0.0.1"}),
        ("http://rebound.example:5000", {}),
        ("http://192.168.1.2:5000", {}),
    ],
)
def test_page_is_for_who_sits_at_the_machine(path: str, base: str, environ: dict[str, str]) -> None:
    """Others are told where it is, and nothing else."""
    site = TracedSite()
    browser = site.app.test_client()
    approved(site, browser, "two")
    answer = browser.get(path, base_url=base, environ_overrides=environ)
    assert answer.status_code == 403
    assert "http://127.0.0.1" in answer.text
    assert "Login" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_page_is_for_nobody_at_a_broken_host(path: str) -> None:
    """Asked without the test client, which in old versions of Werkzeug refuses to send it."""
    site = TracedSite()
    environ = {**create_environ(path), "HTTP_HOST": "[::1", "REMOTE_ADDR": "127.0.0.1"}
    body, status, _ = run_wsgi_app(site.app, environ)
    assert status.startswith("403")
    assert b"Login" not in b"".join(body)


@pytest.mark.parametrize(
    ("base", "remote"),
    [
        ("http://localhost:5000", "127.0.0.1"),
        ("http://127.0.0.1:5000", "127.0.0.1"),
        ("http://[::1]:5000", "::1"),
        ("http://[::1]", "::1"),
        ("https://app.localhost", "127.0.0.1"),
    ],
)
def test_page_knows_this_machine(base: str, remote: str) -> None:
    """By each of its names."""
    app = traced_app()
    OAuth(app)
    browser = app.test_client()
    answer = browser.get(PAGE, base_url=base, environ_overrides={"REMOTE_ADDR": remote})
    assert answer.status_code == 200


def test_applications_have_their_own_traces() -> None:
    """One registry, two applications, of which one is traced."""
    traced, plain = traced_app(), Flask("plain")
    plain.secret_key = "k"
    oauth = OAuth(traced)
    oauth.init_app(plain)
    client = register_two(oauth)
    for app in (traced, plain):
        with app.test_request_context("/login"):
            client.authorize_redirect("http://localhost/authorize/two")
    assert len(login_traces(traced)) == 1
    with pytest.raises(ConfigurationError):
        login_traces(plain)
