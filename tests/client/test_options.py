"""Settings of a client: what is refused when it is made, and what can be read of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.client.world import AS, TOKEN_URL
from typedoauth import (
    ConfigurationError,
    InsecureTransportError,
    InvalidTokenError,
    MissingTokenError,
    OAuth1Client,
    OAuth2Client,
    OAuthError,
    UnknownOptionError,
)
from typedoauth.client.option_values import given_options
from typedoauth.client.options import (
    OAuth1Options,
    OAuth2Options,
    connection_settings,
    option_names,
)
from typedoauth.messages import ConnectionSettings

URLS = ["access_token_url", "authorize_url", "api_base_url"]
URLS2 = [*URLS, "refresh_token_url", "server_metadata_url"]


@pytest.mark.parametrize("name", URLS2)
@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://a.example/", InsecureTransportError),
        ("/token", ConfigurationError),
        ("", ConfigurationError),
        ("https://", ConfigurationError),
        ("https://[", ConfigurationError),
        ("https://u:p@a.example/", ConfigurationError),
        ("ftp://a.example/", ConfigurationError),
    ],
)
def test_wrong_url_is_refused(name: str, url: str, kind: type[OAuthError]) -> None:
    """At registration (RFC 6749 1.6, 3.1, 3.2)."""
    with pytest.raises(OAuthError) as caught:
        OAuth2Client("id", **{name: url})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] by name
    assert type(caught.value) is kind


@pytest.mark.parametrize("name", [*URLS, "request_token_url"])
def test_wrong_url_of_an_oauth1_client_is_refused(name: str) -> None:
    """The same for its three legs."""
    with pytest.raises(InsecureTransportError, match=name):
        OAuth1Client("id", **{name: "http://a.example/"})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] by name


@pytest.mark.parametrize("kind", [OAuth1Client, OAuth2Client])
def test_client_kwargs_are_keywords_of_a_client(kind: type[OAuth1Client | OAuth2Client]) -> None:
    """Only ``register`` wraps them; the message says so in the place of a list."""
    options = {"client_kwargs": {"default_timeout": 5}}
    with pytest.raises(UnknownOptionError, match="'client_kwargs'; give its members as keywords"):
        kind("id", **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] a wrong one


def test_endpoint_of_the_metadata_is_told_its_place() -> None:
    """A registry takes it as a keyword, a client in a dict."""
    options: Any = {"revocation_endpoint": "https://as.example/revoke"}  # any: not what it takes
    with pytest.raises(UnknownOptionError, match=r"give metadata=\{'revocation_endpoint': …\}"):
        OAuth2Client("client", **options)


def test_http_is_allowed_by_name_only() -> None:
    """And on loopback."""
    OAuth2Client("id", api_base_url="http://a.example/", allow_insecure_transport=True)
    OAuth2Client("id", api_base_url="http://localhost:5000/")


@pytest.mark.parametrize("client_id", ["", None, 5, b"id", "\ud800"])
def test_client_id_is_a_text(client_id: object) -> None:
    """The message names the keyword."""
    for kind in (OAuth1Client, OAuth2Client):
        with pytest.raises(ConfigurationError, match="has no client_id; give client_id="):
            kind(client_id, name="github")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


@pytest.mark.parametrize("secret", [5, b"secret", "\ud800"])
def test_client_secret_is_a_text(secret: object) -> None:
    """And is not shown."""
    with pytest.raises(ConfigurationError, match="client_secret") as caught:
        OAuth2Client("id", secret)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert repr(secret) not in str(caught.value)


WRONG2: list[tuple[str, object]] = [
    ("scope", 5),
    ("scope", {"a"}),
    ("scope", ["a", 5]),
    ("scope_separator", ""),
    ("scope_separator", 5),
    ("token_endpoint_auth_method", "private_key_jwt"),
    ("token_endpoint_auth_method", 5),
    ("revocation_endpoint_auth_method", "x"),
    ("introspection_endpoint_auth_method", "x"),
    ("basic_auth_encoding", "latin-1"),
    ("token_placement", "cookie"),
    ("token_placement", ["header"]),
    ("code_challenge_method", "plain"),
    ("code_challenge_method", ""),
    ("code_challenge_method", True),
    ("leeway", -1),
    ("leeway", "60"),
    ("leeway", True),
    ("leeway", float("nan")),
    ("grant_type", "implicit"),
    ("response_type", "token"),
    ("response_mode", 5),
    ("prompt", ["login"]),
    ("login_hint", b"x"),
    ("max_redirects", -1),
    ("max_redirects", "5"),
    ("max_redirects", True),
    ("max_response_bytes", 1.5),
    ("allow_insecure_transport", "false"),
    ("trust_env", 1),
    ("trusted_origins", "https://a.example"),
    ("trusted_origins", ["a.example"]),
    ("trusted_origins", ["http://a.example"]),
    ("trusted_origins", [5]),
    ("user_agent", 5),
    ("user_agent", "a\r\nb"),
    ("default_timeout", "5"),
    ("default_timeout", 0),
    ("verify", 5),
    ("clock_skew", "120"),
    ("clock_skew", -1),
    ("trusted_audiences", "api"),
    ("trusted_audiences", [5]),
    ("accept_missing_nonce", "yes"),
    ("accept_missing_iss", 1),
    ("accept_other_acr", "false"),
    ("id_token_signed_response_alg", "none"),
    ("id_token_signed_response_alg", ["RS256"]),
    ("id_token_encrypted_response_alg", 5),
    ("id_token_encrypted_response_enc", 5),
    ("userinfo_signed_response_alg", "RS1"),
    ("userinfo_encrypted_response_alg", "RSA1_5"),
    ("userinfo_encrypted_response_enc", b"A128GCM"),
    ("private_key", "no key"),
    ("private_key_id", 5),
    ("token_endpoint_auth_signing_alg", 5),
    ("client_assertion_audience", ["https://as.example"]),
    ("public_addresses_only", "yes"),
    ("cert", []),
    ("cert", (True, "b")),
    ("proxies", ["http://p"]),
]


@pytest.mark.parametrize(("name", "value"), WRONG2)
def test_wrong_option_is_refused(name: str, value: object) -> None:
    """At registration; a config file's ``"false"`` is not False."""
    with pytest.raises(ConfigurationError):
        OAuth2Client("id", "secret", **{name: value})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


