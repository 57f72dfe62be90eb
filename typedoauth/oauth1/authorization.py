"""The second leg: the resource owner's authorization (RFC 5849 2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from typedoauth._urls import Parameters, add_query, pairs, query_pairs, split
from typedoauth.credentials import TemporaryCredentials
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    ConfigurationError,
    DuplicateParameterError,
    MissingVerifierError,
    StateMismatchError,
)
from typedoauth.oauth1.problems import DENIALS, problem_word

__all__ = [
    "AuthorizationResponse",
    "authorization_url",
    "callback_token",
    "parse_authorization_response",
]

_SINGLE: Final = ("oauth_token", "oauth_verifier", "denied", "oauth_problem", "error")


@dataclass(frozen=True, slots=True)
class AuthorizationResponse:
    """What a successful callback carries.

    Attributes:
        oauth_token: The identifier of the temporary credentials.
        oauth_verifier: The proof that the resource owner agreed.
    """

    oauth_token: str
    oauth_verifier: str = field(repr=False)


def authorization_url(
    url: str, temporary: TemporaryCredentials, parameters: Parameters = ()
) -> str:
    """Compose the URL that asks the resource owner.

    Args:
        url: The Resource Owner Authorization endpoint; a query on it is kept.
        temporary: The temporary credentials.
        parameters: Further parameters, such as ``force_login``.

    Returns:
        The URL to redirect the user agent to.

    Raises:
        ConfigurationError: ``oauth_token`` is given already.

    Spec: RFC 5849 2.2.
    """
    extra = pairs(parameters)
    if any(name == "oauth_token" for name, _ in (*extra, *query_pairs(split(url).query))):
        raise ConfigurationError(
            "oauth_token is set by the library and would be sent twice; "
            "take it off authorize_url and the parameters"
        )
    return add_query(url, [("oauth_token", temporary.oauth_token), *extra])


def callback_token(parameters: Sequence[tuple[str, str]]) -> str | None:
    """Tell which login a callback belongs to, also when it reports a refusal.

    Args:
        parameters: The parameters of the callback.

    Returns:
        The identifier of the temporary credentials as the callback states it:
        ``oauth_token``, or the value of ``denied``; ``None`` when it states none.

    Raises:
        DuplicateParameterError: A parameter came twice.

    Spec: RFC 5849 3.1.
    """
    found = _single(parameters)
    return found.get("oauth_token") or found.get("denied") or None


def parse_authorization_response(parameters: Sequence[tuple[str, str]]) -> AuthorizationResponse:
    """Read the callback.

    Args:
        parameters: Its parameters, exactly as received, duplicates included.

    Returns:
        The response; whether it belongs to this browser's login is checked by
        :func:`token_credentials_request`.

    Raises:
        DuplicateParameterError: A parameter came twice.
        AuthorizationDeniedError: The resource owner said no.
        AuthorizationResponseError: The server reports another problem.
        MissingVerifierError: There is no ``oauth_verifier``.
        StateMismatchError: There is no ``oauth_token``.
        CallbackError: No server can have sent it.

    Spec: RFC 5849 2.2, 3.1; OAuth Problem Reporting.
    """
    found = _single(parameters)
    reported = found.get("oauth_problem") or found.get("error")  # Authlib's server: error
    problem = problem_word(reported)
    if "denied" in found or problem in DENIALS:
        raise AuthorizationDeniedError(
            None, "the resource owner refused; the login can be begun again"
        )
    if reported:
        raise AuthorizationResponseError(
            problem, "the server sent the resource owner back with a problem; begin the login again"
        )
    token, verifier = found.get("oauth_token"), found.get("oauth_verifier")
    if not token:
        raise StateMismatchError(
            "the callback carries no oauth_token, so it answers no login of ours; log in again",
            reason="missing_state",
        )
    if not verifier:
        raise MissingVerifierError(
            "the callback carries no oauth_verifier (RFC 5849 2.2): "
            "the server follows OAuth 1.0 before its revision A, or the parameter was lost"
        )
    try:
        f"{token}{verifier}".encode()
    except UnicodeEncodeError:
        # No cause: it holds the verifier.
        raise CallbackError("the callback holds characters that no server sends") from None
    return AuthorizationResponse(token, verifier)


def _single(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    counts = Counter(name for name, _ in parameters)
    for name in _SINGLE:
        if counts[name] > 1:
            raise DuplicateParameterError(f"the callback carries {name} more than once")
    return dict(parameters)
