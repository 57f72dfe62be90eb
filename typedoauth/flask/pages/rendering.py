"""Templates: the application's, and where it has none of a name, the library's."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, current_app
from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader

__all__ = ["render_page"]

_EXTENSION: Final = "typedoauth_pages"


def render_page(template: str, *, status: int = 200, **context: object) -> Response:
    """Render a page that no cache keeps and no other site frames.

    Args:
        template: Its name within the folder ``typedoauth`` of the templates.
        status: The status of the response.
        context: What the template knows, besides what the application's templates know.

    Returns:
        The response.
    """
    app = current_app.app_context().app
    app.update_template_context(context)
    page = _environment(app).get_template(f"typedoauth/{template}").render(context)
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


def _environment(app: Flask) -> Environment:
    found: object = app.extensions.get(_EXTENSION)
    if isinstance(found, Environment):
        return found
    loaders: list[BaseLoader] = [PackageLoader("typedoauth.flask")]
    if app.jinja_env.loader is not None:
        loaders.insert(0, app.jinja_env.loader)
    made = app.jinja_env.overlay(loader=ChoiceLoader(loaders), autoescape=True)
    app.extensions[_EXTENSION] = made
    return made
