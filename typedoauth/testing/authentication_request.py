"""What OpenID Connect adds to an authorization request (Core 3.1.2.1, 5.5, 6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias, cast

from werkzeug.wrappers import Request

from typedoauth.testing.hints import hinted
from typedoauth.testing.records import RegisteredClient, Session, User
from typedoauth.testing.state import State

__all__ = ["AuthenticationRequest", "Deny", "PROMPTS", "check_silent", "read", "suggested"]

Deny: TypeAlias = Callable[[str, str], NoReturn]
"""Ends the request with an error and its description, sent to the client."""

PROMPTS: Final[tuple[str, ...]] = ("none", "login", "consent", "select_account")
"""The values of ``prompt``."""

_NOT_SUPPORTED: Final = ("request", "request_uri", "registration")


@dataclass(frozen=True, slots=True)
class AuthenticationRequest:
    """The parameters of one request.

    Attributes:
        nonce: ``nonce``, or ``None``.
        silent: Whether no page may be shown (``prompt=none``).
        max_age: How long ago the user may have been asked, or ``None``.
        sub: Who has to be there, by ``id_token_hint`` or ``claims``; ``None`` for anybody.
        acr: The first of the authentication context classes that were asked for.
        id_token_claims: The claims that were asked for one by one, for the ID Token.
        userinfo_claims: Those for the UserInfo response.
    """

    nonce: str | None
    silent: bool
    max_age: int | None
    sub: str | None
    acr: str | None
    id_token_claims: frozenset[str]
    userinfo_claims: frozenset[str]


def read(
    state: State, client: RegisteredClient, request: Request, deny: Deny
) -> AuthenticationRequest:
    """Read the parameters of a request that has the scope ``openid``.

    Args:
        state: The provider's memory.
        client: Who asks.
        request: The user agent's request.
        deny: Called where they are wrong.

    Returns:
        The parameters.
    """
    for name in _NOT_SUPPORTED:
        if name in request.args:
            deny(f"{name}_not_supported", f"{name} is not understood here (Core 6, 7)")
    prompts = request.args.get("prompt", "").split()
    if unknown := set(prompts) - set(PROMPTS):
        deny("invalid_request", f"prompt does not know {min(unknown)!a}")
    if "none" in prompts and len(prompts) > 1:
        deny("invalid_request", "prompt=none stands alone (Core 3.1.2.1)")
    max_age = request.args.get("max_age")
    if max_age is not None and not (max_age.isascii() and max_age.isdigit()):
        deny("invalid_request", "max_age is a number of seconds")
    asked = _asked(request.args.get("claims", "{}"), deny)
    subject = _value(asked["id_token"], "sub")
    hint = request.args.get("id_token_hint")
    if hint is not None:
        hinted_subject = hinted(state, client, hint).get("sub")
        if not isinstance(hinted_subject, str):
            deny("invalid_request", "id_token_hint is no ID Token of this provider and client")
        subject = hinted_subject
    acrs = [_value(asked["id_token"], "acr"), *request.args.get("acr_values", "").split()]
    return AuthenticationRequest(
        nonce=request.args.get("nonce"),
        silent=prompts == ["none"],
        max_age=int(max_age) if max_age else None,
        sub=subject,
        acr=next((acr for acr in acrs if acr), None),
        id_token_claims=frozenset(asked["id_token"]),
        userinfo_claims=frozenset(asked["userinfo"]),
    )


def _object(value: object) -> dict[str, object]:
    # JSON has no other keys than text.
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _asked(text: str, deny: Deny) -> dict[str, dict[str, object]]:
    try:
        members = _object(json.loads(text))
    except (ValueError, RecursionError):
        deny("invalid_request", "claims is no JSON (Core 5.5)")
    return {place: _object(members.get(place)) for place in ("id_token", "userinfo")}


def _value(asked: dict[str, object], name: str) -> str | None:
    wish = _object(asked.get(name))
    listed = wish.get("values")
    values = cast("list[object]", listed) if isinstance(listed, list) else [wish.get("value")]
    return next((value for value in values if isinstance(value, str)), None)


def check_silent(
    state: State,
    client: RegisteredClient,
    asked: AuthenticationRequest,
    session: Session | None,
    scope: Collection[str],
    deny: Deny,
) -> Session:
    """Tell whether a request can be answered without a page (Core 3.1.2.6).

    Args:
        state: The provider's memory.
        client: Who asks.
        asked: What for.
        session: The user agent's session, or ``None``.
        scope: The scope values that are asked for.
        deny: Called where a page would be needed.

    Returns:
        The session.
    """
    if session is None or asked.sub not in (None, session.user_id):
        deny("login_required", "the user has to sign in")
    if asked.max_age is not None and state.clock() - session.auth_time > asked.max_age:
        deny("login_required", "the user signed in too long ago (max_age)")
    if not state.consents.get((session.user_id, client.client_id), set()).issuperset(scope):
        deny("consent_required", "the user has to approve this")
    return session


def suggested(request: Request, users: Iterable[User], sub: str | None) -> list[User]:
    """Put the user first whom the request hints at.

    Args:
        request: The user agent's request.
        users: All users.
        sub: Who has to be there, or ``None``.

    Returns:
        The users, in the order of the page.
    """
    hint = request.args.get("login_hint")
    meant = {sub, hint} - {None}
    return sorted(users, key=lambda user: meant.isdisjoint({user.user_id, user.email, user.name}))
