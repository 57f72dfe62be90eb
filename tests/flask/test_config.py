"""Settings from ``app.config``: every key, which wins, and what is warned of."""

from __future__ import annotations

import warnings

import pytest
from flask import Flask

from tests.flask.site import PROVIDER
from tests.flask.test_registering import REQUEST_URL, TOKEN_URL, app_with, register
from typedoauth.errors import ConfigurationError, UnknownOptionError
from typedoauth.flask import OAuth, OAuth1App, OAuth2App

AUTHORIZE_URL = f"{PROVIDER}/authorize"
COMMON: dict[str, object] = {
    "CLIENT_ID": "id",
    "CLIENT_SECRET": "secret",
    "ACCESS_TOKEN_URL": TOKEN_URL,
    "ACCESS_TOKEN_PARAMS": {"a": "1"},
    "AUTHORIZE_URL": AUTHORIZE_URL,
    "AUTHORIZE_PARAMS": {"b": "2"},
    "API_BASE_URL": f"{PROVIDER}/api/",
}
OF_OAUTH1: dict[str, object] = {
    "REQUEST_TOKEN_URL": REQUEST_URL,
    "REQUEST_TOKEN_PARAMS": {"realm": "r"},
    "CLIENT_KWARGS": {"signature_method": "PLAINTEXT", "signature_type": "HEADER"},
}
OF_OAUTH2: dict[str, object] = {
    "REFRESH_TOKEN_URL": f"{PROVIDER}/refresh",
    "REFRESH_TOKEN_PARAMS": {"c": "3"},
    "CLIENT_KWARGS": {"scope": "profile", "token_placement": "header"},
    "SERVER_METADATA_URL": f"{PROVIDER}/.well-known/x",
}


@pytest.mark.parametrize(
    ("protocol", "key", "value"),
    [
        *(("1", key, value) for key, value in (COMMON | OF_OAUTH1).items()),
        *(("2", key, value) for key, value in (COMMON | OF_OAUTH2).items()),
    ],
)
def test_every_key_is_read(protocol: str, key: str, value: object) -> None:
    """Each key of the page's two lists becomes the setting of its name."""
    more = OF_OAUTH1 if protocol == "1" else OF_OAUTH2
    config = {f"EXAMPLE_{one}": what for one, what in (COMMON | more).items()}
    oauth = OAuth(app_with(**config))
    oauth.register("example")
    assert isinstance(oauth.example, OAuth1App if protocol == "1" else OAuth2App)
    assert getattr(oauth.example, key.lower()) == value


def test_code_challenge_method_is_read() -> None:
    """PKCE can be given up in config."""
    oauth = OAuth(app_with(X_CODE_CHALLENGE_METHOD="none", X_CLIENT_ID="c"))
    app = oauth.register("x", authorize_url=AUTHORIZE_URL, access_token_url=TOKEN_URL)
    assert "code_verifier" not in app.create_authorization_url()


@pytest.mark.parametrize("value", ["plain", "s256", ""])
def test_code_challenge_method_in_config_is_checked(value: str) -> None:
    """The error comes when the application and the client meet, whichever is first."""
    app = app_with(X_CODE_CHALLENGE_METHOD=value)
    oauth = OAuth()
    oauth.register("x", access_token_url=TOKEN_URL)
    with pytest.raises(ConfigurationError, match="S256"):
        oauth.init_app(app)
    with pytest.raises(ConfigurationError, match="S256"):
        OAuth(app).register("x", access_token_url=TOKEN_URL)


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("CLIENT_ID", 5, "text"),
        ("CLIENT_KWARGS", "scope", "dict"),
        ("AUTHORIZE_PARAMS", [], "dict"),
    ],
)
def test_config_of_the_wrong_kind_is_refused(key: str, value: object, word: str) -> None:
    """The message names the key and what was there by its type only."""
    with pytest.raises(ConfigurationError, match=f"X_{key} in app.config is to be a {word}"):
        OAuth(app_with(**{f"X_{key}": value})).register("x", access_token_url=TOKEN_URL)


def test_keyword_wins_over_config() -> None:
    """And ``None`` is no keyword, so that config fills it in."""
    oauth = OAuth(app_with(X_CLIENT_ID="config", X_CLIENT_SECRET="from config"))
    app = oauth.register("x", client_id="keyword", client_secret=None, access_token_url=TOKEN_URL)
    assert (app.client_id, app.client_secret) == ("keyword", "from config")


def test_overwrite_lets_config_win_and_merges_dicts() -> None:
    """The result of Authlib's ``overwrite=True``, without writing into the caller's dict."""
    kwargs = {"scope": "a", "token_placement": "query"}
    config_kwargs = {"scope": "b", "prompt": "login"}
    app = app_with(X_CLIENT_ID="config", X_CLIENT_SECRET="", X_CLIENT_KWARGS=config_kwargs)
    oauth = OAuth(app)
    client = register(
        oauth,
        overwrite=True,
        client_id="keyword",
        client_secret="keyword",
        access_token_url=TOKEN_URL,
        client_kwargs=kwargs,
    )
    assert (client.client_id, client.client_secret) == ("config", "keyword")
    assert client.client_kwargs == {"scope": "b", "token_placement": "query", "prompt": "login"}
    assert kwargs == {"scope": "a", "token_placement": "query"}
    assert config_kwargs == {"scope": "b", "prompt": "login"}


def test_without_overwrite_dicts_are_not_merged() -> None:
    """A keyword replaces the whole value of config."""
    oauth = OAuth(app_with(X_CLIENT_KWARGS={"scope": "b"}, X_CLIENT_ID="c"))
    app = oauth.register("x", access_token_url=TOKEN_URL, client_kwargs={"prompt": "login"})
    assert app.client_kwargs == {"prompt": "login"}


