"""The page of the services and that of the blueprint."""

from __future__ import annotations

import pytest
from flask import url_for
from flask.typing import ResponseReturnValue

from tests.docs.pages import examples, read, run
from tests.docs.world import World
from tests.providers.table import written
from typedoauth import AnyToken, UserInfo
from typedoauth.flask import RemoteApp, create_flask_blueprint


def test_the_table_is_that_of_the_declarations() -> None:
    """``python -m tests.providers.table`` writes it anew."""
    page = read("docs/providers.md")
    assert written(page) == page


@pytest.mark.parametrize("name", ["Notes", "Accounts", "Versioned"])
def test_a_service_of_your_own_logs_users_in(world: World, name: str) -> None:
    """As it stands on the page, through the blueprint."""
    (page,) = examples("docs/providers.md", read("docs/providers.md"))
    with run(page, world.located) as names:
        provider = getattr(names, name)
        names.app.config.update(
            VERSIONED_CLIENT_ID="my-client", VERSIONED_CLIENT_SECRET="my-secret"
        )

        def handle_authorize(
            remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
        ) -> ResponseReturnValue:
            return {"user": user_info and user_info.get("name")}

        blueprint = create_flask_blueprint(provider, names.oauth, handle_authorize)
        names.app.register_blueprint(blueprint, url_prefix="/notes")
        _, answer = world.log_in(names.app, "/notes/login")
        assert answer.get_json() == {"user": "Ada"}


def test_the_blueprint_has_the_addresses_of_its_page(world: World) -> None:
    """Both shapes."""
    (page,) = examples("docs/blueprint.md", read("docs/blueprint.md"))
    with run(page, world.located) as names:
        rules = {rule.rule for rule in names.app.url_map.iter_rules()}
        assert rules >= {
            "/account/login/<name>",
            "/account/auth/<name>",
            "/github/login",
            "/github/auth",
        }
        names.app.config["GITHUB_CLIENT_ID"] = "my-client"
        answer = names.app.test_client().get("/account/auth/github?error=access_denied")
        assert (answer.status_code, answer.text) == (400, "You are not logged in.")


def test_links_of_loginpass_are_good(world: World) -> None:
    """Migrated code has the names and addresses of before."""
    (page,) = examples("docs/migrating-loginpass.md", read("docs/migrating-loginpass.md"))
    with run(page, world.located) as names, names.app.test_request_context():
        assert url_for("loginpass.login", name="github") == "/account/login/github"
        assert url_for("loginpass.auth", name="github") == "/account/auth/github"
