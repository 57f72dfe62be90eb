"""Where users are signed in: one cookie a user agent, for ``prompt=none`` and for logout."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing.records import Session
from typedoauth.testing.state import State, new_secret
from typedoauth.testing.web import base_url

__all__ = ["current", "remember", "sign_in"]

_COOKIE: Final = "local_provider"


def current(state: State, request: Request) -> Session | None:
    """Find the session of a user agent.

    Args:
        state: The provider's memory.
        request: Its request.

    Returns:
        The session, or ``None`` when nobody is signed in.
    """
    session = state.sessions.get(request.cookies.get(_COOKIE, ""))
    return None if session is None or session.ended else session


def sign_in(state: State, request: Request, session: Session | None, user_id: str) -> Session:
    """Note that a user has just been asked who they are.

    Args:
        state: The provider's memory.
        request: The user agent's request.
        session: Its session so far, or ``None``.
        user_id: Who they said they are.

    Returns:
        The same session where it is theirs, otherwise a new one.
    """
    if session is None or session.user_id != user_id:
        session = Session(new_secret(), new_secret(), user_id, base_url(request), state.clock())
        state.sessions[session.cookie] = session
    session.auth_time = state.clock()
    return session


def remember(request: Request, response: Response, session: Session) -> Response:
    """Have the user agent keep its session.

    Args:
        request: Its request.
        response: The answer.
        session: The session.

    Returns:
        The answer with the cookie.
    """
    response.set_cookie(
        _COOKIE,
        session.cookie,
        path=f"{request.root_path}/oauth2",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
