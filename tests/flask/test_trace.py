"""The trace of a login: what happened, which checks were made, and where it stopped."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.flask.openid import CALLBACK, SCOPE, post
from tests.flask.site import CLIENT_SECRET, PROVIDER, register_two
from tests.flask.tracing import (
    Happening,
    TracedSite,
    approved,
    begun,
    denied,
    down,
    down_afterwards,
    other_browser,
    other_host,
    reloaded,
    wrong_nonce,
    wrong_redirect_uri,
    wrong_secret,
)
from typedoauth.errors import ContextError
from typedoauth.flask import OAuth
from typedoauth.flask.trace import LoginTrace, Step, login_traces
from typedoauth.flask.trace.record import Record
from typedoauth.testing.faults import FAULTS
from typedoauth.tokens import OAuth1Token


@pytest.fixture
def site() -> TracedSite:
    """An application that keeps traces."""
    return TracedSite()


@pytest.fixture
def browser(site: TracedSite) -> FlaskClient:
    """Somebody's browser."""
    return site.app.test_client()


def names(trace: LoginTrace) -> list[str]:
    """The messages of a login, in order."""
    return [step.name for step in trace.steps]


def failed(trace: LoginTrace) -> list[str]:
    """Where a login stopped."""
    checks = [check.name for check in trace.checks if check.outcome == "failed"]
    return [*checks, *(step.name for step in trace.steps if step.failed)]


AROUND = ["authorization_request", "away", "back", "callback"]
TRADE = ["token_request", "token_response"]
METADATA = ["metadata_request", "metadata_response"]
KEYS = ["keys_request", "keys_response"]


@pytest.mark.parametrize(
    ("name", "protocol", "messages"),
    [
        (
            "one",
            "OAuth 1.0",
            ["login_request", "temporary_request", "temporary_response", *AROUND, *TRADE],
        ),
        ("two", "OAuth 2.0", ["login_request", *AROUND, *TRADE]),
        ("op", "OpenID Connect", ["login_request", *METADATA, *AROUND, *TRADE, *KEYS]),
    ],
)
def test_login_that_succeeds(
    site: TracedSite, browser: FlaskClient, name: str, protocol: str, messages: list[str]
) -> None:
    """Every message is there, in order, and no check failed."""
    approved(site, browser, name)
    (trace,) = site.traces
    assert (trace.client, trace.protocol, trace.outcome) == (name, protocol, "succeeded")
    assert (trace.error, trace.diagnosis, failed(trace)) == (None, None, [])
    assert names(trace) == messages
    assert {check.outcome for check in trace.checks} <= {"passed", "nothing to compare"}


def test_equal_secrets_have_equal_labels(site: TracedSite, browser: FlaskClient) -> None:
    """So that one sees what became of a state, a code, a nonce, a challenge."""
    approved(site, browser, "op")
    approved(site, browser, "op")
    seen: list[dict[str, str]] = []
    for trace in site.traces:
        values = {step.name: dict(step.values) for step in trace.steps}
        sent, callback = values["authorization_request"], values["callback"]
        asked, answer = values["token_request"], values["token_response"]
        assert sent["state"] == callback["state"]
        assert callback["code"] == asked["code"]
        assert sent["code_challenge"] == asked["code_verifier, its challenge"]
        assert sent["nonce"] == answer["id_token.nonce"]
        assert len({sent["state"], sent["nonce"], sent["code_challenge"], asked["code"]}) == 4
        seen.append({**sent, **asked})
    same = {name for name in seen[0] if seen[0][name] == seen[1][name]}
    assert "client_secret" in same
    assert same.isdisjoint({"state", "nonce", "code", "code_verifier", "code_challenge"})


SETTING = "client_secret (OP_CLIENT_SECRET in app.config)"


