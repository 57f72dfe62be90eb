"""Tokens that joserfc and jwcrypto encrypted, by every ``alg`` and ``enc``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.oidc.jwe_tokens import (
    ALGORITHMS,
    CURVES,
    ECDH,
    ENCRYPTIONS,
    NESTED,
    PAIRS,
    Members,
    by_joserfc,
    by_jwcrypto,
    decryption,
    jwk_for,
)
from tests.oidc.minting import SECRET, b64
from typedoauth.oidc import (
    JWE_ALGORITHMS,
    JWE_ENCRYPTIONS,
    Decryption,
    decrypt_jwe,
    derive_decryption_key,
)

Encrypt = Callable[[Mapping[str, object], Members], str]
PEERS: dict[str, Encrypt] = {"joserfc": by_joserfc, "jwcrypto": by_jwcrypto}


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize(("algorithm", "encryption"), PAIRS)
def test_we_decrypt_what_peer_encrypted(peer: str, algorithm: str, encryption: str) -> None:
    """Every algorithm of RFC 7518 4.1 that is supported, with every one of 5.1."""
    token = PEERS[peer]({"alg": algorithm, "enc": encryption}, jwk_for(algorithm, encryption))
    assert decrypt_jwe(token, decryption(algorithm, encryption)) == NESTED


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("algorithm", ECDH)
def test_we_agree_on_every_curve(peer: str, curve: str, algorithm: str) -> None:
    """The curves of RFC 7518 6.2.1.1 and RFC 8037 2, with and without parties."""
    key, registered = jwk_for(algorithm, "", curve), decryption(algorithm, "A256GCM", curve)
    header: Members = {"alg": algorithm, "enc": "A256GCM"}
    assert decrypt_jwe(PEERS[peer](header, key), registered) == NESTED
    header |= {"apu": b64(b"Alice"), "apv": b64(b"Bob")}
    assert decrypt_jwe(PEERS[peer](header, key), registered) == NESTED


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize(
    ("algorithm", "encryption"), [pair for pair in PAIRS if not pair[0].startswith(("RSA", "ECDH"))]
)
def test_key_from_the_client_secret_decrypts(peer: str, algorithm: str, encryption: str) -> None:
    """Both sides make the same key of it (OpenID Connect Core 10.2)."""
    key = derive_decryption_key(SECRET, algorithm=algorithm, encryption=encryption)
    assert isinstance(key.private, bytes)
    members: Members = {"kty": "oct", "k": b64(key.private)}
    token = PEERS[peer]({"alg": algorithm, "enc": encryption}, members)
    assert decrypt_jwe(token, Decryption((key,), algorithm, encryption)) == NESTED


def test_every_algorithm_is_compared() -> None:
    """None is left out: 13 by 6."""
    assert set(ALGORITHMS) == set(JWE_ALGORITHMS)
    assert set(ENCRYPTIONS) == set(JWE_ENCRYPTIONS)
    assert len(PAIRS) == 78
