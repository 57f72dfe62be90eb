"""The token endpoint: each grant, and what it is traded for (RFC 6749 3.2, 4, 6; RFC 7523)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Final, NoReturn, TypeAlias

from werkzeug.wrappers import Request, Response

from typedoauth.testing.assertions import JWT_BEARER, issuer_of, verified
from typedoauth.testing.client_authentication import authenticate_client, proves_identity
from typedoauth.testing.records import AuthorizationCode, Grant, RegisteredClient
from typedoauth.testing.state import State
from typedoauth.testing.tokens import id_token
from typedoauth.testing.web import Route, form_parameters, json_answer, refuse

__all__ = ["GRANTS", "ROUTES", "issue_token"]

_GrantAnswer: TypeAlias = Callable[[State, Request, RegisteredClient, Mapping[str, str]], Response]

_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636 4.1


def issue_token(state: State, request: Request) -> Response:
    """Answer a token request.

    Args:
        state: The provider's memory.
        request: The client's request.

    Returns:
        The tokens (RFC 6749 5.1), or the refusal (5.2).
    """
    state.counts["token_requests"] += 1
    form = form_parameters(request)
    grant_type = form.get("grant_type")
    if grant_type == JWT_BEARER and not proves_identity(request, form):
        client = _service_account(state, form)
    else:
        client = authenticate_client(state, request, form)
    if grant_type is None:
        refuse("invalid_request", "grant_type is missing from the form")
    answer = GRANTS.get(grant_type)
    if answer is None:
        refuse("unsupported_grant_type", "known here: " + ", ".join(GRANTS))
    if grant_type not in client.grant_types:
        refuse("unauthorized_client", f"this client is not registered for {grant_type}")
    response = answer(state, request, client, form)
    state.counts[grant_type] += 1
    return response


def _tokens(
    state: State,
    grant: Grant,
    scope: tuple[str, ...],
    *,
    refreshable: bool = True,
    first: bool = False,
) -> Response:
    client = state.clients[grant.client_id]
    access_token = state.issue_access_token(grant, scope)
    document: dict[str, object] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": int(state.lifetimes.access_token),
        "scope": " ".join(scope),
    }
    if refreshable and "refresh_token" in client.grant_types:
        document["refresh_token"] = state.issue_refresh_token(grant)
    if grant.authentication and grant.user_id and "openid" in scope:
        user = state.users[grant.user_id]
        document["id_token"] = id_token(
            state, grant, grant.authentication, user, access_token, first=first
        )
    return json_answer(document)


def _required(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if value is None:
        refuse("invalid_request", f"{name} is missing from the form")
    return value


def _narrowed(form: Mapping[str, str], allowed: tuple[str, ...]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(form.get("scope", "").split()))
    if not set(asked) <= set(allowed):
        refuse("invalid_scope", "possible is: " + " ".join(allowed))
    return asked or allowed


def _authorization_code(
    state: State, _: Request, client: RegisteredClient, form: Mapping[str, str]
) -> Response:
    code = state.codes.get(_required(form, "code"))
    if code is None or code.grant.client_id != client.client_id:
        refuse("invalid_grant", "the code is unknown, or was issued to another client")
    if code.used:
        code.grant.revoked = True  # RFC 6749 4.1.2: and every token that came of it
        refuse("invalid_grant", "the code has been used before; its tokens are revoked now")
    code.used = True
    if code.expires_at <= state.clock():
        refuse("invalid_grant", "the code has expired")
    if code.redirect_uri is not None and form.get("redirect_uri") != code.redirect_uri:
        refuse("invalid_grant", "redirect_uri differs from the authorization request")
    verifier = form.get("code_verifier")
    if verifier is not None:
        state.noted("a code verifier", verifier)
    _check_verifier(code, verifier)
    return _tokens(state, code.grant, code.grant.scope, first=True)


def _check_verifier(code: AuthorizationCode, verifier: str | None) -> None:
    if code.code_challenge is None:
        if verifier is not None:  # RFC 9700 4.8.2: a downgrade
            refuse("invalid_grant", "code_verifier without a code_challenge before it")
        return
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        refuse("invalid_grant", "code_verifier is missing, or not of 43 to 128 characters")
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=")
    if not hmac.compare_digest(challenge, code.code_challenge.encode()):
        refuse("invalid_grant", "code_verifier does not fit the code_challenge")


def _refresh_token(
    state: State, _: Request, client: RegisteredClient, form: Mapping[str, str]
) -> Response:
    token = state.refresh_tokens.get(_required(form, "refresh_token"))
    if token is None or token.grant.client_id != client.client_id:
        refuse("invalid_grant", "the refresh token is unknown, or was issued to another client")
    if token.used:
        token.grant.revoked = True  # RFC 9700 4.14.2
        state.counts["refresh_token_reuse"] += 1
        refuse("invalid_grant", "the refresh token was used before; its whole family is revoked")
    if token.grant.revoked or token.expires_at <= state.clock():
        refuse("invalid_grant", "the refresh token has expired or was revoked")
    scope = _narrowed(form, token.grant.scope)
    token.used = True
    return _tokens(state, token.grant, scope)


def _client_credentials(
    state: State, _: Request, client: RegisteredClient, form: Mapping[str, str]
) -> Response:
    if client.token_endpoint_auth_method == "none":
        refuse("unauthorized_client", "a public client has no credentials (RFC 6749 4.4)")
    scope = _narrowed(form, client.scope)
    return _tokens(state, Grant(client.client_id, None, scope), scope, refreshable=False)


def _password(
    state: State, _: Request, client: RegisteredClient, form: Mapping[str, str]
) -> Response:
    user = state.users.get(_required(form, "username"))
    password = _required(form, "password").encode()
    known = user.password if user else None
    if user is None or known is None or not hmac.compare_digest(known.encode(), password):
        refuse("invalid_grant", "the username or the password is wrong")
    scope = _narrowed(form, client.scope)
    return _tokens(state, Grant(client.client_id, user.user_id, scope), scope)


def _service_account(state: State, form: Mapping[str, str]) -> RegisteredClient:
    # The assertion alone is enough (RFC 7521 4.1).
    client = state.clients.get(issuer_of(_required(form, "assertion")))
    if client is None or form.get("client_id") not in (None, client.client_id):
        refuse("invalid_grant", "iss of the assertion is not a client, or not the one of client_id")
    return client


def _jwt_bearer(
    state: State, request: Request, client: RegisteredClient, form: Mapping[str, str]
) -> Response:
    def bad(description: str) -> NoReturn:
        refuse("invalid_grant", description)

    claims = verified(state, request, client, _required(form, "assertion"), bad)
    subject = claims.get("sub", client.client_id)
    if subject != client.client_id and subject not in state.users:
        bad("sub of the assertion is neither the client nor a user")
    asked = form.get("scope") or claims.get("scope")  # Google's accounts have it among the claims
    scope = _narrowed({"scope": asked if isinstance(asked, str) else ""}, client.scope)
    user_id = None if subject == client.client_id else str(subject)
    return _tokens(state, Grant(client.client_id, user_id, scope), scope, refreshable=False)


GRANTS: Final[Mapping[str, _GrantAnswer]] = {
    "authorization_code": _authorization_code,
    "refresh_token": _refresh_token,
    "client_credentials": _client_credentials,
    "password": _password,
    JWT_BEARER: _jwt_bearer,
}
"""What answers each ``grant_type``."""

ROUTES: Final[tuple[Route, ...]] = (("/oauth2/token", ("POST",), issue_token),)
"""Paths, methods and views."""
