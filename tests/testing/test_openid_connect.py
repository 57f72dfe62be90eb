"""OpenID Connect: keys, ID Tokens and UserInfo, read with PyJWT."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jwt
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from requests_oauthlib import OAuth1
from werkzeug.test import Client

from tests.testing.acting import (
    CALLBACK,
    SECRET,
    SteppingClock,
    bearer,
    login,
    query_of,
    send,
    sign,
    token,
)
from typedoauth.errors import ConfigurationError
from typedoauth.testing import LocalProvider

_LONG = "a secret that is long enough for the longest of the three hashes"
_ASYMMETRIC = (
    *(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)),
    "EdDSA",
)


def _jwks(http: Client) -> dict[str, dict[str, Any]]:  # any: JSON
    return {key["kid"]: key for key in http.get("/oauth2/jwks").get_json()["keys"]}


def claims_of(
    http: Client, text: str, algorithm: str = "RS256", secret: str = SECRET
) -> dict[str, Any]:  # any: claims, looked at by the tests
    """Verify a JWT for ``client`` with PyJWT and the published keys."""
    key: Any = secret  # any: a key of whatever kind
    if not algorithm.startswith("HS"):
        key = jwt.PyJWK(_jwks(http)[jwt.get_unverified_header(text)["kid"]])
    return jwt.decode(
        text,
        key,
        algorithms=[algorithm],
        audience="client",
        issuer="http://localhost",
        options={"verify_iat": False, "verify_exp": False},
    )


def test_login_gives_an_id_token(http: Client, clock: SteppingClock) -> None:
    """It says who logged in, when, where and for whom (Core 2)."""
    claims = claims_of(http, login(http, scope="openid email", nonce="n-0S6")["id_token"])
    assert claims.pop("sid")
    assert claims.pop("at_hash")
    assert claims == {
        "iss": "http://localhost",
        "sub": "ada",
        "aud": "client",
        "exp": clock.now + 3600,
        "iat": clock.now,
        "auth_time": clock.now,
        "nonce": "n-0S6",
        "email": "ada@example.com",
    }


def test_login_without_openid_gives_none(http: Client) -> None:
    """Without the scope ``openid`` it is plain OAuth 2.0 (Core 3.1.2.1)."""
    assert "id_token" not in login(http, scope="profile", nonce="n")


@pytest.mark.parametrize("algorithm", [*_ASYMMETRIC, "HS256", "HS384", "HS512"])
def test_id_token_is_signed_as_registered(
    provider: LocalProvider, http: Client, algorithm: str
) -> None:
    """PyJWT finds each signature right, and the hash of the access token (Core 3.1.3.6)."""
    provider.add_client(
        "client", _LONG, redirect_uris=[CALLBACK], id_token_signed_response_alg=algorithm
    )
    tokens = login(http, scope="openid", secret=_LONG)
    claims = claims_of(http, tokens["id_token"], algorithm, _LONG)
    size = algorithm[-3:] if algorithm != "EdDSA" else "512"
    digest = hashlib.new(f"sha{size}", tokens["access_token"].encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    assert (claims["sub"], claims["at_hash"]) == ("ada", half)


@pytest.mark.parametrize(("algorithm", "curve"), [("Ed25519", "Ed25519"), ("Ed448", "Ed448")])
def test_names_of_rfc_9864_are_known(
    provider: LocalProvider, http: Client, algorithm: str, curve: str
) -> None:
    """joserfc, which knows the fully specified names, finds the signature right."""
    provider.add_client(
        "client", SECRET, redirect_uris=[CALLBACK], id_token_signed_response_alg=algorithm
    )
    text = login(http, scope="openid")["id_token"]
    (published,) = (key for key in _jwks(http).values() if key["alg"] == algorithm)
    assert published["crv"] == curve
    key = OKPKey.import_key({name: published[name] for name in ("kty", "crv", "x")})
    assert jws.deserialize_compact(text, key, algorithms=[algorithm]).payload


def test_keys_are_rotated(provider: LocalProvider, http: Client) -> None:
    """Old keys are gone, unless they are kept."""
    login(http, scope="openid")
    first = set(_jwks(http))
    provider.rotate_keys()
    second = set(_jwks(http))
    assert first.isdisjoint(second)
    assert claims_of(http, login(http, scope="openid")["id_token"])
    provider.rotate_keys(keep_old=True)
    assert set(_jwks(http)) > second


def test_published_keys_are_public(http: Client) -> None:
    """No private member is published (RFC 7517 9.2)."""
    for key in _jwks(http).values():
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"}.intersection(key)
        assert key["use"] == "sig"


def test_refresh_gives_another_id_token(http: Client, clock: SteppingClock) -> None:
    """Same login, no nonce, new times (Core 12.2)."""
    tokens = login(http, scope="openid", nonce="n")
    first = claims_of(http, tokens["id_token"])
    clock.now += 60
    answer = token(http, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    second = claims_of(http, answer.get_json()["id_token"])
    assert second["iat"] == first["iat"] + 60
    assert "nonce" not in second
    for name in ("iss", "sub", "aud", "auth_time", "sid"):
        assert second[name] == first[name]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_tells_what_the_scope_is_good_for(
    provider: LocalProvider, http: Client, method: str
) -> None:
    """Claims by scope (Core 5.4), by GET and POST (5.3.1)."""
    claims = {"email_verified": True, "locale": "en-GB", "address": {"country": "GB"}, "x": 1}
    provider.add_user("ada", name="Ada", email="ada@example.com", claims=claims)
    tokens = login(http, scope="openid email")
    answer = http.open("/oauth2/userinfo", method=method, headers=bearer(tokens["access_token"]))
    assert answer.get_json() == {"sub": "ada", "email": "ada@example.com", "email_verified": True}


def test_unknown_claims_are_left_out(provider: LocalProvider, http: Client) -> None:
    """What there is not is not told, not even as null (Core 5.3.2)."""
    provider.add_user("ada", name="Ada")
    tokens = login(http, scope="openid profile email")
    answer = http.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
    assert answer.get_json() == {"sub": "ada", "name": "Ada"}


def test_userinfo_of_a_password(provider: LocalProvider, http: Client) -> None:
    """A client that is registered for ``openid`` may ask without a login on the page."""
    provider.add_client("client", SECRET, scope="openid profile")
    provider.add_user("ada", name="Ada", password="pw")
    tokens = token(http, grant_type="password", username="ada", password="pw").get_json()
    answer = http.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
    assert (answer.get_json(), "id_token" in tokens) == ({"sub": "ada", "name": "Ada"}, False)


def test_claims_are_asked_for_by_name(provider: LocalProvider, http: Client) -> None:
    """``claims`` says which, and where they go (Core 5.5)."""
    provider.add_user("ada", claims={"address": {"country": "GB"}, "locale": "en-GB"})
    asked = '{"userinfo": {"address": null}, "id_token": {"locale": {"essential": true}}}'
    tokens = login(http, scope="openid", claims=asked)
    answer = http.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
    assert answer.get_json() == {"sub": "ada", "address": {"country": "GB"}}
    claims = claims_of(http, tokens["id_token"])
    assert (claims["locale"], "address" in claims) == ("en-GB", False)


def test_userinfo_is_signed_as_registered(provider: LocalProvider, http: Client) -> None:
    """A JWT for the client, by its algorithm (Core 5.3.2)."""
    provider.add_client(
        "client", SECRET, redirect_uris=[CALLBACK], userinfo_signed_response_alg="ES256"
    )
    tokens = login(http, scope="openid profile")
    answer = http.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
    assert answer.mimetype == "application/jwt"
    claims = claims_of(http, answer.text, "ES256")
    assert (claims["sub"], claims["name"]) == ("ada", "Ada Lovelace")


def test_userinfo_needs_openid(http: Client) -> None:
    """A token of a plain OAuth 2.0 login is not enough (Core 5.3.1)."""
    tokens = login(http, scope="profile")
    answer = http.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
    assert (answer.status_code, answer.get_json()["error"]) == (403, "insufficient_scope")


def test_userinfo_is_for_logins_with_openid_connect(http: Client) -> None:
    """OAuth 1.0 credentials have no scope, and tell of no login."""
    auth = OAuth1("client", SECRET, callback_uri=CALLBACK)
    temporary = query_of(f"?{send(http, sign('POST', '/oauth1/initiate', auth)).text}")
    callback = http.post(
        "/oauth1/authorize",
        query_string={"oauth_token": temporary["oauth_token"]},
        data={"user": "ada", "decision": "approve"},
    )
    verifier = query_of(callback.headers["Location"])["oauth_verifier"]
    pair = (temporary["oauth_token"], temporary["oauth_token_secret"])
    auth = OAuth1("client", SECRET, *pair, verifier=verifier)
    credentials = query_of(f"?{send(http, sign('POST', '/oauth1/token', auth)).text}")
    pair = (credentials["oauth_token"], credentials["oauth_token_secret"])
    answer = send(http, sign("GET", "/oauth2/userinfo", OAuth1("client", SECRET, *pair)))
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]
)
def test_discovery_tells_where_everything_is(http: Client, path: str) -> None:
    """Both well-known addresses answer the same (Discovery 4, RFC 8414 3)."""
    document = http.get(path, base_url="https://op.example").get_json()
    assert document["issuer"] == "https://op.example"
    assert document["jwks_uri"] == "https://op.example/oauth2/jwks"
    assert document["userinfo_endpoint"] == "https://op.example/oauth2/userinfo"
    assert set(_ASYMMETRIC) < set(document["id_token_signing_alg_values_supported"])
    assert "none" not in document["id_token_signing_alg_values_supported"]


def test_what_happens_is_counted(provider: LocalProvider, http: Client) -> None:
    """Discovery, keys, ID Tokens and UserInfo have their counters."""
    tokens = login(http, scope="openid")
    http.get("/.well-known/openid-configuration")
    http.get("/oauth2/jwks")
    http.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
    counts = provider.counts
    assert [counts[name] for name in ("discovery", "jwks", "id_tokens", "userinfo")] == [1] * 4


def test_short_secret_cannot_sign(provider: LocalProvider) -> None:
    """The registration that would need it is refused (RFC 7518 3.2)."""
    with pytest.raises(ConfigurationError, match="256 bits"):
        provider.add_client("x", "short", id_token_signed_response_alg="HS256")
