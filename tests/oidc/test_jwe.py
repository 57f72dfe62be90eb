"""What a client decrypts, and what it refuses (RFC 7516, RFC 8725)."""

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
    Members,
    agreed,
    by_agreement,
    by_joserfc,
    curve_key,
    decryption,
    jwk_for,
    jwk_of,
    public,
    seal,
)
from tests.oidc.minting import b64, mint
from typedoauth.errors import ConfigurationError, IdTokenError
from typedoauth.oidc import Decryption, decrypt_jwe, load_decryption_key
from typedoauth.oidc._base64url import decode_text

KEY = b"sixteen bytes -k"
HEADER = {"alg": "dir", "enc": "A128GCM"}
DIRECT = Decryption((load_decryption_key({"kty": "oct", "k": b64(KEY)}),), "dir", "A128GCM")
UNIFORM = (
    "invalid_id_token: the JWE cannot be decrypted: it was made for another key, or changed "
    "on the way"
)


def refusal(token: str, registered: Decryption = DIRECT) -> str:
    """What the refusal says; nothing else is attached to it."""
    with pytest.raises(IdTokenError) as caught:
        decrypt_jwe(token, registered)
    assert type(caught.value) is IdTokenError
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_nested_token_is_given_back() -> None:
    """A JWS comes out as it went in: it is still to be verified (RFC 7519 5.2, 7.2)."""
    token = mint({"sub": "248289761001"})
    assert decrypt_jwe(seal({**HEADER, "cty": "JWT"}, KEY, token.encode()), DIRECT) == token


def test_content_need_not_be_a_token() -> None:
    """A UserInfo response may be encrypted only (OpenID Connect Core 5.3.2)."""
    assert (
        decrypt_jwe(seal(HEADER, KEY, '{"name":"Jürgen"}'.encode()), DIRECT) == '{"name":"Jürgen"}'
    )


@pytest.mark.parametrize(
    "more",
    [{"typ": "JWT"}, {"cty": "JWT"}, {"kid": "any"}, {"iss": "https://op.example"}, {"x": [1]}],
)
def test_other_parameters_are_let_be(more: Members) -> None:
    """Parameters that are not understood are ignored (RFC 7516 4; RFC 7519 5.3)."""
    assert decrypt_jwe(seal({**HEADER, **more}, KEY), DIRECT) == NESTED


def test_header_as_sent_is_what_counts() -> None:
    """Spaces and order of the header are the sender's (RFC 7516 5.2)."""
    assert decrypt_jwe(seal(b'{ "enc":"A128GCM" ,\n"alg" : "d\\u0069r"}', KEY), DIRECT) == NESTED


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"alg": "A128KW"}, "encrypted by 'A128KW' and 'A128GCM'; registered are dir and A128GCM"),
        ({"enc": "A256GCM"}, "encrypted by 'dir' and 'A256GCM'"),
        ({"alg": "RSA1_5"}, "encrypted by 'RSA1_5'"),
        ({"alg": "PBES2-HS256+A128KW"}, "encrypted by 'PBES2-HS256+A128KW'"),
        ({"alg": "DIR"}, "encrypted by 'DIR'"),
        ({"alg": ["dir"]}, "encrypted by nothing"),
        ({"enc": None}, "and nothing;"),
        ({"alg": "none\u202e" + "x" * 100}, f"encrypted by 'none {'x' * 35}' and"),
    ],
)  # fmt: skip
def test_algorithms_are_those_registered(named: Members, said: str) -> None:
    """Never what the token chooses (RFC 8725 3.1, 3.2)."""
    assert said in refusal(seal({**HEADER, **named}, KEY))


@pytest.mark.parametrize("missing", ["alg", "enc"])
def test_algorithms_are_named(missing: str) -> None:
    """Both are required (RFC 7516 4.1.1, 4.1.2)."""
    header = {name: value for name, value in HEADER.items() if name != missing}
    assert "nothing" in refusal(seal(header, KEY))


@pytest.mark.parametrize(
    "more",
    [
        {"zip": "DEF"},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"jwk": {"kty": "oct", "k": b64(KEY)}},
        {"jku": "https://op.example/jwks"},
        {"x5u": "https://op.example/x5u"},
        {"x5c": ["MIIB"]},
        {"zip": None},
    ],
)  # fmt: skip
def test_header_brings_no_keys_and_rules(more: Members) -> None:
    """Compression, extensions and keys from the token are refused (RFC 8725 3.6, 3.10)."""
    assert f"has '{next(iter(more))}', which is refused" in refusal(seal({**HEADER, **more}, KEY))


