"""Assertions signed with PyJWT: as client authentication and as a grant (RFC 7523)."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from werkzeug.test import Client, TestResponse

from tests.testing.acting import SteppingClock, basic, token
from typedoauth.errors import ConfigurationError
from typedoauth.testing import LocalProvider

_SECRET = "a secret that is long enough for all three of the hash functions"
_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ISSUER = "http://localhost"
_EC = ec.generate_private_key(ec.SECP256R1())


def _unsigned(header: str, claims: str = '{"iss": "keys"}') -> str:
    parts = (base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in (header, claims))
    return b".".join((*parts, b"AA")).decode()


def _pem(key: ec.EllipticCurvePublicKey | X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(autouse=True)
def clients(provider: LocalProvider, rsa_key: rsa.RSAPrivateKey) -> None:
    """A client with keys, and one whose secret is the key."""
    keys = [
        {**RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True), "kid": "r"},
        {**ECAlgorithm.to_jwk(_EC.public_key(), as_dict=True), "kid": "e"},
    ]
    provider.add_client("keys", jwks={"keys": keys})
    provider.add_client("secret", _SECRET, token_endpoint_auth_method="client_secret_jwt")


def _assertion(
    clock: SteppingClock,
    key: Any,  # any: a key of whatever kind
    algorithm: str = "RS256",
    *,
    client_id: str = "keys",
    header: Mapping[str, object] | None = None,
    claims: Mapping[str, object] | None = None,
) -> str:
    made = {
        "iss": client_id,
        "sub": client_id,
        "aud": _ISSUER,
        "exp": clock.now + 3600,
        "iat": clock.now,
        "nbf": clock.now,
        "jti": "once",
        **(claims or {}),
    }
    given = {name: value for name, value in made.items() if value is not None}
    return jwt.encode(given, key, algorithm, headers=dict(header or {}))


def _authenticate(http: Client, assertion: str, **form: str) -> TestResponse:
    return token(
        http,
        {},
        grant_type="client_credentials",
        **{"client_assertion_type": _TYPE, "client_assertion": assertion, **form},
    )


@pytest.mark.parametrize(
    "audience", [_ISSUER, f"{_ISSUER}/oauth2/token", ["https://x.example", _ISSUER]]
)
def test_private_key_jwt_is_understood(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey, audience: object
) -> None:
    """The issuer or the token endpoint is the audience (RFC 7523 3)."""
    answer = _authenticate(
        http, _assertion(clock, rsa_key, claims={"aud": audience}), client_id="keys"
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("algorithm", "kid"), [("PS384", "r"), ("RS512", None), ("ES256", "e")])
def test_every_fitting_key_and_algorithm_is_good(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey, algorithm: str, kid: str | None
) -> None:
    """The key is found by ``kid``, or by what fits the algorithm."""
    key = _EC if algorithm == "ES256" else rsa_key
    header = {"kid": kid} if kid else {}
    assertion = _assertion(clock, key, algorithm, header=header)
    assert _authenticate(http, assertion).status_code == 200


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_client_secret_jwt_is_understood(
    http: Client, clock: SteppingClock, algorithm: str
) -> None:
    """The secret is the key (OpenID Connect Core 9)."""
    assertion = _assertion(clock, _SECRET, algorithm, client_id="secret")
    assert _authenticate(http, assertion).status_code == 200


def test_secret_is_as_long_as_the_hash(
    provider: LocalProvider, http: Client, clock: SteppingClock
) -> None:
    """What is enough for HS256 is not for HS512 (RFC 7518 3.2)."""
    short = _SECRET[:32]
    provider.add_client("secret", short, token_endpoint_auth_method="client_secret_jwt")
    for algorithm, status in (("HS256", 200), ("HS512", 401)):
        claims = {"iss": "secret", "sub": "secret", "aud": _ISSUER, "exp": clock.now + 60}
        content = json.dumps({**claims, "jti": algorithm}).encode()
        header = json.dumps({"alg": algorithm}).encode()
        parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, content)]
        digest = hmac.digest(short.encode(), b".".join(parts), f"sha{algorithm[2:]}")
        parts.append(base64.urlsafe_b64encode(digest).rstrip(b"="))
        assertion = b".".join(parts).decode()
        assert _authenticate(http, assertion).status_code == status


def test_key_can_be_given_as_pem(
    provider: LocalProvider, http: Client, clock: SteppingClock
) -> None:
    """PEM is as good as a JWK."""
    provider.add_client("keys", jwks=_pem(_EC.public_key()))
    assert _authenticate(http, _assertion(clock, _EC, "ES256")).status_code == 200


@pytest.mark.parametrize("make", [Ed25519PrivateKey.generate, Ed448PrivateKey.generate])
@pytest.mark.parametrize("as_pem", [True, False])
def test_edwards_keys_are_read(
    provider: LocalProvider,
    http: Client,
    clock: SteppingClock,
    make: Callable[[], Ed25519PrivateKey | Ed448PrivateKey],
    as_pem: bool,
) -> None:
    """PyJWT calls either of them EdDSA, which is the shorter curve's name here (RFC 9864)."""
    key = make()
    public = key.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    provider.add_client("keys", jwks=pem if as_pem else OKPAlgorithm.to_jwk(public, as_dict=True))
    status = _authenticate(http, _assertion(clock, key, "EdDSA")).status_code
    assert status == (200 if isinstance(key, Ed25519PrivateKey) else 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "client"},
        {"sub": "client"},
        {"sub": None},
        {"aud": None},
        {"aud": "https://other.example"},
        {"aud": []},
        {"aud": f"{_ISSUER}/oauth2/revoke"},
        {"exp": None},
        {"exp": 1},
        {"exp": "later"},
        {"exp": 2**40},
        {"iat": 2**40},
        {"iat": True},
        {"nbf": 2**40},
        {"jti": None},
        {"jti": 1},
    ],
)
def test_assertion_with_a_wrong_claim_is_refused(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey, changes: dict[str, object]
) -> None:
    """Each claim is checked (RFC 7523 3, OpenID Connect Core 9)."""
    claims = {"iss": "keys", "sub": "keys", "aud": _ISSUER, "exp": clock.now + 60, "jti": "1"}
    given = {name: value for name, value in (claims | changes).items() if value is not None}
    # PyJWT signs no claims of a wrong type.
    assertion = jwt.api_jws.encode(json.dumps(given).encode(), rsa_key, "RS256")
    answer = _authenticate(http, assertion)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("algorithm", "key", "header"),
    [
        ("ES256", ec.generate_private_key(ec.SECP256R1()), {}),
        ("ES256", _EC, {"kid": "r"}),
        ("ES256", _EC, {"kid": "unknown"}),
        ("ES256", _EC, {"crit": ["exp"]}),
        ("HS256", _SECRET, {}),
        ("none", None, {}),
    ],
)
def test_assertion_with_a_wrong_signature_is_refused(
    http: Client,
    clock: SteppingClock,
    algorithm: str,
    key: Any,  # any: a key of whatever kind
    header: dict[str, object],
) -> None:
    """Only a registered key counts, by an algorithm of the method (RFC 8725 3.1)."""
    answer = _authenticate(http, _assertion(clock, key, algorithm, header=header))
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "assertion",
    [
        "",
        "x",
        "a.b.c",
        "e30.e30.",
        "e30.e30.e30.e30.e30",
        "W10.W10.AA",
        _unsigned("{"),
        _unsigned("[" * 20_000),
        _unsigned('{"alg": ["RS256"]}'),
        _unsigned('{"alg": "ES256"}'),
        _unsigned('{"alg": "ES256"}', '{"iss": ["keys"]}'),
    ],
)
def test_what_is_no_jwt_is_refused(http: Client, assertion: str) -> None:
    """Whatever is sent is answered (RFC 7521 4.2.1)."""
    answer = _authenticate(http, assertion)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_expired_assertions_are_forgotten(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey
) -> None:
    """Memory does not grow with every request: an expired one is refused anyway."""
    assert _authenticate(http, _assertion(clock, rsa_key)).status_code == 200
    clock.now += 7200
    assert _authenticate(http, _assertion(clock, rsa_key)).status_code == 200


