"""The application's own keys to decrypt with: PEM, JWK, key objects and the client secret."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x448
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.oidc.jwe_tokens import (
    CURVES,
    ECDH,
    NESTED,
    SIZES,
    WRAPPING,
    Members,
    PrivateKey,
    by_joserfc,
    curve_key,
    jwk_of,
    public,
)
from tests.oidc.minting import SECRET, b64, rsa_key
from typedoauth.errors import ConfigurationError
from typedoauth.oidc import (
    Decryption,
    decrypt_jwe,
    derive_decryption_key,
    load_decryption_key,
)

RSA = rsa_key()
PEM = RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
LOCKED = RSA.private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase")
)
KINDS: dict[str, PrivateKey] = {"RSA": RSA, **{curve: curve_key(curve) for curve in CURVES}}


def algorithm_of(kind: str) -> str:
    """An algorithm that a kind of key is for."""
    return "RSA-OAEP" if kind == "RSA" else "ECDH-ES+A128KW"


@pytest.mark.parametrize("form", ["pem", "pem bytes", "jwk", "json", "json bytes", "object"])
@pytest.mark.parametrize("kind", KINDS)
def test_key_of_every_form_decrypts(kind: str, form: str) -> None:
    """Each form of each kind of key decrypts what its public half encrypted."""
    key, algorithm = KINDS[kind], algorithm_of(kind)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    given: dict[str, str | bytes | Members | PrivateKey] = {
        "pem": pem.decode(),
        "pem bytes": pem,
        "jwk": jwk_of(key),
        "json": json.dumps(jwk_of(key)),
        "json bytes": b"\n " + json.dumps(jwk_of(key)).encode(),
        "object": key,
    }
    loaded = load_decryption_key(given[form])
    token = by_joserfc({"alg": algorithm, "enc": "A128GCM"}, public(jwk_of(key)))
    assert decrypt_jwe(token, Decryption((loaded,), algorithm, "A128GCM")) == NESTED


@pytest.mark.parametrize("password", ["passphrase", b"passphrase"])
def test_encrypted_pem_is_opened(password: str | bytes) -> None:
    """With its passphrase."""
    assert load_decryption_key(LOCKED, password=password).kty == "RSA"


@pytest.mark.parametrize(
    ("kind", "kty", "crv", "algorithms"),
    [
        ("RSA", "RSA", None, ("RSA-OAEP-256", "RSA-OAEP")),
        ("P-384", "EC", "P-384", ECDH),
        ("X25519", "OKP", "X25519", ECDH),
        ("X448", "OKP", "X448", ECDH),
    ],
)
def test_key_knows_what_it_is_for(
    kind: str, kty: str, crv: str | None, algorithms: tuple[str, ...]
) -> None:
    """By its type and curve (RFC 7518 4.1; RFC 8037 3.2)."""
    key = load_decryption_key(KINDS[kind])
    assert (key.kty, key.crv, key.kid, key.algorithms) == (kty, crv, None, algorithms)


@pytest.mark.parametrize(
    ("size", "algorithms"),
    [
        (16, {"A128KW", "A128GCMKW", "A128GCM"}),
        (24, {"A192KW", "A192GCMKW", "A192GCM"}),
        (32, {"A256KW", "A256GCMKW", "A256GCM", "A128CBC-HS256"}),
        (48, {"A192CBC-HS384"}),
        (64, {"A256CBC-HS512"}),
    ],
)
def test_symmetric_key_is_for_what_has_its_length(size: int, algorithms: set[str]) -> None:
    """No more and no less bits than the algorithm takes (RFC 7518 4.4, 4.7, 5.1)."""
    assert set(load_decryption_key({"kty": "oct", "k": b64(b"k" * size)}).algorithms) == algorithms


@pytest.mark.parametrize(
    ("alg", "pinned"),
    [
        ("A256KW", ("A256KW",)),
        ("A256GCM", ("A256GCM",)),
        ("dir", ("A128CBC-HS256", "A256GCM")),
    ],
)
def test_alg_of_the_jwk_is_the_only_one(alg: str, pinned: tuple[str, ...]) -> None:
    """It may also name what encrypts the content (RFC 7517 4.4; RFC 7520 5.6.1)."""
    key = load_decryption_key({"kty": "oct", "k": b64(b"k" * 32), "alg": alg})
    assert key.algorithms == pinned


def test_kid_is_that_of_the_jwk_or_the_one_given() -> None:
    """PEM has none, so it can be said."""
    members = {**jwk_of(RSA), "kid": "k"}
    assert load_decryption_key(members).kid == "k"
    assert load_decryption_key(members, kid="other").kid == "other"
    assert load_decryption_key(PEM, kid="other").kid == "other"


@pytest.mark.parametrize(
    "more",
    [
        {"use": "enc"},
        {"key_ops": ["decrypt"]},
        {"key_ops": ["unwrapKey", "wrapKey"]},
        {"use": "enc", "alg": "RSA-OAEP", "key_ops": ["unwrapKey"]},
    ],
)
def test_key_for_encryption_is_taken(more: Members) -> None:
    """``use`` and ``key_ops`` allow it (RFC 7517 4.2, 4.3)."""
    assert load_decryption_key({**jwk_of(RSA), **more}).kty == "RSA"


OCT: Members = {"kty": "oct", "k": b64(b"k" * 32)}
EC_KEY = jwk_of(curve_key("P-256"))
X_KEY = jwk_of(curve_key("X25519"))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({**jwk_of(RSA), "use": "sig"}, "its use is not 'enc'"),
        ({**jwk_of(RSA), "use": 1}, "use is not a text"),
        ({**jwk_of(RSA), "kid": 1}, "kid is not a text"),
        ({**jwk_of(RSA), "alg": 1}, "alg is not a text"),
        ({**jwk_of(RSA), "key_ops": ["sign"]}, "its key_ops list none of decrypt,"),
        ({**jwk_of(RSA), "key_ops": [["decrypt"]]}, "its key_ops list none"),
        ({**jwk_of(RSA), "key_ops": []}, "its key_ops list none"),
        ({**jwk_of(RSA), "key_ops": "decrypt"}, "its key_ops list none"),
        ({**jwk_of(RSA), "alg": "RS256"}, "'RS256' is unknown"),
        ({**jwk_of(RSA), "alg": "ECDH-ES"}, "its alg is none for encryption with a key of this"),
        ({**jwk_of(RSA), "alg": "dir"}, "its alg is none for encryption with a key of this"),
        ({**jwk_of(RSA), "alg": "RSA1_5"}, "RSA1_5 is not supported"),
        ({**OCT, "alg": "PBES2-HS256+A128KW"}, "PBES2-HS256.A128KW is not supported"),
        ({**OCT, "alg": "A128KW"}, "its alg is none for encryption with a key of this type"),
        ({**OCT, "k": b64(b"k" * 31)}, "k is no base64url"),
        ({**OCT, "k": None}, "k is no base64url"),
        ({**OCT, "k": "="}, "k is no base64url"),
        ({"kty": "oct"}, "k is no base64url"),
        (public(jwk_of(RSA)), "its private part, d, is missing"),
        (public(X_KEY), "its private part, d, is missing"),
        ({}, "its private part, d, is missing"),
        ({**jwk_of(RSA), "d": "!"}, "d is missing or not base64url"),
        ({**EC_KEY, "d": b64(b"d" * 31)}, "d of another length"),
        ({**EC_KEY, "x": EC_KEY["y"]}, "no valid P-256 private key"),
        ({**EC_KEY, "crv": "secp256k1"}, "its kty and crv are none"),
        ({**EC_KEY, "crv": "X25519"}, "its kty and crv are none"),
        ({**X_KEY, "crv": "Ed25519"}, "its kty and crv are none"),
        ({**X_KEY, "crv": "P-256"}, "its kty and crv are none"),
        ({**X_KEY, "crv": None}, "its kty and crv are none"),
        ({**X_KEY, "kty": "AKP"}, "its kty and crv are none"),
        ({**X_KEY, "d": b64(b"d" * 33)}, "d of another length than X25519 has"),
        ({**X_KEY, "d": 1}, "d of another length than X25519 has"),
        ({**X_KEY, "d": b64(b"d" * 32)}, "d and x are not of one key"),
        ({**X_KEY, "x": None}, "d and x are not of one key"),
    ],
)
def test_unusable_jwk_is_a_mistake(members: Members, said: str) -> None:
    """Broken, public, for signatures, or for what is not supported."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        load_decryption_key(members)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("given", "password", "said"),
    [
        (b"x", None, "the decryption key is no private key in PEM or JWK"),
        ("/etc/keys/private.pem", None, "give the content of the file, not its path"),
        (PEM, "passphrase", "the decryption key is not encrypted; leave the password out"),
        (LOCKED, None, "the decryption key is encrypted; give its password"),
        (LOCKED, "wrong", "its password is wrong"),
        (b"{", None, "the decryption key is not a valid JSON document; give a JWK, or PEM"),
        (b'{"kty":"oct","kty":"oct"}', None, "not a valid JSON document"),
        (
            RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            None,
            "no private key",
        ),
    ],
)
def test_unreadable_key_is_a_mistake(given: str | bytes, password: str | None, said: str) -> None:
    """Each says what is to be done."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        load_decryption_key(given, password=password)
    assert caught.value.__cause__ is None


def pem_of(
    key: rsa.RSAPrivateKey
    | dsa.DSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey,
) -> bytes:
    """A key in PKCS #8, whatever it is."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        (pem_of(rsa_key(1024)), "RSA with 1024 bits; it is to have 2048"),
        (pem_of(ec.generate_private_key(ec.SECP256K1())), "it is no RSA, EC .P-256, P-384, P-521"),
        (pem_of(ed25519.Ed25519PrivateKey.generate()), "it is no RSA, EC"),
        (pem_of(dsa.generate_private_key(2048)), "it is no RSA, EC"),
    ],
)
def test_unsuitable_key_is_a_mistake(pem: bytes, said: str) -> None:
    """Too weak, or not for encryption."""
    with pytest.raises(ConfigurationError, match=f"the decryption key cannot be used: {said}"):
        load_decryption_key(pem)


