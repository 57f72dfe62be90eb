"""Expected of faulty ID Tokens, of a login and of a refresh."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import Case, Way, accept, again, reject, table
from typedoauth.errors import (
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
    OAuthError,
    ResponseTooLargeError,
    UnknownKeyError,
)


def _claim(name: str, claim: str | None, peer: str = "") -> Case:
    return reject(name, IdTokenError, claim, peer=peer)


def _form(name: str, error: type[OAuthError] = InvalidSignatureError, peer: str = "") -> Case:
    return reject(name, error, peer=peer)


_LOGIN: Final = table(
    Way.LOGIN,
    "id_token",
    _claim("iss_other", "iss"),
    _claim("iss_missing", "iss"),
    _claim("iss_list", "iss"),
    _claim("iss_trailing_slash", "iss"),
    _claim("aud_other", "aud"),
    _claim("aud_other_azp_ours", "aud", peer="logs in"),
    _claim("aud_missing", "aud"),
    _claim("aud_empty_list", "aud", peer="logs in"),
    _claim("aud_number", "aud"),
    _claim("aud_list_with_number", "aud"),
    accept("aud_list", "it is this client alone (Core 2)"),
    _claim("aud_list_with_others", "aud"),
    _claim("aud_list_without_azp", "aud"),
    _claim("aud_part", "aud"),
    _claim("azp_other", "azp"),
    _claim("azp_number", "azp"),
    _claim("exp_past", "exp"),
    accept("exp_just_past", "within the 120 seconds that clocks may differ (clock_skew)"),
    _claim("exp_missing", "exp"),
    _claim("exp_text", "exp"),
    _claim("exp_nan", None),
    _claim("exp_infinite", None),
    _claim("exp_boolean", "exp"),
    _claim("exp_huge", "exp"),
    _claim("iat_future", "iat"),
    _claim("iat_missing", "iat"),
    _claim("iat_text", "iat"),
    _claim("nbf_future", "nbf"),
    _claim("clock_ahead", "iat"),
    _claim("clock_behind", "exp"),
    accept("clock_slightly_ahead", "within the 120 seconds that clocks may differ (clock_skew)"),
    _claim("nonce_wrong", "nonce"),
    _claim("nonce_missing", "nonce"),
    _claim("nonce_number", "nonce"),
    _claim("nonce_empty", "nonce"),
    _claim("sub_missing", "sub"),
    _claim("sub_empty", "sub"),
    _claim("sub_number", "sub"),
    _claim("sub_null", "sub"),
    _claim("sub_too_long", "sub"),
    _claim("at_hash_wrong", "at_hash"),
    _claim("at_hash_number", "at_hash"),
    accept("at_hash_missing", "it is optional in this flow (Core 3.1.3.6)"),
    _claim("c_hash_wrong", "c_hash"),
    accept("auth_time_missing", "it was not asked for"),
    accept("auth_time_old", "nobody asked when the user signed in"),
    _claim("auth_time_text", "auth_time"),
    accept("acr_other", "none was asked for"),
    accept("acr_missing", "none was asked for"),
    _claim("logout_event", "events"),
    accept("unknown_claim", "those that are not understood are ignored (Core 2)"),
    accept("claims_null", "it counts as left out"),
    accept("email_verified_text", "it can be read in one way only"),
    _form("too_long", ResponseTooLargeError),
    _claim("duplicate_claim", None),
    _claim("deep", None),
    _claim("not_json", None),
    _claim("array", None),
    _claim("payload_empty", None),
    _claim("utf_16", None),
    _form("typ_logout_jwt"),
    _form("typ_at_jwt"),
    accept("typ_missing", "it is optional (RFC 7519 5.1)"),
    _form("typ_number"),
    _form("alg_none"),
    _form("alg_none_capitals"),
    _form("two_parts"),
    _form("signature_missing"),
    _form("signature_tampered"),
    _form("signature_short"),
    _form("payload_tampered"),
    _form("other_key"),
    _form("kid_unknown", UnknownKeyError, peer="fetches the JWK set for each"),
    accept("kid_missing", "one key of the set is for RS256 (Core 10.1)"),
    _form("kid_number"),
    _form("kid_path", UnknownKeyError),
    _form("embedded_jwk"),
    _form("jku"),
    _form("x5u"),
    _form("x5c"),
    _form("crit"),
    _form("crit_empty"),
    _form("b64_false"),
    _form("alg_hs256_with_public_key"),
    _form("alg_hs256_with_client_secret"),
    _form("alg_hs256_with_published_secret"),
    accept("alg_es256", "the metadata lists it, and its key is published"),
    accept("alg_ps256", "the metadata lists it, and its key is published"),
    _form("alg_wrong", UnknownKeyError),
    _form("alg_unknown"),
    _form("alg_missing"),
    _form("alg_number"),
    _form("alg_twice"),
    _form("header_deep"),
    _form("header_huge"),
    _form("header_not_json"),
    _form("header_array"),
    _form("extra_part"),
    _form("encrypted"),
    _form("padded"),
    _form("line_break", MalformedResponseError),
    _form("space_inside"),
    _form("not_a_jwt"),
)

_REFRESHED: Final = again(
    Way.REFRESH,
    _LOGIN,
    *table(
        Way.REFRESH,
        "id_token",
        accept("nonce_missing", "there is to be none (Core 12.2)"),
        accept("c_hash_wrong", "a refresh has no code to compare with"),
    ),
)

_ASKED: Final = table(
    Way.LOGIN,
    "id_token",
    reject("auth_time_missing", IdTokenError, "auth_time", asks={"max_age": 300}),
    reject("auth_time_old", IdTokenError, "auth_time", asks={"max_age": 300}),
    reject("acr_other", IdTokenError, "acr", asks={"acr_values": "1"}),
    reject("acr_missing", IdTokenError, "acr", asks={"acr_values": "1"}),
    accept(
        "acr_other",
        "the application has said that it looks itself",
        asks={"acr_values": "1"},
        options={"accept_other_acr": True},
    ),
)

_LOOSENED: Final = table(
    Way.LOGIN,
    "id_token",
    accept(
        "aud_list_with_others",
        "the application trusts the other one",
        options={"trusted_audiences": ["other-client"]},
    ),
    reject(
        "aud_list_without_azp",
        IdTokenError,
        "azp",
        options={"trusted_audiences": ["other-client"]},
    ),
    accept(
        "nonce_missing",
        "the application has given the nonce up",
        options={"accept_missing_nonce": True},
    ),
    reject("nonce_wrong", IdTokenError, "nonce", options={"accept_missing_nonce": True}),
    accept("clock_ahead", "the application allows an hour", options={"clock_skew": 3700}),
    reject("exp_just_past", IdTokenError, "exp", options={"clock_skew": 5}),
    reject("clock_slightly_ahead", IdTokenError, "iat", options={"clock_skew": 5}),
)

_REGISTERED: Final = table(
    Way.LOGIN,
    "id_token",
    reject("alg_es256", InvalidSignatureError, options={"id_token_signed_response_alg": "RS256"}),
    reject("alg_ps256", InvalidSignatureError, options={"id_token_signed_response_alg": "RS256"}),
    reject("alg_none", InvalidSignatureError, client="elliptic"),
    reject("other_key", InvalidSignatureError, client="elliptic"),
    reject("signature_tampered", InvalidSignatureError, client="elliptic"),
)

_WITH_METADATA: Final = table(
    Way.LOGIN,
    "id_token",
    reject(
        "alg_none",
        InvalidSignatureError,
        beside=("discovery_algorithms_none_and_rs256",),
        peer="takes it for signed",
    ),
    reject(
        "alg_hs256_with_published_secret",
        InvalidSignatureError,
        beside=("jwks_secret_beside",),
        peer="logs in",
    ),
)

ROWS: Final = (*_LOGIN, *_REFRESHED, *_ASKED, *_LOOSENED, *_REGISTERED, *_WITH_METADATA)
