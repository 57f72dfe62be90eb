"""The first and the third leg: asking for credentials (RFC 5849 2.1, 2.3).

Each is a generator that yields one signed request, receives its response and
returns the credentials.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from hmac import compare_digest
from typing import Final, NoReturn
from urllib.parse import parse_qsl, quote, urlencode

from typedoauth._urls import Parameters, add_query, pairs, without_query
from typedoauth.credentials import TemporaryCredentials
from typedoauth.errors import CallbackError, CredentialRequestError, MalformedResponseError
from typedoauth.messages import Headers, Request, Response
from typedoauth.oauth1.authorization import AuthorizationResponse
from typedoauth.oauth1.problems import problem_word
from typedoauth.oauth1.signing import OAuth1Signer
from typedoauth.tokens import OAuth1Token, check_oauth1_token

__all__ = ["temporary_credentials_request", "token_credentials_request"]

_MOST_MEMBERS: Final = 200
_HEADER_PROBLEM: Final = re.compile(r'\boauth_problem="?([a-z_]+)')


def temporary_credentials_request(
    url: str,
    signer: OAuth1Signer,
    *,
    timestamp: int,
    nonce: str,
    callback: str | None = None,
    method: str = "POST",
    parameters: Parameters = (),
    headers: Mapping[str, str] | None = None,
    require_callback_confirmed: bool = True,
) -> Generator[Request, Response, TemporaryCredentials]:
    """Ask for temporary credentials: the first leg.

    Args:
        url: The Temporary Credential Request endpoint.
        signer: The client and how it signs.
        timestamp: The present time, whole seconds since the epoch.
        nonce: A text that no other request with this timestamp has.
        callback: Where the resource owner is to be sent back to; ``None`` for
            nowhere (``oob``).
        method: The HTTP method.
        parameters: Further parameters: a form, or the query of a GET.
        headers: Further header fields.
        require_callback_confirmed: Whether ``oauth_callback_confirmed`` must be
            true. Without it the server may follow OAuth 1.0 before its revision
            A, where an attacker can have another person's login.

    Yields:
        The signed request.

    Returns:
        The temporary credentials.

    Raises:
        CredentialRequestError: The server refused.
        MalformedResponseError: Its response holds no usable credentials.
        ConfigurationError: The request cannot be signed.
        TransportError: The response could not be read to its end.

    Spec: RFC 5849 2.1.
    """
    request = signer.sign(
        _request(url, method, parameters, headers),
        timestamp=timestamp,
        nonce=nonce,
        callback="oob" if callback is None else callback,
    )
    members = _members((yield request), request, "the temporary credentials response")
    confirmed = members.get("oauth_callback_confirmed", "").lower()  # Authlib's server: "True"
    if require_callback_confirmed and confirmed != "true":
        raise MalformedResponseError(
            f"the temporary credentials response of {without_query(url)} has no "
            "oauth_callback_confirmed=true (RFC 5849 2.1); a server that leaves it out by habit "
            "needs require_callback_confirmed=False"
        )
    return TemporaryCredentials(members["oauth_token"], members["oauth_token_secret"])


def token_credentials_request(
    url: str,
    signer: OAuth1Signer,
    temporary: TemporaryCredentials,
    response: AuthorizationResponse,
    *,
    timestamp: int,
    nonce: str,
    method: str = "POST",
    parameters: Parameters = (),
    headers: Mapping[str, str] | None = None,
) -> Generator[Request, Response, OAuth1Token]:
    """Trade temporary credentials for token credentials: the third leg.

    Nothing is sent unless *response* belongs to *temporary*.

    Args:
        url: The Token Request endpoint.
        signer: The client and how it signs.
        temporary: The temporary credentials of this login.
        response: The parsed callback; where the resource owner types a verifier
            in, one made of it and the identifier of *temporary*.
        timestamp: The present time, whole seconds since the epoch.
        nonce: A text that no other request with this timestamp has.
        method: The HTTP method.
        parameters: Further parameters: a form, or the query of a GET.
        headers: Further header fields.

    Yields:
        The signed request.

    Returns:
        The token, with every other member of the response as text.

    Raises:
        CallbackError: The callback belongs to another login.
        CredentialRequestError: The server refused.
        MalformedResponseError: Its response holds no usable credentials.
        ConfigurationError: The request cannot be signed.
        TransportError: The response could not be read to its end.

    Spec: RFC 5849 2.3.
    """
    if not compare_digest(response.oauth_token.encode(), temporary.oauth_token.encode()):
        raise CallbackError(
            "the callback's oauth_token is not the one that this login began with; "
            "begin the login again"
        )
    request = signer.sign(
        _request(url, method, parameters, headers),
        temporary,
        timestamp=timestamp,
        nonce=nonce,
        verifier=response.oauth_verifier,
    )
    members = _members((yield request), request, "the token credentials response")
    return check_oauth1_token(members)


def _request(
    url: str, method: str, parameters: Parameters, headers: Mapping[str, str] | None
) -> Request:
    method, flat, fields = method.upper(), pairs(parameters), Headers(headers or {})
    if method in ("GET", "HEAD"):
        return Request(method, add_query(url, flat), fields)
    if not flat:
        return Request(method, url, fields)
    form = urlencode(flat, quote_via=quote, safe="~").encode("ascii")
    fields = fields.replace({"Content-Type": "application/x-www-form-urlencoded"})
    return Request(method, url, fields, form)


def _parse(content: bytes) -> dict[str, str] | None:
    try:
        found = parse_qsl(
            content.decode("utf-8").strip(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_MEMBERS,
        )
    except ValueError:
        return None
    members = dict(found)
    return members if len(members) == len(found) else None


def _members(response: Response, request: Request, what: str) -> dict[str, str]:
    where = f"{what} of {without_query(request.url)}"
    content = response.content
    if request.max_bytes is not None and len(content) > request.max_bytes:
        raise MalformedResponseError(f"{where} is longer than {request.max_bytes} bytes")
    members = _parse(content)
    if response.status_code not in (200, 201):
        _refuse(response, members or {}, where)
    if members is None:
        raise MalformedResponseError(
            f"{where} is no form-encoded text in UTF-8 in which every member occurs once"
        )
    if not members.get("oauth_token") or "oauth_token_secret" not in members:
        looks = "an HTML page" if content.lstrip()[:1] == b"<" else "a response"
        raise MalformedResponseError(
            f"{where} is {looks} without oauth_token and oauth_token_secret; "
            "check that the URL is that of the OAuth 1.0 endpoint"
        )
    return members


def _refuse(response: Response, members: Mapping[str, str], where: str) -> NoReturn:
    problem = problem_word(members.get("oauth_problem"))
    if problem is None:
        match = _HEADER_PROBLEM.search(response.headers.get("www-authenticate", ""))
        problem = problem_word(match[1]) if match else None
    status = response.status_code
    if status in (400, 401, 403):
        hint = (
            "check the client credentials, signature_method, the callback "
            "registered with the server and this machine's clock"
        )
    elif 300 <= status < 400:
        hint = "redirects are not followed; use the address it leads to"
    else:
        hint = "check the URL, or try again later"
    raise CredentialRequestError(problem, f"{where} has status {status}; {hint}", status=status)
