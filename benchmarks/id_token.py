"""What it costs to validate an ID Token: ``python -m benchmarks.id_token [--json FILE]``.

Everybody has the keys ready before the login but Authlib, which imports them at
each one. "Unchecked" verifies the signature and decodes the payload, and looks at
nothing that it says. "By hand" makes the checks of OpenID Connect Core 3.1.3.7 that
apply to a code flow; the peers make those that they have: PyJWT and joserfc look at
no ``at_hash``, and PyJWT at no ``nonce``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import warnings
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import a2b_base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import time
from typing import Any, Final

import jwt as pyjwt
from authlib.integrations.base_client import OpenIDMixin
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt as joserfc
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet

from benchmarks.measure import Work, measure
from benchmarks.report import Report, command, row, versions
from tests.oidc.minting import SECRET, b64, key_for, mint, public_jwk
from typedoauth.oidc import TrustedIssuer, read_jwk_set, verify_id_token
from typedoauth.oidc.jwk import secret_key

ISSUER: Final = "https://accounts.example.com"
CLIENT_ID: Final = "812741506391-h8kq4c0fdpvrt6u9nj3sbqv7wlm2xo5e.apps.example.com"
NONCE: Final = "7pVnGq2eXwZ0sDfUyKb1tMhR4cLj9aEo6iNxTgPzQvA"
ACCESS_TOKEN: Final = "ya29.a0AfH6SMBx3v9kQ2mTz" * 6
LEEWAY: Final = 60
AIM: Final = 1.12
PEERS: Final = ("cryptography", "pyjwt", "joserfc", "authlib")

Claims = dict[str, Any]  # any: JSON, looked at by those that are measured
Validate = Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class Case:
    """A token and who signed it.

    Attributes:
        algorithm: By which algorithm.
        jwk: The key, as a server publishes it.
        claims: What it says.
        token: All of it.
    """

    algorithm: str
    jwk: dict[str, Any]  # any: as the peers want it
    claims: Claims
    token: str

    @property
    def message(self) -> bytes:
        """What was signed."""
        return self.token.rpartition(".")[0].encode()

    @property
    def signature(self) -> bytes:
        """Its signature."""
        return urlsafe_b64decode(self.token.rpartition(".")[2] + "==")


def short_claims() -> Claims:
    """The claims of the example in OpenID Connect Core 2, with a time of today."""
    now = int(time())
    return {
        "iss": ISSUER,
        "sub": "24400320",
        "aud": CLIENT_ID,
        "nonce": NONCE,
        "exp": now + 86_400,
        "iat": now - 1,
        "auth_time": now - 2,
        "acr": "urn:mace:incommon:iap:silver",
    }


def at_hash(algorithm: str) -> str:
    """The left half of the hash of the access token (Core 3.1.3.6; RFC 8032 5.1)."""
    content = ACCESS_TOKEN.encode()
    if algorithm == "EdDSA":
        return b64(hashlib.sha512(content).digest()[:32])
    return b64(hashlib.sha256(content).digest()[:16])


def long_claims(algorithm: str) -> Claims:
    """The claims that large providers send for ``openid email profile``."""
    return {
        "iss": ISSUER,
        "azp": CLIENT_ID,
        "aud": CLIENT_ID,
        "sub": "110248495921238986420",
        "email": "hannah.lindqvist@example.com",
        "email_verified": True,
        "at_hash": at_hash(algorithm),
        "nonce": NONCE,
        "name": "Hannah Lindqvist",
        "picture": "https://lh3.example.com/a/ACg8ocKq7hE2mXzB1vYdTnR5wPs0=s96-c",
        "given_name": "Hannah",
        "family_name": "Lindqvist",
        "iat": int(time()) - 1,
        "exp": int(time()) + 86_400,
    }


def make_case(algorithm: str, claims: Claims) -> Case:
    """Sign claims."""
    jwk: dict[str, Any] = (  # any: as above
        {"kty": "oct", "k": b64(SECRET.encode())}
        if algorithm == "HS256"
        else public_jwk(key_for(algorithm))
    )
    jwk |= {"kid": "2026-10-a", "use": "sig", "alg": algorithm}
    token = mint(claims, algorithm, header={"kid": jwk["kid"], "typ": "JWT"})
    return Case(algorithm, jwk, claims, token)


def raw(case: Case) -> Callable[[], object]:
    """The bare operation of ``cryptography`` (of :mod:`hmac` for HS256)."""
    signature, message = case.signature, case.message
    if case.algorithm == "HS256":
        return lambda: hmac.compare_digest(
            hmac.digest(SECRET.encode(), message, "sha256"), signature
        )
    match key_for(case.algorithm).public_key():
        case rsa.RSAPublicKey() as key:
            return partial(key.verify, signature, message, PKCS1v15(), SHA256())
        case ec.EllipticCurvePublicKey() as key:
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            return partial(key.verify, encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
        case key:
            return partial(key.verify, signature, message)


def _hand_verifier(case: Case) -> Callable[[bytes, bytes], None]:
    """What raises when a signature is wrong."""
    if case.algorithm == "HS256":
        secret = SECRET.encode()

        def verify_hmac(signature: bytes, message: bytes) -> None:
            if not hmac.compare_digest(hmac.digest(secret, message, "sha256"), signature):
                raise InvalidSignature

        return verify_hmac
    match key_for(case.algorithm).public_key():
        case rsa.RSAPublicKey() as key:
            verify_rsa, padding, digest = key.verify, PKCS1v15(), SHA256()
            return lambda signature, message: verify_rsa(signature, message, padding, digest)
        case ec.EllipticCurvePublicKey() as key:
            verify_ec, ecdsa = key.verify, ec.ECDSA(SHA256())

            def verify_ecdsa(signature: bytes, message: bytes) -> None:
                r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
                verify_ec(encode_dss_signature(r, s), message, ecdsa)

            return verify_ecdsa
        case key:
            return key.verify


def unchecked(case: Case) -> Validate:
    """The signature verified and the payload decoded, by the quickest means, and no more."""
    verify = _hand_verifier(case)
    read: Callable[[str], tuple[Claims, int]] = json.JSONDecoder().raw_decode
    from_base64url = bytes.maketrans(b"-_", b"+/")

    def validate() -> Mapping[str, object]:
        message, _, signature = case.token.encode().rpartition(b".")
        verify(a2b_base64(signature.translate(from_base64url) + b"=="), message)
        payload = message.partition(b".")[2]
        return read(a2b_base64(payload.translate(from_base64url) + b"==").decode())[0]

    return validate


def by_hand(case: Case) -> Validate:
    """The same work, written out for this one client."""
    keys = {case.jwk["kid"]: _hand_verifier(case)}
    algorithm = case.algorithm
    digest, size = (hashlib.sha512, 32) if algorithm == "EdDSA" else (hashlib.sha256, 16)

    def validate() -> Mapping[str, object]:
        header_part, payload_part, signature_part = case.token.split(".")
        header: Claims = json.loads(urlsafe_b64decode(header_part + "=="))
        if header["alg"] != algorithm or "crit" in header:
            raise ValueError("header")
        message = f"{header_part}.{payload_part}".encode()
        keys[header["kid"]](urlsafe_b64decode(signature_part + "=="), message)
        claims: Claims = json.loads(urlsafe_b64decode(payload_part + "=="))
        if claims["iss"] != ISSUER:
            raise ValueError("iss")
        audience = claims["aud"]
        if audience not in (CLIENT_ID, [CLIENT_ID]):
            raise ValueError("aud")
        if claims.get("azp", CLIENT_ID) != CLIENT_ID:
            raise ValueError("azp")
        now = time()
        if now >= claims["exp"] + LEEWAY:
            raise ValueError("exp")
        if claims["iat"] > now + LEEWAY or claims.get("nbf", 0) > now + LEEWAY:
            raise ValueError("iat or nbf")
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise ValueError("sub")
        if not hmac.compare_digest(claims["nonce"], NONCE):
            raise ValueError("nonce")
        if (found := claims.get("at_hash")) is not None:
            half = digest(ACCESS_TOKEN.encode()).digest()[:size]
            if not hmac.compare_digest(found, urlsafe_b64encode(half).rstrip(b"=").decode()):
                raise ValueError("at_hash")
        return claims

    return validate


def ours(case: Case) -> Validate:
    """This package."""
    symmetric = case.algorithm == "HS256"
    keys = secret_key(SECRET, "HS256") if symmetric else read_jwk_set({"keys": [case.jwk]})
    trust = TrustedIssuer(ISSUER, CLIENT_ID, frozenset({case.algorithm}), leeway=LEEWAY)

    def validate() -> Mapping[str, object]:
        return verify_id_token(
            case.token, keys, trust, now=time(), nonce=NONCE, access_token=ACCESS_TOKEN
        )

    return validate


def with_pyjwt(case: Case) -> Validate:
    """PyJWT, with the key ready."""
    key = pyjwt.PyJWK(case.jwk)
    required = ["iss", "sub", "aud", "exp", "iat"]

    def validate() -> Mapping[str, object]:
        claims: Claims = pyjwt.decode(
            case.token,
            key,
            algorithms=[case.algorithm],
            audience=CLIENT_ID,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": required},
        )
        return claims

    return validate


def with_joserfc(case: Case) -> Validate:
    """joserfc, with the key set ready."""
    keys = KeySet.import_key_set({"keys": [case.jwk]})
    algorithms = [case.algorithm]
    registry = joserfc.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": CLIENT_ID},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": NONCE},
    )

    def validate() -> Mapping[str, object]:
        token = joserfc.decode(case.token, keys, algorithms=algorithms)
        registry.validate(token.claims)
        return token.claims

    return validate


class _AuthlibClient(OpenIDMixin):
    client_id = CLIENT_ID

    def __init__(self, case: Case) -> None:
        self.metadata: dict[str, object] = {
            "issuer": ISSUER,
            "jwks": {"keys": [case.jwk]},
            "id_token_signing_alg_values_supported": [case.algorithm],
        }

    def load_server_metadata(self) -> dict[str, object]:
        """What it fetched at the first login."""
        return self.metadata


def with_authlib(case: Case) -> Validate:
    """What Authlib does at each login."""
    client = _AuthlibClient(case)
    answer = {"id_token": case.token, "access_token": ACCESS_TOKEN}
    return lambda: client.parse_id_token(answer, NONCE, leeway=LEEWAY)


ALL: Final[Mapping[str, Callable[[Case], Validate]]] = {
    "unchecked": unchecked,
    "by hand": by_hand,
    "typedoauth": ours,
    "PyJWT": with_pyjwt,
    "joserfc": with_joserfc,
    "Authlib": with_authlib,
}


def checked(case: Case) -> list[Work]:
    """Everybody's way, after a look at what each answers to a right token and a wrong one."""
    works = [Work("raw", raw(case)), Work("raw again", raw(case))]
    for work in works:
        assert work.run() in (None, True)
    head, _, signature = case.token.rpartition(".")
    wrong = f"{head}.{signature[:9]}{'B' if signature[9] == 'A' else 'A'}{signature[10:]}"
    for name, make in ALL.items():
        validate = make(case)
        assert dict(validate()) == case.claims, name
        try:
            make(Case(case.algorithm, case.jwk, case.claims, wrong))()
        except Exception:  # noqa: BLE001, S110 - each has its own
            pass
        else:
            raise AssertionError(f"{name} took a wrong signature")
        works.append(Work(name, validate))
    return works


def cases() -> dict[str, Case]:
    """What is measured, by its heading."""
    found = {"RS256 short": make_case("RS256", short_claims())}
    for algorithm in ("RS256", "ES256", "EdDSA", "HS256"):
        found[algorithm] = make_case(algorithm, long_claims(algorithm))
    return found


def run(seconds: float, rounds: int) -> Report:
    """Measure."""
    # EdDSA has a second name by now (RFC 9864); providers use the first.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    results = {
        heading: measure(checked(case), seconds=seconds, rounds=rounds)
        for heading, case in cases().items()
    }
    return Report(
        "id_token",
        "ID Token validation: CPU time, as a ratio to the bare verification of its signature",
        versions(*PEERS),
        results,
        [
            row(
                f"Validate an ID Token, {heading}",
                found,
                most=AIM if heading.startswith("RS256") else None,
                peers=["Authlib", "PyJWT", "joserfc"],
            )
            for heading, found in results.items()
        ],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("id_token", run, arguments)


if __name__ == "__main__":
    main()