def test_compression_is_not_undone() -> None:
    """A small token cannot become a large text (RFC 7516 4.1.3)."""
    token = by_joserfc({**HEADER, "zip": "DEF"}, {"kty": "oct", "k": b64(KEY)}, "x" * 50_000)
    assert len(token) < 500
    assert "has 'zip'" in refusal(token)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"", "its header is not base64url"),
        (b"x", "not a valid JSON document"),
        (b"[]", "not an object"),
        (b'{"alg":"dir","enc":"A128GCM","alg":"dir"}', "not a valid JSON document"),
        (b'{"alg":"dir","enc":"A128GCM","x":NaN}', "not a valid JSON document"),
        (b'{"alg":"dir","enc":"A128GCM","kid":1}', "kid, typ or cty"),
        (b'{"alg":"dir","enc":"A128GCM","typ":{}}', "kid, typ or cty"),
        (b'{"alg":"dir","enc":"A128GCM","cty":true}', "kid, typ or cty"),
        ("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}".encode("utf-16"), "not a valid JSON document"),
        (b'{"alg":"dir","enc":"A128GCM"}' + b" " * 3100, "no JWE"),
        (b"[" * 3000, "not a valid JSON document"),
    ],
)  # fmt: skip
def test_header_is_strict_json(header: bytes, said: str) -> None:
    """One object, each member once, of the type it is to have (RFC 7516 5.2)."""
    assert said in refusal(seal(header, KEY))


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "five parts"),
        ("a.b.c.d", "five parts"),
        ("a.b.c.d.e.f", "five parts"),
        (mint({}), "a signed token (JWS) that is not encrypted"),
        (json.dumps({"protected": b64(b"{}")}), "five parts"),
        (seal(HEADER, KEY) + "=", "a part of the JWE is not base64url"),
        (seal(HEADER, KEY) + "\n", "a part of the JWE is not base64url"),
        (" " + seal(HEADER, KEY), "its header is not base64url"),
        (seal(HEADER, KEY).replace(".", ".*", 3), "a part of the JWE is not base64url"),
        (seal(HEADER, KEY) + "\udc80", "a part of the JWE is not base64url"),
        (seal(HEADER, KEY, iv=b"twelve /////").replace("Ly8v", "////"), "is not base64url"),
        (seal(HEADER, KEY, b"x" * 200_000), "longer than"),
    ],
)  # fmt: skip
def test_form_is_exact(token: str, said: str) -> None:
    """Five parts of base64url, and not too many (RFC 7516 7.1)."""
    assert said in refusal(token)


def test_last_character_has_no_spare_bits() -> None:
    """One text for each value (RFC 4648 3.5)."""
    token = seal(HEADER, KEY)
    assert token[-1] in "AQgw"
    assert "is not base64url" in refusal(token[:-1] + chr(ord(token[-1]) + 1))


def test_longest_token_fits() -> None:
    """A nested token of the greatest length is decrypted."""
    assert len(decrypt_jwe(seal(HEADER, KEY, b"x" * (1 << 17)), DIRECT)) == 1 << 17


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
    assert refusal(seal(HEADER, KEY, b"secret\xff")) == UNIFORM


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


@pytest.mark.parametrize("name", ["apu", "apv"])
@pytest.mark.parametrize("value", [1, None, "!", "AAA=", ["QWxpY2U"]])
def test_parties_are_base64url(name: str, value: object) -> None:
    """``apu`` and ``apv`` have their form (RFC 7518 4.6.1.2, 4.6.1.3)."""
    token = seal({"alg": "ECDH-ES", "enc": "A128GCM", "epk": ON_CURVE, name: value}, KEY)
    assert refusal(token, AGREED) == UNIFORM


FIRST = jwk_for("RSA-OAEP", "A128GCM")
SECOND = jwk_for("RSA-OAEP", "A128GCM", number=1)


def keys(*members: Members) -> Decryption:
    """Several keys of one client."""
    return Decryption(tuple(map(load_decryption_key, members)), "RSA-OAEP", "A128GCM")


def made_for(key: Members, kid: str | None = None) -> str:
    """A token for a key, which names it or does not."""
    named = {} if kid is None else {"kid": kid}
    return by_joserfc({"alg": "RSA-OAEP", "enc": "A128GCM", **named}, key)


