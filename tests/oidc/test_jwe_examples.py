"""The examples of RFC 7516 and RFC 7518, as they are printed.

RFC 7516 A.2 is RSA1_5, which is not supported; A.4 and A.5 are not in compact form.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.oidc.jwe_tokens import NESTED, seal
from typedoauth.oidc import Decryption, decrypt_jwe, load_decryption_key
from typedoauth.oidc._base64url import decode

Example = dict[str, Any]  # any: JSON
EXAMPLES: Example = json.loads((Path(__file__).parent / "jwe_examples.json").read_text("utf-8"))


@pytest.fixture(params=EXAMPLES["jwe"], ids=lambda one: str(one["section"]))
def example(request: pytest.FixtureRequest) -> Example:
    """One encrypted example and its key."""
    found: Example = request.param
    return found


def test_example_is_decrypted(example: Example) -> None:
    """RFC 7516 A.1 and A.3."""
    registered = Decryption((load_decryption_key(example["jwk"]),), example["alg"], example["enc"])
    assert decrypt_jwe(example["jwe"], registered) == example["plaintext"]


def test_derived_key_is_the_printed_one() -> None:
    """RFC 7518 C: what is encrypted with the printed key is decrypted with the private one."""
    printed = EXAMPLES["agreement"]
    header = {name: printed[name] for name in ("alg", "enc", "apu", "apv")}
    derived = decode(printed["derived"].encode())
    assert derived
    token = seal({**header, "epk": printed["ephemeral"]}, derived)
    registered = Decryption((load_decryption_key(printed["jwk"]),), printed["alg"], printed["enc"])
    assert decrypt_jwe(token, registered) == NESTED
