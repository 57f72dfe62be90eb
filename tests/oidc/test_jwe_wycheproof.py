"""Project Wycheproof's JSON Web Encryption vectors.

They lie beside the project, see test_wycheproof.py. What is refused although they call it
valid is named here, one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.oidc.test_wycheproof import FOLDER, Members
from typedoauth.errors import ConfigurationError, IdTokenError
from typedoauth.oidc import JWE_ENCRYPTIONS, Decryption, decrypt_jwe, load_decryption_key

# RSA1_5, which is not supported: whole groups, of which these are called valid. 128 is
# figure 81 of RFC 7520.
RSA1_5 = {100, 101, 102, 103, 104, 105, 112, 128}
# Figure 170 of RFC 7520: "zip" is refused.
COMPRESSED = {135}


@dataclass(frozen=True)
class Case:
    """One vector."""

    number: int
    comment: str
    jwe: str
    encryption: str
    plaintext: str
    valid: bool
    key: Members


def _cases() -> Iterator[Case]:
    path = FOLDER / "json_web_encryption_test.json"
    if not path.exists():
        return
    for group in json.loads(path.read_text("utf-8"))["testGroups"]:
        for one in group["tests"]:
            valid = one["result"] == "valid"
            number, comment, jwe = one["tcId"], one["comment"], one["jwe"]
            plaintext = bytes.fromhex(one.get("pt", "")).decode("utf-8", "replace")
            yield Case(number, comment, jwe, one["enc"], plaintext, valid, group["private"])


CASES = list(_cases())
needs_vectors = pytest.mark.skipif(not CASES, reason=f"no Wycheproof vectors in {FOLDER}")


def _decrypted(case: Case) -> str | None:
    algorithm = case.key["alg"]
    # The key of figure 136 of RFC 7520 is for A128GCM, which is dir with that enc.
    pinned = "dir" if algorithm in JWE_ENCRYPTIONS else algorithm
    try:
        registered = Decryption((load_decryption_key(case.key),), pinned, case.encryption)
        return decrypt_jwe(case.jwe, registered)
    except (ConfigurationError, IdTokenError):
        return None


@needs_vectors
def test_encryption_no_wrong_accept_no_wrong_reject() -> None:
    """All 139, under the ``alg`` of the key and the ``enc`` of the case."""
    accepted = {case.number for case in CASES if _decrypted(case) is not None}
    valid = {case.number for case in CASES if case.valid}
    assert (len(CASES), len(valid)) == (139, 65)
    assert accepted - valid == set()
    assert valid - accepted == RSA1_5 | COMPRESSED


@needs_vectors
def test_what_is_accepted_is_the_plaintext() -> None:
    """Each accepted case gives the text that was encrypted."""
    found = {case.number: _decrypted(case) for case in CASES}
    right = {case.number: case.plaintext for case in CASES}
    assert {number for number, text in found.items() if text not in (None, right[number])} == set()


@needs_vectors
@pytest.mark.parametrize("number", sorted(RSA1_5))
def test_refused_groups_are_those_of_rsa1_5(number: int) -> None:
    """They are refused with the key, before any token."""
    case = next(one for one in CASES if one.number == number)
    with pytest.raises(ConfigurationError, match="RSA1_5 is not supported"):
        load_decryption_key(case.key)


@needs_vectors
def test_compressed_case_is_refused_for_that() -> None:
    """Not for anything else of it."""
    case = next(one for one in CASES if one.number in COMPRESSED)
    registered = Decryption((load_decryption_key(case.key),), "A128KW", case.encryption)
    with pytest.raises(IdTokenError, match="the JWE header has 'zip', which is refused"):
        decrypt_jwe(case.jwe, registered)
