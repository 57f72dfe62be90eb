"""What ``register`` answers, to the checkers and at run time."""

from __future__ import annotations

import os
from typing import assert_type

from tests.typing.services import AUTHORIZE, BASE, REQUEST, TOKEN, Services, new_app, new_services
from typedoauth import OAuth2Client
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, OAuth2Registration, RemoteApp


def test_request_token_url_makes_an_oauth1_app() -> None:
    """The documented Twitter registration, ``None`` for what is not given."""
    app = OAuth(new_app()).register(
        name="twitter",
        client_id="c",
        client_secret="s",
        request_token_url=REQUEST,
        request_token_params=None,
        access_token_url=TOKEN,
        access_token_params=None,
        refresh_token_url=None,
        authorize_url=AUTHORIZE,
        api_base_url=BASE,
        client_kwargs=None,
    )
    assert_type(app, OAuth1App)
    assert type(app) is OAuth1App


def test_access_token_url_makes_an_oauth2_app() -> None:
    """The documented GitHub registration."""
    app = OAuth(new_app()).register(
        name="github",
        client_id="c",
        client_secret="s",
        request_token_url=None,
        access_token_url=TOKEN,
        authorize_url=AUTHORIZE,
        api_base_url=BASE,
        client_kwargs={"scope": "user:email"},
    )
    assert_type(app, OAuth2App)
    assert type(app) is OAuth2App


def test_server_metadata_url_makes_an_oauth2_app() -> None:
    """OAuth 2.0 is the one protocol with server metadata."""
    app = OAuth(new_app()).register(
        "google", client_id="c", server_metadata_url="https://as.example/.well-known/x"
    )
    assert_type(app, OAuth2App)
    assert type(app) is OAuth2App


def test_config_makes_a_remote_app() -> None:
    """Where only config can tell, the app takes and gives either kind of token."""
    flask = new_app()
    flask.config.from_mapping(A_CLIENT_ID="c", A_ACCESS_TOKEN_URL=TOKEN)
    app = OAuth(flask).register("a")
    assert_type(app, RemoteApp)
    assert isinstance(app, OAuth2App)


def test_optional_url_makes_what_it_turns_out_to_be() -> None:
    """A URL from the environment may be there or in config."""
    flask = new_app()
    flask.config.from_mapping(A_CLIENT_ID="c", A_ACCESS_TOKEN_URL=TOKEN)
    app = OAuth(flask).register("a", access_token_url=os.environ.get("TYPEDOAUTH_NOT_SET"))
    assert_type(app, OAuth2App | RemoteApp)
    assert isinstance(app, OAuth2App)


def test_overwrite_is_the_second_argument() -> None:
    """As in the documented signature."""
    app = OAuth(new_app()).register("a", True, client_id="c", access_token_url=TOKEN)
    assert_type(app, OAuth2App)
    assert app.name == "a"


def test_class_of_ones_own_is_answered() -> None:
    """``client_cls`` tells the type, with its own methods."""

    class Forge(OAuth2App):
        """An app that knows its service."""

        OAUTH_APP_CONFIG = {"access_token_url": TOKEN}  # noqa: RUF012  as existing code has it

        def login_name(self) -> str:
            """What the user is called there."""
            return str(self.name)

    app = OAuth(new_app()).register("a", client_cls=Forge, client_id="c")
    assert_type(app, Forge)
    assert app.login_name() == "a"


def test_create_client_answers_a_remote_app() -> None:
    """By name, the kind is not known to the checker."""
    app = new_services(new_app()).create_client("github")
    assert_type(app, RemoteApp)
    assert type(app) is OAuth2App


def test_attribute_of_a_registry_is_a_remote_app() -> None:
    """``oauth.<name>`` works for every name."""

    def github_of(oauth: OAuth) -> RemoteApp:
        assert_type(oauth.github, RemoteApp)
        return oauth.github

    assert type(github_of(new_services(new_app()))) is OAuth2App


