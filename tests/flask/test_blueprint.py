"""The blueprint: both shapes, all three protocols, failures, and where to return to."""

from __future__ import annotations

import logging
from random import Random
from typing import Any

import pytest
from flask import url_for
from flask.typing import ResponseReturnValue

from tests.flask.blueprints import One, Shop, Three, Two
from tests.flask.site import query_of
from typedoauth import OAuth2Token, UserInfo
from typedoauth.errors import (
    AuthorizationDeniedError,
    ConfigurationError,
    OAuthError,
    StateMismatchError,
)
from typedoauth.flask import OAuth, OAuth2App, create_flask_blueprint
from typedoauth.providers import GitLab, OAuth1Provider, OAuth2Provider, OpenIDProvider

EVERY = pytest.mark.parametrize("backend", [One, Two, Three], ids=["oauth1", "oauth2", "openid"])
Backend = OAuth1Provider | OAuth2Provider | OpenIDProvider


@pytest.fixture
def shop() -> Shop:
    """An application without logins so far."""
    return Shop()


def several(shop: Shop) -> None:
    """Give the application logins with all three."""
    blueprint = create_flask_blueprint([One, Two, Three], shop.oauth, shop.handle_authorize)
    shop.app.register_blueprint(blueprint, url_prefix="/social")


@EVERY
def test_one_service_has_login_and_auth(shop: Shop, backend: Backend) -> None:
    """The page's shape: ``/login`` and ``/auth``; config keys are all that was given."""
    blueprint = create_flask_blueprint(backend, shop.oauth, shop.handle_authorize)
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    shown = shop.log_in(shop.app.test_client(), "/login").get_json()
    assert shown["name"] == backend.name
    claims = {name: shown["user_info"][name] for name in ("sub", "name", "email")}
    assert claims == {"sub": "ada", "name": "Ada", "email": "ada@example.com"}
    assert shown["token"]


@EVERY
def test_several_services_have_login_and_auth_by_name(shop: Shop, backend: Backend) -> None:
    """The later shape: ``/login/<name>`` and ``/auth/<name>``."""
    several(shop)
    shown = shop.log_in(shop.app.test_client(), f"/login/{backend.name}").get_json()
    assert (shown["name"], shown["user_info"]["sub"]) == (backend.name, "ada")


def test_list_of_one_has_the_shape_of_several(shop: Shop) -> None:
    """So that a second service changes no address."""
    blueprint = create_flask_blueprint([Two], shop.oauth, shop.handle_authorize)
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    assert shop.begin(shop.app.test_client(), "/login/two").status_code == 302


def test_service_that_is_not_listed_is_not_found(shop: Shop) -> None:
    """Also when the registry has it: the blueprint is what its list says."""
    shop.oauth.register_provider(GitLab(), client_id="c")
    several(shop)
    browser = shop.app.test_client()
    for path in ("/login/gitlab", "/auth/gitlab", "/login/github", "/login"):
        assert shop.begin(browser, path).status_code == 404


def test_login_may_be_posted(shop: Shop) -> None:
    """By a form, whose button no other site's link can press."""
    several(shop)
    browser = shop.app.test_client()
    away = shop.begin(browser, "/login/two", post=True, next="/notes")
    assert away.status_code == 302
    back = shop.decide(away.headers["Location"])
    assert browser.get(back.removeprefix("http://localhost")).get_json()["next"] == "/notes"


def test_callback_may_be_posted(shop: Shop) -> None:
    """As services do that answer with ``form_post``."""
    several(shop)
    browser = shop.app.test_client()
    callback = shop.decide(shop.begin(browser, "/login/two").headers["Location"])
    shown = browser.post("/social/auth/two", data=query_of(callback)).get_json()
    assert shown["user_info"]["sub"] == "ada"


def test_config_adds_to_the_query(shop: Shop) -> None:
    """``{NAME}_AUTHORIZE_PARAMS``, as loginpass has it."""
    shop.app.config["TWO_AUTHORIZE_PARAMS"] = {"hd": "example.com"}
    several(shop)
    location = shop.begin(shop.app.test_client(), "/login/two").headers["Location"]
    assert query_of(location)["hd"] == "example.com"


