"""A login at a replica of each service, through the blueprint."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from tests.flask.site import query_of
from tests.providers.catalogue import CATALOGUE
from tests.providers.replicas import CLIENT_ID, CLIENT_SECRET, NOW, Replica
from typedoauth import AnyToken
from typedoauth.claims import UserInfo
from typedoauth.flask import OAuth, RemoteApp, create_flask_blueprint
from typedoauth.providers import OAuth2Provider, OpenIDProvider, Provider
from typedoauth.tokens import is_expired, is_oauth2_token

EVERY = pytest.mark.parametrize("provider", CATALOGUE.values(), ids=CATALOGUE)
OAUTH2 = {
    name: one for name, one in CATALOGUE.items() if isinstance(one, OAuth2Provider | OpenIDProvider)
}


class Login:
    """A login that has happened.

    Attributes:
        replica: The service.
        location: Where the browser was sent.
        shown: What the handler was given.
    """

    def __init__(self, provider: Provider, **config: object) -> None:
        self.replica = Replica(provider)
        app = Flask("site")
        app.secret_key = "of the site"
        prefix = provider.name.upper()
        app.config[f"{prefix}_CLIENT_ID"] = CLIENT_ID
        app.config[f"{prefix}_CLIENT_SECRET"] = CLIENT_SECRET
        app.config.from_mapping({f"{prefix}_{name}": value for name, value in config.items()})
        oauth = OAuth(app, transport=self.replica.stub, clock=lambda: NOW)

        def handle_authorize(
            remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
        ) -> ResponseReturnValue:
            return jsonify(token=token, user_info=user_info)

        blueprint = create_flask_blueprint([provider], oauth, handle_authorize)
        app.register_blueprint(blueprint)
        browser = app.test_client()
        self.location: str = browser.get(f"/login/{provider.name}").headers["Location"]
        back = self.replica.callback(self.location)
        answer = browser.get(f"/auth/{provider.name}?{urlencode(back)}")
        assert answer.status_code == 200, answer.text
        self.shown: dict[str, Any] = answer.get_json()  # any: JSON


@EVERY
def test_login_ends_with_claims(provider: Provider) -> None:
    """The page is reached, the code traded as the service wants it, the user known."""
    login = Login(provider)
    assert login.shown["token"]
    claims = login.shown["user_info"]
    expected = login.replica.sample["claims"]
    assert {name: claims.get(name) for name in expected} == expected
    assert claims["sub"]


@EVERY
def test_login_page_is_the_services_own(provider: Provider) -> None:
    """With the declared scope, joined as declared."""
    login = Login(provider)
    expected = provider.authorize_url or "https://replica.example/authorize"
    assert login.location.split("?")[0] == expected
    options: dict[str, Any] = provider.settings().get("client_kwargs") or {}  # type: ignore[assignment]  # any: options
    scope, separator = options.get("scope"), options.get("scope_separator", " ")
    if isinstance(scope, list):
        scope = separator.join(scope)
    assert query_of(login.location).get("scope") == scope
    assert separator == " " or " " not in (scope or "")


@pytest.mark.parametrize("provider", OAUTH2.values(), ids=OAUTH2)
def test_client_authenticates_as_declared(provider: OAuth2Provider | OpenIDProvider) -> None:
    """In the header or in the body, and never in both."""
    request, parameters = Login(provider).replica.token_request()
    basic = "authorization" in request.headers
    method = provider.client_kwargs.get("token_endpoint_auth_method", "client_secret_basic")
    assert basic is (method == "client_secret_basic")
    secret = {"wechat": "secret"}.get(provider.name, "client_secret")
    assert (secret in parameters) is not basic
    if provider.name != "apple":  # it has none of its own
        assert parameters.get(secret, CLIENT_SECRET) == CLIENT_SECRET


@pytest.mark.parametrize("provider", OAUTH2.values(), ids=OAUTH2)
def test_pkce_is_used_as_declared(provider: OAuth2Provider | OpenIDProvider) -> None:
    """A challenge and its verifier; or neither, by name."""
    login = Login(provider)
    used = provider.client_kwargs.get("code_challenge_method", "S256") == "S256"
    assert ("code_challenge" in query_of(login.location)) is used
    assert ("code_verifier" in login.replica.token_request()[1]) is used


def test_services_without_pkce() -> None:
    """These do not know it, or break over it; every other one gets a challenge."""
    without = [
        name
        for name, one in OAUTH2.items()
        if one.client_kwargs.get("code_challenge_method") == "none"
    ]
    assert sorted(without) == ["LinkedIn", "Reddit", "VK", "WeChat"]


SENT: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("TikTok", {"client_key": CLIENT_ID}, {"client_key": CLIENT_ID}),
    ("WeChat", {"appid": CLIENT_ID}, {"appid": CLIENT_ID, "secret": CLIENT_SECRET}),
    ("Withings", {}, {"action": "requesttoken"}),
    ("Atlassian", {"audience": "api.atlassian.com", "prompt": "consent"}, {}),
    ("Notion", {"owner": "user"}, {}),
    ("WorkOS", {"organization": "org_01"}, {}),
    ("Apple", {"response_mode": "form_post"}, {}),
    (
        "Twitch",
        {
            "claims": '{"id_token":{"email":null,"email_verified":null,"picture":null,'
            '"preferred_username":null}}'
        },
        {},
    ),
]


@pytest.mark.parametrize(("name", "authorize", "token"), SENT, ids=[one[0] for one in SENT])
def test_further_parameters(name: str, authorize: dict[str, str], token: dict[str, str]) -> None:
    """What a service wants besides, at its two endpoints."""
    login = Login(CATALOGUE[name])
    assert authorize.items() <= query_of(login.location).items()
    assert token.items() <= login.replica.token_request()[1].items()


def test_expiry_under_another_name_is_known() -> None:
    """Stack Overflow says ``expires``."""
    token = Login(CATALOGUE["StackOverflow"]).shown["token"]
    assert is_oauth2_token(token)
    assert is_expired(token, now=NOW + 86400) is True
    assert is_expired(token, now=NOW) is False


def test_apple_gets_a_secret_that_is_signed_then() -> None:
    """A JWT in the place of the secret."""
    _, parameters = Login(CATALOGUE["Apple"]).replica.token_request()
    assert parameters["client_secret"].count(".") == 2


def test_config_wins_over_a_declaration_member_by_member() -> None:
    """What is not said stays as it is declared."""
    login = Login(CATALOGUE["Discord"], CLIENT_KWARGS={"scope": "identify"})
    assert query_of(login.location)["scope"] == "identify"
    request, parameters = login.replica.token_request()
    assert "client_secret" in parameters
    assert "authorization" not in request.headers
    assert dict(parse_qsl(urlsplit(request.url).query)) == {}
