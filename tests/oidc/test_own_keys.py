"""The application's own keys: PEM, JWK and key objects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.oidc.minting import ASYMMETRIC, SECRET, b64, key_for, private_jwk, public_jwk, rsa_key
from typedoauth.errors import ConfigurationError
from typedoauth.oidc import load_signing_key, read_jwk_set, sign_jws, verify_jws

PKCS1 = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
LOCKED = rsa_key().private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase")
)


def pem(algorithm: str) -> str:
    """A key in PKCS #8."""
    key = key_for(algorithm)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize("form", ["pem", "pem bytes", "jwk", "json", "json bytes", "object"])
@pytest.mark.parametrize("algorithm", ASYMMETRIC)
def test_key_of_every_form_signs(algorithm: str, form: str) -> None:
    """Each form of a key gives signatures that its public half verifies."""
    jwk = private_jwk(key_for(algorithm))
    given = {
        "pem": pem(algorithm),
        "pem bytes": pem(algorithm).encode(),
        "jwk": jwk,
        "json": json.dumps(jwk),
        "json bytes": b"\n " + json.dumps(jwk).encode(),
        "object": key_for(algorithm),
    }[form]
    key = load_signing_key(given, kid="k", algorithm=algorithm)
    published = read_jwk_set({"keys": [public_jwk(key_for(algorithm), kid="k")]})
    assert verify_jws(sign_jws(b"x", key), published, {algorithm}).payload == b"x"


@pytest.mark.parametrize(
    ("algorithm", "first"),
    [("PS512", "RS256"), ("ES384", "ES384"), ("ES512", "ES512"), ("Ed448", "EdDSA")],
)
def test_key_without_algorithm_has_one_of_its_own(algorithm: str, first: str) -> None:
    """RS256 for RSA, the one of the curve for EC, EdDSA."""
    assert load_signing_key(pem(algorithm)).algorithms[0] == first


def test_key_algorithm_of_jwk_kept() -> None:
    """``alg`` of a JWK decides."""
    assert load_signing_key(private_jwk(rsa_key(), alg="PS256")).algorithms == ("PS256",)


def test_key_given_kid_wins() -> None:
    """The ``kid`` of the JWK, unless another is given."""
    jwk = private_jwk(rsa_key(), kid="of the jwk")
    assert load_signing_key(jwk).kid == "of the jwk"
    assert load_signing_key(jwk, kid="given").kid == "given"


@pytest.mark.parametrize("password", ["passphrase", b"passphrase"])
def test_key_encrypted_pem_opened(password: str | bytes) -> None:
    """With its passphrase, as text or bytes."""
    assert load_signing_key(LOCKED, password=password).kty == "RSA"


def test_key_pkcs1_read() -> None:
    """``BEGIN RSA PRIVATE KEY`` is one, too."""
    assert load_signing_key(PKCS1).kty == "RSA"


PUBLIC_PEM = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("key", "options", "why"),
    [
        (LOCKED, {}, "is encrypted; give its password"),
        (LOCKED, {"password": "wrong"}, "its password is wrong"),
        (PKCS1, {"password": "x"}, "is not encrypted; leave the password out"),
        ("/etc/keys/private.pem", {}, "give the content of the file, not its path"),
        ("", {}, "is no private key in PEM or JWK"),
        (pem("RS256")[:900], {}, "has lost its line breaks"),
        (PUBLIC_PEM, {}, "is no private key"),
        ("{}", {}, "its kty is not RSA"),
        ('{"kty":"RSA"', {}, "is not a valid JSON document; give a JWK, or PEM"),
        (json.dumps(public_jwk(rsa_key())), {}, "cannot sign: it is a public key"),
        ({"kty": "oct", "k": b64(SECRET.encode())}, {}, "is a shared secret"),
        (private_jwk(rsa_key(), use="enc"), {}, "its use is not 'sig'"),
        (private_jwk(rsa_key(), key_ops=["verify"]), {}, "cannot sign"),
        (private_jwk(rsa_key(1024)), {}, "RSA with 1024 bits"),
        (rsa_key(1024), {}, "RSA with 1024 bits"),
        (pem("RS256"), {"algorithm": "ES256"}, "one of RS256"),
        (pem("ES256"), {"algorithm": "ES512"}, "one of ES256"),
        (pem("RS256"), {"algorithm": "none"}, "one of RS256"),
        (ec.generate_private_key(ec.SECP256K1()), {}, "it is no RSA, EC (P-256"),
        (x25519.X25519PrivateKey.generate(), {}, "it is no RSA, EC (P-256"),
        (rsa_key().public_key(), {}, "it is no RSA, EC (P-256"),
        (object(), {}, "it is no RSA, EC (P-256"),
    ],
    ids=range(22),
)
def test_key_unusable_refused(
    key: Any,  # any: also what the checker would not let through
    options: dict[str, Any],  # any: keywords
    why: str,
) -> None:
    """Each mistake is told apart, and nothing of the key is told."""
    with pytest.raises(ConfigurationError) as caught:
        load_signing_key(key, **options)
    assert why in caught.value.description
    assert "BEGIN" not in str(caught.value)
    assert caught.value.__cause__ is None
