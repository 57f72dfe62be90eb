"""Expected of faulty authorization responses, by GET and by POST."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import Way, accept, again, reject, table
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    DuplicateParameterError,
    InvalidGrantError,
    MissingCodeError,
    StateMismatchError,
)

_REUSED: Final = "the state stays good"

_LOGIN: Final = table(
    Way.LOGIN,
    "authorization",
    reject("state_missing", StateMismatchError, "missing_state"),
    reject("state_other", StateMismatchError, "other_logins"),
    reject("state_empty", StateMismatchError, "missing_state"),
    reject("state_twice", DuplicateParameterError),
    reject("code_missing", MissingCodeError),
    reject("code_empty", MissingCodeError),
    reject("code_twice", DuplicateParameterError),
    reject("code_of_other_client", InvalidGrantError, 400),
    reject("code_huge", InvalidGrantError, 400),
    reject("code_control_characters", InvalidGrantError, 400),
    reject("iss_missing", StateMismatchError, "missing_issuer", peer="logs in"),
    reject("iss_other", StateMismatchError, "other_issuer", peer="logs in"),
    reject("iss_empty", StateMismatchError, "other_issuer"),
    reject("iss_twice", DuplicateParameterError),
    reject("code_and_error", AuthorizationResponseError, "server_error"),
    reject("error_access_denied", AuthorizationDeniedError, "access_denied", peer=_REUSED),
    reject("error_server_error", AuthorizationResponseError, "server_error", peer=_REUSED),
    reject("error_login_required", AuthorizationResponseError, "login_required", peer=_REUSED),
    reject("error_unknown", AuthorizationResponseError, "no_such_error"),
    reject("error_empty", MissingCodeError),
    reject("error_twice", DuplicateParameterError),
    reject(
        "error_without_state",
        AuthorizationDeniedError,
        "access_denied",
        "it ends no login, and whoever opened it learns why",
    ),
    reject("error_of_other_issuer", StateMismatchError, "other_issuer"),
    reject("error_html", AuthorizationResponseError, "<script>alert(1)</script>"),
    reject("error_description_html", AuthorizationDeniedError, "access_denied"),
    reject("error_description_control_characters", AuthorizationDeniedError, "access_denied"),
    reject("error_description_huge", AuthorizationDeniedError, "access_denied"),
    reject("error_uri_javascript", AuthorizationDeniedError, "access_denied"),
    accept("access_token_added", "it is not looked at: the code is traded"),
    accept("id_token_added", "it is not looked at: that of the token endpoint counts"),
    reject("only_access_token", MissingCodeError),
    reject("jarm", StateMismatchError, "missing_state"),
    accept("unknown_parameter", "unrecognized ones are ignored (RFC 6749 4.1.2)"),
)

ROWS: Final = (*_LOGIN, *again(Way.FORM_POST, _LOGIN))
