"""What can be wrong with the JWK set (RFC 7517, OpenID Connect Core 10.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from typedoauth.testing.faults.edits import (
    BROKEN_BODIES,
    Answer,
    Edit,
    Row,
    answer_faults,
    changed,
    doubled,
    members,
    replaced,
    status,
    text,
    typed,
    without,
)
from typedoauth.testing.faults.kinds import Fault
from typedoauth.testing.faults.signing import PUBLISHED, attacker_key
from typedoauth.testing.jws import b64
from typedoauth.testing.keys import public_jwk

__all__ = ["FAULTS"]

_Keys: TypeAlias = list[Mapping[str, object]]

_OCT: Final[Mapping[str, object]] = {"kty": "oct", "kid": "secret", "k": b64(PUBLISHED)}
_UNKNOWN: Final[Mapping[str, object]] = {"kty": "LATTICE", "kid": "new", "alg": "ML-DSA-65"}
_BROKEN: Final[Mapping[str, object]] = {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"}


def _keys(change: Callable[[_Keys], list[object]]) -> Answer:
    def edit(found: Mapping[str, object]) -> Mapping[str, object]:
        return {**found, "keys": change(cast("_Keys", found["keys"]))}  # the provider's own

    return members(edit)


def _each(edit: Edit) -> Answer:
    return _keys(lambda keys: [edit(key) for key in keys])


def _beside(*others: Mapping[str, object]) -> Answer:
    return _keys(lambda keys: [*others, *keys])


def _of_others(**members_of_each: object) -> dict[str, object]:
    return public_jwk(attacker_key().public_key(), **members_of_each)


def _moved_point(key: Mapping[str, object]) -> Mapping[str, object]:
    return {**key, "y": key["x"]} if key["kty"] == "EC" else key


_ROWS: Final[tuple[Row, ...]] = (
    ("status_404", "RFC 9110 15.5.5", "status 404, with the right body", status(404)),
    ("called_jwk_set", "RFC 7517 8.5.2", "its own media type", typed("application/jwk-set+json")),
    ("keys_missing", "RFC 7517 5.1", "no keys", members(without("keys"))),
    ("keys_null", "RFC 7517 5.1", "keys is null", members(replaced("keys", None))),
    ("keys_object", "RFC 7517 5.1", "keys is an object", members(replaced("keys", {}))),
    ("keys_empty", "RFC 7517 5.1", "not a single key", _keys(lambda _: [])),
    ("keys_not_objects", "RFC 7517 5", "keys that are none", _keys(lambda _: [1, "x", None, []])),
    ("keys_twice", "RFC 8259 4", "keys twice", text(doubled("keys", []))),
    (
        "keys_500",
        "RFC 7517 5",
        "500 keys before the right one",
        _keys(lambda keys: [*(_of_others(kid=f"k{i}", use="sig") for i in range(500)), *keys]),
    ),
    (
        "only_other_keys",
        "Core 10.1",
        "keys, but not those that sign",
        _keys(lambda _: [_of_others(kid="another", use="sig", alg="RS256")]),
    ),
    (
        "other_key_same_kid",
        "Core 10.1",
        "another key under the right kid",
        _each(lambda key: _of_others(kid=key["kid"], use="sig", alg=key["alg"])),
    ),
    (
        "duplicate_kid",
        "RFC 7517 4.5",
        "two keys under the same kid",
        _keys(lambda keys: [*(_of_others(kid=key["kid"], alg=key["alg"]) for key in keys), *keys]),
    ),
    ("kid_missing", "RFC 7517 4.5", "keys without kid", _each(without("kid"))),
    ("kid_number", "RFC 7517 4.5", "a kid that is a number", _each(replaced("kid", 1))),
    ("use_missing", "RFC 7517 4.2", "keys without use", _each(without("use"))),
    ("use_enc", "RFC 7517 4.2", "keys for encryption only", _each(replaced("use", "enc"))),
    (
        "key_ops_encrypt",
        "RFC 7517 4.3",
        "keys for encryption only, by key_ops",
        _each(lambda key: {**without("use")(key), "key_ops": ["encrypt"]}),
    ),
    ("alg_missing", "RFC 7517 4.4", "keys without alg", _each(without("alg"))),
    ("alg_other", "RFC 7517 4.4", "keys for another algorithm", _each(replaced("alg", "PS512"))),
    ("alg_none", "RFC 7517 4.4", "keys for alg none", _each(replaced("alg", "none"))),
    ("kty_missing", "RFC 7517 4.1", "keys of no type", _each(without("kty"))),
    (
        "kty_oct",
        "RFC 7518 6.4",
        "keys that are secrets",
        _each(lambda key: {**_OCT, "kid": key["kid"]}),
    ),
    ("private_key", "RFC 7517 9.2", "keys with a private part", _each(replaced("d", "AQAB"))),
    ("rsa_even_exponent", "RFC 8017 3.1", "an even exponent", _each(replaced("e", "AQAA"))),
    ("rsa_exponent_1", "RFC 8017 3.1", "the exponent 1", _each(replaced("e", "AQ"))),
    ("rsa_modulus_short", "RFC 7518 3.3", "a modulus of 24 bits", _each(replaced("n", "AQAB"))),
    ("rsa_modulus_missing", "RFC 7518 6.3.1", "no modulus", _each(without("n"))),
    (
        "rsa_modulus_padded",
        "RFC 7518 2",
        "base64url with padding",
        _each(changed("n", lambda n: f"{n}==")),
    ),
    (
        "point_not_on_curve",
        "RFC 8725 3.4",
        "elliptic curve keys that are no points (needs a client with ES256)",
        _each(_moved_point),
    ),
    ("secret_beside", "RFC 7518 6.4", "a secret beside the right keys", _beside(_OCT)),
    (
        "unknown_key_beside",
        "RFC 7517 5",
        "a key of the future beside the right ones",
        _beside(_UNKNOWN),
    ),
    ("broken_key_beside", "RFC 7517 5", "a broken key beside the right ones", _beside(_BROKEN)),
    (
        "encryption_key_beside",
        "RFC 7517 4.2",
        "a key for encryption beside the right ones",
        _beside(_of_others(kid="for-encryption", use="enc", alg="RSA-OAEP-256")),
    ),
)

_PATHS: Final = ("/oauth2/jwks",)

FAULTS: Final[tuple[Fault, ...]] = (
    *answer_faults("jwks", _PATHS, BROKEN_BODIES),
    *answer_faults("jwks", _PATHS, _ROWS),
)
"""The faults of the JWK set."""
