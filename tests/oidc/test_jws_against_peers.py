"""Signing and verification, both ways, against joserfc and PyJWT."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import JWKRegistry
from jwt.algorithms import get_default_algorithms

from tests.oidc.minting import (
    ASYMMETRIC,
    SECRET,
    SYMMETRIC,
    b64,
    key_for,
    private_jwk,
    public_jwk,
)
from typedoauth.oidc import (
    JSONWebKey,
    Keys,
    load_signing_key,
    read_jwk_set,
    secret_key,
    sign_jws,
    verify_jws,
)

# RFC 9864 wants Ed25519 said instead; providers go on with EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")

PAYLOAD = b'{"sub":"248289761001"}'
ALL = ASYMMETRIC + SYMMETRIC
# PyJWT knows EdDSA by its older name only.
OF_PYJWT = tuple(one for one in ALL if one in get_default_algorithms())


def jwk_of(algorithm: str) -> dict[str, Any]:  # any: the peers' own type of a JWK
    """The private or symmetric JWK for an algorithm."""
    if algorithm in SYMMETRIC:
        return {"kty": "oct", "k": b64(SECRET.encode())}
    return private_jwk(key_for(algorithm))


def joserfc_sign(algorithm: str) -> str:
    """Sign with joserfc."""
    key = JWKRegistry.import_key(jwk_of(algorithm))
    return joserfc_jws.serialize_compact({"alg": algorithm}, PAYLOAD, key, [algorithm])


def joserfc_verify(algorithm: str, token: str) -> bytes:
    """Verify with joserfc."""
    key = JWKRegistry.import_key(jwk_of(algorithm))
    return joserfc_jws.deserialize_compact(token, key, [algorithm]).payload


def pyjwt_sign(algorithm: str) -> str:
    """Sign with PyJWT."""
    key = jwt.PyJWK(jwk_of(algorithm), algorithm).key
    return jwt.api_jws.encode(PAYLOAD, key, algorithm)


def pyjwt_verify(algorithm: str, token: str) -> bytes:
    """Verify with PyJWT."""
    if algorithm in SYMMETRIC:
        return bytes(jwt.api_jws.decode(token, SECRET, [algorithm]))
    public = public_jwk(key_for(algorithm))
    return bytes(jwt.api_jws.decode(token, jwt.PyJWK(public, algorithm), [algorithm]))


def our_key(algorithm: str) -> JSONWebKey:
    """The same key in this room."""
    if algorithm in SYMMETRIC:
        return secret_key(SECRET, algorithm)
    return load_signing_key(json.dumps(jwk_of(algorithm)), algorithm=algorithm)


PEERS = [("joserfc", one) for one in ALL] + [("pyjwt", one) for one in OF_PYJWT]
SIGN: dict[str, Callable[[str], str]] = {"joserfc": joserfc_sign, "pyjwt": pyjwt_sign}
VERIFY: dict[str, Callable[[str, str], bytes]] = {
    "joserfc": joserfc_verify,
    "pyjwt": pyjwt_verify,
}


@pytest.mark.parametrize(("peer", "algorithm"), PEERS)
def test_peer_verifies_our_signature(peer: str, algorithm: str) -> None:
    """What is signed here, they accept."""
    assert VERIFY[peer](algorithm, sign_jws(PAYLOAD, our_key(algorithm))) == PAYLOAD


@pytest.mark.parametrize(("peer", "algorithm"), PEERS)
def test_we_verify_signature_of_peer(peer: str, algorithm: str) -> None:
    """What they sign is accepted here, by the public key where there is one."""
    keys: Keys = our_key(algorithm)
    if algorithm in ASYMMETRIC:
        keys = read_jwk_set({"keys": [public_jwk(key_for(algorithm))]})
    assert verify_jws(SIGN[peer](algorithm), keys, {algorithm}).payload == PAYLOAD


def test_every_algorithm_is_compared() -> None:
    """None is left out: joserfc knows them all, PyJWT all of RFC 7518 and EdDSA."""
    assert len(ALL) == 15
    assert set(ALL) - set(OF_PYJWT) <= {"Ed25519", "Ed448"}
