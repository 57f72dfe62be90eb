"""Whatever bytes a counterpart sends, only the error tree comes out."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oidc.minting import SECRET, b64, key_for, mint, public_jwk, rsa_key
from typedoauth.errors import IdTokenError, MalformedResponseError, OAuthError
from typedoauth.messages import Response
from typedoauth.oauth2.metadata import read_server_metadata
from typedoauth.oidc import (
    ALGORITHMS,
    TrustedIssuer,
    parse_jwk_set,
    read_jwk,
    read_jwk_set,
    read_userinfo,
    secret_key,
    userinfo_content,
    verify_id_token,
    verify_jws,
    verify_logout_token,
)

NOW = 1_800_000_000
SECRET_KEY = secret_key(SECRET)
KEYS = read_jwk_set({"keys": [public_jwk(key_for("ES256")), public_jwk(rsa_key())]})
TRUST = TrustedIssuer("https://op.example", "client", frozenset({"HS256"}))
TEMPLATE = TrustedIssuer("https://{tenantid}", "client", frozenset({"HS256"}), issuer_template=True)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
claim_names = st.sampled_from(
    [
        "iss",
        "sub",
        "aud",
        "azp",
        "exp",
        "iat",
        "nbf",
        "nonce",
        "at_hash",
        "c_hash",
        "tid",
        "auth_time",
        "acr",
        "amr",
        "sid",
        "jti",
        "events",
        "email",
        "email_verified",
        "address",
        "updated_at",
    ]
)
RIGHT: dict[str, object] = {
    "iss": "https://op.example",
    "sub": "s",
    "aud": "client",
    "exp": NOW + 60,
    "iat": NOW,
    "nonce": "n",
    "jti": "j",
    "sid": "s",
}
jwk_names = st.sampled_from(
    ["kty", "crv", "x", "y", "d", "n", "e", "p", "q", "k", "alg", "use", "key_ops", "kid"]
)
jwk_values = json_values | st.sampled_from(
    [
        *["RSA", "EC", "OKP", "oct", "P-256", "P-521", "Ed25519", "AQAB", "sig", "RS256"],
        public_jwk(rsa_key())["n"],
        public_jwk(key_for("ES256"))["x"],
        b64(b"x" * 32),
    ]
)


@settings(max_examples=300)
@given(st.text() | st.lists(st.binary(max_size=40).map(b64), min_size=1, max_size=4).map(".".join))
def test_any_text_as_a_jws_is_refused(token: str) -> None:
    """Nothing that is not signed is accepted."""
    for keys in (KEYS, SECRET_KEY):
        try:
            verify_jws(token, keys, ALGORITHMS)
        except IdTokenError:
            continue
        raise AssertionError("accepted")


@settings(max_examples=300)
@given(st.binary(max_size=60), st.sampled_from(sorted(ALGORITHMS)), st.binary(max_size=140))
def test_any_signature_is_refused(payload: bytes, algorithm: str, signature: bytes) -> None:
    """A well-formed token with a signature of anything."""
    header = json.dumps({"alg": algorithm}).encode()
    try:
        verify_jws(f"{b64(header)}.{b64(payload)}.{b64(signature)}", KEYS, ALGORITHMS)
    except IdTokenError:
        return
    raise AssertionError("accepted")


@settings(max_examples=200)
@given(st.binary(max_size=80) | json_values.map(lambda one: json.dumps(one).encode()))
def test_any_header_ends_in_the_tree(header: bytes) -> None:
    """The header is read before anything is known about its sender."""
    with suppress(IdTokenError):
        verify_jws(mint(b"{}", "HS256", header=header), SECRET_KEY, ALGORITHMS)


@settings(max_examples=400)
@given(st.dictionaries(claim_names, json_values, max_size=4), st.booleans())
def test_any_claims_end_in_the_tree(changes: dict[str, object], template: bool) -> None:
    """A provider may sign anything: what passes has the claims that its type promises."""
    token = mint({**RIGHT, **changes}, "HS256")
    trust = TEMPLATE if template else TRUST
    with suppress(IdTokenError):
        verify_logout_token(token, SECRET_KEY, trust, now=NOW)
    try:
        claims = verify_id_token(
            token, SECRET_KEY, trust, now=NOW, nonce="n", access_token="a", max_age=60
        )
    except IdTokenError:
        return
    assert isinstance(claims["sub"], str)
    assert isinstance(claims.get("email", ""), str)
    assert isinstance(claims.get("email_verified", False), bool)
    assert claims["exp"] > NOW - trust.leeway


@settings(max_examples=200)
@given(st.binary(max_size=120))
def test_any_payload_ends_in_the_tree(payload: bytes) -> None:
    """Signed bytes that are no claims."""
    token = mint(payload, "HS256")
    with suppress(IdTokenError):
        verify_id_token(token, SECRET_KEY, TRUST, now=NOW, nonce=None)


@settings(max_examples=300)
@given(st.binary(max_size=120) | json_values.map(lambda one: json.dumps({"keys": [one]}).encode()))
def test_any_bytes_as_a_jwk_set_end_in_the_tree(content: bytes) -> None:
    """A set is read, or is malformed."""
    with suppress(MalformedResponseError):
        parse_jwk_set(content)


@settings(max_examples=400)
@given(st.dictionaries(jwk_names, jwk_values, max_size=6), st.sampled_from(["RS256", "ES256"]))
def test_any_jwk_ends_in_the_tree(changes: dict[str, object], algorithm: str) -> None:
    """A JWK is usable, or left out with a reason; never in part."""
    members = {**public_jwk(key_for(algorithm)), **changes}
    found = read_jwk_set({"keys": [members]})
    assert len(found.keys) + len(found.refused) == 1
    with suppress(OAuthError):
        read_jwk(members)


@settings(max_examples=300)
@given(
    st.binary(max_size=120) | json_values.map(lambda one: json.dumps(one).encode()),
    st.sampled_from(["application/json", "application/jwt", "text/html", ""]),
    st.sampled_from([200, 401]),
)
def test_any_userinfo_ends_in_the_tree(content: bytes, kind: str, status: int) -> None:
    """An answer of the UserInfo endpoint is claims about the same person, or an error."""
    response = Response(status, {"Content-Type": kind}, content)
    with suppress(OAuthError):
        assert read_userinfo(userinfo_content(response), sub="s")["sub"] == "s"


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=8), json_values, max_size=3), json_values)
def test_any_metadata_ends_in_the_tree(document: dict[str, object], value: object) -> None:
    """Metadata is parsed into its closed type, or refused."""
    for name in ("issuer", "jwks_uri", "claims_supported", "backchannel_logout_supported"):
        with suppress(OAuthError):
            read_server_metadata({**document, name: value})
