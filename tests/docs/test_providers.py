"""The page of the services and that of the blueprint."""

from __future__ import annotations

import pytest
from flask import url_for
from flask.typing import ResponseReturnValue

from tests.docs.pages import examples, read, run
from tests.docs.world import World
from tests.providers.catalogue import CATALOGUE
from tests.providers.replicas import Replica
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


def test_migrated_code_of_loginpass_logs_in(world: World) -> None:
    """With the links that it had before, against a replica of GitHub."""
    (page,) = examples("docs/migrating-loginpass.md", read("docs/migrating-loginpass.md"))
    replica = Replica(CATALOGUE["GitHub"])
    with run(page, world.located) as names, names.oauth.override(transport=replica.stub):
        with names.app.test_request_context():
            login = url_for("loginpass.login", name="github")
        browser = names.app.test_client()
        back = replica.callback(browser.get(login).headers["Location"])
        answer = browser.get("/account/auth/github", query_string=back)
        assert answer.text == names.user_page
        assert names.saved[0][0] == "github"
        assert names.saved[1]["sub"] == "1815"
        names.app.testing = True
        with pytest.raises(PermissionError):
            browser.get("/account/auth/github?error=access_denied")
