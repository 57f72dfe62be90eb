"""Expected of faulty keys and JWK sets, at a login and at a back-channel logout."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import PAUSE, Case, Way, accept, again, reject, table
from typedoauth.errors import (
    InvalidSignatureError,
    MalformedResponseError,
    OAuthError,
    ResponseTooLargeError,
    UnknownKeyError,
)


def _unread(name: str, error: type[OAuthError] = MalformedResponseError, peer: str = "") -> Case:
    """The set is refused, and not kept."""
    return reject(name, error, peer=peer)


_FAMILIAR: Final = "a familiar kid is no reason to fetch anew (Core 10.1.1)"

_JWKS: Final = table(
    Way.LOGIN,
    "jwks",
    _unread("status_500"),
    _unread("redirect_302"),
    _unread("empty"),
    _unread("not_json"),
    _unread("not_object"),
    _unread("html"),
    _unread("utf_16"),
    accept("bom", "a parser may ignore it (RFC 8259 8.1)"),
    _unread("deep"),
    _unread("huge", ResponseTooLargeError),
    _unread("status_404"),
    accept("called_jwk_set", "that is its media type"),
    _unread("keys_missing"),
    _unread("keys_null"),
    _unread("keys_object"),
    _unread("keys_empty", peer="every login fails until a restart"),
    _unread("keys_not_objects"),
    _unread("keys_twice"),
    _unread("keys_500"),
    reject("only_other_keys", UnknownKeyError, heals=PAUSE),
    reject("other_key_same_kid", InvalidSignatureError, None, _FAMILIAR, heals=PAUSE),
    reject("duplicate_kid", InvalidSignatureError, None, _FAMILIAR, heals=PAUSE),
    reject("kid_missing", UnknownKeyError, None, "the token names one", heals=PAUSE),
    _unread("kid_number"),
    accept("use_missing", "it is optional (RFC 7517 4.2)"),
    _unread("use_enc"),
    _unread("key_ops_encrypt"),
    accept("alg_missing", "it is optional (RFC 7517 4.4)"),
    reject("alg_other", UnknownKeyError, heals=PAUSE),
    _unread("alg_none"),
    _unread("kty_missing"),
    _unread("kty_oct"),
    _unread("private_key"),
    _unread("rsa_even_exponent"),
    _unread("rsa_exponent_1"),
    _unread("rsa_modulus_short"),
    _unread("rsa_modulus_missing"),
    _unread("rsa_modulus_padded"),
    reject("point_not_on_curve", UnknownKeyError, client="elliptic", heals=PAUSE),
    accept("secret_beside", "a published secret counts for nothing; the right key signs"),
    accept("unknown_key_beside", "keys that are not understood are ignored (RFC 7517 5)"),
    accept("broken_key_beside", "keys that are not understood are ignored (RFC 7517 5)"),
    accept("encryption_key_beside", "it is not looked at for signatures (RFC 7517 4.2)"),
)

_KEYS: Final = table(Way.LOGIN, "keys", _unread("rsa_1024", peer="logs in"))

ROWS: Final = (
    *_JWKS,
    *_KEYS,
    *again(Way.BACKCHANNEL, _JWKS),
    *again(Way.BACKCHANNEL, _KEYS),
)
