"""JWK sets: what is taken from them, and which key is chosen (RFC 7517 5, Core 10.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.oidc.minting import SECRET, b64, key_for, private_jwk, public_jwk, rsa_key
from typedoauth.errors import InvalidSignatureError, MalformedResponseError, UnknownKeyError
from typedoauth.oidc import JWKSet, parse_jwk_set, read_jwk_set

FIRST, SECOND = rsa_key(), rsa_key(number=1)
OCT = {"kty": "oct", "k": b64(SECRET.encode()), "kid": "s"}


def of(*keys: object) -> JWKSet:
    """A set of keys."""
    return read_jwk_set({"keys": list(keys)})


def test_set_key_chosen_by_kid() -> None:
    """``kid`` says which (RFC 7515 4.1.4)."""
    keys = of(public_jwk(FIRST, kid="a"), public_jwk(SECOND, kid="b"))
    assert keys.choose("RS256", "b") is keys.keys[1]


def test_set_without_kid_one_suitable_key_chosen() -> None:
    """Without ``kid``, the only key for the algorithm is it (Core 10.1)."""
    keys = of(public_jwk(FIRST, kid="a"), public_jwk(key_for("ES256"), kid="b"))
    assert keys.choose("ES256") is keys.keys[1]
    assert keys.choose("PS512") is keys.keys[0]


def test_set_without_kid_algorithm_of_jwk_decides() -> None:
    """Two RSA keys, each for one algorithm, are told apart by it."""
    keys = of(public_jwk(FIRST, alg="RS256"), public_jwk(SECOND, alg="RS512"))
    assert keys.choose("RS512") is keys.keys[1]


def test_set_without_kid_several_suitable_keys_refused() -> None:
    """No key is guessed; trying the next one could not be told from a forgery."""
    keys = of(public_jwk(FIRST, kid="a"), public_jwk(SECOND, kid="b"))
    with pytest.raises(InvalidSignatureError, match=r"several keys .* has no kid") as caught:
        keys.choose("RS256")
    assert not isinstance(caught.value, UnknownKeyError)


def test_set_two_keys_of_one_kid_refused() -> None:
    """The same ``kid`` for two keys of one type (RFC 7517 4.5)."""
    keys = of(public_jwk(FIRST, kid="a"), public_jwk(SECOND, kid="a"))
    with pytest.raises(InvalidSignatureError, match="several keys"):
        keys.choose("RS256", "a")


def test_set_one_kid_for_two_types_told_apart() -> None:
    """The same ``kid`` for keys of different types is allowed (RFC 7517 4.5)."""
    keys = of(public_jwk(FIRST, kid="a"), public_jwk(key_for("ES256"), kid="a"))
    assert keys.choose("ES256", "a") is keys.keys[1]


@pytest.mark.parametrize(
    ("algorithm", "kid"), [("RS256", "b"), ("ES256", "a"), ("RS512", "a"), ("ES256", None)]
)
def test_set_without_fitting_key_unknown(algorithm: str, kid: str | None) -> None:
    """An unknown ``kid``, or a key for another algorithm: the set may be out of date."""
    with pytest.raises(UnknownKeyError, match=f"no usable key for this {algorithm}"):
        of(public_jwk(FIRST, kid="a", alg="RS256")).choose(algorithm, kid)


def test_set_with_kid_ignores_keys_without() -> None:
    """A token that names its key is not verified by a nameless one."""
    with pytest.raises(UnknownKeyError):
        of(public_jwk(FIRST)).choose("RS256", "a")


def test_set_empty_unknown() -> None:
    """An empty set is a set without the key."""
    with pytest.raises(UnknownKeyError):
        of().choose("RS256")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (OCT, "key 's': a published secret is none"),
        (private_jwk(FIRST, kid="p"), "key 'p': its private part is public"),
        # Building this one would look for prime numbers that are not there.
        ({**public_jwk(FIRST, kid="d"), "d": "AQAB"}, "key 'd': its private part is public"),
        (public_jwk(FIRST, kid="o", key_ops=["sign"]), "key 'o': its key_ops do not list 'verify'"),
        (public_jwk(FIRST, use="enc"), "key 2: its use is not 'sig'"),
        ({"kty": "x", "kid": ""}, "key 2: its kty is not RSA, EC, OKP or oct"),
        ("text", "key 2: it is no JSON object"),
        (None, "key 2: it is no JSON object"),
        ({}, "key 2: its kty is not RSA, EC, OKP or oct"),
        ({"kty": "AKP", "alg": "ML-DSA-44"}, "key 2: its kty is not RSA, EC, OKP or oct"),
    ],
)
def test_set_unusable_key_left_out(entry: object, why: str) -> None:
    """What cannot be used is left out, named, and the others work (RFC 7517 5)."""
    keys = of(public_jwk(SECOND, kid="a"), entry)
    assert keys.refused == (why,)
    assert keys.choose("RS256", "a") is keys.keys[0]


def test_set_unknown_key_message_says_what_was_left_out() -> None:
    """Who looks for the key learns that it is there, and why it does not count."""
    keys = of(public_jwk(rsa_key(1024), kid="weak"))
    with pytest.raises(UnknownKeyError, match="left out: key 'weak': RSA with 1024 bits"):
        keys.choose("RS256", "weak")


def test_set_unknown_key_message_is_bounded() -> None:
    """Three reasons are enough, and a name is cut."""
    keys = of(*({"kty": "x", "kid": f"{one}" * 200} for one in range(9)))
    with pytest.raises(UnknownKeyError) as caught:
        keys.choose("RS256", "y" * 5000)
    assert caught.value.description.count("its kty") == 3
    assert len(caught.value.description) < 600


NO_SETS: list[dict[str, object]] = [
    {},
    {"keys": None},
    {"keys": {}},
    {"keys": "RSA"},
    {"keys": ["RSA"] * 201},
    public_jwk(FIRST),
]


@pytest.mark.parametrize("document", NO_SETS)
def test_set_not_a_set_refused(document: Mapping[str, object]) -> None:
    """``keys`` is a list, and not endless (RFC 7517 5.1)."""
    with pytest.raises(MalformedResponseError):
        read_jwk_set(document)


def test_set_at_the_limits_accepted() -> None:
    """Two hundred keys; half a megabyte."""
    assert len(of(*["RSA"] * 200).refused) == 200
    assert parse_jwk_set(b'{"keys":[]}'.ljust(1 << 19)).keys == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"keys":[],"keys":[]}',
        b'{"keys":[{"kty":"RSA","kty":"oct"}]}',
        b'{"keys":[]}' + b" " * (1 << 19),
        b'{"keys":' + b"[" * 100_000,
    ],
)
def test_parse_set_broken_document_refused(content: bytes) -> None:
    """Not strict JSON, members twice, too large, too deep."""
    with pytest.raises(MalformedResponseError):
        parse_jwk_set(content)


def test_parse_set_reads_document() -> None:
    """The document as a server sends it."""
    content = json.dumps({"keys": [public_jwk(FIRST, kid="a")], "extra": 1}).encode()
    assert [key.kid for key in parse_jwk_set(content).keys] == ["a"]


def test_set_repr_counts() -> None:
    """The set does not print its keys."""
    assert repr(of(public_jwk(FIRST), OCT)) == "<JWKSet of 1 keys>"


def test_set_strange_kid_is_made_printable() -> None:
    """A server's words do not break a log line."""
    (why,) = of({**public_jwk(FIRST), "use": "enc", "kid": "a\nb" + "c" * 200}).refused
    assert "\n" not in why
    assert len(why) < 120
