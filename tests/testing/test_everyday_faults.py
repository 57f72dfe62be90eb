"""What goes wrong on any day: the documented table says what the application sees."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from tests.docs.pages import table
from tests.testing.acting import bearer
from tests.testing.shop import CLIENTS, GITHUB_USER, TWITTER_USER, create_app
from typedoauth import ConfigurationError, OAuthError
from typedoauth.testing import EVERYDAY, LocalProvider

_ROWS = {name.strip("`"): cells for name, *cells in table("docs/testing.md", "everyday")}
_NOTHING = "\u2013"


@pytest.fixture
def app(oauth_provider: LocalProvider) -> Flask:
    """The application, with the provider in the place of its services."""
    app = create_app()
    app.testing = True
    oauth_provider.add_resource(GITHUB_USER, lambda user: {"login": user.user_id})
    oauth_provider.add_resource(TWITTER_USER, lambda user: {"screen_name": user.user_id})
    oauth_provider.stand_in(app)
    oauth_provider.login_as("ada", email="ada@example.com")
    return app


def _seen(act: Callable[[], TestResponse]) -> str:
    """What comes out of the application: the name of an error, or nothing."""
    try:
        answer = act()
    except OAuthError as error:
        return type(error).__name__
    assert answer.status_code == 200, answer.text
    return _NOTHING


def _said(cell: str, name: str) -> str:
    """What the table says of a client: ``other`` in ``one; OAuth 1.0a: other``."""
    general, _, oauth1 = cell.replace("`", "").partition("; OAuth 1.0a: ")
    return oauth1 if oauth1 and name == "twitter" else general


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("fault", EVERYDAY)
def test_application_sees_what_the_table_says(
    app: Flask, oauth_provider: LocalProvider, fault: str, name: str
) -> None:
    """In a login, and in a call with the token of one; afterwards all is well."""
    _, login_ends, call_ends = _ROWS[fault]
    browser = app.test_client()
    acts = {
        call_ends: lambda: browser.get(f"/profile/{name}"),
        login_ends: lambda: browser.get(f"/login/{name}", follow_redirects=True),
    }
    assert _seen(lambda: browser.get(f"/login/{name}", follow_redirects=True)) == _NOTHING
    for cell, act in acts.items():
        with oauth_provider.faults(fault):
            assert _seen(act) == _said(cell, name)
    assert _seen(lambda: browser.get(f"/login/{name}", follow_redirects=True)) == _NOTHING
    assert _seen(lambda: browser.get(f"/profile/{name}")) == _NOTHING


def test_table_is_complete() -> None:
    """Every fault has its row, with what it does in the words of the code."""
    assert {name: cells[0] for name, cells in _ROWS.items()} == {
        name: fault.description for name, fault in EVERYDAY.items()
    }


def test_third_request_succeeds(app: Flask, oauth_provider: LocalProvider) -> None:
    """Two requests fail, whatever they are for."""
    browser = app.test_client()
    browser.get("/login/github", follow_redirects=True)
    with oauth_provider.faults("answer_500_twice"):
        seen = [_seen(lambda: browser.get("/profile/github")) for _ in range(3)]
    assert seen == ["HTTPStatusError", "HTTPStatusError", _NOTHING]


def test_metadata_fails_as_well(app: Flask, oauth_provider: LocalProvider) -> None:
    """In the first login with OpenID Connect, which has to read it."""
    browser = app.test_client()
    with oauth_provider.faults("answer_500_twice"):
        seen = _seen(lambda: browser.get("/login/google", follow_redirects=True))
    assert seen == "MalformedResponseError"


def test_pages_are_neither_slow_nor_broken(oauth_provider: LocalProvider) -> None:
    """A person at the provider's page is not held up by what happens to applications."""
    app = create_app()
    oauth_provider.stand_in(app)
    with oauth_provider.faults("be_slow", "answer_500_twice"):
        assert app.test_client().get("/login/github").status_code == 200


def test_slow_answer_comes_at_once_when_all_is_well(provider: LocalProvider, url: str) -> None:
    """Over a network the provider waits; it stops when the fault ends."""
    token = requests.post(
        f"{url}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=("other", "other-secret"),
        timeout=10,
    ).json()["access_token"]
    statuses: list[int] = []

    def ask() -> None:
        answer = requests.get(f"{url}/api/echo", headers=bearer(token), timeout=30)
        statuses.append(answer.status_code)

    thread = Thread(target=ask)
    with provider.faults("be_slow"):
        thread.start()
        thread.join(0.3)
        assert statuses == []
    thread.join(20)
    assert statuses == [200]


def test_faults_of_both_tables_go_together(oauth_provider: LocalProvider) -> None:
    """As long as they are about different things."""
    with oauth_provider.faults("deny", "id_token_nonce_wrong"):
        pass
    with (
        pytest.raises(ConfigurationError, match="second fault of 'authorization'"),
        oauth_provider.faults("authorization_state_missing", "wrong_state"),
    ):
        pass


def test_slip_of_the_pen_is_refused(oauth_provider: LocalProvider) -> None:
    """The nearest name is told; failing that, the short table."""
    for slip, told in (("wrongstate", "wrong_state"), ("%", r"deny, .*be_slow")):
        with pytest.raises(ConfigurationError, match=told), oauth_provider.faults(slip):
            pass
