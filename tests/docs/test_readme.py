"""The README's logins, gone through as a browser does."""

from __future__ import annotations

import pytest

from tests.docs.pages import Example, examples, read, run
from tests.docs.world import World

OAUTH2, OPENID, OAUTH1, SCRIPT, STUB = examples("README.md", read("README.md"))


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
