"""What all commands have in common: exit codes, ``--json``, ``--yes``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar

import click
from flask.cli import AppGroup
from typing_extensions import override

from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.flask.cli.causes import explained
from typedoauth.flask.cli.output import printable

__all__ = [
    "CONFIGURATION",
    "Command",
    "Commands",
    "FAILED",
    "KEPT",
    "NOTHING",
    "ask_first",
    "check_yes",
    "json_option",
    "stop",
    "yes_option",
]

_FunctionT = TypeVar("_FunctionT", bound=Callable[..., Any])  # any: a command takes its options

# Click's own: 0 is success, 2 a wrong use, such as a missing --yes.
NOTHING: Final = 1
"""Nothing was done: there is no such token, or the answer to the question was no."""
KEPT: Final = 3
"""Some tokens could not be revoked, and were kept."""
CONFIGURATION: Final = 4
"""The application cannot do that: it has no token store, or one that cannot."""
FAILED: Final = 5
"""The store failed, or a key is missing."""


class _Failed(click.ClickException):
    exit_code = FAILED


class _Misconfigured(click.ClickException):
    exit_code = CONFIGURATION


class Command(click.Command):
    """A command that ends with one line and an exit code where the library raises."""

    @override
    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OAuthError as error:
            kind = _Misconfigured if isinstance(error, ConfigurationError) else _Failed
            raise kind(printable(explained(error))) from error


class Commands(AppGroup):
    """A group of such commands, each in the application's context."""

    command_class: type[click.Command] | None = Command


def json_option(function: _FunctionT) -> _FunctionT:
    """Give a command the option ``--json``.

    Args:
        function: The command's function.

    Returns:
        The same.
    """
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, an object a line.")(
        function
    )


def yes_option(function: _FunctionT) -> _FunctionT:
    """Give a command the option ``--yes``, without which it runs on a terminal only.

    Args:
        function: The command's function.

    Returns:
        The same.
    """
    return click.option("--yes", is_flag=True, help="Do not ask.")(function)


def check_yes(yes: bool) -> None:
    """End the command with a usage error where there is nobody to ask.

    Args:
        yes: Whether the question was answered beforehand.
    """
    if not yes and not sys.stdin.isatty():
        raise click.UsageError(
            "this asks before it does anything, and nobody is there to answer; say --yes"
        )


def ask_first(question: str, yes: bool) -> None:
    """End the command, unless it is to go on.

    Args:
        question: What to ask.
        yes: Whether it was answered beforehand.
    """
    if not yes and not click.confirm(printable(question), err=True):
        stop(NOTHING)


def stop(code: int, message: str | None = None) -> NoReturn:
    """End the command.

    Args:
        code: The exit code.
        message: What to say to a person.
    """
    if message is not None:
        click.echo(printable(message), err=True)
    click.get_current_context().exit(code)
