"""ID Tokens of templated issuers, of other types, and of other forms (Core 2, RFC 8725 3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.oidc.id_tokens import CLAIMS, KEYS, NONCE, NOW, TRUST, verify
from tests.oidc.minting import (
    ASYMMETRIC,
    SYMMETRIC,
    Peer,
    b64,
    mint,
    public_jwk,
    rsa_key,
)
from typedoauth.errors import IdTokenError, InvalidSignatureError, UnknownKeyError
from typedoauth.oidc import (
    TrustedIssuer,
    read_jwk_set,
    verify_id_token,
)

MICROSOFT = replace(TRUST, issuer="https://login.example/{tenantid}/v2.0", issuer_template=True)
TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"


def test_id_token_issuer_template_takes_tenant_of_token() -> None:
    """The tenant of the token stands in its issuer, and nothing else does."""
    right = {"iss": f"https://login.example/{TENANT}/v2.0", "tid": TENANT}
    assert verify(right, MICROSOFT)["iss"] == right["iss"]


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"iss": f"https://login.example/{TENANT}/v2.0"}, "tid"),
        ({"iss": f"https://login.example/{TENANT}/v2.0", "tid": "other"}, "iss"),
        ({"iss": f"https://evil.example/{TENANT}/v2.0", "tid": TENANT}, "iss"),
        ({"iss": "https://login.example/{tenantid}/v2.0", "tid": "{tenantid}"}, "tid"),
        ({"iss": "https://login.example/{tenantid}/v2.0", "tid": TENANT}, "iss"),
        ({"iss": "https://login.example/a/../b/v2.0", "tid": "a/../b"}, "tid"),
        ({"iss": "https://login.example//v2.0", "tid": ""}, "tid"),
        ({"iss": "https://login.example/1/v2.0", "tid": 1}, "tid"),
        ({"iss": None, "tid": TENANT}, "iss"),
    ],
)
def test_id_token_issuer_template_still_checked(changes: Mapping[str, object], claim: str) -> None:
    """A template is no wildcard."""
    with pytest.raises(IdTokenError) as caught:
        verify(changes, MICROSOFT)
    assert caught.value.claim == claim


def test_id_token_template_without_the_option_is_a_text() -> None:
    """Without ``issuer_template`` nothing is put in."""
    changes = {"iss": f"https://login.example/{TENANT}/v2.0", "tid": TENANT}
    with pytest.raises(IdTokenError) as caught:
        verify(changes, replace(MICROSOFT, issuer_template=False))
    assert caught.value.claim == "iss"


@pytest.mark.parametrize(
    ("of_key", "accepted"),
    [
        ("https://login.example/{tenantid}/v2.0", True),
        (f"https://login.example/{TENANT}/v2.0", True),
        ("https://login.example/another-tenant/v2.0", False),
    ],
)
def test_id_token_template_key_is_for_that_issuer(of_key: str, accepted: bool) -> None:
    """A key that signs for one tenant does not sign for another (Microsoft's ``issuer``)."""
    keys = read_jwk_set({"keys": [public_jwk(rsa_key(), issuer=of_key)]})
    claims = {**CLAIMS, "iss": f"https://login.example/{TENANT}/v2.0", "tid": TENANT}
    if accepted:
        assert verify_id_token(mint(claims), keys, MICROSOFT, now=NOW, nonce=NONCE)
        return
    with pytest.raises(IdTokenError) as caught:
        verify_id_token(mint(claims), keys, MICROSOFT, now=NOW, nonce=NONCE)
    assert caught.value.claim == "iss"


def refuse(token: str, trust: TrustedIssuer = TRUST) -> IdTokenError:
    """The error of a token."""
    with pytest.raises(IdTokenError) as caught:
        verify_id_token(token, KEYS, trust, now=NOW, nonce=NONCE)
    return caught.value


@pytest.mark.parametrize(
    "typ", ["at+jwt", "application/at+jwt", "LOGOUT+JWT", "secevent+jwt", "dpop+jwt"]
)
def test_id_token_of_another_typ_refused(typ: str) -> None:
    """Another kind of token of the same issuer is none (RFC 8725 3.11)."""
    assert type(refuse(mint(CLAIMS, header={"typ": typ}))) is InvalidSignatureError


@pytest.mark.parametrize("typ", ["JWT", "jwt", "application/jwt", "", "ID"])
def test_id_token_of_usual_typ_accepted(typ: str) -> None:
    """What providers write there."""
    token = mint(CLAIMS, header={"typ": typ})
    assert verify_id_token(token, KEYS, TRUST, now=NOW, nonce=NONCE)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"\xff",
        json.dumps(CLAIMS).encode()[:-1],
        json.dumps(CLAIMS)[:-1].encode() + b',"sub":"eve"}',
        json.dumps(CLAIMS)[:-1].encode() + b',"a":{"b":1,"b":2}}',
        json.dumps(CLAIMS)[:-1].encode() + b',"a":NaN}',
        json.dumps(CLAIMS)[:-1].encode() + b',"a":' + b"[" * 17 + b"]" * 17 + b"}",
        json.dumps(CLAIMS)[:-1].encode() + b',"a":' + b'{"a":' * 17 + b"1" + b"}" * 18,
        b'{"a":' + b"[" * 90_000,
    ],
)
def test_id_token_payload_not_strict_json_refused(payload: bytes) -> None:
    """One object, members once, not too deep (RFC 7519 4, 7.2)."""
    error = refuse(mint(payload))
    assert (type(error), error.claim) == (IdTokenError, None)


def test_id_token_sixteen_levels_accepted() -> None:
    """The limit of the depth is not below what claims need."""
    deep: object = "x"
    for _ in range(14):
        deep = [deep]
    assert verify({"deep": deep})


def test_id_token_signature_comes_first() -> None:
    """Of a token with a wrong signature no claim is looked at."""
    token = Peer.of(mint(CLAIMS))
    forged = f"{token.header}.{b64(json.dumps({**CLAIMS, 'iss': 'x'}).encode())}.{token.signature}"
    error = refuse(forged)
    assert (type(error), error.claim) == (InvalidSignatureError, None)


def test_id_token_by_unknown_key_says_so() -> None:
    """A rotated key is told apart from a wrong signature, so that the set can be fetched anew."""
    assert type(refuse(mint(CLAIMS, header={"kid": "new"}))) is UnknownKeyError


@pytest.mark.parametrize("algorithm", [one for one in ASYMMETRIC + SYMMETRIC if one != "RS256"])
def test_id_token_default_algorithm_is_rs256(algorithm: str) -> None:
    """Unless another one is registered, it is RS256 (rule 7)."""
    assert "expected is RS256" in refuse(mint(CLAIMS, algorithm)).description


def test_id_token_error_tells_no_claim_values_of_others() -> None:
    """Neither nonce nor subject stands in the message."""
    with pytest.raises(IdTokenError) as caught:
        verify({"nonce": "the-nonce-of-another-login"})
    assert "the-nonce" not in str(caught.value)
    assert NONCE not in str(caught.value)
