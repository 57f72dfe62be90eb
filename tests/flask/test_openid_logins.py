"""Logins at an OpenID Provider in a Flask application."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import session
from flask.testing import FlaskClient

from tests.flask.caches import AtomicMemory
from tests.flask.openid import CALLBACK, DISCOVERY, OpenIDSite
from tests.flask.site import CLIENT_SECRET, PROVIDER, cookie_of, query_of, session_of
from typedoauth.errors import (
    ConfigurationError,
    HTTPStatusError,
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
    StateMismatchError,
)
from typedoauth.flask import OpenIDApp
from typedoauth.oidc import ClaimOptions


@pytest.fixture
def site() -> OpenIDSite:
    """With the client ``op``, which keeps open logins in the session."""
    return OpenIDSite()


@pytest.fixture
def browser(site: OpenIDSite) -> FlaskClient:
    """Somebody's browser."""
    return site.app.test_client()


def finished(
    site: OpenIDSite,
    browser: FlaskClient,
    **parameters: Any,  # any: JSON
) -> dict[str, Any]:
    """Log Ada in, and tell what the application got."""
    answer = site.arrive(browser, site.callback(browser, **parameters))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()  # any: JSON
    return found


def test_address_of_the_metadata_and_a_scope_are_enough(
    site: OpenIDSite, browser: FlaskClient
) -> None:
    """The login ends with verified claims in ``token["userinfo"]``."""
    token = finished(site, browser)["token"]
    claims = token["userinfo"]
    assert (claims["sub"], claims["iss"], claims["aud"]) == ("ada", PROVIDER, "client")
    assert site.provider.counts["discovery"] == site.provider.counts["jwks"] == 1
    finished(site, browser)
    assert site.provider.counts["discovery"] == site.provider.counts["jwks"] == 1
    assert site.provider.counts["id_tokens"] == 2


def test_userinfo_is_asked_with_the_token_of_the_context(
    site: OpenIDSite, browser: FlaskClient
) -> None:
    """Of the login that the request has finished, or one that is given; compared with it."""
    token = finished(site, browser)["token"]
    with site.app.test_request_context():
        assert site.op.userinfo(token).get("email") == "ada@provider.example"
        site.op.token = token
        assert site.op.userinfo()["sub"] == "ada"
        with pytest.raises(IdTokenError):
            site.op.userinfo(sub="eve")
        with pytest.raises(HTTPStatusError):
            site.op.userinfo({"access_token": "made up"})


def test_methods_of_the_client_are_those_of_the_app(site: OpenIDSite, browser: FlaskClient) -> None:
    """``parse_id_token`` and ``fetch_jwk_set``, as code for Authlib calls them."""
    token = finished(site, browser)["token"]
    nonce = token["userinfo"]["nonce"]
    assert site.op.parse_id_token(token, nonce)["sub"] == "ada"
    with pytest.raises(IdTokenError):
        site.op.parse_id_token(token, "another")
    with pytest.raises(IdTokenError):
        site.op.parse_id_token(token, nonce, claims_options={"email": {"value": "x@y"}})
    site.clock.now += 3700
    with pytest.raises(IdTokenError):
        site.op.parse_id_token(token, nonce, leeway=0)
    keys = site.op.fetch_jwk_set()
    assert site.op.fetch_jwk_set(force=True) is not keys


def test_rotated_keys_cost_no_login(site: OpenIDSite, browser: FlaskClient) -> None:
    """The provider's old keys are gone, and nobody notices."""
    finished(site, browser)
    site.provider.rotate_keys()
    assert finished(site, browser)["token"]["userinfo"]["sub"] == "ada"


ADMIN: dict[str, ClaimOptions] = {"email": {"essential": True, "value": "root@provider.example"}}


def test_claims_options_and_leeway_are_of_the_call(site: OpenIDSite, browser: FlaskClient) -> None:
    """``authorize_access_token(claims_options=…, leeway=…)``; the client's stay as they were."""
    site.finish = {"claims_options": {"sub": {"values": ["ada"]}}, "leeway": 0}
    assert finished(site, browser)
    site.finish = {"claims_options": ADMIN}
    error = site.refused(browser, site.callback(browser))
    assert isinstance(error, IdTokenError)
    assert error.claim == "email"
    callback = site.callback(browser)
    with site.provider.faults("id_token_exp_just_past"):
        site.finish = {"leeway": 0}
        error = site.refused(browser, callback)
    assert isinstance(error, IdTokenError)
    assert error.claim == "exp"
    site.finish = {}
    assert finished(site, browser)


@pytest.mark.parametrize("finish", [{"claims_options": ADMIN}, {"leeway": 5}])
def test_oauth1_has_no_claims(
    site: OpenIDSite, browser: FlaskClient, finish: dict[str, object]
) -> None:
    """The keywords are refused there; they would check nothing."""
    site.finish = finish
    callback = site.decide(site.begin(browser, "one"))
    with pytest.raises(ConfigurationError, match=next(iter(finish))):
        raise site.refused(browser, callback)