@pytest.mark.parametrize(
    ("token", "registered"),
    [
        (made_for(SECOND, "two"), keys({**FIRST, "kid": "one"}, {**SECOND, "kid": "two"})),
        (made_for(FIRST, "one"), keys({**FIRST, "kid": "one"}, {**SECOND, "kid": "two"})),
        # Two keys with one kid, and a client whose keys have none.
        (made_for(SECOND, "one"), keys({**FIRST, "kid": "one"}, {**SECOND, "kid": "one"})),
        (made_for(SECOND, "two"), keys(FIRST, SECOND)),
        (made_for(SECOND, "two"), keys({**FIRST, "kid": "one"}, SECOND)),
        # A provider that names none, while one key replaces another.
        (made_for(SECOND), keys({**FIRST, "kid": "one"}, {**SECOND, "kid": "two"})),
        (made_for(FIRST), keys({**FIRST, "kid": "one"}, {**SECOND, "kid": "two"})),
    ],
)
def test_key_is_chosen_by_kid(token: str, registered: Decryption) -> None:
    """``kid`` chooses, where both sides have it (RFC 7516 4.1.6)."""
    assert decrypt_jwe(token, registered) == NESTED


def test_named_key_is_the_only_one_tried() -> None:
    """A token for one key under the name of another is not decrypted."""
    registered = keys({**FIRST, "kid": "one"}, {**SECOND, "kid": "two"})
    assert refusal(made_for(SECOND, "one"), registered) == UNIFORM


def test_unknown_kid_is_named() -> None:
    """A key that the client does not have is no failure of decryption."""
    said = refusal(made_for(FIRST, "zero\u202e"), keys({**FIRST, "kid": "one"}))
    assert "encrypted for the key 'zero', which the client does not have" in said


def test_keys_for_other_algorithms_are_left_alone() -> None:
    """One list of keys serves ID Tokens and UserInfo responses."""
    several = tuple(
        load_decryption_key(one)
        for one in (
            {**SECOND, "alg": "RSA-OAEP-256"},
            jwk_for("ECDH-ES", "A128GCM"),
            jwk_for("dir", "A128GCM"),
            FIRST,
        )
    )
    registered = Decryption(several, "RSA-OAEP", "A128GCM")
    assert decrypt_jwe(made_for(FIRST), registered) == NESTED
    assert registered.candidates(None) == [several[-1]]


def test_encryption_has_the_registered_default() -> None:
    """A128CBC-HS256, unless ``..._enc`` says another (Registration 2)."""
    key = load_decryption_key(FIRST)
    assert Decryption((key,), "RSA-OAEP").encryption == "A128CBC-HS256"


@pytest.mark.parametrize(
    ("algorithm", "encryption", "said"),
    [
        ("RSA1_5", "A128GCM", "RSA1_5 is not supported: .* padding errors"),
        ("PBES2-HS256+A128KW", "A128GCM", "PBES2-HS256.A128KW is not supported: .* passwords"),
        ("PBES2-HS512+A256KW", "A128GCM", "PBES2-HS512.A256KW is not supported"),
        ("none", "A128GCM", "the alg of encrypted tokens: 'none' is unknown"),
        ("RS256", "A128GCM", "the alg of encrypted tokens: 'RS256' is unknown"),
        ("RSA-OAEP", "A512GCM", "the enc of encrypted tokens: 'A512GCM' is unknown"),
        ("RSA-OAEP", "RSA-OAEP", "the enc of encrypted tokens: 'RSA-OAEP' is unknown"),
        ("ECDH-ES", "A128GCM", "no decryption key is for ECDH-ES with A128GCM"),
        ("dir", "A128GCM", "no decryption key is for dir with A128GCM"),
    ],
)
def test_registration_is_checked_when_it_is_made(
    algorithm: str, encryption: str, said: str
) -> None:
    """What is not supported, or has no key, is a mistake that is found early."""
    with pytest.raises(ConfigurationError, match=said):
        Decryption((load_decryption_key(FIRST),), algorithm, encryption)


def test_no_keys_are_a_mistake() -> None:
    """At least one key is needed."""
    with pytest.raises(ConfigurationError, match="or none was given"):
        Decryption((), "RSA-OAEP")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_repr_holds_no_key(algorithm: str) -> None:
    """Neither the private part nor the shared one is shown."""
    members = jwk_for(algorithm, "A128GCM")
    shown = repr(decryption(algorithm, "A128GCM"))
    assert algorithm in shown
    assert str(members.get("d") or members["k"]) not in shown
    assert "private" not in shown
    assert repr(bytes([1]) * 16)[2:-1] not in shown
