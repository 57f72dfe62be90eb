"""Who is calling: client authentication (RFC 6749 2.3, RFC 7523 2.2, Connect Core 9)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final, NoReturn
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request

from typedoauth.testing.assertions import ASSERTION_TYPE, issuer_of, verified
from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.state import State
from typedoauth.testing.web import REALM, refuse

__all__ = ["METHODS", "authenticate_client", "proves_identity"]

METHODS: Final[tuple[str, ...]] = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "none",
)
"""The registered names of the methods understood here."""


def _invalid_client(description: str) -> NoReturn:
    challenge = {"WWW-Authenticate": f'Basic realm="{REALM}", charset="UTF-8"'}
    refuse("invalid_client", description, 401, headers=challenge)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        _invalid_client("the Authorization header is not of the scheme Basic")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        _invalid_client("the Basic credentials are not base64 of UTF-8")
    client_id, colon, secret = text.partition(":")
    if not colon:
        _invalid_client("the Basic credentials have no colon")
    # RFC 6749 2.3.1: both are form-encoded before base64.
    return unquote_plus(client_id), unquote_plus(secret)


def proves_identity(request: Request, form: Mapping[str, str]) -> bool:
    """Tell whether a client tries to prove who it is.

    Args:
        request: The request.
        form: Its form.

    Returns:
        Whether there is a secret, an assertion or an ``Authorization`` header.
    """
    in_form = {"client_secret", "client_assertion"}.intersection(form)
    return bool(in_form) or "Authorization" in request.headers


def authenticate_client(
    state: State, request: Request, form: Mapping[str, str]
) -> RegisteredClient:
    """Find out which client sent a request, and hold it to its way of proving that.

    Args:
        state: The provider's memory.
        request: The request.
        form: Its form.

    Returns:
        The client; the request ends with ``invalid_client`` where it fails.
    """
    if "client_secret" in request.args:
        refuse("invalid_request", "a client secret never goes into the URL (RFC 6749 2.3.1)")
    header, assertion = request.headers.get("Authorization"), form.get("client_assertion")
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if (header is not None) + (secret is not None) + (assertion is not None) > 1:
        refuse("invalid_request", "the client authenticates in two ways at once")
    if assertion is not None:
        return _by_assertion(state, request, form, assertion)
    method = "none" if secret is None else "client_secret_post"
    if header is not None:
        method = "client_secret_basic"
        basic_id, secret = _basic(header)
        if client_id not in (None, basic_id):
            refuse("invalid_request", "client_id differs from the Authorization header")
        client_id = basic_id
    client = state.client(client_id or "")
    if client is None:
        _invalid_client("there is no such client")
    if client.token_endpoint_auth_method not in (None, method):
        _invalid_client(f"this client authenticates by {client.token_endpoint_auth_method}")
    known = client.client_secret
    if secret is None and client.secret_optional:
        return client
    if known is not None and not hmac.compare_digest((secret or "").encode(), known.encode()):
        _invalid_client("the client secret is wrong or missing")
    return client


def _by_assertion(
    state: State, request: Request, form: Mapping[str, str], assertion: str
) -> RegisteredClient:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        refuse("invalid_request", f"client_assertion_type is {ASSERTION_TYPE}")
    client = state.clients.get(issuer_of(assertion))
    if client is None:
        _invalid_client("the assertion names no client as its iss")
    if form.get("client_id") not in (None, client.client_id):
        refuse("invalid_request", "client_id differs from the assertion (RFC 7521 4.2)")
    method = client.token_endpoint_auth_method
    if method not in ("client_secret_jwt", "private_key_jwt"):
        _invalid_client("this client is not registered to authenticate by assertions")
    symmetric = method == "client_secret_jwt"
    claims = verified(state, request, client, assertion, _invalid_client, symmetric=symmetric)
    if claims.get("sub") != client.client_id:
        _invalid_client("sub of the assertion is not the client")
    if "jti" not in claims:
        _invalid_client("jti of the assertion is missing (OpenID Connect Core 9)")
    return client
