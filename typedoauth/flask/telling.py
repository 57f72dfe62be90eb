"""Telling those who listen what becomes of a login."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import Literal, cast

from flask import has_request_context, request

from typedoauth.client import OAuth1Client
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import OAuthError
from typedoauth.flask.session import mark
from typedoauth.flask.signals import (
    LoginBegun,
    LoginFailed,
    LoginSucceeded,
    login_begun,
    login_failed,
    login_succeeded,
)
from typedoauth.flask.state import Resolved
from typedoauth.tokens import AnyToken

__all__ = ["begun", "succeeded", "watched"]


@contextmanager
def watched(resolved: Resolved, stage: Literal["begin", "callback"]) -> Generator[None]:
    """Tell of what fails within the block, and record it; it is raised all the same.

    Args:
        resolved: The client.
        stage: What the block does.

    Yields:
        Nothing.
    """
    trace, client = resolved.state.trace, resolved.client
    try:
        with (
            nullcontext() if trace is None else trace.recording(client, resolved.state.clock, stage)
        ):
            yield
    except OAuthError as error:
        state = None if stage == "begin" else _answered_state(resolved)
        event = LoginFailed(
            client=client.name,
            login=None if state is None else mark(state),
            stage=stage,
            error=error,
        )
        login_failed.send(resolved.state.app, event)
        raise


def begun(resolved: Resolved, login: PendingAuthorization) -> None:
    """Tell that a login is remembered.

    Args:
        resolved: The client.
        login: The login.
    """
    if not login_begun.is_heard:
        return
    event = LoginBegun(client=resolved.client.name, login=mark(login.state))
    login_begun.send(resolved.state.app, event)


def succeeded(resolved: Resolved, login: PendingAuthorization, token: AnyToken) -> None:
    """Tell that a login has ended well.

    Args:
        resolved: The client.
        login: The login.
        token: What it brought.
    """
    if not login_succeeded.is_heard:
        return
    members = cast("Mapping[str, object]", token)  # of either kind
    claims, scope = members.get("userinfo"), members.get("scope")
    found = cast("Mapping[str, object]", claims).get("sub") if isinstance(claims, dict) else None
    event = LoginSucceeded(
        client=resolved.client.name,
        login=mark(login.state),
        subject=found if isinstance(found, str) else None,
        scope=scope if isinstance(scope, str) else None,
    )
    login_succeeded.send(resolved.state.app, event)


def _answered_state(resolved: Resolved) -> str | None:
    """What the callback calls its login, whoever sent it."""
    names = ("oauth_token", "denied") if isinstance(resolved.client, OAuth1Client) else ("state",)
    if has_request_context():
        with suppress(UnicodeError):
            found = [request.values.get(name) for name in names]
            return next((one for one in found if one), None)
    return None