WRONG1: list[tuple[str, object]] = [
    ("signature_method", "HMAC-SHA384"),
    ("signature_method", 5),
    ("signature_method", object()),
    ("signature_type", "COOKIE"),
    ("signature_type", 5),
    ("realm", 5),
    ("include_body_hash", "yes"),
    ("require_callback_confirmed", 0),
]


@pytest.mark.parametrize(("name", "value"), WRONG1)
def test_wrong_option_of_an_oauth1_client_is_refused(name: str, value: object) -> None:
    """With what is valid (RFC 5849 3.4, 3.5)."""
    with pytest.raises(ConfigurationError):
        OAuth1Client("id", "secret", **{name: value})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


MISSPELT = [
    ("scop", "scope"),
    ("leway", "leeway"),
    ("token_placment", "token_placement"),
    ("accept_mising_nonce", "accept_missing_nonce"),
    ("private_keys", "private_key"),
    ("id_token_signed_response_algs", "id_token_signed_response_alg"),
]


@pytest.mark.parametrize(("name", "meant"), MISSPELT)
def test_misspelt_option_names_the_nearest(name: str, meant: str) -> None:
    """It is a TypeError, too, as a misspelt keyword is."""
    with pytest.raises(TypeError, match=meant) as caught:
        OAuth2Client("id", **{name: "x"})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert isinstance(caught.value, UnknownOptionError)


@pytest.mark.parametrize("options", [OAuth1Options, OAuth2Options])
def test_none_means_not_given(options: type) -> None:
    """For every option there is."""
    names = option_names(options)
    kind = OAuth1Client if options is OAuth1Options else OAuth2Client
    kind("id", "secret", **dict.fromkeys(names))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] None for each
    assert given_options({"user_agent": "x", "leeway": None}, names | {"leeway"}, "x") == {  # type: ignore[type-var] # pyright: ignore[reportArgumentType] None
        "user_agent": "x"
    }