def test_weak_jwk_is_a_mistake() -> None:
    """A JWK is held to the same (RFC 7518 4.2, 4.3)."""
    with pytest.raises(ConfigurationError, match="RSA with 1024 bits"):
        load_decryption_key(jwk_of(rsa_key(1024)))


def test_curve_that_the_system_lacks_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in FIPS mode, where cryptography has no X448."""

    class Lacking:
        @staticmethod
        def from_private_bytes(_: bytes) -> None:
            raise UnsupportedAlgorithm("X448 is not supported by this version of OpenSSL.")

    monkeypatch.setattr(x448, "X448PrivateKey", Lacking)
    with pytest.raises(ConfigurationError, match="X448 is not for this system"):
        load_decryption_key(jwk_of(curve_key("X448")))


# The hashes of the secret below, by coreutils: printf %s "$secret" | sha256sum, ...
HASHED = {
    16: "a8b7c690835c0f6b1f67760e116855a4",
    24: "a8b7c690835c0f6b1f67760e116855a4d3d345d6ccb8c9a6",
    32: "a8b7c690835c0f6b1f67760e116855a4d3d345d6ccb8c9a679ae76a6b3bb077f",
    48: "b73ca6db6dbd73aee7ed2c65678c8d4ba2dd024e61ebc3dea5213d1561082473"
    "ca12f3234822696534686d80fdc8c845",
    64: "32882953dd54b1fd8386ae890b4802698d9d5862164452a59caf42d42fad8db4"
    "8d1d11d81d585e95b8ec8b21e70a3dc52d97374338a9d2ddfe08186637e3ba09",
}


@pytest.mark.parametrize(
    ("algorithm", "encryption", "size"),
    [
        *((name, "A256CBC-HS512", size) for name, size in WRAPPING.items()),
        *(("dir", name, size) for name, size in SIZES.items()),
    ],
)
def test_client_secret_is_hashed_to_the_length(algorithm: str, encryption: str, size: int) -> None:
    """The first octets of SHA-256, or of what is long enough (OpenID Connect Core 10.2)."""
    key = derive_decryption_key(SECRET, algorithm=algorithm, encryption=encryption)
    assert key.private == bytes.fromhex(HASHED[size])
    assert key.fits(algorithm, encryption)
    assert (key.kty, len(key.algorithms)) == ("oct", 1)


def test_client_secret_is_utf8() -> None:
    """The octets of its UTF-8 representation."""
    key = derive_decryption_key("\u00fc" * 8, algorithm="A128KW", encryption="A128GCM")
    assert isinstance(key.private, bytes)
    assert key.private.hex() == "ebd146a6777d824cd21c719cdba61725"


@pytest.mark.parametrize(
    ("secret", "algorithm", "encryption", "said"),
    [
        (SECRET, "RSA-OAEP", "A128GCM", "RSA-OAEP takes no key that is made from the client_sec"),
        (SECRET, "ECDH-ES", "A128GCM", "ECDH-ES takes no key"),
        (SECRET, "dir", "A1GCM", "A1GCM takes no key"),
        (SECRET, "RSA1_5", "A128GCM", "RSA1_5 is not supported"),
        (SECRET, "HS256", "A128GCM", "'HS256' is unknown"),
        ("fifteen letters", "dir", "A128GCM", "a client_secret of 16 bytes; this one has 15"),
        ("", "dir", "A128GCM", "this one has 0"),
    ],
)
def test_client_secret_is_not_for_everything(
    secret: str, algorithm: str, encryption: str, said: str
) -> None:
    """Symmetric algorithms only, and a secret of some strength (OpenID Connect Core 16.19)."""
    with pytest.raises(ConfigurationError, match=said):
        derive_decryption_key(secret, algorithm=algorithm, encryption=encryption)
