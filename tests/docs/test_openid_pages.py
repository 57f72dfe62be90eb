"""The logins and logouts of the OpenID Connect pages."""

from __future__ import annotations

import json

import pytest
import requests

from tests.docs.pages import Example, examples, read, run
from tests.docs.world import World
from typedoauth.oidc import unverified_subject


def _whole(name: str) -> Example:
    (example,) = examples(name, read(name))
    return example


@pytest.mark.parametrize("path", ["/login", "/login/again"])
def test_a_login_ends_with_claims(path: str, world: World) -> None:
    """Ada is in the session, by the claims of her ID Token."""
    with run(_whole("docs/openid-connect.md"), world.located) as names:
        browser, answer = world.log_in(names.app, path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        with browser.session_transaction() as session:
            assert (session["user"], session["name"]) == ("ada", "Ada")


def test_userinfo_asks_the_provider(world: World) -> None:
    """The view of the page shows what UserInfo answers about the token's user."""
    with run(_whole("docs/openid-connect.md"), world.located) as names:
        names.saved_token.clear()
        names.saved_token.update(world.token())
        shown = names.app.test_client().get("/profile").get_json()
        assert shown == {"sub": "ada", "email": "ada@example.com"}


def test_logout_goes_round(world: World) -> None:
    """The browser leaves for the provider with the ID Token, and what it brings back counts."""
    with run(_whole("docs/logout.md"), world.located) as names:

        def login() -> object:
            return names.provider.authorize_redirect("http://localhost/authorize")

        def authorize() -> str:
            names.session["id_token"] = names.provider.authorize_access_token()["id_token"]
            return "in"

        names.app.add_url_rule("/login", view_func=login)
        names.app.add_url_rule("/authorize", view_func=authorize)
        browser, answer = world.log_in(names.app)
        assert answer.text == "in"
        away = browser.post("/logout").headers["Location"]
        # There is a page to go back from only where the provider asks; this one does not.
        back = requests.get(away, allow_redirects=False, timeout=10).headers["Location"]
        assert browser.get(back).headers["Location"] == "/"


def test_backchannel_logout_ends_sessions(world: World) -> None:
    """The function of the page ends the session that the token names, and no other."""
    with run(_whole("docs/logout.md"), world.located) as names:
        names.app.add_url_rule(
            "/login",
            "login",
            lambda: names.provider.authorize_redirect("http://localhost/authorize"),
        )
        names.app.add_url_rule(
            "/authorize", "authorize", lambda: names.provider.authorize_access_token()["userinfo"]
        )
        _, answer = world.log_in(names.app)
        claims = json.loads(answer.text)
        names.sessions.update({claims["sid"]: "ada", "another": "bob"})
        ((uri, token),) = world.provider.logout_tokens("ada")
        assert unverified_subject(token) in (None, "ada")
        post = names.app.test_client().post(uri, data={"logout_token": token})
        assert (post.status_code, names.sessions) == (200, {"another": "bob"})


@pytest.mark.parametrize("query", ["", "?iss={issuer}&sid=mine"])
def test_frontchannel_logout_ends_this_session(query: str, world: World) -> None:
    """The function of the page clears the session of the browser that asks."""
    with run(_whole("docs/logout.md"), world.located) as names:
        browser = names.app.test_client()
        with browser.session_transaction() as session:
            session["sid"] = "mine"
        answer = browser.get("/logout/frontchannel" + query.format(issuer=world.base))
        assert answer.status_code == 200
        with browser.session_transaction() as session:
            assert "sid" not in session
