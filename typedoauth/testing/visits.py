"""What a browser does between an application and the provider, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from typedoauth.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Detour", "left_for", "open_page"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def open_page(provider: WSGIApplication, url: str) -> Response:
    """Open a page of the provider.

    Args:
        provider: The provider.
        url: The page's address.

    Returns:
        The page, or a redirection.
    """
    parts = urlsplit(url)
    builder = EnvironBuilder(
        parts.path, f"{parts.scheme}://{parts.netloc}", query_string=parts.query
    )
    environ = {**builder.get_environ(), "typedoauth.in_process": True}
    return Response.from_app(provider, environ, buffered=True)


def left_for(page: Response) -> str:
    """Tell where a page leads to by itself.

    Args:
        page: What the provider answered.

    Returns:
        The URL that it redirects to.

    Raises:
        ConfigurationError: It does not; the message holds what the page says.
    """
    location = page.headers.get("Location")
    if location is not None:
        return location
    main = page.get_data(as_text=True).partition("<main>")[2]
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
    raise ConfigurationError(
        f"the provider did not send the browser on; it answered {page.status}: {words}"
    )


class Detour:
    """Goes to the provider wherever an application redirects to it, and comes back at once.

    To whoever calls the application, its redirect leads to where the provider
    would have sent the browser afterwards. A page of the provider is passed on
    as it is.

    Args:
        app: The application.
        provider: The provider.
        is_page: Tells whether a URL is one of the provider's that browsers open.
    """

    def __init__(
        self, app: WSGIApplication, provider: WSGIApplication, is_page: Callable[[str], bool]
    ) -> None:
        self.app: WSGIApplication = app
        self._provider: WSGIApplication = provider
        self._is_page: Callable[[str], bool] | None = is_page

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if self._is_page is None:
            return self.app(environ, start_response)
        answer = Response.from_app(self.app, environ)
        location = answer.headers.get("Location", "")
        if answer.status_code in _REDIRECTS and self._is_page(location):
            cookies = answer.headers.getlist("Set-Cookie")
            answer.close()
            answer = open_page(self._provider, location)
            del answer.headers["Set-Cookie"]  # those of another site
            for cookie in cookies:
                answer.headers.add("Set-Cookie", cookie)
        return answer(environ, start_response)

    def end(self) -> None:
        """From now on, only pass on what the application answers."""
        self._is_page = None
