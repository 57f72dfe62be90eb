"""Logout: RP-initiated, and what tells the other clients (three OpenID Connect specifications)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.wrappers import Request, Response

from typedoauth.testing import pages
from typedoauth.testing.hints import hinted, unverified
from typedoauth.testing.records import Session
from typedoauth.testing.sessions import current
from typedoauth.testing.state import State, new_secret
from typedoauth.testing.tokens import mint
from typedoauth.testing.web import Route, redirect_back

__all__ = ["ROUTES", "end_session", "logout_tokens"]

_CANNOT: Final = "This sign-out cannot go on"
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_TOKEN_LIFETIME: Final = 120


def end_session(state: State, request: Request) -> Response:
    """Sign a user out (OpenID Connect RP-Initiated Logout 2, 3).

    Args:
        state: The provider's memory.
        request: The user agent's GET or POST.

    Returns:
        A redirection to ``post_logout_redirect_uri``; a page where there is none,
        where the user has to be asked first, or where clients are told by frames.
    """
    parameters = request.form if request.method == "POST" else request.args
    if any(len(values) > 1 for _, values in parameters.lists()):
        return pages.error(_CANNOT, "A parameter of the request occurs twice.")
    hint = parameters.get("id_token_hint")
    audience = unverified(hint).get("aud") if hint else None
    client_id = parameters.get("client_id") or (audience if isinstance(audience, str) else None)
    client = state.client(client_id or "")
    if client is None and client_id is not None:
        return pages.error(_CANNOT, "The request comes from a client that is not registered here.")
    about = hinted(state, client, hint) if client and hint else {}
    if hint and not about:
        return pages.error(_CANNOT, "Its id_token_hint is no ID Token of this provider and client.")
    uri = parameters.get("post_logout_redirect_uri")
    if uri is not None and (
        client is None or not client.returns_to(uri, client.post_logout_redirect_uris)
    ):
        return pages.error(
            _CANNOT,
            "Its post_logout_redirect_uri is not registered for the client, letter by letter.",
        )
    session = _session(state, about.get("sid")) if about else current(state, request)
    if session and not about and parameters.get("decision") != "sign_out":
        return pages.sign_out(state.users[session.user_id], list(parameters.items()))
    frames: list[str] = []
    if session:
        session.ended = True
        state.counts["logout"] += 1
        frames = _frames(state, session)
    sent = parameters.get("state")
    told = state.redirected("logout", [] if sent is None else [("state", sent)])
    back = redirect_back(uri, told) if uri else None
    if back is None or frames:
        return pages.signed_out(frames, back.headers["Location"] if back else None)
    return back


def _session(state: State, sid: object) -> Session | None:
    found = (one for one in state.sessions.values() if one.sid == sid and not one.ended)
    return next(found, None)


def _frames(state: State, session: Session) -> list[str]:
    named = urlencode({"iss": session.issuer, "sid": session.sid})
    frames: list[str] = []
    for client_id in sorted(session.client_ids):
        uri = state.clients[client_id].frontchannel_logout_uri
        if uri is not None:
            parts = urlsplit(uri)
            query = "&".join(filter(None, (parts.query, named)))
            frames.append(urlunsplit(parts._replace(query=query)))
    return frames


def logout_tokens(state: State, user_id: str) -> list[tuple[str, str]]:
    """End every session of a user, and tell the clients of each (Back-Channel Logout 2.4).

    Args:
        state: The provider's memory.
        user_id: Whose.

    Returns:
        Where to post which logout token.
    """
    due: list[tuple[str, str]] = []
    for session in state.sessions.values():
        if session.user_id != user_id or session.told:
            continue
        session.ended = session.told = True
        for client_id in sorted(session.client_ids):
            client = state.clients[client_id]
            if client.backchannel_logout_uri is None:
                continue
            now = int(state.clock())
            claims: dict[str, object] = {
                "iss": session.issuer,
                "sub": user_id,
                "aud": client_id,
                "iat": now,
                "exp": now + _LOGOUT_TOKEN_LIFETIME,
                "jti": new_secret(),
                "events": {_EVENT: {}},
                "sid": session.sid,
            }
            algorithm = client.id_token_signed_response_alg
            token = mint(state, "logout_token", client, algorithm, claims, typ="logout+jwt")
            state.counts["logout_tokens"] += 1
            due.append((client.backchannel_logout_uri, token))
    return due


ROUTES: Final[tuple[Route, ...]] = (("/oauth2/logout", ("GET", "POST"), end_session),)
"""Paths, methods and views."""
