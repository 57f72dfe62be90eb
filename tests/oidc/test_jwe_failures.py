"""Every failure to decrypt is told alike (RFC 7516 11.5; RFC 8725 3.4)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from tests.oidc.jwe_tokens import (
    ALGORITHMS,
    NESTED,
    UNIFORM,
    Members,
    agreed,
    by_agreement,
    by_joserfc,
    curve_key,
    decryption,
    jwk_for,
    jwk_of,
    public,
    refusal,
    seal,
)
from tests.oidc.minting import b64
from typedoauth.oidc import Decryption, decrypt_jwe, load_decryption_key
from typedoauth.oidc._base64url import decode_text

KEY = b"sixteen bytes -k"


def _flip(part: int) -> Callable[[str], str]:
    def change(token: str) -> str:
        parts = token.split(".")
        first = parts[part][:1]
        parts[part] = ("B" if first == "A" else "A") + (parts[part][1:] or "AAA")
        return ".".join(parts)

    return change


def _replace(part: int, content: str) -> Callable[[str], str]:
    def change(token: str) -> str:
        parts = token.split(".")
        assert parts[part] != content
        parts[part] = content
        return ".".join(parts)

    return change


def _cut_tag(count: int) -> Callable[[str], str]:
    def change(token: str) -> str:
        *parts, tag = token.split(".")
        return ".".join([*parts, tag[: len(tag) // 4 * 4][: -4 * count]])

    return change


CHANGES: dict[str, Callable[[str], str]] = {
    "encrypted key": _flip(1),
    "iv": _flip(2),
    "ciphertext": _flip(3),
    "tag": _flip(4),
    "no encrypted key": _replace(1, ""),
    "no iv": _replace(2, ""),
    "no ciphertext": _replace(3, ""),
    "no tag": _replace(4, ""),
    "other encrypted key": _replace(1, b64(b"k" * 40)),
    "huge encrypted key": _replace(1, b64(b"k" * 9000)),
    "iv of 8 bytes": _replace(2, b64(b"i" * 8)),
    "iv of 16 bytes": _replace(2, b64(b"i" * 16)),
    "iv of 17 bytes": _replace(2, b64(b"i" * 17)),
    "tag cut by 3": _cut_tag(1),
    "tag cut by 9": _cut_tag(3),
    "tag too long": lambda token: token + "AAAA",
    "half a block": _replace(3, b64(b"c" * 8)),
    "another block": _replace(3, b64(b"c" * 16)),
}


DIRECTLY = ("dir", "ECDH-ES")


@pytest.mark.parametrize(
    ("algorithm", "encryption", "change"),
    [
        (algorithm, encryption, change)
        for algorithm in ALGORITHMS
        for encryption in ("A128GCM", "A128CBC-HS256")
        for change in CHANGES
        # Where there is none to take away.
        if not (algorithm in DIRECTLY and change == "no encrypted key")
    ],
)
def test_failures_are_told_alike(algorithm: str, encryption: str, change: str) -> None:
    """No oracle: key, padding, tag, lengths, it is always the same (RFC 7516 11.5)."""
    token = by_joserfc({"alg": algorithm, "enc": encryption}, jwk_for(algorithm, encryption))
    registered = decryption(algorithm, encryption)
    assert decrypt_jwe(token, registered) == NESTED
    assert refusal(CHANGES[change](token), registered) == UNIFORM


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_other_key_is_told_alike(algorithm: str) -> None:
    """Neither is it told that the key is another one."""
    token = by_joserfc({"alg": algorithm, "enc": "A128GCM"}, jwk_for(algorithm, "A128GCM"))
    assert refusal(token, decryption(algorithm, "A128GCM", number=1)) == UNIFORM


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_changed_header_is_told_alike(algorithm: str) -> None:
    """The header is authenticated, all of it."""
    token = by_joserfc({"alg": algorithm, "enc": "A128GCM"}, jwk_for(algorithm, "A128GCM"))
    header = json.loads(decode_text(token.partition(".")[0]) or b"")
    other = _replace(0, b64(json.dumps({**header, "typ": "JWT"}).encode()))(token)
    assert refusal(other, decryption(algorithm, "A128GCM")) == UNIFORM


def test_wrapped_key_of_another_length_is_told_alike() -> None:
    """The key for the content has the length of the ``enc`` (RFC 7516 5.2)."""
    key = jwk_for("A128KW", "A128GCM")
    wrapped = aes_key_wrap(bytes([1]) * 16, b"k" * 32)
    token = seal({"alg": "A128KW", "enc": "A128GCM"}, b"k" * 32, encrypted_key=wrapped)
    registered = Decryption((load_decryption_key(key),), "A128KW", "A128GCM")
    assert refusal(token, registered) == UNIFORM


def test_wrong_padding_is_told_alike() -> None:
    """Also when the tag is right (RFC 7518 5.2.2.2)."""
    cek = bytes([1]) * 32
    header, iv = b64(b'{"alg":"dir","enc":"A128CBC-HS256"}'), b"i" * 16
    encryptor = Cipher(AES(cek[16:]), CBC(iv)).encryptor()
    sealed = encryptor.update(b"sixteen bytes \0\0") + encryptor.finalize()
    signed = header.encode() + iv + sealed + (8 * len(header)).to_bytes(8, "big")
    tag = hmac.digest(cek[:16], signed, "sha256")[:16]
    token = ".".join([header, "", b64(iv), b64(sealed), b64(tag)])
    assert refusal(token, decryption("dir", "A128CBC-HS256")) == UNIFORM


def test_content_that_is_no_text_is_told_alike() -> None:
    """Nothing of it gets into the error."""
    key = jwk_for("dir", "A128GCM")
    token = by_joserfc({"alg": "dir", "enc": "A128GCM"}, key, b"secret\xff")
    assert refusal(token, decryption("dir", "A128GCM")) == UNIFORM


@pytest.mark.parametrize(("iv_size", "accepted"), [(12, True), (11, False), (16, False)])
def test_wrapping_by_gcm_takes_96_bits(iv_size: int, accepted: bool) -> None:
    """``iv`` is of 96 bits, even if another one would do (RFC 7518 4.7.1.1)."""
    iv, cek = b"i" * iv_size, b"c" * 16
    wrapped = AESGCM(bytes([1]) * 16).encrypt(iv, cek, None)
    header = {"alg": "A128GCMKW", "enc": "A128GCM", "iv": b64(iv), "tag": b64(wrapped[-16:])}
    token = seal(header, cek, encrypted_key=wrapped[:-16])
    registered = decryption("A128GCMKW", "A128GCM")
    if accepted:
        assert decrypt_jwe(token, registered) == NESTED
    else:
        assert refusal(token, registered) == UNIFORM


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[
            (name, value)
            for name in ("iv", "tag")
            for value in (None, 1, "", "!", "AAAA", ["AAAA"])
        ],
        ("tag", b64(b"t" * 15)),
        ("tag", b64(b"t" * 17)),
    ],
)
def test_wrapping_by_gcm_has_its_parameters(name: str, value: object) -> None:
    """``iv`` and ``tag`` are there and of their lengths (RFC 7518 4.7.1)."""
    header = {"alg": "A128GCMKW", "enc": "A128GCM", "iv": b64(b"i" * 12), "tag": b64(b"t" * 16)}
    token = seal({**header, name: value}, KEY, encrypted_key=b"k" * 16)
    assert refusal(token, decryption("A128GCMKW", "A128GCM")) == UNIFORM


RECIPIENT = curve_key("P-256", 0)
EPHEMERAL = ec.generate_private_key(ec.SECP256R1())
AGREED = decryption("ECDH-ES", "A128GCM")


def test_agreement_made_by_hand_is_right() -> None:
    """What the refusals below change is accepted as it is."""
    assert (
        decrypt_jwe(by_agreement(public(jwk_of(EPHEMERAL)), EPHEMERAL, RECIPIENT), AGREED) == NESTED
    )


def test_ephemeral_key_is_public() -> None:
    """``epk`` has public parameters only (RFC 7518 4.6.1.1)."""
    assert refusal(by_agreement(jwk_of(EPHEMERAL), EPHEMERAL, RECIPIENT), AGREED) == UNIFORM


def test_ephemeral_key_has_whole_coordinates() -> None:
    """Leading zeros are not left out (RFC 7518 6.2.1.2)."""
    while True:
        ephemeral = ec.generate_private_key(ec.SECP256R1())
        x = ephemeral.public_key().public_numbers().x
        if x >> 248 == 0:
            break
    whole = public(jwk_of(ephemeral))
    assert decrypt_jwe(by_agreement(whole, ephemeral, RECIPIENT), AGREED) == NESTED
    short = {**whole, "x": b64(x.to_bytes(31, "big"))}
    assert refusal(by_agreement(short, ephemeral, RECIPIENT), AGREED) == UNIFORM


ON_CURVE = public(jwk_of(EPHEMERAL))


@pytest.mark.parametrize(
    "epk",
    [
        None,
        "text",
        [],
        {},
        {**ON_CURVE, "y": ON_CURVE["x"]},
        {**ON_CURVE, "x": b64(bytes(32)), "y": b64(bytes(32))},
        {**ON_CURVE, "crv": "secp256k1"},
        {**ON_CURVE, "crv": "P-384"},
        {**ON_CURVE, "crv": ["P-256"]},
        {**ON_CURVE, "kty": "OKP"},
        {**ON_CURVE, "kty": "RSA"},
        {**ON_CURVE, "x": 1},
        {**ON_CURVE, "x": None},
        {**ON_CURVE, "y": str(ON_CURVE["y"]) + "="},
        public(jwk_of(curve_key("P-384"))),
        public(jwk_of(curve_key("X25519"))),
        {"kty": "oct", "k": b64(KEY)},
    ],
)  # fmt: skip
def test_ephemeral_key_is_a_point_of_the_curve(epk: Members) -> None:
    """Invalid curve attacks end here (RFC 7518 4.6.1.1; RFC 8725 3.4)."""
    assert refusal(by_agreement(epk, EPHEMERAL, RECIPIENT), AGREED) == UNIFORM


def test_low_order_point_is_refused() -> None:
    """A shared secret of zeros is none (RFC 7748 6.1; RFC 8725 3.4)."""
    epk = {"kty": "OKP", "crv": "X25519", "x": b64(bytes(32))}
    token = seal({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}, agreed(bytes(32)))
    assert refusal(token, decryption("ECDH-ES", "A128GCM", "X25519")) == UNIFORM


@pytest.mark.parametrize(
    ("apu", "accepted"),
    [("QWxpY2U", True), ("QWxpY2U=", False), ("QWxpY2V", False), ("QWxp\nY2U", False)],
)
def test_parties_have_one_form(apu: str, accepted: bool) -> None:
    """What a lenient reader takes for Alice is refused (RFC 7518 4.6.1.2)."""
    token = by_agreement(ON_CURVE, EPHEMERAL, RECIPIENT, apu, b"Alice")
    if accepted:
        assert decrypt_jwe(token, AGREED) == NESTED
    else:
        assert refusal(token, AGREED) == UNIFORM


@pytest.mark.parametrize("name", ["apu", "apv"])
@pytest.mark.parametrize("value", [1, None, "!", "AAA=", ["QWxpY2U"]])
def test_parties_are_base64url(name: str, value: object) -> None:
    """``apu`` and ``apv`` are texts of that form (RFC 7518 4.6.1.2, 4.6.1.3)."""
    token = seal({"alg": "ECDH-ES", "enc": "A128GCM", "epk": ON_CURVE, name: value}, KEY)
    assert refusal(token, AGREED) == UNIFORM
