"""What a JWS may look like, and by what it may be signed (RFC 7515, RFC 8725 3)."""

from __future__ import annotations

import json

import pytest

from tests.oidc.minting import (
    ASYMMETRIC,
    SECRET,
    SYMMETRIC,
    Peer,
    b64,
    key_for,
    mint,
    private_jwk,
    public_jwk,
    rsa_key,
)
from typedoauth.errors import ConfigurationError, InvalidSignatureError, UnknownKeyError
from typedoauth.oidc import (
    JWKSet,
    Keys,
    load_signing_key,
    read_jwk,
    read_jwk_set,
    secret_key,
    sign_jws,
    verify_jws,
)

PAYLOAD = b'{"sub":"248289761001"}'


def published(algorithm: str, **members: object) -> JWKSet:
    """The provider's set, with the one key for an algorithm."""
    return read_jwk_set({"keys": [public_jwk(key_for(algorithm), **members)]})


def keys_for(algorithm: str) -> Keys:
    """What verifies: the provider's set, or the client secret."""
    return secret_key(SECRET) if algorithm in SYMMETRIC else published(algorithm)


def refusal(token: str, keys: Keys | None = None, algorithms: tuple[str, ...] = ("RS256",)) -> str:
    """Why a token is refused."""
    with pytest.raises(InvalidSignatureError) as caught:
        verify_jws(token, keys or published("RS256"), algorithms)
    return caught.value.description


@pytest.mark.parametrize("algorithm", ASYMMETRIC + SYMMETRIC)
def test_verify_right_signature_accepted(algorithm: str) -> None:
    """Every algorithm verifies what other code signed."""
    verified = verify_jws(mint(PAYLOAD, algorithm), keys_for(algorithm), {algorithm})
    assert (verified.payload, verified.algorithm) == (PAYLOAD, algorithm)


def test_verified_repr_hides_the_payload() -> None:
    """Claims are personal: they are not for logs."""
    verified = verify_jws(mint(PAYLOAD), published("RS256"), {"RS256"})
    assert repr(verified) == "<VerifiedJWS by RS256>"


@pytest.mark.parametrize("part", ["header", "payload", "signature"])
@pytest.mark.parametrize("algorithm", ASYMMETRIC + SYMMETRIC)
def test_verify_changed_part_refused(algorithm: str, part: str) -> None:
    """A token of which one part comes from another token is refused."""
    one = Peer.of(mint(PAYLOAD, algorithm))
    other = Peer.of(mint(b'{"sub":"eve"}', algorithm, header={"typ": "JWT"}))
    changed = Peer(**{**vars(one), part: getattr(other, part)})
    assert "signature is wrong" in refusal(str(changed), keys_for(algorithm), (algorithm,))


@pytest.mark.parametrize("signed", ASYMMETRIC + SYMMETRIC)
def test_verify_algorithm_not_allowed_refused(signed: str) -> None:
    """The algorithm is the caller's choice, never the token's (RFC 8725 3.1)."""
    allowed = tuple(one for one in (*ASYMMETRIC, *SYMMETRIC) if one != signed)
    why = refusal(mint(PAYLOAD, signed), keys_for(signed), allowed)
    assert why.startswith(f"signed by {signed}; expected is ")


@pytest.mark.parametrize("name", ["none", "NONE", "nOnE", "None", "", "rs256", "RS1", "ES256K"])
def test_verify_no_algorithm_refused(name: str) -> None:
    """``none`` and what is like it is refused, even if it were allowed (RFC 8725 3.1)."""
    token = mint(PAYLOAD, header={"alg": name})
    unsigned = token.rpartition(".")[0] + "."
    for one in (token, unsigned):
        assert "is no signature algorithm" in refusal(one, algorithms=(name, "RS256"))


@pytest.mark.parametrize("allowed", SYMMETRIC)
def test_verify_secret_made_of_public_key_refused(allowed: str) -> None:
    """No key of a set is ever a shared secret, however it is written (RFC 8725 2.1)."""
    jwk = public_jwk(rsa_key())
    for secret in (json.dumps(jwk), str(jwk["n"]), str(jwk["n"]) + "="):
        token = mint(PAYLOAD, allowed, key=secret)
        with pytest.raises(UnknownKeyError):
            verify_jws(token, published("RS256"), {allowed, "RS256"})


