"""The README's logins, gone through as a browser does."""

from __future__ import annotations

import pytest

from tests.docs.pages import Example, examples, read, run
from tests.docs.world import World

OAUTH2, OAUTH1, SCRIPT, STUB = examples("README.md", read("README.md"))


@pytest.mark.parametrize(
    ("example", "greeting", "grant"),
    [(OAUTH2, "Hello, ada", "authorization_code"), (OAUTH1, None, "token_credentials")],
)
def test_a_login_goes_through(
    example: Example, greeting: str | None, grant: str, world: World
) -> None:
    """Ada logs in and is known afterwards."""
    with run(example, world.located) as names:
        browser, answer = world.log_in(names.app)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert world.provider.counts[grant] == 1
        if greeting is not None:
            assert browser.get("/").text == greeting
