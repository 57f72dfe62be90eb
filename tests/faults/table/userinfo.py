"""Expected of faulty UserInfo responses: nobody's claims but those of the user come out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.faults.cases import Way, accept, reject, table
from typedoauth.client import OAuth2Options
from typedoauth.errors import (
    HTTPStatusError,
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
    ResponseTooLargeError,
)

_PLAIN: Final = table(
    Way.USERINFO,
    "userinfo",
    reject("status_500", HTTPStatusError, 500),
    reject("redirect_302", HTTPStatusError, 302),
    reject("empty", MalformedResponseError),
    reject("not_json", MalformedResponseError),
    reject("not_object", MalformedResponseError),
    reject("html", MalformedResponseError),
    reject("utf_16", MalformedResponseError),
    accept("bom", "a parser may ignore it (RFC 8259 8.1)"),
    reject("deep", MalformedResponseError),
    reject("huge", ResponseTooLargeError),
    reject("sub_other", IdTokenError, "sub", peer="never compares it"),
    reject("sub_missing", IdTokenError, "sub"),
    reject("sub_number", IdTokenError, "sub"),
    reject("sub_empty", IdTokenError, "sub"),
    reject("sub_null", IdTokenError, "sub"),
    reject("sub_twice", MalformedResponseError),
    accept("claim_null", "it counts as left out (Core 5.3.2)"),
    accept("claim_of_wrong_type", "it is left out"),
    reject("status_201", HTTPStatusError, 201),
    reject("status_401", HTTPStatusError, 401),
    reject("status_403", HTTPStatusError, 403),
    reject("redirect_307", HTTPStatusError, 307),
    reject("signed_unasked", IdTokenError),
)

_SIGNED: Final = table(
    Way.USERINFO,
    "userinfo",
    reject("unsigned", IdTokenError),
    reject("called_json", IdTokenError),
    reject("jwt_iss_other", IdTokenError, "iss"),
    reject(
        "jwt_iss_missing", IdTokenError, "iss", "without it, it may be anybody's (RFC 8725 3.8)"
    ),
    reject("jwt_aud_other", IdTokenError, "aud"),
    reject(
        "jwt_aud_missing", IdTokenError, "aud", "without it, it may be for anybody (RFC 8725 3.9)"
    ),
    reject("jwt_sub_other", IdTokenError, "sub"),
    reject("jwt_exp_past", IdTokenError, "exp"),
    reject("jwt_alg_none", InvalidSignatureError),
    reject("jwt_other_key", InvalidSignatureError),
    reject("jwt_crit", InvalidSignatureError),
    reject("jwt_not_json", IdTokenError),
)

_SIGNS: Final[OAuth2Options] = {"userinfo_signed_response_alg": "RS256"}

ROWS: Final = (*_PLAIN, *(replace(row, client="signed", options=_SIGNS) for row in _SIGNED))
