"""Logins at oidc-provider by OpenID Connect, through the documented API."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Literal
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.real_servers.browser import Arrival, Browser
from tests.real_servers.clients import OAuth2Registration
from tests.real_servers.foreign import query_of
from tests.real_servers.openid import jose_header, register_client
from tests.real_servers.openid_app import Asked, OpenIDApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.client import OAuth2Options
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    IdTokenError,
    InvalidSignatureError,
)

ASYMMETRIC = [
    *(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)),
    "EdDSA",
    "Ed25519",
]
SYMMETRIC = ["HS256", "HS384", "HS512"]
ResponseMode = Literal["query", "form_post"]
_RESPONSE_MODE = pytest.mark.parametrize("response_mode", ["query", "form_post"])


@pytest.fixture(scope="module")
def client(oidc_provider: OAuth2Server) -> OAuth2Registration:
    """A client with nothing but defaults."""
    return register_client(oidc_provider)


def _half_hash(algorithm: str, text: str) -> str:
    """The hash that ``at_hash`` is (Core 3.1.3.6)."""
    bits = "512" if algorithm.startswith("Ed") else algorithm[2:]
    digest = hashlib.new(f"sha{bits}", text.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ASYMMETRIC + SYMMETRIC)
def test_login_with_each_algorithm(oidc_provider: OAuth2Server, algorithm: str) -> None:
    """Whatever it signs with, the claims are those of this login (Core 3.1.3.7)."""
    client = register_client(oidc_provider, id_token_signed_response_alg=algorithm)
    site = OpenIDApp(oidc_provider, client, {"id_token_signed_response_alg": algorithm})
    token = site.log_in()
    assert jose_header(token["id_token"])["alg"] == algorithm
    claims = token["userinfo"]
    assert (claims["iss"], claims["sub"]) == (oidc_provider.issuer, "ada")
    assert (claims["aud"], claims["nonce"]) == (client.client_id, site.sent["nonce"])
    assert claims["at_hash"] == _half_hash(algorithm, token["access_token"])


@pytest.mark.parametrize("algorithm", ASYMMETRIC)
def test_advertised_algorithm_needs_no_registration_of_ours(
    oidc_provider: OAuth2Server, algorithm: str
) -> None:
    """What the metadata lists is accepted where nothing else was said (Discovery 3)."""
    client = register_client(oidc_provider, id_token_signed_response_alg=algorithm)
    token = OpenIDApp(oidc_provider, client).log_in()
    assert jose_header(token["id_token"])["alg"] == algorithm


@pytest.mark.parametrize(
    ("registered", "expected"), [("HS256", None), ("ES256", "RS256"), ("RS256", "HS256")]
)
def test_algorithm_is_never_the_tokens_choice(
    oidc_provider: OAuth2Server, registered: str, expected: str | None
) -> None:
    """A shared secret counts only where it was named, and another algorithm never."""
    client = register_client(oidc_provider, id_token_signed_response_alg=registered)
    options: OAuth2Options = {}
    if expected is not None:
        options["id_token_signed_response_alg"] = expected
    with pytest.raises(InvalidSignatureError, match=f"signed by {registered}"):
        OpenIDApp(oidc_provider, client, options).log_in()


@_RESPONSE_MODE
def test_login_by_get_and_by_post(
    oidc_provider: OAuth2Server, client: OAuth2Registration, response_mode: ResponseMode
) -> None:
    """The answer comes as it was asked for (Form Post Response Mode 2), and names its issuer."""
    site = OpenIDApp(oidc_provider, client, {"response_mode": response_mode})
    with site.app.test_client() as http:
        arrival = site.begin(http)
        assert _parameters(arrival)["iss"] == oidc_provider.issuer
        assert (arrival.form is not None) == (response_mode == "form_post")
        assert arrival.open_in(http).get_json()["token"]["userinfo"]["sub"] == "ada"


@_RESPONSE_MODE
@pytest.mark.parametrize(
    ("prompt", "decision", "kind", "error"),
    [
        (None, "deny", AuthorizationDeniedError, "access_denied"),
        ("none", "approve", AuthorizationResponseError, "login_required"),
        ("nonsense", "approve", AuthorizationResponseError, "invalid_request"),
    ],
)
def test_error_is_an_error_of_its_kind(
    oidc_provider: OAuth2Server,
    client: OAuth2Registration,
    response_mode: ResponseMode,
    prompt: str | None,
    decision: str,
    kind: type[AuthorizationResponseError],
    error: str,
) -> None:
    """An error comes out with its code, by GET and by POST (Core 3.1.2.6)."""
    asked: Asked = {"prompt": prompt} if prompt else {}
    site = OpenIDApp(oidc_provider, client, {"response_mode": response_mode}, **asked)
    with site.app.test_client() as http:
        arrival = site.begin(http, Browser(decision=decision))
        with pytest.raises(kind) as caught:
            arrival.open_in(http)
    assert caught.value.error == error


@_RESPONSE_MODE
@pytest.mark.parametrize("iss", [None, "https://other.example"])
@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_issuer_of_the_answer_is_required(
    oidc_provider: OAuth2Server,
    client: OAuth2Registration,
    response_mode: ResponseMode,
    iss: str | None,
    decision: str,
) -> None:
    """Its metadata says that answers name the issuer, so one that does not is none (RFC 9207)."""
    site = OpenIDApp(oidc_provider, client, {"response_mode": response_mode})
    with site.app.test_client() as http:
        arrival = site.begin(http, Browser(decision=decision))
        before = oidc_provider.token_requests()
        with pytest.raises((CallbackError, AuthorizationDeniedError)) as caught:
            _open(http, arrival, iss)
    # A refusal gives nothing away; it may come without an issuer, but not of another one.
    denied = decision == "deny" and iss is None
    assert isinstance(caught.value, AuthorizationDeniedError) == denied
    assert oidc_provider.token_requests() == before


def _parameters(arrival: Arrival) -> dict[str, str]:
    return query_of(arrival.url) if arrival.form is None else arrival.form


def _open(http: FlaskClient, arrival: Arrival, iss: str | None) -> None:
    changed = {name: value for name, value in _parameters(arrival).items() if name != "iss"}
    if iss is not None:
        changed["iss"] = iss
    url = arrival.url.split("?")[0]
    if arrival.form is None:
        http.get(f"{url}?{urlencode(changed)}")
    else:
        http.post(url, data=changed)


def test_claims_parameter_chooses_what_goes_where(
    oidc_provider: OAuth2Server, client: OAuth2Registration
) -> None:
    """Single claims arrive in the ID Token and at UserInfo, each as asked (Core 5.5)."""
    site = OpenIDApp(
        oidc_provider,
        client,
        claims={
            "id_token": {"email": None, "auth_time": {"essential": True}},
            "userinfo": {"name": {"essential": True}},
        },
    )
    with site.app.test_client() as http:
        document = site.begin(http).open_in(http).get_json()
    claims = document["token"]["userinfo"]
    assert claims["email"] == "ada@example.org"
    assert abs(claims["auth_time"] - time.time()) < 60
    assert "name" not in claims
    assert document["profile"] == {"sub": "ada", "name": "Ada"}


def test_scope_chooses_what_userinfo_tells(
    oidc_provider: OAuth2Server, client: OAuth2Registration
) -> None:
    """``profile`` and ``email`` are bundles of claims (Core 5.4)."""
    site = OpenIDApp(oidc_provider, client, {"scope": "openid profile email"})
    with site.app.test_client() as http:
        profile = site.begin(http).open_in(http).get_json()["profile"]
    assert profile == {"sub": "ada", "name": "Ada", "email": "ada@example.org"}


def test_max_age_brings_a_recent_time_of_authentication(
    oidc_provider: OAuth2Server, client: OAuth2Registration
) -> None:
    """With ``max_age`` the ID Token says when the user signed in (Core 3.1.2.1)."""
    assert "auth_time" not in OpenIDApp(oidc_provider, client).log_in()["userinfo"]
    token = OpenIDApp(oidc_provider, client, max_age=60).log_in()
    assert abs(token["userinfo"]["auth_time"] - time.time()) < 60


@pytest.mark.parametrize(
    ("seconds_ago", "max_age", "again"),
    [("0", None, False), ("0", 600, False), ("3600", None, False), ("3600", 600, True)],
)
def test_old_session_makes_the_user_sign_in_again(
    oidc_provider: OAuth2Server,
    client: OAuth2Registration,
    seconds_ago: str,
    max_age: int | None,
    again: bool,
) -> None:
    """The session at the provider serves the next login, unless ``max_age`` says otherwise."""
    browser = Browser(seconds_ago=seconds_ago)
    OpenIDApp(oidc_provider, client).log_in(browser)
    browser.answers["seconds_ago"] = "0"
    OpenIDApp(oidc_provider, client, max_age=max_age).log_in(browser)
    assert browser.signed_in == 1 + again


@pytest.mark.parametrize("asked", [{"max_age": 0}, {"prompt": "login"}])
def test_user_can_be_made_to_sign_in_each_time(
    oidc_provider: OAuth2Server, client: OAuth2Registration, asked: Asked
) -> None:
    """``max_age=0`` is as good as ``prompt=login`` (Core 3.1.2.1)."""
    browser = Browser(seconds_ago="5")
    OpenIDApp(oidc_provider, client).log_in(browser)
    browser.answers["seconds_ago"] = "0"
    OpenIDApp(oidc_provider, client, **asked).log_in(browser)
    assert browser.signed_in == 2


def test_authentication_too_long_ago_is_refused(
    oidc_provider: OAuth2Server, client: OAuth2Registration
) -> None:
    """A provider that does not ask again does not get around ``max_age`` (Core 3.1.3.7)."""
    with pytest.raises(IdTokenError) as caught:
        OpenIDApp(oidc_provider, client, max_age=600).log_in(Browser(seconds_ago="3600"))
    assert caught.value.claim == "auth_time"


_ACR = pytest.mark.parametrize(
    "asked",
    [
        {"acr_values": ["gold", "silver"]},
        {"claims": {"id_token": {"acr": {"values": ["gold", "silver"]}}}},
    ],
    ids=["acr_values", "claims"],
)


@_ACR
def test_user_signs_in_as_strongly_as_asked(
    oidc_provider: OAuth2Server, client: OAuth2Registration, asked: Asked
) -> None:
    """``acr`` tells which of the ways of signing in it was (Core 2, 5.5.1.1)."""
    token = OpenIDApp(oidc_provider, client, **asked).log_in(Browser(acr="silver"))
    assert token["userinfo"]["acr"] == "silver"


@_ACR
@pytest.mark.parametrize("acr", ["bronze", ""])
def test_weaker_authentication_is_refused(
    oidc_provider: OAuth2Server, client: OAuth2Registration, asked: Asked, acr: str
) -> None:
    """The provider may answer a wish with less; the application need not take it."""
    with pytest.raises(IdTokenError) as caught:
        OpenIDApp(oidc_provider, client, **asked).log_in(Browser(acr=acr))
    assert caught.value.claim == "acr"


@pytest.mark.parametrize("acr", ["bronze", "silver"])
def test_weaker_authentication_is_taken_where_that_is_said(
    oidc_provider: OAuth2Server, client: OAuth2Registration, acr: str
) -> None:
    """``accept_other_acr`` gives the wish up."""
    site = OpenIDApp(oidc_provider, client, {"accept_other_acr": True}, acr_values="gold")
    assert site.log_in(Browser(acr=acr))["userinfo"]["acr"] == acr
