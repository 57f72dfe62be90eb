"""Expected of faulty token responses, to a code and to a refresh token."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import Way, accept, again, reject, table
from typedoauth.errors import (
    IdTokenError,
    InvalidGrantError,
    MalformedResponseError,
    ResponseTooLargeError,
    TokenEndpointError,
    UnsupportedTokenTypeError,
)

_TAKEN: Final = "takes it for a token"
_SENT: Final = "sends code, verifier and secret there"

_LOGIN: Final = table(
    Way.LOGIN,
    "token",
    reject("status_500", TokenEndpointError, 500),
    reject("redirect_302", TokenEndpointError, 302),
    reject("empty", MalformedResponseError),
    reject("not_json", MalformedResponseError),
    reject("not_object", MalformedResponseError),
    reject("html", MalformedResponseError),
    reject("utf_16", MalformedResponseError),
    accept("bom", "a parser may ignore it (RFC 8259 8.1)"),
    reject("deep", MalformedResponseError),
    reject("huge", ResponseTooLargeError),
    reject("status_400_with_token", TokenEndpointError, 400, peer=_TAKEN),
    reject("status_401_with_token", TokenEndpointError, 401, peer=_TAKEN),
    reject("status_503_with_token", TokenEndpointError, 503),
    reject("redirect_303", TokenEndpointError, 303),
    reject("redirect_307", TokenEndpointError, 307, peer=_SENT),
    reject("redirect_308", TokenEndpointError, 308, peer=_SENT),
    accept("form_encoded", "older services answer so, and every check is made"),
    accept("called_text", "it is JSON whatever it is called, and every check is made"),
    reject("error_invalid_grant", InvalidGrantError, 400),
    reject("error_invalid_client", TokenEndpointError, 401),
    reject("error_on_200", InvalidGrantError, 200),
    reject("error_beside_token", InvalidGrantError, 200),
    reject("error_object", TokenEndpointError, 400),
    reject("error_null", TokenEndpointError, 400),
    reject("error_html", TokenEndpointError, 400),
    reject("error_control_characters", InvalidGrantError, 400),
    reject("error_quoting_secrets", InvalidGrantError, 400),
    reject("access_token_missing", MalformedResponseError, peer=_TAKEN),
    reject("access_token_null", MalformedResponseError, peer=_TAKEN),
    reject("access_token_number", MalformedResponseError, peer=_TAKEN),
    reject("access_token_empty", MalformedResponseError),
    reject("access_token_list", MalformedResponseError),
    reject("access_token_newline", MalformedResponseError),
    reject("access_token_space", IdTokenError, "at_hash", "the ID Token is for another one"),
    reject("access_token_not_ascii", MalformedResponseError),
    reject("access_token_huge", ResponseTooLargeError),
    reject("access_token_twice", MalformedResponseError),
    accept("token_type_missing", "services leave it out, and the token is sent as Bearer only"),
    accept("token_type_lower_case", "its case does not matter (RFC 6749 5.1)"),
    accept(
        "token_type_mac",
        "who the user is does not hang on it; the token is not used (RFC 6749 7.1)",
        call=UnsupportedTokenTypeError,
    ),
    accept(
        "token_type_dpop",
        "who the user is does not hang on it; the token is not used (RFC 6749 7.1)",
        call=UnsupportedTokenTypeError,
    ),
    reject("token_type_number", UnsupportedTokenTypeError),
    accept("expires_in_missing", "it is only recommended (RFC 6749 5.1)"),
    accept("expires_in_text", "services send it so, and it can be read in one way only"),
    reject("expires_in_words", MalformedResponseError),
    reject("expires_in_negative", MalformedResponseError),
    accept("expires_in_zero", "services mean by it that they do not know"),
    accept("expires_in_float", "the half second is dropped"),
    reject("expires_in_huge", MalformedResponseError),
    reject("expires_in_boolean", MalformedResponseError),
    reject("expires_in_list", MalformedResponseError),
    reject("expires_in_nan", MalformedResponseError),
    accept("expires_at_added", "it is worked out of expires_in"),
    reject("scope_number", MalformedResponseError),
    accept("scope_list", "services send it so, and nothing hangs on it"),
    accept("scope_missing", "it is what was asked for then (RFC 6749 5.1)"),
    reject("refresh_token_number", MalformedResponseError),
    accept("refresh_token_null", "there is none"),
    accept("refresh_token_empty", "there is none"),
    reject("id_token_missing", IdTokenError),
    reject("id_token_null", IdTokenError),
    reject("id_token_number", MalformedResponseError),
    reject("id_token_list", MalformedResponseError),
    reject("id_token_empty", IdTokenError),
    reject("id_token_object", MalformedResponseError),
    accept("userinfo_added", "the claims are those of the ID Token", peer="believes it"),
    accept("unknown_member", "unrecognized ones are ignored (RFC 6749 5.1)"),
)

_NONE_NEEDED: Final = "a refresh need not bring one (Core 12.2); the claims of before stay"

_REFRESH: Final = again(
    Way.REFRESH,
    _LOGIN,
    *table(
        Way.REFRESH,
        "token",
        accept("refresh_token_null", "the one of before stays (RFC 6749 6)"),
        accept("refresh_token_empty", "the one of before stays (RFC 6749 6)"),
        accept("id_token_missing", _NONE_NEEDED),
        accept("id_token_null", _NONE_NEEDED),
        accept("id_token_empty", _NONE_NEEDED),
    ),
)

ROWS: Final = (*_LOGIN, *_REFRESH)
