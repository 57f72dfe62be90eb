"""The API behind the provider: it takes tokens of either protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from werkzeug.exceptions import abort
from werkzeug.wrappers import Request, Response

from typedoauth.testing.addresses import Resource
from typedoauth.testing.records import Authentication, User
from typedoauth.testing.signed_requests import authenticate, is_signed, problem, read
from typedoauth.testing.state import State
from typedoauth.testing.web import (
    REALM,
    Route,
    bearer_challenge,
    is_form,
    json_answer,
    no_store,
    refuse,
)

__all__ = ["Caller", "ROUTES", "answer", "caller", "echo", "me", "notes"]

_EVERY_METHOD: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom an API call is made for.

    Attributes:
        user: The resource owner; ``None`` where a client acts for itself.
        client_id: The client.
        scope: What the token is good for; ``None`` for all, as in OAuth 1.0.
        placement: Where the token stood: ``header``, ``body`` or ``query``.
        authentication: The login with OpenID Connect that the token comes from, if any.
    """

    user: User | None
    client_id: str
    scope: tuple[str, ...] | None
    placement: str
    authentication: Authentication | None = None


def caller(state: State, request: Request, scope: str = "") -> Caller:
    """Find out whom a call is made for, by bearer token or OAuth 1.0 signature.

    Args:
        state: The provider's memory.
        request: The call.
        scope: A scope value that the token must have; empty for none.

    Returns:
        The caller; the request ends with 400, 401 or 403 where the token is
        missing, wrong or not enough (RFC 6750 3.1, RFC 5849 3.2).
    """
    found = _signed(state, request) if is_signed(request) else _bearer(state, request)
    if scope and found.scope is not None and scope not in found.scope:
        description = "the token was not issued for this"
        challenge = bearer_challenge("insufficient_scope", description, scope)
        refuse("insufficient_scope", description, 403, headers={"WWW-Authenticate": challenge})
    return found


def _signed(state: State, request: Request) -> Caller:
    signed = read(request)
    client_id = signed.protocol["oauth_consumer_key"]
    credential = state.token_credentials.get(signed.protocol.get("oauth_token", ""))
    if credential is None or credential.client_id != client_id:
        problem("token_rejected", "these token credentials are unknown")
    authenticate(state, signed, state.clients.get(client_id), credential.secret)
    return Caller(state.users[credential.user_id], client_id, None, signed.placement)


def _bearer(state: State, request: Request) -> Caller:
    presented: dict[str, str] = {}
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        presented["header"] = value.strip()
    sources = {"body": request.form, "query": request.args}
    for place, parameters in sources.items():
        if place == "body" and (request.method == "GET" or not is_form(request)):
            continue  # RFC 6750 2.2
        if parameters.getlist("access_token"):
            presented[place] = " ".join(parameters.getlist("access_token"))
    if not presented:
        response = json_answer(
            {"error": "unauthorized", "error_description": "send a token: Bearer or OAuth 1.0"},
            401,
        )
        response.headers.add("WWW-Authenticate", bearer_challenge())
        response.headers.add("WWW-Authenticate", f'OAuth realm="{REALM}"')
        abort(response)
    if len(presented) > 1:
        description = "the token is sent in more than one way"
        challenge = bearer_challenge("invalid_request", description)
        refuse("invalid_request", description, headers={"WWW-Authenticate": challenge})
    ((placement, text),) = presented.items()
    token = state.live_access_token(text)
    if token is None:
        description = "the access token is unknown, expired or revoked"
        challenge = bearer_challenge("invalid_token", description)
        refuse("invalid_token", description, 401, headers={"WWW-Authenticate": challenge})
    grant = token.grant
    user = state.users[grant.user_id] if grant.user_id is not None else None
    return Caller(user, grant.client_id, token.scope, placement, grant.authentication)


def _user(found: Caller) -> User:
    if found.user is None:
        refuse("access_denied", "this token stands for a client, not for a user", 403)
    return found.user


def me(state: State, request: Request) -> Response:
    """Tell the profile of the token's user; needs the scope ``profile``.

    Args:
        state: The provider's memory.
        request: The call.

    Returns:
        ``sub`` and ``name``; ``email`` where the scope holds it.
    """
    found = caller(state, request, "profile")
    user = _user(found)
    state.counts["api_calls"] += 1
    document: dict[str, object] = {"sub": user.user_id, "name": user.name}
    if user.email is not None and (found.scope is None or "email" in found.scope):
        document["email"] = user.email
    return json_answer(document)


def answer(state: State, request: Request, resource: Resource) -> Response:
    """Answer a call of a made-up API, to whoever has a valid token.

    Args:
        state: The provider's memory.
        request: The call.
        resource: What to answer; a function needs a token that is a user's.

    Returns:
        The document.
    """
    found = caller(state, request)
    document = resource(_user(found)) if callable(resource) else resource
    state.counts["api_calls"] += 1
    return json_answer(document)


def _posted_text(request: Request) -> str:
    document: object = request.get_json(silent=True)
    if isinstance(document, dict):
        value: object = cast("dict[str, object]", document).get("text")  # JSON: keys are texts
        return value if isinstance(value, str) else ""
    return request.form.get("text", "")


def notes(state: State, request: Request) -> Response:
    """List the user's notes, or add one; needs the scope ``notes``.

    Args:
        state: The provider's memory.
        request: GET; or POST with ``text`` in a form or a JSON object.

    Returns:
        All notes of the user, oldest first.
    """
    user = _user(caller(state, request, "notes"))
    state.counts["api_calls"] += 1
    kept = state.notes.setdefault(user.user_id, [])
    if request.method == "POST":
        text = _posted_text(request)
        if not text.strip():
            refuse("invalid_request", "text is missing")
        kept.append(text.strip())
    return json_answer({"notes": kept}, 201 if request.method == "POST" else 200)


def echo(state: State, request: Request) -> Response:
    """Tell what arrived, credentials left out, to whoever has a valid token.

    Args:
        state: The provider's memory.
        request: The call, by any method.

    Returns:
        Method, path, query and form as pairs, content type, the body as text,
        names of the header fields, placement of the token and the caller.
    """
    found = caller(state, request)
    state.counts["api_calls"] += 1

    def shown(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, value in pairs
            if name != "access_token" and not name.startswith("oauth_")
        ]

    form = shown(list(request.form.items(multi=True)))
    response = json_answer(
        {
            "method": request.method,
            "path": request.path,
            "query": shown(list(request.args.items(multi=True))),
            "form": form,
            "content_type": request.mimetype,
            "body": "" if request.form else request.get_data(as_text=True),
            "headers": sorted({name.lower() for name, _ in request.headers}),
            "placement": found.placement,
            "client_id": found.client_id,
            "user": found.user.user_id if found.user else None,
        }
    )
    return no_store(response)


ROUTES: Final[tuple[Route, ...]] = (
    ("/api/me", ("GET",), me),
    ("/api/notes", ("GET", "POST"), notes),
    ("/api/echo", _EVERY_METHOD, echo),
)
"""Paths, methods and views."""
