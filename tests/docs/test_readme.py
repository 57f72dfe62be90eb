"""The README's logins, gone through as a browser does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Example, call_tests, examples, read, run
from tests.docs.world import World
from tests.providers.catalogue import CATALOGUE
from tests.providers.replicas import Replica

OAUTH2, OPENID, OAUTH1, READY, STORED, SCRIPT, STUB = examples("README.md", read("README.md"))


@pytest.mark.parametrize(
    ("example", "user", "grant"),
    [
        (OAUTH2, "ada", "authorization_code"),
        (OPENID, "Ada", "authorization_code"),
        (OAUTH1, "Ada", "token_credentials"),
    ],
)
def test_a_login_goes_through(example: Example, user: str, grant: str, world: World) -> None:
    """Ada logs in, is greeted, and is known afterwards."""
    with run(example, world.located) as names:
        browser, answer = world.log_in(names.app)
        assert (answer.status_code, answer.text) == (200, f"Hello, {user}")
        assert world.provider.counts[grant] == 1
        with browser.session_transaction() as session:
            assert session["user"].lower() == user.lower()


@pytest.mark.parametrize("example", [OAUTH2, OPENID, OAUTH1])
def test_the_test_of_a_login_passes(
    example: Example, world: World, request: pytest.FixtureRequest
) -> None:
    """Five lines, in process."""
    with run(example, world.located) as names:
        assert call_tests(names, request) == 1
    assert world.provider.counts == {}


def test_a_service_that_is_ready_logs_users_in(world: World) -> None:
    """Against a replica of GitHub, and back to where the user came from."""
    replica = Replica(CATALOGUE["GitHub"])
    with run(READY, world.located) as names, names.oauth.override(transport=replica.stub):
        browser = names.app.test_client()
        away = browser.get("/login/github", query_string={"next": "/notes"})
        back = replica.callback(away.headers["Location"])
        answer = browser.get("/auth/github", query_string=back)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/notes")
        with browser.session_transaction() as session:
            assert session["user"] == "github:1815"
        assert browser.get("/auth/github").status_code == 400


def test_a_login_is_kept(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later requests of the same user have the token, and those of others have not."""
    monkeypatch.chdir(tmp_path)
    with run(STORED, world.located) as names:
        _, answer = world.log_in(names.app)
        assert answer.text == "Hello, ada"
        with names.app.app_context():
            kept = names.github.stored_token(owner="ada")
            assert names.github.stored_token(owner="bob") is None
        assert kept["access_token"]
    assert (tmp_path / "tokens.db").exists()