@pytest.mark.parametrize(
    ("happens", "stopped", "wrong", "mend"),
    [
        (
            wrong_redirect_uri,
            ["The provider accepts the trade", "token_response"],
            "The login was sent away with redirect_uri http://localhost/authorize/op, and the code "
            "was traded with http://localhost/elsewhere. They have to be the same",
            "Leave redirect_uri out of authorize_access_token",
        ),
        (
            other_browser,
            ["This browser began that login, and has not finished it"],
            "brought no session cookie",
            "If the login was begun in another browser, profile or private window, finish it there",
        ),
        (
            other_host,
            ["This browser began that login, and has not finished it"],
            "The login began at http://localhost and came back to http://127.0.0.1",
            "Open the application at http://127.0.0.1",
        ),
        (
            wrong_secret,
            ["The provider accepts the trade", "token_response"],
            "client_secret or client_id is wrong",
            f"Copy the secret from the provider once more into {SETTING}",
        ),
        (
            wrong_nonce,
            ["It answers this login (nonce)"],
            "The ID Token answers another login",
            "Log in again",
        ),
        (
            down_afterwards,
            ["token_response"],
            "The application got no answer from provider.example",
            "Is it running? Is the address right? It is https://provider.example/",
        ),
        (
            down,
            ["metadata_response"],
            "The application got no answer from provider.example",
            "Is it running? Is the address right? It is https://provider.example/",
        ),
        (
            denied,
            ["The provider reports no error"],
            "said no. Nothing is broken",
            "Catch AuthorizationDeniedError",
        ),
        (
            reloaded,
            ["This browser began that login, and has not finished it"],
            "This callback was answered before",
            "let the view that finishes the login redirect to another page",
        ),
    ],
)
def test_login_that_fails(
    site: TracedSite,
    browser: FlaskClient,
    happens: Happening,
    stopped: list[str],
    wrong: str,
    mend: str,
) -> None:
    """It says in plain words what is wrong and what to do, and shows where it stopped."""
    happens(site, browser, "op")
    trace = site.traces[0]
    assert trace.outcome == "failed"
    assert failed(trace) == stopped
    assert trace.diagnosis is not None
    assert wrong in trace.diagnosis.wrong
    assert mend in " ".join(trace.diagnosis.mend)
    assert trace.error is not None
    assert type(site.errors[-1]).__name__ in trace.error
    written = " ".join(trace.text().split())
    assert wrong in written
    assert mend in written


@pytest.mark.parametrize(
    ("name", "happens"),
    [
        (name, happens)
        for name in ("one", "two", "op")
        for happens in (other_browser, other_host, wrong_secret, down_afterwards, denied, reloaded)
    ]
    + [("one", down), ("op", down)],
)
def test_every_protocol_tells_what_to_do(
    site: TracedSite, browser: FlaskClient, name: str, happens: Happening
) -> None:
    """Whatever fails, there is advice and a place."""
    happens(site, browser, name)
    trace = site.traces[0]
    assert trace.outcome == "failed"
    assert failed(trace)
    assert trace.diagnosis is not None
    assert trace.diagnosis.mend


BREAKING = sorted(name for name in FAULTS if not name.startswith(("userinfo", "logout")))


@pytest.fixture(scope="module")
def shared() -> TracedSite:
    """An application for many logins."""
    return TracedSite()


@pytest.mark.parametrize("fault", BREAKING)
def test_every_fault_of_a_provider_has_a_place(shared: TracedSite, fault: str) -> None:
    """One check or message, and what is before it passed; where nothing fails, all did."""
    # Where the metadata is known, the login goes on without a healthy answer.
    site = TracedSite() if fault.startswith("discovery") else shared
    browser = site.app.test_client()
    site.errors.clear()
    site.clock.now += 7200  # what was fetched is fetched anew
    name = "one" if fault.startswith("oauth1") else "op"
    with site.provider.faults(fault):
        answer = browser.get(f"/login/{name}")
        if answer.status_code == 302:
            person = Client(site.provider)
            form = {"user": "ada", "decision": "approve"}
            back = person.post(answer.headers["Location"], base_url=PROVIDER, data=form)
            if back.status_code == 303:
                site.arrive(browser, back.headers["Location"])
    trace = site.traces[0]
    assert (trace.outcome == "failed") is bool(site.errors)
    checks = [check.outcome for check in trace.checks]
    if trace.outcome == "failed":
        assert trace.diagnosis is not None
        assert trace.diagnosis.wrong
        assert checks.count("failed") <= 1
        assert trace.diagnosis.mend
        assert failed(trace)
        if "failed" in checks:
            assert set(checks[: checks.index("failed")]) <= {"passed", "nothing to compare"}
            assert set(checks[checks.index("failed") + 1 :]) <= {"not reached"}
    else:
        assert "failed" not in checks


