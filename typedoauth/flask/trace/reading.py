"""A recorded login, put in order: steps, checks, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from typedoauth.errors import OAuthError
from typedoauth.flask.trace.advice import diagnosis, not_back
from typedoauth.flask.trace.checks import callback_checks, token_checks
from typedoauth.flask.trace.record import Record
from typedoauth.flask.trace.situation import Situation
from typedoauth.flask.trace.steps import Check, Diagnosis, LoginTrace, Step

__all__ = ["read"]


def read(record: Record, config: Mapping[str, object], hide: Callable[[str], str]) -> LoginTrace:
    """Put a recorded login in order.

    Args:
        record: The login.
        config: The application's.
        hide: Puts labels in the place of secrets.

    Returns:
        What can be shown of it.
    """
    steps = [_hidden(step, hide) for step in list(record.steps)]
    error = record.error
    samesite = config.get("SESSION_COOKIE_SAMESITE")
    situation = Situation(
        record.client,
        steps,
        samesite if isinstance(samesite, str) else None,
        bool(config.get("SESSION_COOKIE_SECURE")),
        hide,
    )
    found: Diagnosis | None = None
    if error is not None:
        found = diagnosis(error, situation)
    elif record.outcome == "open":
        found = not_back(situation)
    before: list[Check] = []
    after: list[Check] = []
    if record.callback is not None and record.outcome != "open":
        before = callback_checks(steps, error)
        if any(step.name == "token_request" for step in steps):
            after = token_checks(steps, error, openid=record.openid)
    wrong = [step for step in steps if step.failed]
    wrong_checks = [check for check in (*before, *after) if check.outcome == "failed"]
    if error is not None and steps and not wrong and not wrong_checks:
        steps[-1] = replace(steps[-1], failed=True)  # that is how far it got
    place = len(steps) if record.callback is None else record.callback + 1
    rows: tuple[Step | Check, ...] = (*steps[:place], *before, *steps[place:], *after)
    openid = "OpenID Connect" if record.openid else "OAuth 2.0"
    return LoginTrace(
        record.number,
        record.client,
        "OAuth 1.0" if record.oauth1 else openid,
        datetime.fromtimestamp(record.began, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        record.outcome,
        None if error is None else _written(error, hide),
        found,
        rows,
    )


def _hidden(step: Step, hide: Callable[[str], str]) -> Step:
    return replace(
        step,
        message=hide(step.message),
        values=tuple((hide(name), hide(value)) for name, value in step.values),
    )


def _written(error: BaseException, hide: Callable[[str], str]) -> str:
    """An error of ours in whole, and of another one what kind it is."""
    name = type(error).__name__
    return hide(f"{name}: {error}") if isinstance(error, OAuthError) else name
