"""Keys and tokens of a provider, made without the room that is tested."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from typing_extensions import override

PrivateKey = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)

# any: JSON of the specifications, looked at by the tests
EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))
SECRET = "a-client-secret-of-sixty-four-characters-for-the-longest-of-hash"
HASHES: dict[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
ASYMMETRIC = (
    *(f"{family}{size}" for family in ("RS", "PS", "ES") for size in HASHES),
    "EdDSA",
    "Ed25519",
    "Ed448",
)
SYMMETRIC = ("HS256", "HS384", "HS512")


def b64(content: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def b64_number(number: int, size: int | None = None) -> str:
    """A number as JWKs have it."""
    return b64(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """An RSA key, made once; others by *number*."""
    return rsa.generate_private_key(65537, bits)


@cache
def key_for(algorithm: str) -> PrivateKey:
    """A key for an algorithm, made once."""
    match algorithm:
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "ES384":
            return ec.generate_private_key(ec.SECP384R1())
        case "ES512":
            return ec.generate_private_key(ec.SECP521R1())
        case "EdDSA" | "Ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "Ed448":
            return ed448.Ed448PrivateKey.generate()
        case _:
            return rsa_key()


def public_jwk(key: PrivateKey, **members: object) -> dict[str, object]:
    """The JWK of the public half."""
    made: dict[str, object]
    match key:
        case rsa.RSAPrivateKey():
            of_rsa = key.public_key().public_numbers()
            made = {"kty": "RSA", "n": b64_number(of_rsa.n), "e": b64_number(of_rsa.e)}
        case ec.EllipticCurvePrivateKey():
            of_ec, size = key.public_key().public_numbers(), (key.key_size + 7) // 8
            made = {"kty": "EC", "crv": {32: "P-256", 48: "P-384", 66: "P-521"}[size]}
            made |= {"x": b64_number(of_ec.x, size), "y": b64_number(of_ec.y, size)}
        case ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            of_okp = key.public_key().public_bytes_raw()
            made = {"kty": "OKP", "crv": {32: "Ed25519", 57: "Ed448"}[len(of_okp)]}
            made["x"] = b64(of_okp)
    return {**made, **members}


def private_jwk(key: PrivateKey, **members: object) -> dict[str, object]:
    """The JWK of the whole key."""
    made: dict[str, object]
    match key:
        case rsa.RSAPrivateKey():
            numbers = key.private_numbers()
            made = {
                name: b64_number(value)
                for name, value in {
                    "d": numbers.d,
                    "p": numbers.p,
                    "q": numbers.q,
                    "dp": numbers.dmp1,
                    "dq": numbers.dmq1,
                    "qi": numbers.iqmp,
                }.items()
            }
        case ec.EllipticCurvePrivateKey():
            made = {"d": b64_number(key.private_numbers().private_value, (key.key_size + 7) // 8)}
        case ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            made = {"d": b64(key.private_bytes_raw())}
    return {**public_jwk(key), **made, **members}


def signer(algorithm: str, key: PrivateKey | str | None = None) -> Callable[[bytes], bytes]:
    """What signs by an algorithm: with a key of its own, or a text as the shared secret."""
    key = key or (SECRET if algorithm in SYMMETRIC else key_for(algorithm))
    digest = HASHES.get(algorithm[-3:], HASHES["256"])
    match key:
        case str():
            return lambda message: hmac.digest(key.encode(), message, f"sha{algorithm[-3:]}")
        case rsa.RSAPrivateKey() if algorithm.startswith("PS"):
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            return lambda message: key.sign(message, pss, digest)
        case rsa.RSAPrivateKey():
            return lambda message: key.sign(message, padding.PKCS1v15(), digest)
        case ec.EllipticCurvePrivateKey():
            size = (key.key_size + 7) // 8

            def sign(message: bytes) -> bytes:
                pair = decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
                return b"".join(number.to_bytes(size, "big") for number in pair)

            return sign
        case ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            return key.sign


def mint(
    payload: Mapping[str, object] | bytes | str,
    algorithm: str = "RS256",
    *,
    header: Mapping[str, object] | bytes | None = None,
    key: PrivateKey | str | None = None,
) -> str:
    """Sign whatever is given, right or wrong.

    Args:
        payload: Claims, or raw bytes.
        algorithm: How it is really signed.
        header: Members on top of ``alg``, or the raw header.
        key: Another key than that of the algorithm.
    """
    if not isinstance(header, bytes):
        header = json.dumps({"alg": algorithm, **(header or {})}).encode()
    if not isinstance(payload, bytes | str):
        payload = json.dumps(payload)
    content = payload.encode() if isinstance(payload, str) else payload
    message = f"{b64(header)}.{b64(content)}"
    return f"{message}.{b64(signer(algorithm, key)(message.encode()))}"


@dataclass(frozen=True)
class Peer:
    """A token in its three parts, to be broken in one place."""

    header: str
    payload: str
    signature: str

    @classmethod
    def of(cls, token: str) -> Peer:
        """Take a token apart."""
        return cls(*token.split("."))

    @override
    def __str__(self) -> str:
        return f"{self.header}.{self.payload}.{self.signature}"