def test_login_whose_browser_is_not_back(site: TracedSite, browser: FlaskClient) -> None:
    """The most common mistake shows at the provider alone, so it is told here."""
    begun(site, browser, "op")
    (trace,) = site.traces
    assert trace.outcome == "open"
    assert trace.diagnosis is not None
    assert "not back yet" in trace.diagnosis.wrong
    advice = " ".join(trace.diagnosis.mend)
    assert "http://localhost/authorize/op is not registered at the provider" in advice
    assert trace.checks == []


def test_login_without_redirect(site: TracedSite, browser: FlaskClient) -> None:
    """``create_authorization_url`` and ``save_authorize_data`` make one trace."""
    with site.app.test_request_context("/login-url"):
        made = site.op.create_authorization_url(CALLBACK)
        site.op.save_authorize_data(**made)
    assert [trace.outcome for trace in site.traces] == ["open"]


def test_callback_that_was_begun_elsewhere(site: TracedSite, browser: FlaskClient) -> None:
    """In another process, or before a restart."""
    site.arrive(browser, f"{CALLBACK}?state=unknown-here&code=a-code")
    (trace,) = site.traces
    assert names(trace) == ["unknown", "back", "callback"]
    assert trace.outcome == "failed"


def test_second_callback_is_a_trace_of_its_own(site: TracedSite, browser: FlaskClient) -> None:
    """The login that succeeded goes on to have done so."""
    reloaded(site, browser, "two")
    assert [trace.outcome for trace in site.traces] == ["failed", "succeeded"]
    again = site.traces[0]
    assert names(again) == ["login_request", *AROUND]


def test_callback_that_is_posted_again(site: TracedSite, browser: FlaskClient) -> None:
    """Both posts are in one trace, and the checks come after the second."""
    fields = site.posted(browser)
    page = post(site.app.test_client(), fields)
    assert page.status_code == 200
    assert site.traces[0].outcome == "open"
    post(browser, [*fields, ("typedoauth_resubmitted", "1")])
    (trace,) = site.traces
    assert trace.outcome == "succeeded"
    assert names(trace).count("callback") == 2
    assert "resubmission" in names(trace)
    last = [row for row in trace.rows if getattr(row, "name", "") == "callback"][-1]
    after = trace.rows[trace.rows.index(last) + 1]
    assert after == trace.checks[0]


def test_api_calls_are_no_part_of_a_login(site: TracedSite, browser: FlaskClient) -> None:
    """They go through the same transport."""
    approved(site, browser, "two")
    (before,) = site.traces
    with site.app.test_request_context():
        site.two.get("me", token={"access_token": "some-token"})
    assert site.traces == [before]


def test_failure_of_the_application_itself(site: TracedSite, browser: FlaskClient) -> None:
    """A function of its own that raises is told by the name of the exception, and no more."""

    def fetch() -> OAuth1Token:
        raise LookupError("a secret of the application")

    site.oauth.register(
        "one",
        client_id="client",
        client_secret=CLIENT_SECRET,
        request_token_url=f"{PROVIDER}/oauth1/initiate",
        authorize_url=f"{PROVIDER}/oauth1/authorize",
        access_token_url=f"{PROVIDER}/oauth1/token",
        save_request_token=lambda token: None,
        fetch_request_token=fetch,
    )
    with pytest.raises(LookupError):
        approved(site, browser, "one")
    (trace,) = site.traces
    assert trace.outcome == "failed"
    assert trace.diagnosis is not None
    assert trace.diagnosis.wrong == "A function of the application raised LookupError."
    assert "a secret of the application" not in trace.text()


