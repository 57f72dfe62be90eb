"""Forged tokens that other libraries have let pass, or have choked on (docs/advisories.md)."""

from __future__ import annotations

import hmac
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.oidc.id_tokens import CLAIMS, KEYS, NONCE, NOW, TRUST, verify
from tests.oidc.minting import SECRET, Peer, b64, key_for, mint, public_jwk, rsa_key
from typedoauth import Request
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import (
    ConfigurationError,
    IdTokenError,
    InvalidSignatureError,
    UnknownKeyError,
)
from typedoauth.messages import Headers
from typedoauth.oidc import (
    PrivateKeyJWT,
    load_signing_key,
    read_jwk,
    read_jwk_set,
    secret_key,
    signature_algorithms,
    token_hash,
    verify_id_token,
    verify_jws,
)


def _public_keys() -> dict[str, bytes]:
    """The provider's public keys in every form that an attacker may write them in."""
    forms: dict[str, bytes] = {}
    for name in ("RS256", "ES256", "Ed25519"):
        key, jwk = key_for(name).public_key(), public_jwk(key_for(name), kid="k")
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        forms[f"{name} PEM"] = pem
        forms[f"{name} PEM without its last line break"] = pem.strip()
        forms[f"{name} PEM in one line"] = b" ".join(pem.splitlines())
        forms[f"{name} PEM with other line breaks"] = pem.replace(b"\n", b"\r")
        forms[f"{name} PEM indented"] = pem.replace(b"-----END", b"\t-----END")
        forms[f"{name} DER"] = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        forms[f"{name} OpenSSH"] = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        forms[f"{name} JWK"] = json.dumps(jwk).encode()
        forms[f"{name} JWK after a byte order mark"] = b"\xef\xbb\xbf" + json.dumps(jwk).encode()
        forms[f"{name} JWK set"] = json.dumps({"keys": [jwk]}).encode()
    pkcs1 = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)
    return {**forms, "RS256 PKCS 1": pkcs1, "nothing": b""}


def _signed_with(secret: bytes, **header: str) -> str:
    """An ID Token with HS256, whatever the secret is."""
    head = json.dumps({"alg": "HS256", **header}).encode()
    message = f"{b64(head)}.{b64(json.dumps(CLAIMS).encode())}"
    return f"{message}.{b64(hmac.digest(secret, message.encode(), 'sha256'))}"


@pytest.mark.parametrize("form", _public_keys())
@pytest.mark.parametrize("header", [{}, {"kid": "k"}], ids=["no kid", "kid"])
def test_public_key_is_no_secret(form: str, header: dict[str, str]) -> None:
    """HS256 keyed with what everybody can read, in whatever form (RFC 8725 2.1)."""
    token = _signed_with(_public_keys()[form], **header)
    published = [public_jwk(key_for(name), kid="k") for name in ("RS256", "ES256", "Ed25519")]
    keys = read_jwk_set({"keys": [*published, {"kty": "oct", "k": "", "kid": "k"}]})
    by_default = signature_algorithms(advertised=["RS256", "ES256", "EdDSA", "HS256"])
    for algorithms, kind in (
        (by_default, InvalidSignatureError),
        (by_default | {"HS256"}, UnknownKeyError),
    ):
        trust = replace(TRUST, algorithms=algorithms)
        with pytest.raises(IdTokenError) as caught:
            verify_id_token(token, keys, trust, now=NOW, nonce=NONCE)
        assert type(caught.value) is kind


@pytest.mark.parametrize(
    "algorithms",
    [
        signature_algorithms(),
        signature_algorithms("HS256"),
        signature_algorithms("RS256", ["RS256", "HS256"]),
        signature_algorithms(None, ["none", "HS256", "RS256", "ES256"]),
    ],
    ids=str,
)
def test_families_of_algorithms_never_mix(algorithms: frozenset[str]) -> None:
    """Either the client secret signs, or a key pair does; a document cannot say "both"."""
    assert len({name.startswith("HS") for name in algorithms}) == 1


def test_empty_secret_is_no_key() -> None:
    """A client_secret or a JWK of nothing is refused before anything is compared with it."""
    with pytest.raises(ConfigurationError):
        secret_key("")
    with pytest.raises(ConfigurationError):
        read_jwk({"kty": "oct", "k": ""})


def _polyglot() -> str:
    """One text that is a compact token to one reader and a JSON one to another."""
    real = Peer.of(mint(CLAIMS))
    forged = b64(json.dumps({**CLAIMS, "sub": "admin"}).encode())
    rest = f'"protected":"{real.header}","payload":"{real.payload}","signature":"{real.signature}"'
    return f'{{"  {real.header}.{forged}.":"",{rest}}}'


