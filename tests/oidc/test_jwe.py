"""What a client decrypts, and what it refuses (RFC 7516, RFC 8725)."""

from __future__ import annotations

import json

import pytest

from tests.oidc.jwe_tokens import (
    ALGORITHMS,
    NESTED,
    UNIFORM,
    Members,
    by_joserfc,
    decryption,
    jwk_for,
    refusal,
    seal,
)
from tests.oidc.minting import b64, mint
from typedoauth.errors import ConfigurationError
from typedoauth.oidc import Decryption, decrypt_jwe, load_decryption_key

KEY = b"sixteen bytes -k"
HEADER = {"alg": "dir", "enc": "A128GCM"}
DIRECT = Decryption((load_decryption_key({"kty": "oct", "k": b64(KEY)}),), "dir", "A128GCM")


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
    assert said in refusal(seal({**HEADER, **named}, KEY), DIRECT)


@pytest.mark.parametrize("missing", ["alg", "enc"])
def test_algorithms_are_named(missing: str) -> None:
    """Both are required (RFC 7516 4.1.1, 4.1.2)."""
    header = {name: value for name, value in HEADER.items() if name != missing}
    assert "nothing" in refusal(seal(header, KEY), DIRECT)


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
    assert f"has '{next(iter(more))}', which is refused" in refusal(
        seal({**HEADER, **more}, KEY), DIRECT
    )


def test_compression_is_not_undone() -> None:
    """A small token cannot become a large text (RFC 7516 4.1.3)."""
    token = by_joserfc({**HEADER, "zip": "DEF"}, {"kty": "oct", "k": b64(KEY)}, "x" * 50_000)
    assert len(token) < 500
    assert "has 'zip'" in refusal(token, DIRECT)


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
    assert said in refusal(seal(header, KEY), DIRECT)


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
    assert said in refusal(token, DIRECT)


def test_last_character_has_no_spare_bits() -> None:
    """One text for each value (RFC 4648 3.5)."""
    token = seal(HEADER, KEY)
    assert token[-1] in "AQgw"
    assert "is not base64url" in refusal(token[:-1] + chr(ord(token[-1]) + 1), DIRECT)


def test_longest_token_fits() -> None:
    """A nested token of the greatest length is decrypted."""
    assert len(decrypt_jwe(seal(HEADER, KEY, b"x" * (1 << 17)), DIRECT)) == 1 << 17


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
