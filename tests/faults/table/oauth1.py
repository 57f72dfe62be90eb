"""Expected of faulty legs of OAuth 1.0a."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.faults.cases import Case, Way, accept, reject, table
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CredentialRequestError,
    DuplicateParameterError,
    HTTPStatusError,
    MalformedResponseError,
    MissingVerifierError,
    ResponseTooLargeError,
    StateMismatchError,
)


def _leg(name: str, secret_empty: Case) -> tuple[Case, ...]:
    rows = (
        reject("token_missing", MalformedResponseError),
        reject("token_empty", MalformedResponseError),
        reject("token_twice", MalformedResponseError),
        reject("secret_missing", MalformedResponseError),
        secret_empty,
        reject("secret_twice", MalformedResponseError),
        accept("unknown_parameter", "services send more, and it is only passed on"),
        reject("status_401", CredentialRequestError, 401),
        reject("status_401_with_token", CredentialRequestError, 401),
        reject("status_500", CredentialRequestError, 500),
        reject("redirect_302", CredentialRequestError, 302),
        reject("redirect_307", CredentialRequestError, 307),
        reject("html", MalformedResponseError),
        reject("json", MalformedResponseError),
        reject("empty", MalformedResponseError),
        reject("not_utf_8", MalformedResponseError),
        reject("huge", ResponseTooLargeError),
    )
    return table(Way.OAUTH1, f"oauth1_{name}", *rows)


_TEMPORARY: Final = (
    *table(
        Way.OAUTH1,
        "oauth1_temporary",
        reject("callback_confirmed_missing", MalformedResponseError),
        reject("callback_confirmed_false", MalformedResponseError),
    ),
    *_leg(
        "temporary",
        reject(
            "secret_empty",
            CredentialRequestError,
            401,
            "it may be (RFC 5849 3.4.2), so the server refuses what is signed with it",
        ),
    ),
)

_CALLBACK: Final = table(
    Way.OAUTH1,
    "oauth1_callback",
    reject("token_other", StateMismatchError, "other_logins"),
    reject("token_missing", StateMismatchError, "missing_state"),
    reject("token_twice", DuplicateParameterError),
    reject("verifier_missing", MissingVerifierError),
    reject("verifier_empty", MissingVerifierError),
    reject("verifier_twice", DuplicateParameterError),
    reject("verifier_other", CredentialRequestError, 401),
    reject("denied", AuthorizationDeniedError, "access_denied"),
    reject("problem", AuthorizationResponseError, "authorization_error"),
)

_TOKEN: Final = _leg(
    "token",
    reject(
        "secret_empty",
        HTTPStatusError,
        401,
        "it may be (RFC 5849 3.4.2), so the API refuses what is signed with it",
    ),
)


def _begun(row: Case) -> Case:
    """The login is refused before the browser leaves, unless the third leg is what fails."""
    return replace(row, begins=row.error is not None and "secret_empty" not in row.faults[0])


ROWS: Final = (*map(_begun, _TEMPORARY), *_CALLBACK, *_TOKEN)
