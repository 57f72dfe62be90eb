"""The examples of RFC 7515, RFC 7517, RFC 8037 and OpenID Connect Core, as they are printed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oidc.minting import EXAMPLES
from typedoauth.errors import IdTokenError, InvalidSignatureError
from typedoauth.oidc import (
    IdTokenClaims,
    TrustedIssuer,
    read_jwk,
    read_jwk_set,
    sign_jws,
    verify_id_token,
    verify_jws,
)
from typedoauth.oidc._base64url import decode

CORE: dict[str, Any] = EXAMPLES["core"]  # any: JSON
Example = dict[str, Any]  # any: JSON


@pytest.fixture(params=EXAMPLES["jws"], ids=lambda one: str(one["section"]))
def example(request: pytest.FixtureRequest) -> Example:
    """One signed example and its key."""
    found: Example = request.param
    return found


def test_jws_example_verifies(example: Example) -> None:
    """RFC 7515 A.1 to A.4, RFC 8037 A.5."""
    verified = verify_jws(example["jws"], read_jwk(example["jwk"]), [example["alg"]])
    assert verified.payload == decode(example["jws"].split(".")[1].encode())


@pytest.mark.parametrize("number", range(1, 5))
def test_jws_example_public_half_verifies(number: int) -> None:
    """The public key alone is enough (RFC 7515 A.2 to A.4, RFC 8037 A.5)."""
    example = EXAMPLES["jws"][number]
    private = {"d", "p", "q", "dp", "dq", "qi"}
    public = {name: value for name, value in example["jwk"].items() if name not in private}
    keys = read_jwk_set({"keys": [public]})
    assert verify_jws(example["jws"], keys, [example["alg"]]).key is keys.keys[0]


@pytest.mark.parametrize("section", ["RFC 7515 A.2", "RFC 8037 A.4"])
def test_deterministic_example_is_signed_alike(section: str) -> None:
    """Where a signature has no randomness, ours is the printed one."""
    example = next(one for one in EXAMPLES["jws"] if one["section"] == section)
    payload = decode(example["jws"].split(".")[1].encode())
    assert payload is not None
    assert sign_jws(payload, read_jwk(example["jwk"]), algorithm=example["alg"]) == example["jws"]


def test_rsa_example_without_primes_signs_alike() -> None:
    """``n``, ``e`` and ``d`` are enough of an RSA key (RFC 7518 6.3.2)."""
    example = EXAMPLES["jws"][1]
    members = {name: example["jwk"][name] for name in ("kty", "n", "e", "d")}
    payload = decode(example["jws"].split(".")[1].encode())
    assert payload is not None
    assert sign_jws(payload, read_jwk(members), algorithm="RS256") == example["jws"]


def test_unsecured_example_refused() -> None:
    """RFC 7515 A.5: ``none`` is no algorithm, even where it is asked for."""
    key = read_jwk(EXAMPLES["jws"][0]["jwk"])
    with pytest.raises(InvalidSignatureError, match=r"'none'.* no signature algorithm"):
        verify_jws(EXAMPLES["unsecured"], key, ["none", "HS256"])


def test_key_set_example_read() -> None:
    """RFC 7517 A.1: the signature key is taken, the one for encryption left out."""
    found = read_jwk_set(EXAMPLES["jwk_set"])
    assert [(key.kid, key.algorithms) for key in found.keys] == [("2011-04-29", ("RS256",))]
    assert found.refused == ("key '1': its use is not 'sig'",)


def core_id_token(section: str, **expected: Any) -> IdTokenClaims:  # any: keywords
    """Validate an example of OpenID Connect Core appendix A."""
    trust = TrustedIssuer(CORE["issuer"], CORE["client_id"])
    keys = read_jwk_set({"keys": [CORE["jwk"]]})
    expected = {"now": CORE["now"], "nonce": CORE["nonce"], **expected}
    return verify_id_token(CORE[section], keys, trust, **expected)


def test_core_id_token_with_profile() -> None:
    """Core A.2: the claims about the End-User come through."""
    claims = core_id_token("A.2")
    assert (claims["sub"], claims.get("email")) == (CORE["sub"], "janedoe@example.com")


def test_core_at_hash() -> None:
    """Core A.3: the access token is the one that is meant."""
    assert core_id_token("A.3", access_token=CORE["access_token"]).get("at_hash")


def test_core_c_hash() -> None:
    """Core A.4: the code is the one that is meant."""
    assert core_id_token("A.4", code=CORE["code"]).get("c_hash")


@pytest.mark.parametrize(
    ("section", "expected", "claim"),
    [
        ("A.3", {"access_token": CORE["code"]}, "at_hash"),
        ("A.4", {"code": CORE["access_token"]}, "c_hash"),
        ("A.2", {"nonce": "another"}, "nonce"),
        ("A.2", {"now": CORE["now"] + 2000}, "exp"),
        ("A.2", {"now": CORE["now"] - 2000}, "iat"),
    ],
)
def test_core_id_token_out_of_place_refused(
    section: str, expected: dict[str, object], claim: str
) -> None:
    """The same examples with another token, code, nonce or time."""
    with pytest.raises(IdTokenError) as caught:
        core_id_token(section, **expected)
    assert caught.value.claim == claim
