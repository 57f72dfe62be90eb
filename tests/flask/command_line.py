"""Runs commands of an application, with either kind of click's runner."""

from __future__ import annotations

from inspect import signature

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskCliRunner

# Before 8.2, click's runner has either: what is printed in its order, or standard error apart.
_EITHER = "mix_stderr" in signature(CliRunner).parameters


def runner(app: Flask, *, apart: bool = True) -> FlaskCliRunner:
    """A runner of the application's commands.

    Args:
        app: The application.
        apart: Whether standard error is asked for, and not what both say in its order.
    """
    return app.test_cli_runner(**({"mix_stderr": not apart} if _EITHER else {}))
