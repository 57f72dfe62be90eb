"""Who is calling: client authentication at the OAuth 2.0 endpoints (RFC 6749 2.3)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final, NoReturn
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request

from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.state import State
from typedoauth.testing.web import REALM, refuse

__all__ = ["METHODS", "authenticate_client"]

METHODS: Final[tuple[str, ...]] = ("client_secret_basic", "client_secret_post", "none")
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
    header = request.headers.get("Authorization")
    client_id, secret = form.get("client_id"), form.get("client_secret")
    method = "none" if secret is None else "client_secret_post"
    if header is not None:
        if secret is not None:
            refuse("invalid_request", "the client authenticates in two ways at once")
        method = "client_secret_basic"
        basic_id, secret = _basic(header)
        if client_id not in (None, basic_id):
            refuse("invalid_request", "client_id differs from the Authorization header")
        client_id = basic_id
    client = state.clients.get(client_id or "")
    if client is None:
        _invalid_client("there is no such client")
    if client.token_endpoint_auth_method not in (None, method):
        _invalid_client(f"this client authenticates by {client.token_endpoint_auth_method}")
    known = client.client_secret
    if known is not None and not hmac.compare_digest((secret or "").encode(), known.encode()):
        _invalid_client("the client secret is wrong or missing")
    return client
