"""Where traces are kept at all: in development, when they are asked for."""

from __future__ import annotations

from typing import Final

from flask import Flask

from typedoauth.errors import ConfigurationError

__all__ = ["SETTING", "check_development", "is_development"]

SETTING: Final = "TYPEDOAUTH_TRACE"


def is_development(app: Flask) -> bool:
    """Whether an application runs in debug mode, or is being tested."""
    return app.debug or app.testing


def check_development(app: Flask) -> None:
    """Refuse to trace what may be somebody's real login.

    Args:
        app: The application.

    Raises:
        ConfigurationError: It runs neither in debug mode nor in a test.
    """
    if not is_development(app):
        raise ConfigurationError(
            f"{SETTING} is for development: it keeps what logins are made of. Run the application "
            "in debug mode (flask run --debug), or take the setting out"
        )