@pytest.mark.parametrize("name", ["one", "two", "op"])
def test_login_outside_of_a_request(site: TracedSite, name: str) -> None:
    """It is refused as it is without a trace, and there is one of it all the same."""
    client = site.oauth.create_client(name)
    with site.app.app_context():
        for step in (client.authorize_redirect, client.authorize_access_token):
            with pytest.raises(ContextError):
                step()
    assert [trace.outcome for trace in site.traces] == ["failed", "failed"]


def test_registries_of_one_application_share_their_traces(site: TracedSite) -> None:
    """The page is one."""
    other = OAuth(site.app, transport=site.transport, clock=site.clock)
    client = register_two(other, "three")
    with site.app.test_request_context("/login"):
        client.authorize_redirect("http://localhost/authorize/three")
    assert [trace.client for trace in login_traces(site.app)] == ["three"]


def test_the_newest_are_kept(site: TracedSite, browser: FlaskClient) -> None:
    """Twenty of them, and they go on to be numbered."""
    for _ in range(25):
        site.begin(browser, "two")
    assert [trace.number for trace in site.traces] == list(range(25, 5, -1))


def test_one_login_takes_so_much_and_no_more() -> None:
    """However much comes: values are left out in the end, and then messages."""
    record = Record(number=1, client="c", oauth1=False, openid=False, clock=lambda: 0.0, began=0.0)
    for number in range(200):
        values = (("x", "y" * 5000),)
        record.add(Step("callback", "browser", "app", "It comes", f"GET /{number}", values))
    assert len(record.steps) == 60
    assert record.steps[0].values == (("x", "y" * 5000),)
    assert record.steps[-1].values == (("…", "no room left"),)
    assert sum(len(repr(step)) for step in record.steps) < 100_000


def test_what_others_send_is_cut(site: TracedSite, browser: FlaskClient) -> None:
    """A value to 300 characters, a message to 60 values."""
    many = "&".join(f"p{number}=x" for number in range(500))
    site.arrive(browser, f"{CALLBACK}?state=one&error_description={'x' * 5000}&{many}")
    values = dict(site.traces[0].steps[-1].values)
    assert values["error_description"] == f"{'x' * 300}…"
    assert values["…"] == "and 442 more"


def test_log_says_where_the_trace_is(
    site: TracedSite, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads a traceback finds it."""
    with caplog.at_level(logging.WARNING, "typedoauth"):
        denied(site, browser, "two")
    assert [one.getMessage() for one in caplog.records] == [
        "login 1 with two stopped; its trace is at /typedoauth/trace"
    ]


def test_settings_that_keep_the_cookie_away_are_told() -> None:
    """Those that can be seen from here."""
    site = TracedSite()
    site.app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    site.app.config["SESSION_COOKIE_SECURE"] = True
    other_browser(site, site.app.test_client(), "op")
    diagnosis = site.traces[0].diagnosis
    assert diagnosis is not None
    advice = " ".join(diagnosis.mend)
    assert 'SESSION_COOKIE_SAMESITE is "Strict"' in advice
    assert "SESSION_COOKIE_SECURE is on, and http://localhost is http" in advice


def test_secret_with_white_space_is_told() -> None:
    """From a file with a line break, as it happens."""
    site = TracedSite()
    site.oauth.register(
        "op",
        client_id="client",
        client_secret="client-secret-of-the-tests\n",
        server_metadata_url=f"{PROVIDER}/.well-known/openid-configuration",
        client_kwargs=SCOPE,
    )
    approved(site, site.app.test_client(), "op")
    diagnosis = site.traces[0].diagnosis
    assert diagnosis is not None
    assert "white space at an end" in diagnosis.mend[0]
