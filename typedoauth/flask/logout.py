"""Logout at an OpenID Provider: begun here, or begun there and told to us."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Final, Literal

from flask import Response, request

from typedoauth import oidc
from typedoauth.client import OAuth2Client
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import (
    CallbackError,
    ConfigurationError,
    IdTokenError,
    OAuthError,
    StateMismatchError,
)
from typedoauth.flask.authorization import RequestBrowser, callback_parameters
from typedoauth.flask.signals import LoggedOut, logged_out
from typedoauth.flask.state import Resolved
from typedoauth.oauth2 import parse_authorization_response

logger: Final = logging.getLogger("typedoauth.flask")

__all__ = ["backchannel", "begin", "finish", "frontchannel", "new_state", "tell"]


def _name(resolved: Resolved) -> str:
    # No client is called like this, so that no login is answered by a logout.
    return f"/logout/{resolved.client.name}"


def new_state() -> str:
    """Make a ``state``: 144 random bits, base64url."""
    return secrets.token_urlsafe(18)


def begin(
    resolved: Resolved, state: str, redirect_uri: str, data: Mapping[str, object] | None
) -> None:
    """Remember a logout until the browser is back.

    Args:
        resolved: The client.
        state: The ``state`` of the request.
        redirect_uri: Where it comes back to.
        data: The caller's own data.

    Raises:
        ContextError: There is no request.
        ConfigurationError: There is no session to bind it to.
        StoreError: It could not be kept.
    """
    login = PendingAuthorization(state, redirect_uri, data=dict(data or {}))
    browser = RequestBrowser.current(resolved.state.app)
    pending = resolved.state.pending()
    pending.check(browser)
    pending.put(browser, _name(resolved), login)


def finish(resolved: Resolved) -> Mapping[str, object]:
    """Check that a browser comes back from a logout that it began.

    Returns:
        The caller's own data.

    Raises:
        ContextError: There is no request.
        StateMismatchError: It carries no state, or belongs to no logout of this browser.
        CallbackError: The parameters are ambiguous.
        StoreError: What was remembered could not be had.
    """
    browser = RequestBrowser.current(resolved.state.app)
    state = parse_authorization_response(callback_parameters()).state
    if state is None:
        raise StateMismatchError(
            "what came back from the logout carries no state, so it answers none of ours",
            reason="missing_state",
        )
    return resolved.state.pending().take(browser, _name(resolved), state).data


def backchannel(
    resolved: Resolved,
    client: OAuth2Client,
    on_logout: Callable[[oidc.LogoutToken], object],
    *,
    require_typ: bool,
    require_sid: bool,
) -> Response:
    """Answer a back-channel logout request (Back-Channel Logout 2.5 to 2.8).

    Args:
        resolved: The client.
        client: The same.
        on_logout: Ends the session.
        require_typ: Whether ``typ`` has to be ``logout+jwt``.
        require_sid: Whether ``sid`` has to be there.

    Returns:
        200; 400 where the request cannot be trusted; 503 where it could not be
        looked at.
    """
    try:
        text = oidc.parse_backchannel_logout(list(request.form.items(multi=True)))
        token = client.parse_logout_token(text, require_typ=require_typ, require_sid=require_sid)
        key, left = _seen_key(client.name, token), token.exp - resolved.state.clock()
        seen = resolved.state.note(key, max(1, int(left + client.clock_skew) + 1))
    except (CallbackError, IdTokenError) as error:
        return _answer(400, error)
    except OAuthError as error:
        return _answer(503, error)
    if seen:
        return _answer(400, CallbackError("the logout token was used before"))
    try:
        with resolved.state.context():
            on_logout(token)
    except BaseException:
        # The provider may try again with the same token.
        resolved.state.forget(key)
        raise
    tell(resolved, "back_channel", subject=token.sub, session_id=token.sid)
    return _answer(200)


def frontchannel(
    resolved: Resolved,
    client: OAuth2Client,
    on_logout: Callable[[oidc.FrontChannelLogout], object],
    *,
    session_required: bool,
) -> Response:
    """Answer a front-channel logout request, which the provider's page makes in a frame.

    Args:
        resolved: The client.
        client: The same.
        on_logout: Ends the session of this browser.
        session_required: Whether it has to name the session.

    Returns:
        200; 400 where the request is not of the client's provider; 503 where that
        could not be found out.
    """
    try:
        issuer = client.load_server_metadata().get("issuer")
        if issuer is None:
            return _answer(503, ConfigurationError("the issuer is not known; register issuer="))
        found = oidc.parse_frontchannel_logout(
            list(request.args.items(multi=True)), issuer, session_required=session_required
        )
    except CallbackError as error:
        return _answer(400, error)
    except OAuthError as error:
        return _answer(503, error)
    on_logout(found)
    tell(resolved, "front_channel", session_id=found.sid)
    return _answer(200)


def tell(
    resolved: Resolved,
    by: Literal["application", "back_channel", "front_channel"],
    *,
    subject: str | None = None,
    session_id: str | None = None,
) -> None:
    """Tell those who listen to ``logged_out``.

    Args:
        resolved: The client.
        by: Who began the logout.
        subject: Who was logged out, where that was said.
        session_id: The provider's name of the session, where that was said.
    """
    event = LoggedOut(client=resolved.client.name, by=by, subject=subject, session_id=session_id)
    logged_out.send(resolved.state.app, event)


def _seen_key(name: str, token: oidc.LogoutToken) -> str:
    digest = hashlib.sha256(json.dumps([name, token.iss, token.jti]).encode()).hexdigest()
    return f"typedoauth:logout:{digest}"


def _answer(status: int, error: OAuthError | None = None) -> Response:
    body = ""
    if error is not None:
        word, description = "invalid_request", error.description
        if status == 503:
            word = "temporarily_unavailable"
            # Whoever asks need not learn what is out of reach from here.
            logger.warning("a logout request could not be looked at: %s", error)
            description = "this could not be looked at now; try again later"
        body = json.dumps({"error": word, "error_description": description})
    return Response(
        body, status, {"Cache-Control": "no-store"}, content_type="application/json; charset=utf-8"
    )
