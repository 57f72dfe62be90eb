"""The faults of the provider: each changes one place, and only what it says."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_decode

from tests.testing.walking import NOW, Entropy, Walk
from typedoauth.errors import ConfigurationError
from typedoauth.testing import FAULTS, Fault, LocalProvider
from typedoauth.testing.faults import (
    authorization,
    discovery,
    id_token,
    jwk_set,
    logout,
    oauth1,
    signing,
    token_endpoint,
    userinfo,
)
from typedoauth.testing.faults.signing import TOKEN_ROWS

# Where faults show: by their name, as far as that goes.
_PLACES: dict[str, set[str]] = {
    "discovery_": {"discovery"},
    "authorization_": {"authorization"},
    "token_": {"token"},
    "id_token_": {"token"},
    "keys_": {"jwks", "token", "logout_token"},
    "jwks_": {"jwks"},
    "userinfo_": {"userinfo"},
    "logout_": {"logout"},
    "logout_token_": {"logout_token"},
    "oauth1_temporary_": {"oauth1_temporary"},
    "oauth1_callback_": {"oauth1_callback"},
    "oauth1_token_": {"oauth1_token"},
}
_SIGNED_USERINFO = ("userinfo_jwt_", "userinfo_unsigned", "userinfo_called_json")
_SIGNATURES = {f"id_token_{name}" for name, *_ in TOKEN_ROWS}


@pytest.fixture
def entropy(monkeypatch: pytest.MonkeyPatch) -> Entropy:
    """Nothing is left to chance."""
    return Entropy(monkeypatch)


@pytest.fixture(scope="module")
def healthy() -> dict[bool, dict[str, str]]:
    """What the endpoints answer when nothing is broken."""
    with pytest.MonkeyPatch.context() as patch:
        entropy = Entropy(patch)
        return {signed: Walk(entropy, signed_userinfo=signed).all() for signed in (False, True)}


def test_walk_is_repeatable(entropy: Entropy, healthy: dict[bool, dict[str, str]]) -> None:
    """Two runs without a fault answer the same, byte by byte."""
    assert Walk(entropy).all() == healthy[False]
    assert all(answer.startswith(("200", "303", "[(")) for answer in healthy[False].values())


@pytest.mark.parametrize("name", FAULTS)
def test_fault_shows_at_its_place_only(
    entropy: Entropy, healthy: dict[bool, dict[str, str]], name: str
) -> None:
    """With one fault, one place answers otherwise."""
    signed = name.startswith(_SIGNED_USERINFO)
    walk = Walk(entropy, signed_userinfo=signed)
    with walk.provider.faults(name):
        told = walk.all()
    prefix = max((one for one in _PLACES if name.startswith(one)), key=len)
    changed = {place for place, answer in told.items() if answer != healthy[signed][place]}
    assert changed == _PLACES[prefix]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_says_what_it_does(fault: Fault) -> None:
    """Its name begins with its family; rule and description are there."""
    assert fault.name.startswith(f"{fault.family}_")
    assert FAULTS[fault.name] is fault
    assert fault.rule
    assert 5 < len(fault.description) < 90
    assert fault.description[-1] not in ".,"


def test_no_name_is_given_twice() -> None:
    """The table holds all of them."""
    front = (authorization, discovery, logout, oauth1)
    back = (id_token, jwk_set, signing, token_endpoint, userinfo)
    names = [fault.name for table in (*front, *back) for fault in table.FAULTS]
    assert sorted(names) == sorted(FAULTS)
    assert len(names) > 250


def test_faults_end_with_their_block(entropy: Entropy, healthy: dict[bool, dict[str, str]]) -> None:
    """Two families can be broken at once; afterwards all is well."""
    walk = Walk(entropy)
    with walk.provider.faults("discovery_html", "jwks_html"):
        told = walk.all()
    assert "network" in told["discovery"]
    assert "network" in told["jwks"]
    assert Walk(entropy).all() == healthy[False]
    assert "network" not in walk.http.get("/oauth2/jwks").text


def test_faults_end_with_an_error(provider: LocalProvider) -> None:
    """A test that fails leaves nothing broken."""
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), provider.faults("jwks_html"):
            _ = 1 // 0


def test_unknown_fault_is_refused(provider: LocalProvider) -> None:
    """A slip of the pen must not make a test pass."""
    with pytest.raises(ConfigurationError, match="id_token_nonse_wrong"):
        provider.faults("id_token_nonse_wrong").__enter__()


def test_second_fault_of_a_family_is_refused(provider: LocalProvider) -> None:
    """Otherwise one would hide the other."""
    first, second = "id_token_iss_other", "id_token_aud_other"
    with pytest.raises(ConfigurationError, match="second"):
        provider.faults(first, second).__enter__()
    with provider.faults(first), pytest.raises(ConfigurationError, match="second"):
        provider.faults(second).__enter__()


def test_faults_reach_form_post(entropy: Entropy) -> None:
    """A response in a form is broken like one in a query."""
    walk = Walk(entropy)
    with walk.provider.faults("authorization_state_other"):
        page = walk.authorization(response_mode="form_post").text
    assert 'name="state" value="another"' in page


def test_refusals_stay_as_they_are(entropy: Entropy) -> None:
    """Only what would have been right is broken."""
    walk = Walk(entropy)
    with walk.provider.faults("token_html"):
        answer = walk.http.post("/oauth2/token", data={"grant_type": "password"})
    assert answer.get_json()["error"] == "invalid_client"


def _id_token(walk: Walk, name: str) -> str:
    with walk.provider.faults(name):
        text: str = walk.token().get_json()["id_token"]
    return text


def _keys(walk: Walk) -> dict[str, Mapping[str, Any]]:  # any: JSON
    return {key["kid"]: key for key in walk.http.get("/oauth2/jwks").get_json()["keys"]}


@pytest.mark.parametrize(
    "name",
    [n for n, f in FAULTS.items() if f.family == "id_token" and n not in _SIGNATURES],
)
def test_wrong_claims_are_signed_rightly(entropy: Entropy, name: str) -> None:
    """So that a client refuses them for what they say."""
    walk = Walk(entropy)
    text = _id_token(walk, name)
    key = jwt.PyJWK(dict(_keys(walk)[jwt.get_unverified_header(text)["kid"]]), "RS256")
    assert jwt.PyJWS().decode(text, key, algorithms=["RS256"]) is not None


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_other_algorithm_is_signed_rightly(entropy: Entropy, algorithm: str) -> None:
    """The key is published, and the signature is right: only the algorithm is not agreed."""
    walk = Walk(entropy)
    text = _id_token(walk, f"id_token_alg_{algorithm.lower()}")
    key = jwt.PyJWK(dict(_keys(walk)[jwt.get_unverified_header(text)["kid"]]))
    assert jwt.PyJWS().decode(text, key, algorithms=[algorithm])


def test_short_key_signs_and_is_published(entropy: Entropy) -> None:
    """Only its length is wrong."""
    walk = Walk(entropy)
    with walk.provider.faults("keys_rsa_1024"):
        text = walk.token().get_json()["id_token"]
        key = jwt.PyJWK(dict(_keys(walk)[jwt.get_unverified_header(text)["kid"]]))
    with pytest.warns(match="1024"):
        assert jwt.PyJWS().decode(text, key, algorithms=["RS256"])
    assert key.key.key_size == 1024


def test_public_key_is_used_as_a_secret(entropy: Entropy) -> None:
    """The attack of RFC 8725 2.1, in earnest: the HMAC is right."""
    walk = Walk(entropy)
    text = _id_token(walk, "id_token_alg_hs256_with_public_key")
    message, _, signature = text.rpartition(".")
    key = jwt.PyJWK(dict(_keys(walk)[jwt.get_unverified_header(text)["kid"]]), "RS256").key
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    expected = hmac.digest(pem, message.encode(), hashlib.sha256)
    assert base64url_decode(signature) == expected


@pytest.mark.parametrize(
    ("name", "claim", "value"),
    [
        ("id_token_aud_empty_list", "aud", []),
        ("id_token_aud_list", "aud", ["client"]),
        ("id_token_aud_list_with_others", "azp", "client"),
        ("id_token_exp_past", "exp", NOW - 7200),
        ("id_token_exp_just_past", "exp", NOW - 60),
        ("id_token_clock_slightly_ahead", "iat", NOW + 60),
        ("id_token_nbf_future", "nbf", NOW + 7200),
        ("id_token_sub_too_long", "sub", "x" * 256),
    ],
)
def test_claim_is_what_the_fault_says(
    entropy: Entropy, name: str, claim: str, value: object
) -> None:
    """The numbers are right."""
    text = _id_token(Walk(entropy), name)
    assert json.loads(base64url_decode(text.split(".")[1]))[claim] == value
