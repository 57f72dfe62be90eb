"""The authorization endpoint (RFC 6749 3.1, 4.1; RFC 7636 4.4; RFC 9207; Connect Core 3.1.2)."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from werkzeug.exceptions import abort
from werkzeug.wrappers import Request, Response

from typedoauth.testing import pages
from typedoauth.testing.authentication_request import (
    AuthenticationRequest,
    Deny,
    check_silent,
    read,
    suggested,
)
from typedoauth.testing.authorization_response import MODES, respond
from typedoauth.testing.records import (
    Authentication,
    AuthorizationCode,
    Grant,
    RegisteredClient,
    Session,
)
from typedoauth.testing.sessions import current, remember, sign_in
from typedoauth.testing.state import State, new_secret
from typedoauth.testing.web import Route, base_url

__all__ = ["ROUTES", "authorize"]

# BASE64URL of a SHA-256 hash, without padding (RFC 7636 4.2)
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")

_CANNOT: Final = "This sign-in cannot start"


def authorize(state: State, request: Request) -> Response:
    """Let a person approve or deny an authorization request.

    Args:
        state: The provider's memory.
        request: The user agent's GET, or the form that the page posts.

    Returns:
        The page, or a redirection to the client. Where the client or the
        redirection URI is wrong, nobody is redirected (RFC 6749 4.1.2.1).
    """
    for name in ("client_id", "redirect_uri"):
        if len(request.args.getlist(name)) > 1:
            return pages.error(_CANNOT, f"The request has more than one {name}.")
    client = state.client(request.args.get("client_id", ""))
    if client is None:
        return pages.error(_CANNOT, "The request comes from a client that is not registered here.")
    sent = request.args.get("redirect_uri") or None
    if sent is None and len(client.redirect_uris) != 1:
        return pages.error(_CANNOT, "The request has no redirect_uri.")
    redirect_uri = sent or client.redirect_uris[0]
    if not client.returns_to(redirect_uri, client.redirect_uris):
        if client.accepts is not None:
            return pages.error(_CANNOT, "Its redirect_uri leads where this client may not go.")
        return pages.error(_CANNOT, "Its redirect_uri is not registered, letter by letter.")

    mode = request.args.get("response_mode", "query")

    def back(**parameters: str) -> Response:
        states = request.args.getlist("state")
        echoed = states[0] if len(states) == 1 else None
        told = {**parameters, "state": echoed, "iss": base_url(request)}
        return respond(state, redirect_uri, mode, told)

    def deny(error: str, description: str) -> NoReturn:
        abort(back(error=error, error_description=description))

    problem = _problem(client, request)
    if problem is not None:
        deny(*problem)
    scope = _scope(client, request)
    asked = read(state, client, request, deny) if "openid" in scope else None
    if asked is not None and asked.silent and state.visitor is None:
        session = check_silent(state, client, asked, current(state, request), scope, deny)
    else:
        session = _ask(state, client, request, scope, asked, deny)
    session.client_ids.add(client.client_id)
    code = new_secret()
    state.codes[code] = AuthorizationCode(
        Grant(client.client_id, session.user_id, scope, _login(asked, session)),
        sent,
        request.args.get("code_challenge"),
        state.clock() + state.lifetimes.authorization_code,
    )
    return remember(request, back(code=code), session)


def _ask(
    state: State,
    client: RegisteredClient,
    request: Request,
    scope: tuple[str, ...],
    asked: AuthenticationRequest | None,
    deny: Deny,
) -> Session:
    sub = asked.sub if asked else None
    decision = pages.decision(state, request)
    if decision is None and request.method != "POST":
        protocol = "OAuth 2.0" if asked is None else "OpenID Connect"
        users = suggested(request, state.users.values(), sub)
        abort(pages.consent(client, users, scope, protocol))
    if decision is None:
        abort(pages.error("Nothing was decided", "Choose a user, then approve or deny."))
    if not decision.approved:
        state.counts["denied"] += 1
        deny("access_denied", "the resource owner denied the request")
    user_id = decision.user.user_id
    if sub not in (None, user_id):
        deny("login_required", "another user was asked for")
    state.consents.setdefault((user_id, client.client_id), set()).update(scope)
    return sign_in(state, request, current(state, request), user_id)


def _login(asked: AuthenticationRequest | None, session: Session) -> Authentication | None:
    if asked is None:
        return None
    return Authentication(
        session,
        session.auth_time,
        asked.nonce,
        asked.acr,
        asked.id_token_claims,
        asked.userinfo_claims,
    )


def _scope(client: RegisteredClient, request: Request) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(request.args.get("scope", "").split()))
    return asked or client.scope


def _problem(client: RegisteredClient, request: Request) -> tuple[str, str] | None:
    for name, values in request.args.lists():
        if len(values) > 1:
            return "invalid_request", f"the parameter {name!a} occurs {len(values)} times"
    if request.args.get("response_type") != "code":
        if not request.args.get("response_type"):
            return "invalid_request", "response_type is missing"
        return "unsupported_response_type", "response_type is code"
    if "authorization_code" not in client.grant_types:
        return "unauthorized_client", "this client may not use authorization codes"
    if request.args.get("response_mode", "query") not in MODES:
        return "invalid_request", "response_mode is one of " + ", ".join(MODES)
    if not client.may_ask_for(_scope(client, request)):
        return "invalid_scope", "the client is registered for " + " ".join(client.scope)
    return _pkce_problem(client, request)


def _pkce_problem(client: RegisteredClient, request: Request) -> tuple[str, str] | None:
    challenge = request.args.get("code_challenge")
    method = request.args.get("code_challenge_method")
    if challenge is None:
        if client.require_pkce or method is not None:
            return "invalid_request", "code_challenge is missing (RFC 7636)"
        return None
    if method != "S256":
        return "invalid_request", "code_challenge_method is S256"
    if not _CHALLENGE.fullmatch(challenge):
        return "invalid_request", "code_challenge is not the base64url of a SHA-256 hash"
    return None


ROUTES: Final[tuple[Route, ...]] = (("/oauth2/authorize", ("GET", "POST"), authorize),)
"""Paths, methods and views."""
