"""How an authorization response reaches the client (RFC 6749 4.1.2, Form Post Response Mode)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from werkzeug.wrappers import Response

from typedoauth.testing import pages
from typedoauth.testing.state import State
from typedoauth.testing.web import redirect_back

__all__ = ["MODES", "respond"]

MODES: Final[tuple[str, ...]] = ("query", "form_post")
"""The values of ``response_mode``."""


def respond(
    state: State, redirect_uri: str, mode: str, parameters: Mapping[str, str | None]
) -> Response:
    """Send the user agent back to the client.

    Args:
        state: The provider's memory.
        redirect_uri: Where to.
        mode: One of :data:`MODES`; where it is none of them, the error that says so
            goes into the query.
        parameters: What to tell; those that are ``None`` are left out.

    Returns:
        A redirection, or a page with a form that sends itself.
    """
    given = [(name, value) for name, value in parameters.items() if value is not None]
    pairs = state.redirected("authorization", given)
    if mode == "form_post":
        return pages.form_post(redirect_uri, pairs)
    return redirect_back(redirect_uri, pairs)