def test_assertion_is_good_once(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey
) -> None:
    """A second one with the same ``jti`` is a replay (RFC 7523 3)."""
    assertion = _assertion(clock, rsa_key)
    assert _authenticate(http, assertion).status_code == 200
    assert _authenticate(http, assertion).status_code == 401
    assert (
        _authenticate(http, _assertion(clock, rsa_key, claims={"jti": "twice"})).status_code == 200
    )


@pytest.mark.parametrize(
    "form", [{"client_id": "other"}, {"client_assertion_type": "x"}, {"client_secret": "x"}]
)
def test_form_around_the_assertion_is_checked(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey, form: dict[str, str]
) -> None:
    """The same client, the right type, and no second way (RFC 7521 4.2)."""
    answer = _authenticate(http, _assertion(clock, rsa_key), **form)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_client_of_a_secret_is_held_to_it(
    provider: LocalProvider, http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey
) -> None:
    """An assertion is no way in for a client that is registered otherwise."""
    provider.add_client(
        "keys", _SECRET, jwks=RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True)
    )
    for key, algorithm in ((rsa_key, "RS256"), (_SECRET, "HS256")):
        assertion = _assertion(clock, key, algorithm)
        assert _authenticate(http, assertion).status_code == 401


@pytest.mark.parametrize(
    ("subject", "user"), [("keys", None), (None, None), ("ada", "ada"), ("nobody", "")]
)
def test_jwt_bearer_grant_needs_nothing_else(
    provider: LocalProvider,
    http: Client,
    clock: SteppingClock,
    rsa_key: rsa.RSAPrivateKey,
    subject: str | None,
    user: str | None,
) -> None:
    """A service account acts for itself, or for a user (RFC 7523 2.1)."""
    assertion = _assertion(clock, rsa_key, claims={"sub": subject, "scope": "notes"})
    answer = token(http, {}, grant_type=_JWT_BEARER, assertion=assertion)
    if user == "":
        assert answer.get_json()["error"] == "invalid_grant"
        return
    tokens = answer.get_json()
    assert (tokens["scope"], "refresh_token" in tokens) == ("notes", False)
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert http.get("/api/echo", headers=header).get_json()["user"] == user
    assert provider.counts[_JWT_BEARER] == 1