@pytest.mark.parametrize(
    ("signed", "named"),
    [("RS256", "RS512"), ("RS256", "PS256"), ("PS256", "RS256"), ("RS512", "RS384")],
)
def test_verify_other_algorithm_named_refused(signed: str, named: str) -> None:
    """A header that names another algorithm of the same key does not verify."""
    token = mint(PAYLOAD, signed, header={"alg": named})
    assert "signature is wrong" in refusal(token, algorithms=(signed, named))


@pytest.mark.parametrize(
    ("algorithm", "other"),
    [("ES256", "ES384"), ("ES384", "ES512"), ("Ed25519", "Ed448"), ("ES256", "RS256")],
)
def test_verify_key_of_another_kind_unknown(algorithm: str, other: str) -> None:
    """A key of another curve or type is not looked at (RFC 7518 3.4)."""
    with pytest.raises(UnknownKeyError):
        verify_jws(mint(PAYLOAD, algorithm), published(other), {algorithm})


def test_verify_other_key_refused() -> None:
    """A signature by somebody else's key is wrong."""
    assert "signature is wrong" in refusal(mint(PAYLOAD, key=rsa_key(number=1)))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("crit", ["b64"]),
        ("crit", []),
        ("b64", True),
        ("b64", False),
        ("jwk", public_jwk(rsa_key())),
        ("jku", "https://evil.example/keys"),
        ("x5u", "https://evil.example/cert"),
        ("x5c", ["MIIB"]),
    ],
)
def test_verify_header_with_rules_of_its_own_refused(member: str, value: object) -> None:
    """What brings a key or changes the rules is refused, though the signature is right."""
    why = refusal(mint(PAYLOAD, header={member: value}))
    assert why.startswith(f"the JWS header has {member!r}")


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (b'{"alg":"RS256","alg":"RS256"}', "not a valid JSON document"),
        (b'{"alg":"none","alg":"RS256"}', "not a valid JSON document"),
        (b'{"alg":"RS256","a":{"b":1,"b":1}}', "not a valid JSON document"),
        (b'{"alg":"RS256","x":NaN}', "not a valid JSON document"),
        (b'{"alg":"RS256"}\x00', "not a valid JSON document"),
        (b'{"alg":"RS256"} {}', "not a valid JSON document"),
        (b"\xff\xfe", "not a valid JSON document"),
        (b"[" * 3000, "not a valid JSON document"),
        (b'["RS256"]', "not an object"),
        (b'"RS256"', "not an object"),
        (b"{}", "alg '' of the JWS header"),
        (b'{"alg":["RS256"]}', "alg '' of the JWS header"),
        (b'{"alg":null}', "alg '' of the JWS header"),
        (b'{"alg":256}', "alg '' of the JWS header"),
        (b'{"alg":"RS256","kid":1}', "kid or typ"),
        (b'{"alg":"RS256","kid":["a"]}', "kid or typ"),
        (b'{"alg":"RS256","typ":{}}', "kid or typ"),
        (b'{"alg":"RS256","x":"' + b"x" * 4096 + b'"}', "no JWS"),
        (b"", "no JWS"),
    ],
)
def test_verify_malformed_header_refused(header: bytes, why: str) -> None:
    """A header is one strict JSON object with ``alg`` (RFC 7515 4, RFC 8725 3.10)."""
    assert why in refusal(mint(PAYLOAD, header=header))