def test_refused_login_leaves_nothing(site: OpenIDSite, browser: FlaskClient) -> None:
    """Neither a token of the context, nor an open login: it cannot be tried again."""
    callback = site.callback(browser)
    site.provider.add_client(
        "client", CLIENT_SECRET, redirect_uris=[CALLBACK], id_token_signed_response_alg="ES256"
    )
    site.op = site.oauth.register(
        "op",
        client_id="client",
        client_secret=CLIENT_SECRET,
        server_metadata_url=f"{PROVIDER}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "id_token_signed_response_alg": "RS256"},
    )
    assert isinstance(site.refused(browser, callback), InvalidSignatureError)
    again = site.refused(browser, callback)
    assert isinstance(again, StateMismatchError)
    assert again.reason == "already_used"


def test_login_waits_for_a_provider_that_is_down(site: OpenIDSite, browser: FlaskClient) -> None:
    """An error of the tree at the redirect; the next login works."""
    site.op = site.oauth.register(
        "op",
        client_id="client",
        client_secret=CLIENT_SECRET,
        server_metadata_url=f"{PROVIDER}/nowhere",
        client_kwargs={"scope": "openid"},
    )
    answer = browser.get("/login/op")
    assert (answer.status_code, type(site.errors[-1])) == (400, MalformedResponseError)
    assert "check server_metadata_url" in answer.text


# What the login asks of the ID Token


def test_what_was_asked_is_enforced_at_the_callback(site: OpenIDSite, browser: FlaskClient) -> None:
    """It outlives the redirect, in the session."""
    assert finished(site, browser, max_age=0)
    location = site.begin(browser, "op", acr_values="urn:example:never")
    query = query_of(location)
    assert query["acr_values"] == "urn:example:never"
    error = site.refused(browser, site.decide(location.replace("acr_values", "left_out")))
    assert isinstance(error, IdTokenError)
    assert error.claim == "acr"


@pytest.mark.parametrize("cache", [None, AtomicMemory()], ids=["session", "cache"])
def test_login_begun_by_hand_remembers_what_was_asked(cache: AtomicMemory | None) -> None:
    """``create_authorization_url`` gives it, ``save_authorize_data`` takes it."""
    site = OpenIDSite(cache)
    browser = site.app.test_client()

    def login() -> str:
        begun = site.op.create_authorization_url(
            CALLBACK, max_age=60, acr_values=["urn:example:a", "b"], data={"next": "/x"}
        )
        assert begun.get("max_age") == 60
        assert begun.get("acr_values") == ("urn:example:a", "b")
        assert begun.get("nonce")
        kept: dict[str, Any] = json.loads(json.dumps(begun))  # any: JSON, as it may be kept
        site.op.save_authorize_data(**kept)
        return begun["url"]

    site.app.add_url_rule("/by-hand", view_func=login)
    location = browser.get("/by-hand").text
    error = site.refused(browser, site.decide(location.replace("acr_values", "left_out")))
    assert isinstance(error, IdTokenError)
    assert error.claim == "acr"


def test_ordinary_login_writes_nothing_of_it(site: OpenIDSite) -> None:
    """What was not asked is not there."""
    with site.app.test_request_context():
        begun = site.op.create_authorization_url(CALLBACK)
    assert set(begun) == {"url", "state", "code_verifier", "nonce"}


def test_cookie_of_an_open_login_is_short(site: OpenIDSite, browser: FlaskClient) -> None:
    """230 bytes with ``openid``; ``max_age`` and ``acr_values`` add what they are long."""
    site.begin(browser, "op")
    assert len(cookie_of(browser)) <= 230
    other = site.app.test_client()
    site.begin(other, "op", max_age=300, acr_values="urn:example:mfa")
    assert len(cookie_of(other)) <= 290
    (entry,) = session_of(site.app, other)["_typedoauth"]["p"]
    assert (entry[3]["m"], entry[3]["a"]) == (300, ["urn:example:mfa"])


def test_session_is_the_callers_own(site: OpenIDSite, browser: FlaskClient) -> None:
    """A login leaves what lies there alone."""

    def view() -> str:
        session["user"] = "ada"
        return ""

    site.app.add_url_rule("/own", view_func=view)
    browser.get("/own")
    finished(site, browser)
    assert session_of(site.app, browser)["user"] == "ada"


# The app whose logins have claims


def test_openid_app_has_claims_for_sure(browser: FlaskClient, site: OpenIDSite) -> None:
    """``client_cls=OpenIDApp``: a login without them is none."""
    openid: OpenIDApp = site.oauth.register(
        "op",
        client_cls=OpenIDApp,
        client_id="client",
        client_secret=CLIENT_SECRET,
        server_metadata_url=DISCOVERY,
        client_kwargs={"scope": "openid email"},
    )
    subjects: list[str] = []

    def view(name: str) -> str:
        assert name == "op"
        subjects.append(openid.authorize_access_token(**site.finish)["userinfo"]["sub"])
        return ""

    site.app.view_functions["authorize"] = view
    assert site.arrive(browser, site.callback(browser)).status_code == 200
    error = site.refused(browser, site.callback(browser, scope="email"))
    assert isinstance(error, ConfigurationError)
    assert "did not ask for openid" in str(error)
    site.finish = {"claims_options": ADMIN}
    assert isinstance(site.refused(browser, site.callback(browser)), IdTokenError)
    assert subjects == ["ada"]
