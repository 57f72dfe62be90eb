"""Client authentication with keys (Core 9, RFC 7523), JWT secrets, and the JWT bearer grant."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl

import jwt
import pytest
from jwt.types import Options

from tests.oidc.minting import ASYMMETRIC, SECRET, SYMMETRIC, key_for, private_jwk, rsa_key
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Headers, Request
from typedoauth.oauth2 import ClientCredentialsGrant, token_request
from typedoauth.oauth2.assertions import JWTBearerGrant, assertion_claims
from typedoauth.oidc import (
    AssertionSigner,
    ClientSecretJWT,
    JSONWebKey,
    JWTClientSecret,
    PrivateKeyJWT,
    load_signing_key,
    sign_jwt,
)
from typedoauth.protocols import ClientAuthentication, Grant

NOW = 1_800_000_000.75
URL = "https://op.example/token"
CLIENT = ClientCredentials("client id", SECRET)
REQUEST = token_request(f"{URL}?tenant=1", ClientCredentialsGrant("a b"))


def clock() -> float:
    """A clock that stands still."""
    return NOW


def numbers() -> Callable[[], str]:
    """Texts that never come twice."""
    numbered = count(1)
    return lambda: f"jti-{next(numbered)}"


def key(algorithm: str = "RS256", kid: str | None = "k") -> JSONWebKey:
    """A key to sign with."""
    return load_signing_key(private_jwk(key_for(algorithm)), kid=kid, algorithm=algorithm)


def form(request: Request) -> dict[str, str]:
    """The parameters of a request, each of them once."""
    pairs = parse_qsl((request.body or b"").decode(), strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def read(token: str, by: JSONWebKey | str, algorithm: str) -> dict[str, object]:
    """Verify with PyJWT, which is what a server might do."""
    secret = by if isinstance(by, str) else key_for(algorithm).public_key()
    options: Options = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
    found: dict[str, object] = jwt.decode(token, secret, [algorithm], options=options)
    return found


# PyJWT does not know these two by name.
COMMON = [one for one in ASYMMETRIC if one not in ("Ed25519", "Ed448")]


@pytest.mark.parametrize("algorithm", COMMON)
def test_private_key_jwt_is_what_core_9_says(algorithm: str) -> None:
    """The claims, ``client_id`` beside it, and nothing of the secret."""
    method = PrivateKeyJWT(key(algorithm), clock, numbers())
    sent = form(method.authenticate(REQUEST, CLIENT))
    assertion = sent.pop("client_assertion")
    assert sent == {
        "grant_type": "client_credentials",
        "scope": "a b",
        "client_id": "client id",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert read(assertion, key(algorithm), algorithm) == {
        "iss": "client id",
        "sub": "client id",
        "aud": URL,
        "iat": 1_800_000_000,
        "exp": 1_800_000_060,
        "jti": "jti-1",
    }
    assert jwt.get_unverified_header(assertion) == {"alg": algorithm, "kid": "k", "typ": "JWT"}


@pytest.mark.parametrize("algorithm", SYMMETRIC)
def test_client_secret_jwt_is_signed_with_the_secret(algorithm: str) -> None:
    """The same claims; the secret signs, and is not sent."""
    method = ClientSecretJWT(clock, numbers(), algorithm=algorithm)
    request = method.authenticate(REQUEST, CLIENT)
    claims = read(form(request)["client_assertion"], SECRET, algorithm)
    assert (claims["iss"], claims["aud"], claims["jti"]) == ("client id", URL, "jti-1")
    assert SECRET.encode() not in (request.body or b"")
    assert "client_secret" not in form(request)


@pytest.mark.parametrize("name", ["client_secret_jwt", "private_key_jwt"])
def test_assertion_audience_and_lifetime_are_settings(name: str) -> None:
    """The issuer as audience, several audiences, another lifetime."""
    for audience in ("https://op.example", ["https://op.example", URL]):
        method: ClientAuthentication = (
            ClientSecretJWT(clock, numbers(), audience, lifetime=5)
            if name == "client_secret_jwt"
            else PrivateKeyJWT(key(), clock, numbers(), audience, lifetime=5)
        )
        assert method.name == name
        sent = form(method.authenticate(REQUEST, CLIENT))["client_assertion"]
        by = SECRET if name == "client_secret_jwt" else key()
        claims = read(sent, by, "HS256" if isinstance(by, str) else "RS256")
        assert (claims["aud"], claims["exp"]) == (audience, 1_800_000_005)


def test_assertion_is_fresh_each_time() -> None:
    """``jti`` never comes twice (Core 9)."""
    method = PrivateKeyJWT(key(), clock, numbers())
    sent = [form(method.authenticate(REQUEST, CLIENT))["client_assertion"] for _ in range(2)]
    assert [read(one, key(), "RS256")["jti"] for one in sent] == ["jti-1", "jti-2"]


def test_private_key_jwt_needs_no_secret() -> None:
    """A client that only has a key."""
    request = PrivateKeyJWT(key(), clock, numbers()).authenticate(
        REQUEST, ClientCredentials("client id")
    )
    assert form(request)["client_id"] == "client id"


def test_private_key_jwt_replaces_an_older_assertion() -> None:
    """A retried request carries one assertion, the new one."""
    method = PrivateKeyJWT(key(), clock, numbers())
    request = method.authenticate(method.authenticate(REQUEST, CLIENT), CLIENT)
    assert read(form(request)["client_assertion"], key(), "RS256")["jti"] == "jti-2"


@pytest.mark.parametrize(
    ("secret", "why"), [(None, "needs a client_secret"), ("short", "client_secret of 32 bytes")]
)
def test_client_secret_jwt_without_good_secret_refused(secret: str | None, why: str) -> None:
    """No secret, or one that is shorter than the hash."""
    with pytest.raises(ConfigurationError, match=why):
        ClientSecretJWT(clock, numbers()).authenticate(REQUEST, ClientCredentials("c", secret))


def test_client_secret_jwt_never_by_a_key_pair_algorithm() -> None:
    """A secret does not sign RS256."""
    with pytest.raises(ConfigurationError, match="one of HS256"):
        ClientSecretJWT(clock, numbers(), algorithm="RS256").authenticate(REQUEST, CLIENT)


@pytest.mark.parametrize("lifetime", [0, -60])
def test_assertion_without_lifetime_refused(lifetime: int) -> None:
    """An assertion that has expired already is a mistake."""
    method = PrivateKeyJWT(key(), clock, numbers(), lifetime=lifetime)
    with pytest.raises(ConfigurationError, match="lifetime"):
        method.authenticate(REQUEST, CLIENT)


def test_jwt_client_secret_is_apples() -> None:
    """ES256 with ``kid``; team as ``iss``, client as ``sub``, Apple as ``aud``."""
    method = JWTClientSecret(key("ES256"), "TEAM", "https://appleid.apple.com", clock)
    sent = form(method.authenticate(REQUEST, ClientCredentials("com.example.app")))
    assert method.name == "client_secret_post"
    assert sent["client_id"] == "com.example.app"
    assert read(sent["client_secret"], key("ES256"), "ES256") == {
        "iss": "TEAM",
        "sub": "com.example.app",
        "aud": "https://appleid.apple.com",
        "iat": 1_800_000_000,
        "exp": 1_800_000_300,
    }
    assert jwt.get_unverified_header(sent["client_secret"]) == {"alg": "ES256", "kid": "k"}


def test_jwt_bearer_grant_is_googles() -> None:
    """A service account: ``scope`` among the claims, no ``sub`` (RFC 7523 2.1)."""
    signer = AssertionSigner(
        key(), "robot@example.com", URL, clock, claims={"scope": "a b"}, lifetime=3600
    )
    sent = form(token_request(URL, JWTBearerGrant(signer)))
    assert sent["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert read(sent["assertion"], key(), "RS256") == {
        "iss": "robot@example.com",
        "aud": URL,
        "iat": 1_800_000_000,
        "exp": 1_800_003_600,
        "scope": "a b",
    }


def test_jwt_bearer_grant_asks_for_a_fresh_assertion() -> None:
    """Each token request has one of its own, with subject and ``jti`` where they are wanted."""
    signer = AssertionSigner(key(), "c", URL, clock, subject="jane", make_jti=numbers())
    grant: Grant = JWTBearerGrant(signer, "a b")
    first, second = (dict(grant.parameters()) for _ in range(2))
    assert first["scope"] == "a b"
    claims = [read(str(one["assertion"]), key(), "RS256") for one in (first, second)]
    assert [(one["sub"], one["jti"]) for one in claims] == [("jane", "jti-1"), ("jane", "jti-2")]


def test_jwt_bearer_grant_takes_a_finished_assertion() -> None:
    """An assertion from elsewhere is sent as it is."""
    assert JWTBearerGrant("a.b.c").parameters() == {"assertion": "a.b.c"}


def test_assertion_claims_extra_override() -> None:
    """What is said last counts; ``None`` takes a claim away."""
    claims = assertion_claims(
        issuer="a",
        subject="b",
        audience=("x", "y"),
        now=NOW,
        lifetime=1,
        extra={"sub": None, "iss": "c"},
    )
    assert claims == {"iss": "c", "aud": ["x", "y"], "iat": 1_800_000_000, "exp": 1_800_000_001}


@pytest.mark.parametrize("value", [object(), float("nan"), {1: {2}}])
def test_sign_jwt_no_json_refused(value: object) -> None:
    """Claims are JSON."""
    with pytest.raises(ConfigurationError, match="cannot be written as JSON"):
        sign_jwt({"x": value}, key())


@pytest.mark.parametrize(
    "made",
    [
        PrivateKeyJWT(key(), clock, numbers()),
        ClientSecretJWT(clock, numbers()),
        JWTClientSecret(key("ES256"), "TEAM", "https://appleid.apple.com", clock),
        AssertionSigner(key(), "c", URL, clock),
        JWTBearerGrant("the.signed.assertion"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_repr_shows_no_secret(made: object) -> None:
    """No key, secret or assertion in a repr."""
    shown = repr(made)
    secrets = [str(one) for one in private_jwk(rsa_key()).values() if len(str(one)) > 20]
    assert not [one for one in (*secrets, SECRET, "the.signed.assertion") if one in shown]


def test_authentication_leaves_the_rest_of_the_request() -> None:
    """Headers and URL stay."""
    request = replace(REQUEST, headers=Headers({"X-Mine": "1"}))
    after = PrivateKeyJWT(key(), clock, numbers()).authenticate(request, CLIENT)
    assert (after.url, after.headers["X-Mine"]) == (request.url, "1")
    assert json.dumps(dict(after.headers)) == '{"X-Mine": "1"}'
