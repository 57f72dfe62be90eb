"""Saying what became of tokens that were to be revoked."""

from __future__ import annotations

import click

from typedoauth.flask.cli.causes import explained
from typedoauth.flask.cli.output import key_record, printable, say_json
from typedoauth.flask.revoking import Revocation

__all__ = ["say_outcome"]


def say_outcome(outcome: Revocation, *, as_json: bool) -> None:
    """Print what became of a token.

    Args:
        outcome: What did.
        as_json: Whether as JSON.
    """
    key = key_record(outcome.key)
    why = None if outcome.error is None else explained(outcome.error)
    if as_json:
        say_json({**key, "outcome": outcome.outcome, "reason": why})
    else:
        names = " ".join(one for one in key.values() if one)
        reason = f": {why}" if why else ""
        click.echo(printable(f"{outcome.outcome:8} {names}{reason}"))