def test_overwritten_text_need_not_be_a_dict() -> None:
    """A value that is no dict is replaced, not merged."""
    oauth = OAuth(app_with(X_ACCESS_TOKEN_URL=TOKEN_URL, X_CLIENT_ID="c"))
    assert oauth.register("x", True, access_token_url=AUTHORIZE_URL).access_token_url == TOKEN_URL


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("GITHUB_CLIENT_IDD", "GITHUB_CLIENT_ID"),
        ("GITHUB_CLIENT_SECRT", "GITHUB_CLIENT_SECRET"),
        ("GITHUB_ACESS_TOKEN_URL", "GITHUB_ACCESS_TOKEN_URL"),
        ("GITHUB_CLIENT_KWARG", "GITHUB_CLIENT_KWARGS"),
    ],
)
@pytest.mark.parametrize("early", [True, False])
def test_misspelt_key_warns(key: str, meant: str, early: bool) -> None:
    """Once, whether the client or the application comes first."""
    oauth = OAuth()
    app = app_with(**{key: "x"})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if early:
            oauth.register("github", client_id="c", access_token_url=TOKEN_URL)
        oauth.init_app(app)
        if not early:
            oauth.register("github", client_id="c", access_token_url=TOKEN_URL)
        assert oauth.github.client_id == "c"
    (warning,) = caught
    assert warning.filename == __file__  # the application's line, and none of the library's
    assert f"app.config['{key}'] is not read; did you mean {meant}?" in str(warning.message)


@pytest.mark.parametrize(
    "key",
    [
        "GITHUB_WEBHOOK_SECRET",
        "GITHUB_ENTERPRISE_CLIENT_ID",
        "GITHUB_X_CLIENT_ID",
        "GITHUB_",
        "GITHUB",
        "GITHUBCLIENT_ID",
        "github_client_idd",
    ],
)
def test_key_of_somebody_else_does_not_warn(key: str) -> None:
    """What only shares a prefix is nobody's mistake."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        OAuth(app_with(**{key: "x"})).register("github", access_token_url=TOKEN_URL)


def test_config_may_come_after_init_app() -> None:
    """Settings are worked out at the first use."""
    app = Flask("late")
    oauth = OAuth(app)
    client = oauth.register("x")
    app.config.from_mapping(
        X_REQUEST_TOKEN_URL=REQUEST_URL, X_CLIENT_ID="late", X_CLIENT_SECRET="s"
    )
    assert isinstance(oauth.x, OAuth1App)
    assert client.client_id == "late"


def test_config_against_the_keywords_is_refused() -> None:
    """The type that ``register`` promised must be what there is."""
    oauth = OAuth()
    oauth.register("x", access_token_url=TOKEN_URL)
    with pytest.raises(ConfigurationError, match="registered for OAuth 2"):
        oauth.init_app(app_with(X_REQUEST_TOKEN_URL=REQUEST_URL))


def test_missing_request_token_url_is_found_at_the_first_use() -> None:
    """An annotation promised OAuth 1.0, and no setting ever made it that."""

    class Services(OAuth):
        twitter: OAuth1App

    services = Services(Flask("x"))
    services.register("twitter", client_id="c")
    with pytest.raises(ConfigurationError, match="registered for OAuth 1"):
        _ = services.twitter.client_id


@pytest.mark.parametrize("config", [{}, {"X_ACCESS_TOKEN_URL": TOKEN_URL}])
def test_missing_client_id_is_found_at_the_first_use(config: dict[str, object]) -> None:
    """The error names the config key."""
    oauth = OAuth(app_with(**config))
    client = oauth.register("x")
    with pytest.raises(ConfigurationError, match="X_CLIENT_ID"):
        _ = client.client_id


def test_misspelt_option_in_config_is_refused() -> None:
    """``CLIENT_KWARGS`` is checked as ``client_kwargs``."""
    with pytest.raises(UnknownOptionError, match="did you mean 'scope'"):
        OAuth(app_with(X_CLIENT_KWARGS={"scop": "x"})).register("x")


def test_option_of_the_other_protocol_is_refused_once_config_tells() -> None:
    """A keyword of OAuth 2.0 at a client that config makes OAuth 1.0."""
    oauth = OAuth()
    oauth.register("x", update_token=lambda _: None)
    with pytest.raises(UnknownOptionError, match="update_token"):
        oauth.init_app(app_with(X_REQUEST_TOKEN_URL=REQUEST_URL))


def test_empty_text_is_no_value() -> None:
    """``os.environ.get("X", "")`` in a config makes a public client, not one with a secret."""
    oauth = OAuth(app_with(X_CLIENT_ID="c", X_CLIENT_SECRET="", X_REFRESH_TOKEN_URL=""))
    app = oauth.register("x", access_token_url=TOKEN_URL, authorize_url="")
    assert (app.client_secret, app.refresh_token_url, app.authorize_url) == (None, None, None)


@pytest.mark.parametrize(("secret", "passes"), [("", True), (None, False)])
def test_missing_secret_of_oauth1_is_found_at_the_first_use(
    secret: str | None, passes: bool
) -> None:
    """Config may give it late; an empty one has to be said (RFC 5849 3.4.2)."""
    oauth = OAuth(app_with(X_CLIENT_SECRET=secret))
    client = oauth.register("x", client_id="c", request_token_url=REQUEST_URL)
    if passes:
        assert client.client_id == "c"
    else:
        with pytest.raises(ConfigurationError, match="needs a client_secret"):
            _ = client.client_id