@pytest.mark.parametrize(
    "token",
    [
        _polyglot(),
        "." * 1_000_000,
        "a." * 500_000,
        ".".join(["a"] * 5),
        f"{mint(CLAIMS)}.{mint(CLAIMS)}",
    ],
    ids=["polyglot", "dots", "parts", "JWE", "two tokens"],
)
def test_what_is_no_compact_jws_is_refused_at_once(token: str) -> None:
    """A token is not taken to pieces before it is known to have three (RFC 7515 7.1)."""
    tracemalloc.start()
    with pytest.raises(InvalidSignatureError):
        verify_id_token(token, KEYS, TRUST, now=NOW, nonce=NONCE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(token) + 100_000


def test_earlier_verification_loosens_no_later_one() -> None:
    """What one caller accepts is not remembered for the next one."""
    token = mint(CLAIMS, "PS256")
    for _ in range(2):
        assert verify_jws(token, KEYS, {"PS256"}).algorithm == "PS256"
        with pytest.raises(InvalidSignatureError, match="expected is RS256"):
            verify_jws(token, KEYS, {"RS256"})
    trust = replace(TRUST, algorithms=frozenset({"PS256"}))
    assert verify_id_token(token, KEYS, trust, now=NOW, nonce=None)
    with pytest.raises(IdTokenError, match="nonce"):
        verify_id_token(token, KEYS, trust, now=NOW, nonce="of this login")


@pytest.mark.parametrize(
    "issuer",
    [
        "https://op",
        "op.example",
        "https://op.exampl",
        "https://op.example.evil.example",
        "https://op.example/../evil",
        "https://op.example#",
        " https://op.example",
        "https://op.example\n",
        "https://evil.example/https://op.example",
    ],
)
def test_issuer_is_compared_whole(issuer: str) -> None:
    """Neither a part of the issuer nor something around it is the issuer."""
    with pytest.raises(IdTokenError) as caught:
        verify({"iss": issuer})
    assert caught.value.claim == "iss"


@pytest.mark.parametrize("place", ["kid", "alg", "payload", "signature", "iss", "nonce"])
def test_refusal_of_a_huge_token_is_short(place: str) -> None:
    """An error that is logged holds no attacker's megabyte."""
    huge = "A" * 60_000
    made: dict[str, Callable[[], str]] = {
        "kid": lambda: mint(CLAIMS, header={"kid": huge[:3000]}),
        "alg": lambda: mint(CLAIMS, header={"alg": huge[:3000]}),
        "payload": lambda: f"{Peer.of(mint(CLAIMS)).header}.{huge}.{huge}",
        "signature": lambda: str(replace(Peer.of(mint(CLAIMS)), signature=huge)),
        "iss": lambda: mint({**CLAIMS, "iss": huge}),
        "nonce": lambda: mint({**CLAIMS, "nonce": huge}),
    }
    with pytest.raises(IdTokenError) as caught:
        verify_id_token(made[place](), KEYS, TRUST, now=NOW, nonce=NONCE)
    assert len(str(caught.value)) < 700
    assert caught.value.__cause__ is None


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature with the client secret, the nonce and at_hash go through compare_digest."""
    compared: list[bytes] = []
    really = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.extend((one, other))
        return really(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    at_hash = token_hash("the-access-token", "HS256")
    token = mint({**CLAIMS, "at_hash": at_hash}, "HS256")
    trust = replace(TRUST, algorithms=frozenset({"HS256"}))
    key = secret_key(SECRET, "HS256")
    assert verify_id_token(token, key, trust, now=NOW, nonce=NONCE, access_token="the-access-token")
    signature = hmac.digest(SECRET.encode(), token.rpartition(".")[0].encode(), "sha256")
    for secret in (signature, NONCE.encode(), at_hash.encode()):
        assert compared.count(secret) == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://honest.example/token",
        "https://evil.example/token",
        "https://evil.example/revoke?of=https://honest.example/token",
    ],
)
def test_assertion_is_for_the_address_that_it_is_sent_to(url: str) -> None:
    """A server cannot have an assertion made that another server would accept (RFC 7523 3)."""
    key = load_signing_key(key_for("ES256"))
    method = PrivateKeyJWT(key, clock=lambda: NOW, make_jti=lambda: "j")
    sent = method.authenticate(Request("POST", url, Headers(), b""), ClientCredentials("client"))
    (assertion,) = parse_qs((sent.body or b"").decode())["client_assertion"]
    keys = read_jwk_set({"keys": [public_jwk(key_for("ES256"))]})
    payload = verify_jws(assertion, keys, {"ES256"}).payload
    assert json.loads(payload)["aud"] == url.partition("?")[0]
