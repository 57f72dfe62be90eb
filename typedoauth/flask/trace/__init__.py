"""The trace: what happened in a login, step by step, for whoever builds one.

It is loaded where an application's config says ``TYPEDOAUTH_TRACE``, and nowhere else.
"""

from __future__ import annotations

from flask import Flask

from typedoauth.errors import ConfigurationError
from typedoauth.flask.trace.development import SETTING
from typedoauth.flask.trace.page import PATH, add_pages
from typedoauth.flask.trace.recording import Traces
from typedoauth.flask.trace.steps import Check, Diagnosis, LoginTrace, Step

__all__ = ["Check", "Diagnosis", "LoginTrace", "Step", "install", "login_traces"]

_EXTENSION = "typedoauth.trace"


def login_traces(app: Flask) -> list[LoginTrace]:
    """The last logins of an application, the newest first.

    Args:
        app: The application, with ``TYPEDOAUTH_TRACE`` in its config.

    Returns:
        What is known of them.

    Raises:
        ConfigurationError: The application keeps no traces.
    """
    found = app.extensions.get(_EXTENSION)
    if not isinstance(found, Traces):
        raise ConfigurationError(
            f"the application {app.name!r} keeps no traces: set {SETTING} = True in its config "
            "before oauth.init_app(app)"
        )
    found.check()
    return found.logins()


def install(app: Flask) -> Traces:
    """Keep traces for an application, and show them.

    Args:
        app: The application.

    Returns:
        Its traces: one book for all of its registries.

    Raises:
        ConfigurationError: It has answered requests already.
    """
    found = app.extensions.get(_EXTENSION)
    if isinstance(found, Traces):
        return found
    made = Traces(app, PATH)
    try:
        add_pages(app, made)
    except AssertionError as error:  # how Flask says so
        raise ConfigurationError(
            f"{SETTING} needs a page, and the application has answered requests already; call "
            "oauth.init_app(app) before the first one"
        ) from error
    app.extensions[_EXTENSION] = made
    return made
