"""Keys and encrypted tokens of a provider, made without the room that is tested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x448, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from joserfc import jwe as joserfc_jwe
from joserfc.jwk import JWKRegistry
from jwcrypto import jwe as jwcrypto_jwe
from jwcrypto import jwk as jwcrypto_jwk

from tests.oidc.minting import b64, private_jwk, rsa_key
from typedoauth.errors import IdTokenError
from typedoauth.oidc import Decryption, decrypt_jwe, load_decryption_key

PrivateKey = (
    rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey | x448.X448PrivateKey
)
Members = dict[str, object]

NESTED = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIyNDgyODk3NjEwMDEifQ.c2lnbmF0dXJl"
SIZES = {
    "A128CBC-HS256": 32,
    "A192CBC-HS384": 48,
    "A256CBC-HS512": 64,
    "A128GCM": 16,
    "A192GCM": 24,
    "A256GCM": 32,
}
UNIFORM = (
    "invalid_id_token: the JWE cannot be decrypted: it was made for another key, or changed "
    "on the way"
)
ENCRYPTIONS = tuple(SIZES)
WRAPPING = {f"A{bits}{kind}": bits // 8 for kind in ("KW", "GCMKW") for bits in (128, 192, 256)}
ECDH = ("ECDH-ES", *(f"ECDH-ES+A{bits}KW" for bits in (128, 192, 256)))
ALGORITHMS = ("RSA-OAEP", "RSA-OAEP-256", *ECDH, *WRAPPING, "dir")
CURVES = ("P-256", "P-384", "P-521", "X25519", "X448")
PAIRS = [(algorithm, encryption) for algorithm in ALGORITHMS for encryption in ENCRYPTIONS]


@cache
def curve_key(curve: str, number: int = 0) -> PrivateKey:
    """A key for key agreement, made once; others by *number*."""
    match curve:
        case "P-256":
            return ec.generate_private_key(ec.SECP256R1())
        case "P-384":
            return ec.generate_private_key(ec.SECP384R1())
        case "P-521":
            return ec.generate_private_key(ec.SECP521R1())
        case "X25519":
            return x25519.X25519PrivateKey.generate()
        case _:
            return x448.X448PrivateKey.generate()


def jwk_of(key: PrivateKey) -> Members:
    """The JWK of a whole key."""
    if isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        return private_jwk(key)
    return {
        "kty": "OKP",
        "crv": "X25519" if isinstance(key, x25519.X25519PrivateKey) else "X448",
        "x": b64(key.public_key().public_bytes_raw()),
        "d": b64(key.private_bytes_raw()),
    }


def jwk_for(algorithm: str, encryption: str, curve: str = "P-256", number: int = 0) -> Members:
    """The client's key for an algorithm; another one by *number*."""
    if algorithm.startswith("RSA"):
        return jwk_of(rsa_key(2048, number))
    if algorithm.startswith("ECDH"):
        return jwk_of(curve_key(curve, number))
    size = SIZES[encryption] if algorithm == "dir" else WRAPPING[algorithm]
    return {"kty": "oct", "k": b64(bytes([number + 1]) * size)}


def decryption(
    algorithm: str, encryption: str, curve: str = "P-256", number: int = 0
) -> Decryption:
    """What the client has registered, and its key."""
    key = load_decryption_key(jwk_for(algorithm, encryption, curve, number))
    return Decryption((key,), algorithm, encryption)


def public(members: Members) -> Members:
    """The half that a provider has; of a shared secret all of it."""
    return {
        name: members[name] for name in ("kty", "crv", "x", "y", "n", "e", "k") if name in members
    }


def by_joserfc(header: Mapping[str, object], key: Members, content: str | bytes = NESTED) -> str:
    """Encrypt with joserfc, whatever it thinks of the algorithms."""
    named = [str(header["alg"]), str(header["enc"]), "DEF"]
    registry = joserfc_jwe.JWERegistry(algorithms=named, strict_check_header=False)
    recipient = JWKRegistry.import_key({name: str(value) for name, value in public(key).items()})
    return joserfc_jwe.encrypt_compact(dict(header), content, recipient, registry=registry)


def by_jwcrypto(header: Mapping[str, object], key: Members, content: str = NESTED) -> str:
    """Encrypt with jwcrypto, whose headers have spaces."""
    token = jwcrypto_jwe.JWE(content, json.dumps(header))
    token.add_recipient(jwcrypto_jwk.JWK(**public(key)))
    return token.serialize(compact=True)


def seal(
    header: Mapping[str, object] | bytes,
    key: bytes,
    content: bytes = NESTED.encode(),
    *,
    encrypted_key: bytes = b"",
    iv: bytes = b"twelve bytes",
) -> str:
    """Encrypt by AES-GCM with this key, under whatever header is given."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    sealed = AESGCM(key).encrypt(iv, content, b64(raw).encode())
    parts = (raw, encrypted_key, iv, sealed[:-16], sealed[-16:])
    return ".".join(b64(part) for part in parts)


def agreed(shared: bytes, party: bytes = b"") -> bytes:
    """The key for A128GCM that ECDH-ES derives, with an ``apu`` (RFC 7518 4.6.2)."""
    fields = [len(one).to_bytes(4, "big") + one for one in (b"A128GCM", party, b"")]
    info = b"".join(fields) + (128).to_bytes(4, "big")
    return ConcatKDFHash(SHA256(), 16, info).derive(shared)


def by_agreement(
    epk: object,
    ephemeral: ec.EllipticCurvePrivateKey,
    recipient: PrivateKey,
    apu: str = "",
    party: bytes = b"",
) -> str:
    """Encrypt by ECDH-ES and A128GCM, with whatever is said of the ephemeral key."""
    assert isinstance(recipient, ec.EllipticCurvePrivateKey)
    shared = ephemeral.exchange(ec.ECDH(), recipient.public_key())
    header = {"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk, "apu": apu}
    return seal(header, agreed(shared, party))


def refusal(token: str, registered: Decryption) -> str:
    """What the refusal says; nothing else is attached to it."""
    with pytest.raises(IdTokenError) as caught:
        decrypt_jwe(token, registered)
    assert type(caught.value) is IdTokenError
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)