@EVERY
def test_return_path_comes_back(shop: Shop, backend: Backend) -> None:
    """What ``?next=`` said is there when the login ends."""
    several(shop)
    answer = shop.log_in(shop.app.test_client(), f"/login/{backend.name}", next="/notes?page=2")
    assert answer.get_json()["next"] == "/notes?page=2"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_another_site_does_not_come_back(shop: Shop, target: str) -> None:
    """The login goes on, to the application's own default; it is not even kept."""
    several(shop)
    answer = shop.log_in(shop.app.test_client(), "/login/two", next=target)
    assert answer.get_json()["next"] == "/home"
    assert answer.get_json()["data"] == {}


@EVERY
@pytest.mark.parametrize(("length", "kept"), [(498, True), (499, False), (20_000, False)])
def test_long_return_path_is_no_hindrance(
    shop: Shop, backend: Backend, length: int, kept: bool
) -> None:
    """What the cookie has no room for is forgotten, and the login goes on."""
    several(shop)
    target = "/" + Random(length).randbytes(length).hex()[: length - 1]
    browser = shop.app.test_client()
    shown = shop.log_in(browser, f"/login/{backend.name}", next=target).get_json()
    assert shown["next"] == (target if kept else "/home")


def test_token_is_at_hand_in_the_handler(shop: Shop) -> None:
    """Calls of the remote app use it."""

    def handle_authorize(
        remote: OAuth2App, token: OAuth2Token | None, user_info: UserInfo | None
    ) -> ResponseReturnValue:
        return {"name": remote.get("me").json()["name"]}

    blueprint = create_flask_blueprint(Two, shop.oauth, handle_authorize)
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    assert shop.log_in(shop.app.test_client(), "/login").get_json() == {"name": "Ada"}


@EVERY
def test_failure_is_handed_to_handle_authorize(shop: Shop, backend: Backend) -> None:
    """As the page has it: ``handle_authorize(remote, None, None)``."""
    several(shop)
    shown = shop.log_in(
        shop.app.test_client(), f"/login/{backend.name}", "deny", next="/notes"
    ).get_json()
    assert (shown["name"], shown["token"], shown["user_info"]) == (backend.name, None, None)
    assert shown["next"] == "/notes"


@EVERY
def test_failure_is_handed_to_handle_error(shop: Shop, backend: Backend) -> None:
    """Where there is one: with the error, typed."""
    blueprint = create_flask_blueprint(
        [One, Two, Three], shop.oauth, shop.handle_authorize, handle_error=shop.handle_error
    )
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    answer = shop.log_in(shop.app.test_client(), f"/login/{backend.name}", "deny")
    assert answer.status_code == 400
    assert isinstance(shop.errors[-1], AuthorizationDeniedError)


def test_error_is_the_context_of_what_the_handler_raises(shop: Shop) -> None:
    """The page's ``raise some_error`` shows in a log why there was no login."""

    def handle_authorize(remote: object, token: object, user_info: object) -> ResponseReturnValue:
        raise LookupError("no login")

    blueprint = create_flask_blueprint(Two, shop.oauth, handle_authorize)
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    shop.app.testing = True
    with pytest.raises(LookupError) as raised:
        shop.app.test_client().get("/social/auth?code=c&state=made-up")
    assert isinstance(raised.value.__context__, StateMismatchError)


def test_failure_to_begin_is_a_failure(shop: Shop) -> None:
    """A service that refuses temporary credentials, or cannot be reached."""
    shop.app.config["ONE_CLIENT_SECRET"] = "another secret"
    blueprint = create_flask_blueprint(
        [One], shop.oauth, shop.handle_authorize, handle_error=shop.handle_error
    )
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    assert shop.begin(shop.app.test_client(), "/login/one").status_code == 400
    assert len(shop.errors) == 1


def test_profile_that_cannot_be_had_is_a_failure(shop: Shop) -> None:
    """Without the user there is no login, although there was a token."""
    blueprint = create_flask_blueprint(
        Two, shop.oauth, shop.handle_authorize, handle_error=shop.handle_error
    )
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    shop.app.config["TWO_API_BASE_URL"] = "https://provider.example/nowhere/"
    assert shop.log_in(shop.app.test_client(), "/login").status_code == 400
    assert [error.code for error in shop.errors] == ["http_status"]