def test_connection_settings() -> None:
    """Equal settings are equal values, and share a pool."""
    default = ConnectionSettings()
    assert connection_settings({}, default) is default
    assert connection_settings({"verify": True, "proxies": {}}, default) is default
    assert connection_settings({"verify": None, "cert": None}, default) is default  # type: ignore[misc,arg-type] # pyright: ignore[reportArgumentType] as if left out
    assert connection_settings({"verify": False}, default).verify is False
    assert connection_settings({"verify": Path("/ca.pem")}, default).verify == "/ca.pem"  # type: ignore[misc,arg-type] # pyright: ignore[reportArgumentType] more than annotated
    assert connection_settings({"cert": "/c.pem"}, default).cert == "/c.pem"
    assert connection_settings({"cert": ("/c.pem", "/k.pem")}, default).cert == ("/c.pem", "/k.pem")
    assert connection_settings({"trust_env": False}, default).trust_env is False
    proxied = connection_settings({"proxies": {"https": "http://b", "http": "http://a"}}, default)
    assert proxied.proxies == (("http", "http://a"), ("https", "http://b"))
    assert connection_settings({"verify": "/x"}, proxied).proxies == proxied.proxies
    assert hash(proxied) != hash(default)


def test_proxy_password_is_not_shown() -> None:
    """Neither in the refusal nor in a repr."""
    with pytest.raises(ConfigurationError) as caught:
        connection_settings({"proxies": {"https": b"http://u:hush@p"}}, ConnectionSettings())  # type: ignore[misc,arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert "hush" not in str(caught.value)


def test_settings_can_be_read() -> None:
    """What code written for Authlib looks at (4.5 of the table)."""
    client = OAuth2Client(
        "id",
        "secret",
        name="github",
        access_token_url=TOKEN_URL,
        authorize_url=AS,
        api_base_url=AS,
        scope=["a", "b"],
        authorize_params={"prompt": "login"},
    )
    assert (client.name, client.client_id, client.client_secret) == ("github", "id", "secret")
    assert (client.access_token_url, client.authorize_url, client.api_base_url) == (
        TOKEN_URL,
        AS,
        AS,
    )
    assert (client.scope, client.authorize_params) == ("a b", {"prompt": "login"})
    assert "secret" not in repr(client.credentials)


def test_mappings_of_the_caller_are_not_changed_nor_kept() -> None:
    """A dict of a config file serves several clients."""
    params: dict[str, object] = {"a": 1}
    client = OAuth2Client("id", access_token_params=params)
    params["b"] = 2
    assert client.access_token_params == {"a": 1}


@pytest.mark.parametrize("token", ["text", {}, {"oauth_token": "t"}])
def test_token_of_the_client_is_checked(token: object) -> None:
    """When the client is made."""
    with pytest.raises(InvalidTokenError):
        OAuth2Client("id", token=token)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


@pytest.mark.parametrize(
    ("kind", "given", "meant"),
    [
        (OAuth2Client, "acess_token_url", "access_token_url"),
        (OAuth2Client, "server_metdata_url", "server_metadata_url"),
        (OAuth1Client, "request_tokn_url", "request_token_url"),
    ],
)
def test_misspelt_parameter_of_a_client_is_told_from_its_own(
    kind: type[OAuth1Client | OAuth2Client], given: str, meant: str
) -> None:
    """Not only options have names, and the constructor's own are the commonest."""
    with pytest.raises(UnknownOptionError, match=f"did you mean '{meant}'"):
        kind("a", "b", **{given: "https://as.example/"})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


def test_misspelt_token_of_a_call_is_told() -> None:
    """``token`` is a parameter of the call and no option."""
    with pytest.raises(UnknownOptionError, match="did you mean 'token'"):
        OAuth2Client("a").get("https://api.example/", tokn="t")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] wrong on purpose


def test_call_without_token_names_what_can_give_one() -> None:
    """What is registered already is not advised again."""
    url = "https://api.example/"
    with pytest.raises(MissingTokenError, match="fetch_token answered None") as caught:
        OAuth2Client("a", fetch_token=lambda: None).get(url)
    assert "register" not in str(caught.value)
    with pytest.raises(MissingTokenError, match=r"a fetch_token.*client_credentials"):
        OAuth2Client("a").get(url)
    with pytest.raises(MissingTokenError) as caught:
        OAuth1Client("a", "b").get(url)
    assert "client_credentials" not in str(caught.value)
