"""What ``register`` takes, refuses, and gives back."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from flask import Flask

from tests.flask.site import PROVIDER, Site, register_one, register_two
from typedoauth.client import OAuth2Client
from typedoauth.errors import (
    ConfigurationError,
    InsecureTransportError,
    UnknownClientError,
    UnknownOptionError,
)
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, RemoteApp

TOKEN_URL = f"{PROVIDER}/oauth2/token"
REQUEST_URL = f"{PROVIDER}/oauth1/initiate"


def app_with(**config: object) -> Flask:
    """An application with a config."""
    app = Flask("configured")
    app.config.from_mapping({"SECRET_KEY": "k", **config})
    return app


def register(oauth: OAuth, name: str = "x", /, **keywords: Any) -> RemoteApp:  # any: wrong ones too
    """Call ``register`` as untyped code does."""
    untyped: Any = oauth  # any: as said
    app: RemoteApp = untyped.register(name, **keywords)
    return app


@pytest.mark.parametrize("name", ["init_app", "register", "create_client", "bind", "cache"])
def test_name_of_an_attribute_is_refused(name: str) -> None:
    """A client must not hide what the registry is used with."""
    with pytest.raises(ConfigurationError, match="choose another name"):
        register(OAuth(), name, access_token_url=TOKEN_URL)


def test_every_attribute_is_refused_as_a_name() -> None:
    """None is forgotten, those of instances included."""
    oauth = OAuth()
    for name in {*dir(oauth), "fetch_token", "update_token"}:
        with pytest.raises(ConfigurationError):
            register(oauth, name, access_token_url=TOKEN_URL)
    assert list(oauth) == []


@pytest.mark.parametrize("name", ["a b", "a.b", "500px", "a/b"])
def test_name_that_is_no_identifier_is_refused(name: str) -> None:
    """Nobody could write ``oauth.<name>``; the message tells the rule."""
    with pytest.raises(ConfigurationError, match=r"identifier.*choose another name"):
        register(OAuth(), name, access_token_url=TOKEN_URL)


@pytest.mark.parametrize("option", ["scope", "realm", "default_timeout", "verify"])
def test_option_of_client_kwargs_is_sent_there(option: str) -> None:
    """A keyword that is an option of the client is not met with a list of others."""
    with pytest.raises(UnknownOptionError) as caught:
        register(OAuth(), access_token_url=TOKEN_URL, **{option: "x"})
    assert f"'{option}' belongs in client_kwargs={{'{option}': …}}" in str(caught.value)
    assert "it is one of" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "_x", "__len__", None, 5])
def test_name_that_is_none_is_refused(name: Any) -> None:
    """A name is a text that can be an attribute."""
    with pytest.raises(ConfigurationError):
        register(OAuth(), name, access_token_url=TOKEN_URL)


def test_name_that_a_subclass_uses_is_refused() -> None:
    """The attributes of a subclass are no names, unless they are annotated only."""

    class Mine(OAuth):
        def helper(self) -> str:
            return "x"

    with pytest.raises(ConfigurationError, match="helper"):
        register(Mine(), "helper", access_token_url=TOKEN_URL)


def test_names_are_told_without_raising() -> None:
    """``in``, iteration and ``len`` tell what there is; an empty registry is still true."""
    oauth = OAuth()
    assert (list(oauth), len(oauth), bool(oauth), repr(oauth)) == ([], 0, True, "<OAuth >")
    register_one(oauth)
    register_two(oauth)
    assert (list(oauth), len(oauth)) == (["one", "two"], 2)
    assert "one" in oauth
    assert "three" not in oauth
    assert 1 not in oauth
    assert repr(oauth) == "<OAuth one, two>"


def test_unknown_client_is_a_key_error_that_names_the_others() -> None:
    """The documented ``create_client`` never answers ``None``."""
    oauth = OAuth()
    with pytest.raises(UnknownClientError, match="none yet") as caught:
        oauth.create_client("x")
    assert isinstance(caught.value, KeyError)
    register_one(oauth)
    register_two(oauth)
    with pytest.raises(UnknownClientError, match="one, two"):
        oauth.create_client("on")


def test_unknown_attribute_is_an_attribute_error_that_names_the_others() -> None:
    """So ``hasattr`` and ``getattr`` with a default work."""
    oauth = OAuth()
    register_one(oauth)
    with pytest.raises(AttributeError, match="'on' is registered; registered: one") as caught:
        _ = oauth.on
    assert caught.value.name == "on"
    assert not hasattr(oauth, "_private")
    assert not hasattr(oauth, "__wrapped__")


def test_client_is_the_same_object_however_it_is_reached() -> None:
    """What ``register`` gives is what the attribute and ``create_client`` give."""
    oauth = OAuth()
    app = register_two(oauth)
    assert app is oauth.two
    assert app is oauth.create_client("two")
    assert repr(app) == "<OAuth2App 'two'>"


def test_client_is_an_attribute_once_it_was_asked_for() -> None:
    """So that Python finds it by itself from then on; a view has those of its application."""
    app = app_with()
    oauth = OAuth(app)
    two = register_two(oauth)
    assert "two" not in vars(oauth)
    assert oauth.two is two
    assert vars(oauth)["two"] is two
    assert "two" not in vars(oauth.bind(app))


def test_name_by_keyword_is_the_same() -> None:
    """The page writes ``name=`` as well as the bare name."""
    oauth = OAuth()
    oauth.register(name="x", access_token_url=TOKEN_URL)
    assert "x" in oauth


def test_name_with_a_hyphen_has_an_attribute_and_config_keys() -> None:
    """``-`` is ``_`` in attributes and config keys; the key with a hyphen is read, too."""
    oauth = OAuth(app_with(MY_SERVICE_CLIENT_ID="id", **{"MY-SERVICE_CLIENT_SECRET": "secret"}))
    app = oauth.register("my-service", access_token_url=TOKEN_URL)
    assert oauth.my_service is app
    assert getattr(oauth, "my-service") is app
    assert (app.client_id, app.client_secret) == ("id", "secret")


def test_registering_again_replaces() -> None:
    """Also in an object that was taken before, in every application, in every view."""
    oauth = OAuth()
    first, second = app_with(), app_with()
    oauth.init_app(first)
    oauth.init_app(second)
    before = oauth.register("x", client_id="old", access_token_url=TOKEN_URL)
    views = [oauth.bind(app) for app in (first, second)]
    assert [view.x.client_id for view in views] == ["old", "old"]
    register(oauth, client_id="new", client_secret="s", request_token_url=REQUEST_URL)
    assert [view.x.client_id for view in views] == ["new", "new"]
    assert all(isinstance(view.x, OAuth1App) for view in views)
    with first.app_context():
        assert before.client_id == "new"


def test_registering_in_a_view_replaces() -> None:
    """The registry had the old one at hand."""
    app = app_with()
    oauth = OAuth(app)
    old = oauth.register("x", client_id="old", access_token_url=TOKEN_URL)
    assert [oauth.x, oauth.create_client("x")] == [old, old]
    register(oauth.bind(app), client_id="new", client_secret="s", request_token_url=REQUEST_URL)
    for found in (oauth.x, oauth.create_client("x")):
        assert isinstance(found, OAuth1App)
        assert found.client_id == "new"


def test_attribute_that_the_application_sets_stays() -> None:
    """A test may put something in the place of a client."""
    oauth = OAuth(app_with())
    oauth.register("x", client_id="id", access_token_url=TOKEN_URL)
    stand_in = OAuth(app_with()).register("x", client_id="other", access_token_url=TOKEN_URL)
    setattr(oauth, "x", stand_in)  # noqa: B010  checkers know no attribute that can be set
    assert oauth.create_client("x").client_id == "id"
    assert oauth.x is stand_in


def test_client_called_like_an_internal_is_unknown() -> None:
    """What a route takes from a URL may be anything."""
    with pytest.raises(UnknownClientError):
        OAuth(app_with()).create_client("_made")


def test_refused_registration_changes_nothing() -> None:
    """What was there stays."""
    oauth = OAuth(app_with())
    oauth.register("x", client_id="old", access_token_url=TOKEN_URL)
    with pytest.raises(ConfigurationError):
        register(oauth, access_token_url="http://provider.example/")
    assert oauth.x.client_id == "old"


@pytest.mark.parametrize(
    ("keywords", "nearest"),
    [
        ({"client_idd": "x"}, "client_id"),
        ({"acess_token_url": TOKEN_URL}, "access_token_url"),
        ({"CLIENT_ID": "x"}, "client_id"),
        ({"client_kwarg": {}}, "client_kwargs"),
        ({"userinfo_endpont": "x"}, "userinfo_endpoint"),
        ({"request_token_url": REQUEST_URL, "save_request_tokens": print}, "save_request_token"),
    ],
)
def test_misspelt_keyword_names_the_nearest(keywords: dict[str, object], nearest: str) -> None:
    """A typo is an OAuthError and a TypeError, at once and without an application."""
    with pytest.raises(UnknownOptionError, match=f"did you mean '{nearest}'") as caught:
        register(OAuth(), **keywords)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        ("access_token_url", "scop"),
        ("request_token_url", "signatur_method"),
        ("api_base_url", "scop"),
        ("api_base_url", "signatur_method"),
    ],
)
def test_misspelt_client_kwargs_names_the_nearest(kind: str, option: str) -> None:
    """Also where it is not known yet which protocol it is."""
    with pytest.raises(UnknownOptionError, match="did you mean '"):
        register(OAuth(), **{kind: TOKEN_URL}, client_kwargs={option: "x"})


@pytest.mark.parametrize(
    ("keywords", "named"),
    [
        (
            {"request_token_url": REQUEST_URL, "client_kwargs": {"signature_method": "RSA"}},
            "RSA-SHA1",
        ),
        ({"request_token_url": REQUEST_URL, "client_kwargs": {"signature_type": "FORM"}}, "HEADER"),
        ({"client_kwargs": {"token_placement": "cookie"}}, "header"),
        ({"client_kwargs": {"token_endpoint_auth_method": "basic"}}, "client_secret_basic"),
        ({"client_kwargs": {"revocation_endpoint_auth_method": "x"}}, "client_secret_post"),
        ({"client_kwargs": {"code_challenge_method": "plain"}}, "S256"),
        ({"code_challenge_method": "plain"}, "S256"),
        ({"client_kwargs": {"response_type": "token"}}, "code"),
        ({"client_kwargs": {"grant_type": "password"}}, "client_credentials"),
    ],
)
def test_unknown_value_names_the_valid_ones(keywords: dict[str, object], named: str) -> None:
    """Methods, placements and types are checked at registration."""
    keywords = {"access_token_url": TOKEN_URL, **keywords}
    with pytest.raises(ConfigurationError, match=named):
        register(OAuth(), **keywords)


def no_arguments() -> None:
    """Takes nothing."""


def one_argument(_: object) -> None:
    """Takes one thing."""


def three_arguments(_a: object, _b: object, _c: object) -> None:
    """Takes too much."""


WRONG: list[dict[str, object]] = [
    {"client_id": 5},
    {"access_token_params": "a=b"},
    {"client_kwargs": "scope"},
    {"client_kwargs": 5},
    {"issuer": 5},
    {"token_endpoint": []},
    {"user_agent": b"x"},
    {"compliance_fix": 5},
    {"client_auth_methods": [5]},
    {"fetch_token": "x"},
    {"fetch_token": one_argument},
    {"update_token": no_arguments},
    {"update_token": three_arguments},
]


@pytest.mark.parametrize("keywords", WRONG)
def test_value_of_the_wrong_kind_is_refused(keywords: dict[str, object]) -> None:
    """At registration, not at the first login."""
    with pytest.raises(ConfigurationError):
        register(OAuth(), **{"access_token_url": TOKEN_URL, **keywords})


def test_plain_http_is_refused() -> None:
    """Endpoints need TLS, loopback excepted (RFC 6749 3.1, 3.2)."""
    with pytest.raises(InsecureTransportError):
        register(OAuth(), access_token_url="http://provider.example/token")
    register(OAuth(), access_token_url="http://127.0.0.1:5000/token")


@pytest.mark.parametrize(
    ("keywords", "option"),
    [
        ({"request_token_url": REQUEST_URL, "compliance_fix": print}, "compliance_fix"),
        ({"request_token_url": REQUEST_URL, "update_token": print}, "update_token"),
        ({"request_token_url": REQUEST_URL, "refresh_token_url": TOKEN_URL}, "refresh_token_url"),
        (
            {"access_token_url": TOKEN_URL, "request_token_params": {"a": "b"}},
            "request_token_params",
        ),
    ],
)
def test_keyword_of_the_other_protocol_is_refused(keywords: dict[str, object], option: str) -> None:
    """It would have no effect; ``None``, which the page writes, is let pass."""
    with pytest.raises(UnknownOptionError, match=option):
        register(OAuth(), **keywords)
    register(OAuth(), **{**keywords, option: None})


@pytest.mark.parametrize("one", ["save_request_token", "fetch_request_token"])
def test_request_token_functions_go_together(one: str) -> None:
    """One without the other could not end a login."""
    with pytest.raises(ConfigurationError, match="go together"):
        register(OAuth(), request_token_url=REQUEST_URL, **{one: print})


@pytest.mark.parametrize(
    ("keywords", "kind"),
    [
        ({"request_token_url": REQUEST_URL}, OAuth1App),
        ({"request_token_url": "", "access_token_url": TOKEN_URL}, OAuth2App),
        ({"access_token_url": TOKEN_URL}, OAuth2App),
        ({"server_metadata_url": TOKEN_URL}, OAuth2App),
        ({"token_endpoint": TOKEN_URL}, OAuth2App),
        ({"client_id": "x"}, RemoteApp),
    ],
)
def test_keywords_tell_the_protocol(keywords: dict[str, object], kind: type[RemoteApp]) -> None:
    """A truthy ``request_token_url`` makes it OAuth 1.0 (migration table 4.1)."""
    assert type(register(OAuth(), **keywords)) is kind


def test_object_registered_before_config_has_the_methods_of_its_protocol() -> None:
    """What ``register`` gave early can do what the client can, once config tells."""
    oauth = OAuth()
    one, two = oauth.register("one"), oauth.register("two")
    assert not hasattr(one, "_anything")
    oauth.init_app(
        app_with(
            ONE_REQUEST_TOKEN_URL=REQUEST_URL,
            ONE_CLIENT_ID="1",
            ONE_CLIENT_SECRET="s",
            TWO_CLIENT_ID="2",
        )
    )
    assert getattr(one, "request_token_url") == REQUEST_URL  # noqa: B009  its type does not know
    assert not hasattr(one, "load_server_metadata")
    assert hasattr(two, "load_server_metadata")
    assert isinstance(oauth.one, OAuth1App)
    assert isinstance(oauth.create_client("two"), OAuth2App)


def test_settings_are_readable() -> None:
    """Migrating code reads them from the client."""
    site = Site()
    kwargs = {"scope": "profile notes"}
    two, one = site.two, site.one
    assert (two.name, two.client_id, two.client_kwargs) == ("two", "client", kwargs)
    assert (two.client_secret, two.scope) == ("client-secret-of-the-tests", "profile notes")
    assert two.access_token_url == TOKEN_URL
    assert two.authorize_url == f"{PROVIDER}/oauth2/authorize"
    assert two.api_base_url == f"{PROVIDER}/api/"
    assert (two.refresh_token_url, two.server_metadata_url) == (None, None)
    params = (two.access_token_params, two.authorize_params, two.refresh_token_params)
    assert params == ({}, {}, {})
    assert (one.request_token_url, one.request_token_params) == (REQUEST_URL, {})
    assert one.client_kwargs == {}


def test_compliance_fix_is_called_with_the_client_once_an_application() -> None:
    """Checking a registration is no use of it."""
    fixed: list[OAuth2Client] = []
    oauth = OAuth(app_with())
    app = oauth.register(
        "x", client_id="c", access_token_url=TOKEN_URL, compliance_fix=fixed.append
    )
    assert fixed == []
    assert (app.client_id, app.client_secret) == ("c", None)
    assert [client.client_id for client in fixed] == ["c"]


@pytest.mark.parametrize("wrong", [OAuth, RemoteApp, "OAuth2App", OAuth2Client, object()])
def test_client_cls_is_a_class_of_apps(wrong: object) -> None:
    """The error says which classes there are."""
    with pytest.raises(ConfigurationError, match="OAuth1App or OAuth2App"):
        register(OAuth(), client_cls=wrong)


class GitHub(OAuth2App):
    """A service as people write it down."""

    OAUTH_APP_CONFIG = {  # noqa: RUF012  as existing code has it
        "access_token_url": TOKEN_URL,
        "client_kwargs": {"scope": "user"},
        "client_secret": None,
    }
    DEFAULT_USER_AGENT: ClassVar[str | None] = "mine/1"


def test_client_cls_fills_in_and_is_left_alone() -> None:
    """Two registrations of one class share nothing, and its dict stays as it was."""
    before = repr(GitHub.OAUTH_APP_CONFIG)
    oauth = OAuth(app_with(B_CLIENT_ID="b"))
    first = oauth.register("a", client_cls=GitHub, client_id="a", client_secret="secret of a")
    second = oauth.register("b", client_cls=GitHub, client_kwargs={"scope": "repo"}, user_agent="x")
    assert type(first) is type(second) is GitHub
    assert (first.client_id, first.client_secret, first.scope) == ("a", "secret of a", "user")
    assert (second.client_id, second.client_secret, second.scope) == ("b", None, "repo")
    assert repr(GitHub.OAUTH_APP_CONFIG) == before


def test_client_cls_names_its_user_agent() -> None:
    """``DEFAULT_USER_AGENT`` is what existing subclasses set (migration table 4.1)."""
    site = Site()
    first = site.oauth.register("a", client_cls=GitHub, client_id="a", api_base_url=PROVIDER)
    second = site.oauth.register("b", client_cls=GitHub, client_id="a", user_agent="other/2")
    for app in (first, second):
        app.get(f"{PROVIDER}/api/me", withhold_token=True)
    assert [one.headers["user-agent"] for one in site.transport.requests] == ["mine/1", "other/2"]


def test_client_cls_with_a_wrong_config_is_refused() -> None:
    """A typo in ``OAUTH_APP_CONFIG`` is a typo."""

    class Wrong(OAuth2App):
        OAUTH_APP_CONFIG: ClassVar[Any] = {"acces_token_url": TOKEN_URL}  # any: wrong on purpose

    with pytest.raises(UnknownOptionError, match="OAUTH_APP_CONFIG"):
        register(OAuth(), client_cls=Wrong)


def test_client_cls_against_its_protocol_is_refused() -> None:
    """A class of OAuth 2.0 with the endpoints of OAuth 1.0 is a contradiction."""
    with pytest.raises(ConfigurationError, match="registered for OAuth 2"):
        register(OAuth(), client_cls=GitHub, request_token_url=REQUEST_URL)
