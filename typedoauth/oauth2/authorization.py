"""The authorization request and its response (RFC 6749 4.1.1, 4.1.2; RFC 9207)."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from typedoauth._urls import add_query, query_pairs, split
from typedoauth._words import server_error_words
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    ConfigurationError,
    DuplicateParameterError,
    MissingCodeError,
    StateMismatchError,
)
from typedoauth.oauth2.pkce import code_challenge

__all__ = [
    "AuthorizationResponse",
    "authorization_request_url",
    "check_authorization_response",
    "parse_authorization_response",
]

_OURS: Final = frozenset(
    {"client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method"}
)
_SINGLE: Final = ("code", "state", "error", "error_description", "error_uri", "iss")


def authorization_request_url(
    endpoint: str,
    *,
    client_id: str,
    state: str,
    redirect_uri: str | None = None,
    scope: str | None = None,
    code_verifier: str | None = None,
    nonce: str | None = None,
    extra: Sequence[tuple[str, str]] = (),
) -> str:
    """Compose the URL that asks the resource owner for an authorization code.

    Args:
        endpoint: The authorization endpoint; a query on it is kept.
        client_id: The client identifier.
        state: The value that ties the response to this request.
        redirect_uri: The redirection URI, if one is to be sent.
        scope: The scope, already joined.
        code_verifier: Its S256 challenge is sent.
        nonce: The OpenID Connect nonce.
        extra: Further parameters.

    Returns:
        The URL to redirect the user agent to.

    Raises:
        ConfigurationError: A parameter that only the library sets is among
            *extra* or on *endpoint*, or ``response_type`` is not ``code``.

    Spec: RFC 6749 4.1.1, RFC 7636 4.3.
    """
    fixed = query_pairs(split(endpoint).query)
    for name, value in (*extra, *fixed):
        if name in _OURS:
            raise ConfigurationError(
                f"authorization request: {name!r} is set by the library and would be sent twice; "
                "take it off authorize_url and authorize_params, or give it to the call"
            )
        if name == "response_type" and value != "code":
            raise ConfigurationError(
                f"authorization request: response_type {value!r} is not supported; it is 'code'"
            )
    parameters = [("response_type", "code"), ("client_id", client_id)]
    if redirect_uri is not None:
        parameters.append(("redirect_uri", redirect_uri))
    if scope:
        parameters.append(("scope", scope))
    parameters.append(("state", state))
    if nonce is not None:
        parameters.append(("nonce", nonce))
    if code_verifier is not None:
        parameters.append(("code_challenge", code_challenge(code_verifier)))
        parameters.append(("code_challenge_method", "S256"))
    parameters.extend(pair for pair in extra if pair[0] != "response_type")
    if fixed:
        there = {name for name, _ in fixed}
        parameters = [pair for pair in parameters if pair[0] not in there]
    return add_query(endpoint, parameters)


@dataclass(frozen=True, slots=True)
class AuthorizationResponse:
    """What came back to the redirection endpoint, each parameter at most once.

    Attributes:
        state: The ``state``, or ``None``.
        code: The authorization code, or ``None``.
        error: The error code, or ``None``.
        error_description: The server's words, made safe to show.
        error_uri: A page about the error.
        iss: The issuer identifier (RFC 9207).
    """

    state: str | None = None
    code: str | None = field(default=None, repr=False)
    error: str | None = None
    error_description: str | None = None
    error_uri: str | None = None
    iss: str | None = None

    def raise_for_error(self) -> None:
        """Turn an error response into an exception (RFC 6749 4.1.2.1).

        Raises:
            AuthorizationDeniedError: The resource owner or server denied.
            AuthorizationResponseError: Any other ``error``.
        """
        if self.error is None:
            return
        kind = (
            AuthorizationDeniedError
            if self.error == "access_denied"
            else AuthorizationResponseError
        )
        raise kind(self.error, self.error_description, self.error_uri)


def parse_authorization_response(parameters: Sequence[tuple[str, str]]) -> AuthorizationResponse:
    """Read the parameters of the redirect.

    Args:
        parameters: Every pair of the query or the posted form, in order.

    Returns:
        The response; its ``state`` has not been checked yet.

    Raises:
        DuplicateParameterError: A parameter came twice.
        CallbackError: A parameter is no text that can be encoded.

    Spec: RFC 6749 3.1, 4.1.2; RFC 9207 2.
    """
    found: dict[str, str] = {}
    for name, value in parameters:
        if name in _SINGLE:
            if name in found:
                raise DuplicateParameterError(
                    f"the callback carries {name!r} twice, so it cannot be trusted; log in again"
                )
            if not _is_text(value):
                raise CallbackError("the callback holds characters that no server sends")
            found[name] = value
    error, description, uri = server_error_words(found, [found.get("code", "")])
    return AuthorizationResponse(
        state=found.get("state") or None,
        code=found.get("code") or None,
        error=error,
        error_description=description,
        error_uri=uri,
        iss=found.get("iss"),
    )


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_authorization_response(
    response: AuthorizationResponse,
    pending: PendingAuthorization,
    *,
    issuer: str | None = None,
    issuer_template: bool = False,
    issuer_required: bool = False,
) -> str:
    """Accept a response for the login it belongs to.

    Args:
        response: What came back.
        pending: What was remembered when the login began.
        issuer: The server's issuer identifier where it is known; an ``iss`` in
            the response has to equal it.
        issuer_template: Whether ``{tenantid}`` in *issuer* stands for any tenant.
        issuer_required: Whether a code has to come with an ``iss``: the server's
            metadata says that it sends one.

    Returns:
        The authorization code.

    Raises:
        StateMismatchError: The response belongs to another login, or comes from
            another issuer.
        AuthorizationResponseError: The server sent an error.
        MissingCodeError: Neither a code nor an error came.

    Spec: RFC 6749 4.1.2, 10.12; RFC 9207 2.4.
    """
    if response.state is None or not hmac.compare_digest(
        response.state.encode(), pending.state.encode("utf-8", "surrogatepass")
    ):
        raise StateMismatchError("the callback belongs to another login; log in again")
    if (
        issuer is not None
        and response.iss is not None
        and not _is_of(response.iss, issuer, template=issuer_template)
    ):
        raise StateMismatchError(
            f"the callback says it comes from another issuer than {issuer!r}; log in again",
            reason="other_issuer",
        )
    response.raise_for_error()
    if issuer_required and response.iss is None:
        raise StateMismatchError(
            "the callback does not say from which issuer it comes, and the server's metadata says "
            "that it does; log in again, or set accept_missing_iss for this client (RFC 9207)",
            reason="missing_issuer",
        )
    if response.code is None:
        raise MissingCodeError("the callback carries no code and no error; log in again")
    return response.code


def _is_of(found: str, issuer: str, *, template: bool) -> bool:
    head, placeholder, tail = issuer.partition("{tenantid}")
    if not template or not placeholder:
        return found == issuer
    pattern = rf"{re.escape(head)}[0-9A-Za-z.-]{{1,64}}{re.escape(tail)}"
    return re.fullmatch(pattern, found) is not None