def test_annotated_attribute_has_its_own_kind() -> None:
    """A subclass of the registry says what its services are."""
    services = new_services(new_app())
    assert_type(services.twitter, OAuth1App)
    assert_type(services.github, OAuth2App)
    assert (type(services.twitter), type(services.github)) == (OAuth1App, OAuth2App)


def test_isinstance_tells_the_kind() -> None:
    """Both checkers narrow a remote app, in both branches."""
    app = new_services(new_app()).create_client("github")
    if isinstance(app, OAuth1App):
        assert_type(app, OAuth1App)
        raise AssertionError
    assert isinstance(app, OAuth2App)
    assert_type(app, OAuth2App)


def test_either_app_is_a_remote_app() -> None:
    """What is written for either kind takes each of them."""

    def name_of(app: RemoteApp) -> str:
        return app.name

    services = new_services(new_app())
    assert name_of(services.twitter) == "twitter"
    assert name_of(services.github) == "github"


def test_options_may_be_kept_in_a_typed_dict() -> None:
    """A table of providers is annotated with the public TypedDicts."""
    options: OAuth2Options = {"scope": ["a", "b"], "token_placement": "query", "leeway": 5}
    provider: OAuth2Registration = {"client_id": "c", "client_kwargs": options}
    app = OAuth(new_app()).register("a", access_token_url=TOKEN, **provider)
    assert_type(app, OAuth2App)
    assert app.scope == "a b"


def test_client_kwargs_of_either_kind_check_without_urls() -> None:
    """Members of either protocol, of both, or none."""
    oauth = OAuth()
    assert_type(oauth.register("a", client_kwargs={}), RemoteApp)
    assert_type(oauth.register("b", client_kwargs={"verify": False}), RemoteApp)
    assert_type(oauth.register("c", client_kwargs={"scope": "x"}), RemoteApp)
    assert_type(oauth.register("d", client_kwargs={"signature_method": "RSA-SHA1"}), RemoteApp)
    assert list(oauth) == ["a", "b", "c", "d"]


def test_server_metadata_may_be_given() -> None:
    """Each documented member by its own keyword."""
    app = OAuth(new_app()).register(
        "a",
        client_id="c",
        access_token_url=TOKEN,
        issuer="https://as.example",
        jwks_uri="https://as.example/jwks",
        userinfo_endpoint="https://as.example/me",
    )
    assert app.load_server_metadata().get("issuer") == "https://as.example"


def test_registry_is_iterable_and_bindable() -> None:
    """Names are texts; a bound view is of the same class."""
    app = new_app()
    services = new_services(app)
    names: list[str] = list(services)
    assert names == ["twitter", "github"]
    assert_type(services.bind(app), Services)
    assert services.bind(app).github.client_id == "c"


def test_client_without_flask_spells_out_its_options() -> None:
    """The framework-free client takes the members of ``client_kwargs`` as keywords."""
    client = OAuth2Client("c", access_token_url=TOKEN, scope="a", code_challenge_method="S256")
    assert_type(client.scope, str | None)
    assert client.scope == "a"


def test_parameters_of_token_requests_take_http_keywords() -> None:
    """Protocol parameters and HTTP keywords side by side, as existing code mixes them."""
    oauth = OAuth(new_app())
    app = oauth.register(
        "a",
        client_id="c",
        access_token_url=TOKEN,
        access_token_params={"method": "GET", "timeout": 3, "headers": {"Accept": "text/plain"}},
        refresh_token_url=f"{TOKEN}/refresh",
        refresh_token_params={"resource": ["a", "b"]},
        authorize_params={"prompt": "login", "max_age": 60},
    )
    assert_type(app, OAuth2App)
    assert app.refresh_token_params == {"resource": ["a", "b"]}
    twitter = oauth.register(
        "b",
        client_id="c",
        client_secret="s",
        request_token_url=REQUEST,
        request_token_params={"realm": "photos", "params": {"x": "1"}, "scope": "read"},
    )
    assert_type(twitter, OAuth1App)
    assert twitter.request_token_params["realm"] == "photos"