def test_wrong_setting_is_no_failed_login(shop: Shop) -> None:
    """It is the application's to mend: it goes up, and not to the handler."""
    del shop.app.config["TWO_CLIENT_ID"]
    blueprint = create_flask_blueprint(
        Two, shop.oauth, shop.handle_authorize, handle_error=shop.handle_error
    )
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    shop.app.testing = True
    for path in ("/social/login", "/social/auth?code=c&state=s"):
        with pytest.raises(ConfigurationError, match="TWO_CLIENT_ID"):
            shop.app.test_client().get(path)
    assert shop.errors == []


def test_failure_is_logged_without_what_the_service_said(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    """The kind of error is enough for a log."""
    several(shop)
    with caplog.at_level(logging.INFO, "typedoauth.flask"):
        shop.app.test_client().get("/social/auth/two?error=secret&state=s")
    assert [one.getMessage() for one in caplog.records if "no login" in one.getMessage()] == [
        "two: no login: StateMismatchError"
    ]


def test_client_that_is_registered_already_is_used(shop: Shop) -> None:
    """With what its registration says."""
    shop.oauth.register_provider(Two, client_kwargs={"scope": "profile"})
    several(shop)
    location = shop.begin(shop.app.test_client(), "/login/two").headers["Location"]
    assert query_of(location)["scope"] == "profile"


def test_service_of_the_same_name_and_another_address_is_refused() -> None:
    """Else its users would be logged in by the first one, and be who they are there."""
    oauth = OAuth()
    create_flask_blueprint([GitLab()], oauth, _show, name="first")
    create_flask_blueprint([GitLab()], oauth, _show, name="again")  # the same, made anew
    with pytest.raises(ConfigurationError, match="'gitlab' is registered already"):
        create_flask_blueprint([GitLab(host="git.example.com")], oauth, _show)


def test_client_of_another_name_is_a_backend(shop: Shop) -> None:
    """What ``register_provider`` answered may stand in the list."""
    again = shop.oauth.register_provider(
        Two, "two-b", client_id="client", client_secret="client-secret-of-the-tests"
    )
    blueprint = create_flask_blueprint([Two, again], shop.oauth, shop.handle_authorize)
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    shown = shop.log_in(shop.app.test_client(), "/login/two-b").get_json()
    assert (shown["name"], shown["user_info"]["sub"]) == ("two-b", "ada")


def test_views_have_names(shop: Shop) -> None:
    """For ``url_for``; or the name that is chosen, such as the one of loginpass."""
    several(shop)
    single = create_flask_blueprint(Two, shop.oauth, shop.handle_authorize)
    chosen = create_flask_blueprint(Two, shop.oauth, shop.handle_authorize, name="loginpass_two")
    shop.app.register_blueprint(single, url_prefix="/single")
    shop.app.register_blueprint(chosen, url_prefix="/chosen")
    with shop.app.test_request_context():
        assert url_for("login.login", name="two", next="/a") == "/social/login/two?next=/a"
        assert url_for("login_two.auth") == "/single/auth"
        assert url_for("loginpass_two.login") == "/chosen/login"


@pytest.mark.parametrize("backends", [[], [Two, Two], [GitLab], GitLab, ["github"], "github"])
def test_what_is_no_backend_is_refused(backends: object) -> None:
    """None, one twice, a service without its parameters, a name."""
    made: Any = create_flask_blueprint  # any: what a checker refuses
    with pytest.raises(ConfigurationError):
        made(backends, OAuth(), print)


def test_service_without_its_parameters_says_so() -> None:
    """``GitLab`` is to be called."""
    made: Any = create_flask_blueprint  # any: what a checker refuses
    with pytest.raises(ConfigurationError, match=r"such as GitLab\(…\)"):
        made(GitLab, OAuth(), print)


def test_errors_of_the_handler_are_its_own(shop: Shop) -> None:
    """What it raises is not taken for a failed login."""

    def handle_authorize(remote: object, token: object, user_info: object) -> ResponseReturnValue:
        raise OAuthError("mine")

    blueprint = create_flask_blueprint(
        Two, shop.oauth, handle_authorize, handle_error=shop.handle_error
    )
    shop.app.register_blueprint(blueprint, url_prefix="/social")
    shop.app.testing = True
    with pytest.raises(OAuthError, match="mine"):
        shop.log_in(shop.app.test_client(), "/login")
    assert shop.errors == []


def _show(remote: object, token: object, user_info: object) -> ResponseReturnValue:
    return f"{remote} {token} {user_info}"
