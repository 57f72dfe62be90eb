"""Project Wycheproof's JSON Web Signature and JSON Web Key vectors.

They lie beside the project (``../shared/vectors/wycheproof``) or where
``TYPEDOAUTH_WYCHEPROOF`` points. The known defects are named here, one by one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.oidc import JSONWebKey, read_jwk, read_jwk_set, verify_jws
from typedoauth.oidc._base64url import decode
from typedoauth.oidc.jws import Keys

Members = dict[str, Any]  # any: JSON

FOLDER = Path(
    os.environ.get("TYPEDOAUTH_WYCHEPROOF")
    or Path(__file__).parents[3] / "shared" / "vectors" / "wycheproof"
)
# 367 and 370 are byte for byte the valid case 357.
SAME_AS_VALID = {367, 370}
# 372 and 373 have a "?" in the header and in the payload, and are called valid.
NOT_BASE64URL = {372, 373}
# 346 and 350 are signed by PS384, under a key whose alg is PS256.
ANOTHER_ALGORITHM = {346, 350}


@dataclass(frozen=True)
class Case:
    """One vector."""

    number: int
    comment: str
    jws: object
    valid: bool
    keys: tuple[Members, ...]


def _cases(name: str) -> Iterator[Case]:
    path = FOLDER / name
    if not path.exists():
        return
    for group in json.loads(path.read_text("utf-8"))["testGroups"]:
        document: Members = group.get("public") or group["private"]
        keys = tuple(document.get("keys", [document]))
        for one in group["tests"]:
            valid = one["result"] == "valid"
            yield Case(one["tcId"], one["comment"], one["jws"], valid, keys)


SIGNATURES = list(_cases("json_web_signature_test.json"))
KEYS = list(_cases("json_web_key_test.json"))
needs_vectors = pytest.mark.skipif(not SIGNATURES, reason=f"no Wycheproof vectors in {FOLDER}")


def _mended(members: Members) -> Members:
    """RFC 7520's P-521 key, whose algorithm is spelt ES521 in the vectors."""
    misspelt = members.get("alg") == "ES521" and members.get("crv") == "P-521"
    return {**members, "alg": "ES512"} if misspelt else members


def _kid(jws: str) -> object:
    try:
        return json.loads(decode(jws.partition(".")[0].encode()) or b"{}").get("kid")
    except ValueError:
        return None


def _keys(case: Case, jws: str) -> Keys:
    """Read the keys as a relying party has them: published, or registered with it."""
    members = [_mended(one) for one in case.keys]
    if any(one["kty"] != "oct" for one in members):
        return read_jwk_set({"keys": members})
    # Secrets are not published; the one that is registered is known by its kid.
    named = [one for one in members if len(members) == 1 or one["kid"] == _kid(jws)]
    if len(named) != 1:
        raise ConfigurationError("which secret it is does not show")
    return read_jwk(named[0])


def _accepts(case: Case) -> bool:
    if not isinstance(case.jws, str):
        return False  # a JSON serialization: no text, hence no argument for the function
    try:
        keys = _keys(case, case.jws)
        every = [keys] if isinstance(keys, JSONWebKey) else keys.keys
        pinned = {name for key in every for name in key.algorithms}
        verify_jws(case.jws, keys, pinned)
    except OAuthError:
        return False
    return True


def _wrong(cases: list[Case]) -> tuple[set[int], set[int]]:
    accepted = {case.number for case in cases if _accepts(case)}
    valid = {case.number for case in cases if case.valid}
    return accepted - valid, valid - accepted


@needs_vectors
def test_signatures_no_wrong_accept_no_wrong_reject() -> None:
    """All 401, but for the defects of the vectors themselves."""
    accepts, rejects = _wrong(SIGNATURES)
    assert len(SIGNATURES) == 401
    assert accepts == SAME_AS_VALID
    assert rejects == NOT_BASE64URL | ANOTHER_ALGORITHM


@needs_vectors
def test_keys_no_wrong_accept_no_wrong_reject() -> None:
    """All 26: the mixed set, the doubled ``kid`` and the ROCA modulus as well."""
    assert len(KEYS) == 26
    assert _wrong(KEYS) == (set(), set())


@needs_vectors
def test_defects_are_defects() -> None:
    """What is called invalid there is the very text of a valid case."""
    texts = {case.number: case.jws for case in SIGNATURES}
    assert {texts[number] for number in SAME_AS_VALID} == {texts[357]}


@needs_vectors
@pytest.mark.parametrize("number", sorted(ANOTHER_ALGORITHM))
def test_other_algorithm_verifies_without_the_wrong_pin(number: int) -> None:
    """The two PS384 signatures are right as such."""
    case = next(one for one in SIGNATURES if one.number == number)
    members = {name: value for name, value in case.keys[0].items() if name != "alg"}
    keys = read_jwk_set({"keys": [members]})
    assert verify_jws(str(case.jws), keys, ["PS384"]).algorithm == "PS384"
