"""The token endpoint: request and response (RFC 6749 3.2, 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from typedoauth._urls import add_query, form_encode, query_pairs, without_query
from typedoauth._words import server_error_words
from typedoauth.errors import (
    InvalidGrantError,
    MalformedResponseError,
    TokenEndpointError,
    UnsupportedTokenTypeError,
)
from typedoauth.messages import Headers, Request, Response, read_document
from typedoauth.protocols import Grant
from typedoauth.tokens import OAuth2Token, OpenIDToken, is_openid_token

__all__ = [
    "as_get",
    "form_request",
    "merge_refreshed",
    "parse_token_response",
    "raise_for_refusal",
    "read_success",
    "secrets_of",
    "token_query_request",
    "token_request",
]

FORM_HEADERS: Final = Headers(
    {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
)
_HARMLESS: Final = frozenset(
    {"client_id", "grant_type", "redirect_uri", "scope", "token_type_hint"}
)
_MOST_BYTES: Final = 1 << 16  # answers are kept while their tokens live
_FURTHEST: Final = 2**53  # what every JSON reader keeps exactly (RFC 8259 6)


def form_request(url: str, parameters: Sequence[tuple[str, str]]) -> Request:
    """Make a form-encoded POST that asks for JSON.

    Args:
        url: The endpoint.
        parameters: The form.

    Returns:
        The request.
    """
    return Request("POST", url, FORM_HEADERS, _form(parameters), max_bytes=_MOST_BYTES)


def _form(parameters: Iterable[tuple[str, str]]) -> bytes:
    # A percent sign that was there is %25 by now.
    return form_encode(parameters).replace("%20", "+").encode()


def token_request(
    url: str, grant: Grant, extra: Mapping[str, str | Sequence[str]] | None = None
) -> Request:
    """Make an access token request, without client authentication.

    Args:
        url: The token endpoint.
        grant: What is traded.
        extra: Further parameters; they override those of the grant.

    Returns:
        The request.

    Spec: RFC 6749 4.1.3, 4.3.2, 4.4.2, 6.
    """
    parameters: dict[str, str | Sequence[str]] = {"grant_type": grant.grant_type}
    parameters.update(grant.parameters())
    parameters.update(extra or {})
    flat = [
        (name, one)
        for name, value in parameters.items()
        for one in ((value,) if isinstance(value, str) else value)
    ]
    return form_request(url, flat)


def as_get(request: Request) -> Request:
    """Turn a form-encoded POST into a GET, for servers that know no better.

    Args:
        request: The request.

    Returns:
        The same parameters in the query.
    """
    url = add_query(request.url, query_pairs((request.body or b"").decode("utf-8", "replace")))
    headers = request.headers.replace({"Content-Type": None})
    return replace(request, method="GET", url=url, headers=headers, body=None)


def secrets_of(request: Request) -> list[str]:
    """Collect what must not reach a message should the server quote its request.

    Args:
        request: A form-encoded POST, authenticated.

    Returns:
        The values of its parameters, but for those that are no secrets, and its
        credentials in the header.
    """
    form = query_pairs((request.body or b"").decode("utf-8", "replace"))
    credentials = request.headers.get("authorization", "").partition(" ")[2]
    return [credentials, *(value for name, value in form if name not in _HARMLESS)]


def read_success(response: Response, what: str, secrets: Iterable[str] = ()) -> dict[str, object]:
    """Read the response of the token or introspection endpoint; a refusal is raised.

    Args:
        response: The response.
        what: What it is, for the message.
        secrets: As :func:`raise_for_refusal` takes them.

    Returns:
        Its members.

    Raises:
        InvalidGrantError: ``invalid_grant``.
        TokenEndpointError: Any other refusal, or a status that is no success.
        MalformedResponseError: It holds no document.
        TransportError: The body could not be read.
    """
    if 200 <= response.status_code < 300:
        document = read_document(response, what)
        if "error" not in document:
            return document
    raise_for_refusal(response, secrets)
    return read_document(response, what)


def raise_for_refusal(response: Response, secrets: Iterable[str] = ()) -> None:
    """Turn an error response into an exception; a success passes.

    Args:
        response: The response of the token, revocation or introspection endpoint.
        secrets: Texts that must not reach the message, should the server quote them;
            they are looked at where there is a message.

    Raises:
        InvalidGrantError: ``invalid_grant``.
        TokenEndpointError: Any other refusal, or a status that is no success.
        TransportError: The body could not be read.

    Spec: RFC 6749 5.2.
    """
    where = f"{without_query(response.url)} answered status {response.status_code}"
    status = response.status_code
    try:
        document = read_document(response, where)
    except MalformedResponseError:
        document = {}
    error, description, uri = server_error_words(document, secrets)
    if error is not None:
        kind = InvalidGrantError if error == "invalid_grant" else TokenEndpointError
        raise kind(error, f"{description} ({where})" if description else where, uri, status=status)
    if 300 <= status < 400:
        raise TokenEndpointError(
            None, f"{where}; a redirect is not followed with credentials", status=status
        )
    if not 200 <= status < 300:
        advice = "; check the URL of the endpoint" if status in (404, 405) else ""
        raise TokenEndpointError(None, f"{where} and gave no error code{advice}", status=status)


def _seconds(value: object, what: str) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except (ValueError, OverflowError):
            seconds = -1.0
        if 0 <= seconds < _FURTHEST:
            return int(seconds)
    raise MalformedResponseError(f"{what} of the token response is no number of seconds")


def _is_credential(value: object) -> bool:
    """Tell whether *value* is a text that a request can carry (RFC 6749 A.12, A.17)."""
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _scope(value: object) -> str | None:
    """Read ``scope``; some services send a list of its parts."""
    if isinstance(value, list):
        parts = cast("list[object]", value)  # each is looked at
        value = " ".join([one for one in parts if isinstance(one, str)])
    if isinstance(value, str | None):
        return value
    raise MalformedResponseError("scope of the token response is not a text")


def parse_token_response(
    response: Response, now: float, secrets: Iterable[str] = ()
) -> OAuth2Token:
    """Read the response of the token endpoint.

    Args:
        response: The response.
        now: The present time, seconds since the epoch.
        secrets: Texts that must not reach an error message.

    Returns:
        The token with every member that the server sent, and ``expires_at``
        (seconds since the epoch) worked out from ``expires_in``.

    Raises:
        TokenEndpointError: The server refused.
        MalformedResponseError: The answer holds no usable token.
        UnsupportedTokenTypeError: ``token_type`` is not a text.
        TransportError: The body could not be read.

    Spec: RFC 6749 5.1, 5.2.
    """
    document = read_success(response, "the token response", secrets)
    access_token = document.get("access_token")
    if not access_token or not _is_credential(access_token):
        raise MalformedResponseError(
            "the token response has no access_token, a text of printable ASCII"
        )
    if not isinstance(document.setdefault("token_type", "Bearer"), str):
        raise UnsupportedTokenTypeError("token_type of the token response is not a text")
    for name in ("refresh_token", "id_token"):
        value = document.get(name)
        if value is not None and not _is_credential(value):
            raise MalformedResponseError(
                f"{name} of the token response is no text of printable ASCII"
            )
    if "scope" in document:
        document["scope"] = _scope(document["scope"])
    # "userinfo" is where verified claims are put; a server cannot put any there.
    document.pop("userinfo", None)
    lifetime = _seconds(document.get("expires_in"), "expires_in")
    if "expires_in" in document:
        document["expires_in"] = lifetime
    if lifetime:
        document["expires_at"] = int(now) + lifetime
    if "expires_at" in document:
        document["expires_at"] = _seconds(document["expires_at"], "expires_at")
    return cast("OAuth2Token", document)  # its members have just been checked


def merge_refreshed(token: OAuth2Token, refreshed: OAuth2Token) -> OAuth2Token:
    """Complete a refreshed token with what a server may leave out.

    Args:
        token: The token that was refreshed.
        refreshed: The answer to the refresh.

    Returns:
        The new token, with what the old one had where it names none: refresh token,
        scope, and the ID Token with its claims.

    Spec: RFC 6749 5.1, 6; OpenID Connect Core 12.2.
    """
    merged: OAuth2Token = {**refreshed}
    if not merged.get("refresh_token") and (refresh_token := token.get("refresh_token")):
        merged["refresh_token"] = refresh_token
    if merged.get("scope") is None and (scope := token.get("scope")):
        merged["scope"] = scope
    if not merged.get("id_token") and (id_token := token.get("id_token")):
        merged["id_token"] = id_token
    if is_openid_token(token) and not is_openid_token(merged):
        with_claims: OpenIDToken = {**merged, "userinfo": token["userinfo"]}
        return with_claims
    return merged


def token_query_request(url: str, token: str, token_type_hint: str | None = None) -> Request:
    """Make a revocation or introspection request, without client authentication.

    Args:
        url: The revocation or introspection endpoint.
        token: The access or refresh token.
        token_type_hint: ``access_token`` or ``refresh_token``, if known.

    Returns:
        The request.

    Spec: RFC 7009 2.1, RFC 7662 2.1.
    """
    hint = [("token_type_hint", token_type_hint)] if token_type_hint is not None else []
    return form_request(url, [("token", token), *hint])
