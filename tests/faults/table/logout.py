"""Expected of faulty ways back from a logout, and of faulty logout tokens."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import Way, accept, reject, table
from typedoauth.errors import (
    DuplicateParameterError,
    IdTokenError,
    InvalidSignatureError,
    StateMismatchError,
)

_BACK: Final = table(
    Way.LOGOUT,
    "logout",
    reject("state_missing", StateMismatchError, "missing_state"),
    reject("state_other", StateMismatchError, "other_logins"),
    reject("state_empty", StateMismatchError, "missing_state"),
    reject("state_twice", DuplicateParameterError),
)

_TOKENS: Final = table(
    Way.BACKCHANNEL,
    "logout_token",
    reject("iss_other", IdTokenError, "iss"),
    reject("iss_missing", IdTokenError, "iss"),
    reject("aud_other", IdTokenError, "aud"),
    reject("aud_missing", IdTokenError, "aud"),
    reject("aud_empty_list", IdTokenError, "aud"),
    reject("events_missing", IdTokenError, "events"),
    reject("events_list", IdTokenError, "events"),
    reject("events_other", IdTokenError, "events"),
    reject("events_not_object", IdTokenError, "events"),
    reject("nonce_added", IdTokenError, "nonce"),
    reject("jti_missing", IdTokenError, "jti"),
    reject("jti_number", IdTokenError, "jti"),
    accept("jti_repeated", "the first one counts; the second is refused, whatever it says"),
    reject("iat_missing", IdTokenError, "iat"),
    reject("iat_future", IdTokenError, "iat"),
    reject("exp_missing", IdTokenError, "exp"),
    reject("exp_past", IdTokenError, "exp"),
    reject("exp_text", IdTokenError, "exp"),
    reject("sub_and_sid_missing", IdTokenError, "sid"),
    accept("sub_missing", "one of the two is enough (2.4)"),
    accept("sid_missing", "one of the two is enough (2.4)"),
    reject("sub_number", IdTokenError, "sub"),
    reject("sid_number", IdTokenError, "sid"),
    accept("typ_missing", "it is only recommended (2.4), and the events say what it is"),
    reject("typ_at_jwt", InvalidSignatureError),
    reject("alg_none", InvalidSignatureError),
    reject("other_key", InvalidSignatureError),
    reject("claim_twice", IdTokenError),
    reject("not_json", IdTokenError),
    reject("not_a_jwt", InvalidSignatureError),
)

ROWS: Final = (*_BACK, *_TOKENS)