def test_verify_at_the_limits_accepted() -> None:
    """A header of 4096 characters; a token of 128 KiB, and not one character more."""
    header = b'{"alg":"RS256"}'.ljust(3072)
    assert verify_jws(mint(PAYLOAD, header=header), published("RS256"), ["RS256"]).payload
    around = len(mint(b"")) + 1
    longest = mint(b"x" * (((1 << 17) - around) * 3 // 4))
    assert (1 << 17) - len(longest) < 4
    assert verify_jws(longest, published("RS256"), ["RS256"]).payload
    assert "longer than" in refusal(mint(b"x" * (((1 << 17) - around + 4) * 3 // 4)))


RIGHT = Peer.of(mint(PAYLOAD))


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("", "no JWS"),
        (".", "no JWS"),
        ("..", "no JWS"),
        (RIGHT.header, "no JWS"),
        (f"{RIGHT.header}.{RIGHT.signature}", "no JWS"),
        (f"{RIGHT.header}.{RIGHT.payload}", "no JWS"),
        (f"{RIGHT}.", "no JWS"),
        (f".{RIGHT}", "no JWS"),
        (f"{RIGHT}.{RIGHT.signature}", "no JWS"),
        (f"{RIGHT}.a.b", "encrypted"),
        (f"{RIGHT.header}.{RIGHT.payload}.", "not base64url"),
        (f" {RIGHT}", "not base64url"),
        (f"{RIGHT}\n", "not base64url"),
        (f"{RIGHT}==", "not base64url"),
        (f"{RIGHT.header}.{RIGHT.payload}==.{RIGHT.signature}", "not base64url"),
        (f"{RIGHT.header}=.{RIGHT.payload}.{RIGHT.signature}", "not base64url"),
        (f"{RIGHT.header}.{RIGHT.payload}.ä", "not base64url"),
        (f"{RIGHT.header}.\ud800.{RIGHT.signature}", "not base64url"),
        ("a" * (1 << 17) + f".{RIGHT.payload}.{RIGHT.signature}", "longer than"),
        (f"{RIGHT.header}.{'a' * (1 << 17)}.{RIGHT.signature}", "longer than"),
        (json.dumps({"payload": RIGHT.payload, "signatures": []}), "no JWS"),
    ],
    ids=str,
)
def test_verify_malformed_token_refused(token: str, why: str) -> None:
    """Three parts of strict base64url, or nothing (RFC 7515 7.1)."""
    assert why in refusal(token)


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "ES512"])
@pytest.mark.parametrize("change", ["longer", "shorter", "zero", "der"])
def test_verify_ec_signature_of_another_form_refused(algorithm: str, change: str) -> None:
    """An ECDSA signature is R and S of full length, nothing else (RFC 7518 3.4)."""
    token = Peer.of(mint(PAYLOAD, algorithm))
    size = {"ES256": 64, "ES384": 96, "ES512": 132}[algorithm]
    raw = {
        "longer": b"\x00" * (size + 1),
        "shorter": b"\x01" * (size - 2),
        "zero": b"\x00" * size,
        "der": b"\x30\x06\x02\x01\x01\x02\x01\x01",
    }[change]
    changed = f"{token.header}.{token.payload}.{b64(raw)}"
    assert "signature is wrong" in refusal(changed, published(algorithm), (algorithm,))


def test_verify_no_algorithm_allowed_says_so() -> None:
    """With nothing allowed, everything is refused."""
    assert refusal(mint(PAYLOAD), algorithms=()) == "signed by RS256; expected is nothing"


def test_verify_refusal_quotes_no_token() -> None:
    """No part of a token comes out with the error; an odd ``alg`` is cut and printable."""
    why = refusal(mint(PAYLOAD, header={"alg": "x\n" * 200}))
    assert len(why) < 120
    assert "\n" not in why


@pytest.mark.parametrize("algorithm", ASYMMETRIC)
def test_sign_header_names_key_and_algorithm(algorithm: str) -> None:
    """``alg`` and ``kid`` are those of the key, ``typ`` is the caller's (RFC 7515 4.1)."""
    key = load_signing_key(private_jwk(key_for(algorithm), kid="k"), algorithm=algorithm)
    verified = verify_jws(
        sign_jws(PAYLOAD, key, typ="JWT"), published(algorithm, kid="k"), ASYMMETRIC
    )
    assert dict(verified.header) == {"alg": algorithm, "kid": "k", "typ": "JWT"}


def test_sign_by_algorithm_of_another_key_refused() -> None:
    """A key signs by its own algorithms only."""
    key = load_signing_key(rsa_key(), algorithm="PS256")
    with pytest.raises(ConfigurationError, match="a key for PS256 cannot be used for RS256"):
        sign_jws(PAYLOAD, key, algorithm="RS256")


def test_sign_with_public_key_refused() -> None:
    """A public key does not sign."""
    with pytest.raises(ConfigurationError, match="it is a public key"):
        sign_jws(PAYLOAD, read_jwk(public_jwk(rsa_key())))


@pytest.mark.parametrize("algorithm", [*ASYMMETRIC, *SYMMETRIC])
def test_key_is_prepared_once(algorithm: str) -> None:
    """What verifies and signs is made at the first use, and kept."""
    members = private_jwk(key_for(algorithm)) if algorithm in ASYMMETRIC else None
    key = read_jwk(members) if members else secret_key(SECRET)
    assert key.verifier(algorithm) is key.verifier(algorithm)
    assert key.signer(algorithm) is key.signer(algorithm)