@pytest.mark.parametrize(
    ("name", "value"), [("aud", "https://x.example"), ("exp", 1), ("iss", "nobody")]
)
def test_wrong_grant_assertion_is_refused(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey, name: str, value: object
) -> None:
    """It is held to the same rules (RFC 7523 3)."""
    assertion = _assertion(clock, rsa_key, claims={name: value})
    answer = token(http, {}, grant_type=_JWT_BEARER, assertion=assertion)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(("client_id", "status"), [("keys", 200), ("client", 400)])
def test_client_id_beside_the_assertion_is_its_issuer(
    http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey, client_id: str, status: int
) -> None:
    """It may be sent, and then says the same (RFC 7521 4.1)."""
    assertion = _assertion(clock, rsa_key, claims={"jti": None})
    answer = token(http, {}, grant_type=_JWT_BEARER, assertion=assertion, client_id=client_id)
    assert answer.status_code == status


def test_client_cannot_use_the_assertion_of_another(
    provider: LocalProvider, http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey
) -> None:
    """Whoever authenticates has to be the one that signed."""
    provider.add_client(
        "both", _SECRET, jwks=RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True)
    )
    answer = token(
        http,
        basic("both", _SECRET),
        grant_type=_JWT_BEARER,
        assertion=_assertion(clock, rsa_key, claims={"sub": "ada"}),
    )
    assert answer.get_json()["error"] == "invalid_grant"


def test_wrong_secret_beside_a_grant_assertion_is_refused(
    provider: LocalProvider, http: Client, clock: SteppingClock, rsa_key: rsa.RSAPrivateKey
) -> None:
    """Nobody has to authenticate, but whoever tries has to be right (RFC 7521 4.1)."""
    provider.add_client(
        "both", _SECRET, jwks=RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True)
    )
    form = {"client_id": "both", "client_secret": "wrong", "grant_type": _JWT_BEARER}
    assertion = _assertion(clock, rsa_key, client_id="both")
    answer = token(http, {}, assertion=assertion, **form)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_client_without_keys_has_no_assertions(http: Client, clock: SteppingClock) -> None:
    """What a public client signs, anybody may have signed."""
    assertion = _assertion(clock, _EC, "ES256", client_id="public")
    answer = token(http, {}, grant_type=_JWT_BEARER, assertion=assertion)
    assert answer.get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "keys",
    [
        "no PEM",
        {"keys": []},
        {"keys": [1]},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB"},
        {"kty": "RSA", "n": 1},
        _pem(ec.generate_private_key(ec.SECP256K1()).public_key()),
        _pem(X25519PrivateKey.generate().public_key()),
        _EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
)
def test_wrong_keys_are_refused(
    provider: LocalProvider, keys: str | bytes | dict[str, object]
) -> None:
    """They fail where they are registered."""
    with pytest.raises(ConfigurationError):
        provider.add_client("x", jwks=keys)
