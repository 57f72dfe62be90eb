"""Which keys are taken, and which are refused (RFC 7517 4, RFC 7518 6, RFC 8037 2)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.oidc.minting import (
    ASYMMETRIC,
    SECRET,
    SYMMETRIC,
    b64,
    b64_number,
    key_for,
    private_jwk,
    public_jwk,
    rsa_key,
)
from typedoauth.errors import ConfigurationError, InvalidSignatureError, UnknownKeyError
from typedoauth.oidc import ALGORITHMS, read_jwk, secret_key, token_hash

RSA = public_jwk(rsa_key())
EC = public_jwk(key_for("ES256"))
OKP = public_jwk(key_for("Ed25519"))
OCT = {"kty": "oct", "k": b64(SECRET.encode())}
P521 = public_jwk(key_for("ES512"))


def reason(members: Mapping[str, object]) -> str:
    """Why a JWK is refused."""
    with pytest.raises(ConfigurationError) as caught:
        read_jwk(members)
    assert caught.value.__cause__ is None
    return caught.value.description.removeprefix("the JWK cannot be used: ")


@pytest.mark.parametrize(
    ("members", "algorithms"),
    [
        (RSA, "RS256 RS384 RS512 PS256 PS384 PS512"),
        (EC, "ES256"),
        (public_jwk(key_for("ES384")), "ES384"),
        (P521, "ES512"),
        (OKP, "EdDSA Ed25519"),
        (public_jwk(key_for("Ed448")), "EdDSA Ed448"),
        (OCT, "HS256 HS384 HS512"),
        ({**OCT, "k": b64(b"x" * 48)}, "HS256 HS384"),
        ({**OCT, "k": b64(b"x" * 32)}, "HS256"),
        ({**RSA, "alg": "PS384"}, "PS384"),
        ({**RSA, "use": "sig", "key_ops": ["verify"]}, "RS256 RS384 RS512 PS256 PS384 PS512"),
        ({**RSA, "alg": None, "use": None, "key_ops": None}, "RS256 RS384 RS512 PS256 PS384 PS512"),
        ({**RSA, "x5c": ["ignored"], "ext": True}, "RS256 RS384 RS512 PS256 PS384 PS512"),
    ],
)
def test_key_is_for_the_algorithms_of_its_kind(
    members: Mapping[str, object], algorithms: str
) -> None:
    """Type, curve and length decide; ``alg`` narrows them to one (RFC 7517 4.4)."""
    assert list(read_jwk(members).algorithms) == algorithms.split()


@pytest.mark.parametrize(
    "changed",
    [
        {"n": b64_number(2**2048 - 189)},
        {"n": b64_number(2**16384 - 189)},
        {"n": b64(b"\x00" + b"\xff" * 256)},
        {"e": "Aw"},
        {"e": b64(b"\xff" * 8)},
    ],
)
def test_rsa_key_at_the_limits_accepted(changed: Mapping[str, object]) -> None:
    """2048 to 16384 bits, exponents from 3 to 64 bits, a zero octet in front (RFC 7518 6.3.1.1)."""
    assert read_jwk({**RSA, **changed}).kty == "RSA"


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({}, "its kty is not"),
        ({**RSA, "kty": "rsa"}, "its kty is not"),
        ({**RSA, "kty": 1}, "kty is not a text"),
        ({**RSA, "kid": 7}, "kid is not a text"),
        ({**RSA, "issuer": []}, "issuer is not a text"),
        ({**RSA, "alg": ["RS256"]}, "alg is not a text"),
        ({**RSA, "alg": "none"}, "its alg is none for signatures"),
        ({**RSA, "alg": "RSA-OAEP"}, "its alg is none for signatures"),
        ({**RSA, "alg": "HS256"}, "its alg is none for signatures"),
        ({**RSA, "alg": "ES256"}, "its alg is none for signatures"),
        ({**EC, "alg": "ES384"}, "its alg is none for signatures"),
        ({**OKP, "alg": "Ed448"}, "its alg is none for signatures"),
        ({**OCT, "alg": "RS256"}, "its alg is none for signatures"),
        ({**OCT, "k": b64(b"x" * 32), "alg": "HS384"}, "its alg is none for signatures"),
        ({**RSA, "use": "enc"}, "its use is not 'sig'"),
        ({**RSA, "use": ["sig"]}, "use is not a text"),
        ({**RSA, "key_ops": []}, "its key_ops"),
        ({**RSA, "key_ops": "verify"}, "its key_ops"),
        ({**RSA, "key_ops": ["encrypt"]}, "its key_ops"),
        ({**RSA, "key_ops": ["verify", "verify"]}, "its key_ops"),
        ({**RSA, "key_ops": ["verify", 1]}, "its key_ops"),
        ({"kty": "RSA", "e": "AQAB"}, "n is missing"),
        ({"kty": "RSA", "n": RSA["n"]}, "e is missing"),
        ({**RSA, "n": f"{RSA['n']}=="}, "n is missing or not base64url"),
        ({**RSA, "n": 65537}, "n is missing or not base64url"),
        ({**RSA, "e": ""}, "e is missing or not base64url"),
        ({**RSA, "n": b64(b"\xff" * 128)}, "RSA with 1024 bits; it is to have 2048"),
        ({**RSA, "n": b64_number(2**2047 - 1)}, "RSA with 2047 bits"),
        ({**RSA, "n": b64(b"\xff" * 2049)}, "RSA with 16392 bits"),
        ({**RSA, "e": "AQ"}, "RSA with a public exponent"),
        ({**RSA, "e": "AA"}, "RSA with a public exponent"),
        ({**RSA, "e": "AQAA"}, "RSA with a public exponent"),
        ({**RSA, "e": b64(b"\x01" * 9)}, "RSA with a public exponent"),
        ({**RSA, "n": b64_number(2**2048 - 2)}, "RSA with a modulus that can be factored"),
        ({**RSA, "n": b64_number(pow(65537, 128))}, "RSA with a modulus that can be factored"),
        ({**EC, "crv": "secp256k1"}, "its curve"),
        ({**EC, "crv": None}, "its curve"),
        ({**EC, "crv": "Ed25519"}, "its curve"),
        ({**OKP, "crv": "X25519"}, "its curve"),
        ({**EC, "crv": "P-384"}, "coordinates of another length"),
        ({**EC, "x": b64(b"\x01" * 31)}, "coordinates of another length"),
        ({**EC, "y": b64(b"\x01" * 33)}, "coordinates of another length"),
        ({**EC, "y": b64(b"\x01" * 32)}, "no valid P-256 key"),
        ({**EC, "x": b64(b"\xff" * 32)}, "no valid P-256 key"),
        ({**EC, "x": b64(b"\x00" * 32), "y": b64(b"\x00" * 32)}, "no valid P-256 key"),
        ({"kty": "EC", "crv": "P-256", "x": EC["x"]}, "y is missing"),
        ({**OKP, "x": b64(b"\x01" * 31)}, "x of another length"),
        ({**OCT, "k": b64(b"x" * 31)}, "k is missing, not base64url without padding, or under"),
        ({"kty": "oct"}, "k is missing"),
        ({**OCT, "k": SECRET + "!"}, "k is missing"),
    ],
)
def test_key_unusable_refused(members: Mapping[str, object], why: str) -> None:
    """Each way for a JWK to be broken, weak or for something else."""
    assert why in reason(members)


@pytest.mark.parametrize(
    ("algorithm", "changed", "why"),
    [
        ("RS256", {"d": "AQAB"}, "no valid RSA private key"),
        ("RS256", {"p": "AQAB"}, "no valid RSA private key"),
        ("RS256", {"q": None}, "q is missing"),
        ("RS256", {"oth": []}, "more than two prime numbers"),
        ("RS256", {"n": RSA["n"], "d": ""}, "d is missing"),
        ("ES256", {"d": b64(b"\x01" * 32)}, "no valid P-256 private key"),
        ("ES256", {"d": b64(b"\x01" * 31)}, "d of another length"),
        ("ES256", {"d": b64(b"\xff" * 32)}, "no valid P-256 private key"),
        ("Ed25519", {"d": b64(b"\x01" * 32)}, "d and x are not of one key"),
        ("Ed25519", {"d": b64(b"\x01" * 33)}, "d of another length"),
        ("Ed448", {"x": b64(b"\x01" * 57)}, "d and x are not of one key"),
    ],
)
def test_private_key_broken_refused(
    algorithm: str, changed: Mapping[str, object], why: str
) -> None:
    """A private key fits its public half, or is refused."""
    assert why in reason({**private_jwk(key_for(algorithm)), **changed})


@pytest.mark.parametrize("algorithm", [*ASYMMETRIC, "HS256"])
def test_key_repr_holds_no_key(algorithm: str) -> None:
    """Nothing of a key shows."""
    members = OCT if algorithm == "HS256" else private_jwk(key_for(algorithm))
    shown = repr(read_jwk(members))
    assert not [one for one in members.values() if len(str(one)) > 20 and str(one) in shown]
    assert "0x" not in shown


def test_key_for_signing_only_does_not_verify() -> None:
    """``key_ops`` without ``verify`` (RFC 7517 4.3)."""
    key = read_jwk(private_jwk(rsa_key(), key_ops=["sign"]))
    with pytest.raises(ConfigurationError, match="not for verifying"):
        key.verifier("RS256")


def test_key_for_verifying_only_does_not_sign() -> None:
    """``key_ops`` without ``sign`` (RFC 7517 4.3)."""
    key = read_jwk(private_jwk(rsa_key(), key_ops=["verify"]))
    with pytest.raises(ConfigurationError, match="cannot sign"):
        key.signer("RS256")


def test_key_verifier_of_another_algorithm_refused() -> None:
    """A key is used by its own algorithms."""
    with pytest.raises(ConfigurationError, match="a key for ES256 cannot be used for RS256"):
        read_jwk(EC).verifier("RS256")


def test_registered_key_named_otherwise_unknown() -> None:
    """A token that names another key than the registered one is not tried."""
    key = read_jwk({**EC, "kid": "a"})
    assert key.choose("ES256", "a") is key
    assert key.choose("ES256") is key
    with pytest.raises(UnknownKeyError):
        key.choose("ES256", "b")


def test_registered_key_of_another_algorithm_refused() -> None:
    """The key of a client secret is for the algorithm that is registered."""
    with pytest.raises(InvalidSignatureError, match="the registered key is for HS256"):
        secret_key(SECRET, "HS256").choose("HS512")


@pytest.mark.parametrize(("algorithm", "shortest"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_secret_shorter_than_the_hash_refused(algorithm: str, shortest: int) -> None:
    """A secret has at least the bits of the hash (RFC 7518 3.2); bytes count, not characters."""
    assert secret_key("x" * shortest, algorithm).algorithms == (algorithm,)
    assert secret_key("ä" * (shortest // 2), algorithm).algorithms == (algorithm,)
    with pytest.raises(ConfigurationError, match=f"{shortest} bytes; this one has {shortest - 1}"):
        secret_key("x" * (shortest - 1), algorithm)


@pytest.mark.parametrize("algorithm", ["RS256", "none", "EdDSA"])
def test_secret_for_asymmetric_algorithm_refused(algorithm: str) -> None:
    """A client secret is no public key (RFC 8725 3.2)."""
    with pytest.raises(ConfigurationError, match="one of HS256, HS384, HS512"):
        secret_key(SECRET, algorithm)


@pytest.mark.parametrize(("length", "count"), [(32, 1), (47, 1), (48, 2), (64, 3)])
def test_secret_without_algorithm_is_for_all_it_is_long_enough_for(length: int, count: int) -> None:
    """HS256 needs 32 bytes, HS384 48, HS512 64."""
    assert secret_key(b"x" * length).algorithms == SYMMETRIC[:count]


@pytest.mark.parametrize(
    ("algorithm", "curve", "expected"),
    [
        ("RS256", None, "wfgvmE9VxjAudsl9lc6TqA"),
        ("HS384", None, "phZaPQJosyg-qi-OIYyQ3xJB9wsHYEEz"),
        ("EdDSA", "Ed25519", "8xltSlOGYrWy8W9yNvRlEth1i_bXW-JROWPLvCv5zog"),
        ("Ed25519", None, "8xltSlOGYrWy8W9yNvRlEth1i_bXW-JROWPLvCv5zog"),
    ],
)
def test_token_hash_known_value(algorithm: str, curve: str | None, expected: str) -> None:
    """The left half of the algorithm's hash (Core 3.1.3.6); SHA-512 for Ed25519."""
    assert token_hash("dNZX1hEZ9wBCzNL40Upu646bdzQA", algorithm, curve) == expected


def test_token_hash_of_ed448_is_shake256() -> None:
    """The hash of Ed448 is SHAKE256 with 114 bytes (RFC 8032 5.2), by either name."""
    assert len(token_hash("x", "Ed448")) == 76
    assert token_hash("x", "EdDSA", "Ed448") == token_hash("x", "Ed448")
    assert token_hash("x", "EdDSA", "Ed25519") != token_hash("x", "Ed448")


def test_token_hash_of_unknown_algorithm_refused() -> None:
    """There is no hash for ``none``."""
    with pytest.raises(ConfigurationError, match="no signature algorithm"):
        token_hash("x", "none")


def test_algorithms_are_those_that_are_tested() -> None:
    """The tables of the tests leave none out."""
    assert sorted(ALGORITHMS) == sorted(ASYMMETRIC + SYMMETRIC)
