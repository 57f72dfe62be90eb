"""A page for whatever goes wrong in a login."""

from __future__ import annotations

from flask import Response, current_app

from typedoauth.errors import OAuthError
from typedoauth.flask.pages.error_words import words_for
from typedoauth.flask.pages.rendering import render_page
from typedoauth.flask.remote_app import RemoteApp

__all__ = ["error_page"]


def error_page(
    error: OAuthError, remote: RemoteApp | None = None, *, again: str | None = None
) -> Response:
    """Tell a person what went wrong, and what to do.

    It fits ``app.register_error_handler(OAuthError, error_page)``. What the error says
    itself is for developers, and is shown where the application is in debug mode.

    Args:
        error: The error.
        remote: The app of the service, which the page then calls by its title.
        again: An address that begins the login again; without it there is no such link.

    Returns:
        The page, rendered from the template ``typedoauth/error.html``.
    """
    words = words_for(error)
    service = "The service" if remote is None else remote.title
    return render_page(
        "error.html",
        status=words.status,
        title=_put(words.title, service),
        advice=_put(words.advice, service),
        again=again if words.again else None,
        code=error.code,
        details=error.description if current_app.debug else "",
    )


def _put(text: str, service: str) -> str:
    if not text.startswith("{service}"):
        service = service.replace("The service", "the service")
    return text.replace("{service}", service)
