"""What a browser does between an application and the provider, without a browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from typedoauth.errors import ConfigurationError
from typedoauth.testing.pages import FormPost
from typedoauth.testing.web import redirect_back

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from typedoauth.testing.provider import LocalProvider

__all__ = ["Detour", "left_for", "open_page"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_POSTED: Final = "typedoauth_form_post"


def open_page(provider: LocalProvider, url: str) -> Response:
    """Open a page of the provider.

    Args:
        provider: The provider.
        url: The page's address.

    Returns:
        The page, or a redirection.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    environ = EnvironBuilder(parts.path, origin, query_string=parts.query).get_environ()
    return provider.respond(Request({**environ, "typedoauth.in_process": True}))


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
    would have sent the browser afterwards. Where the provider's page would have
    posted a form there (``form_post``), the application gets that. Any other page
    of the provider is passed on as it is.

    Args:
        app: The application.
        provider: The provider.
    """

    def __init__(self, app: WSGIApplication, provider: LocalProvider) -> None:
        self.app: WSGIApplication = app
        self._provider: LocalProvider | None = provider
        self._forms: dict[str, FormPost] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if self._provider is None:
            return self.app(environ, start_response)
        form = self._forms.pop(Request(environ).args.get(_POSTED, ""), None)
        if form is not None:
            environ = _posted(environ, form)
        answer = Response.from_app(self.app, environ)
        location = answer.headers.get("Location", "")
        if answer.status_code in _REDIRECTS and self._provider.is_page(location):
            answer.close()
            answer = self._went(open_page(self._provider, location), answer)
        return answer(environ, start_response)

    def _went(self, page: Response, redirect: Response) -> Response:
        if isinstance(page, FormPost):
            # The browser of the test comes with its cookies, so that it can be posted then.
            key = secrets.token_urlsafe()
            self._forms[key] = page
            page = redirect_back(page.uri, [(_POSTED, key)])
        del page.headers["Set-Cookie"]  # those of another site
        for cookie in redirect.headers.getlist("Set-Cookie"):
            page.headers.add("Set-Cookie", cookie)
        return page

    def end(self) -> None:
        """From now on, only pass on what the application answers."""
        self._provider = None


def _posted(environ: WSGIEnvironment, form: FormPost) -> WSGIEnvironment:
    body = urlencode(form.parameters).encode()
    builder = EnvironBuilder(
        method="POST",
        query_string=urlsplit(form.uri).query,
        data=body,
        content_type="application/x-www-form-urlencoded",
    )
    fresh = builder.get_environ()
    names = ("REQUEST_METHOD", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "wsgi.input")
    return {**environ, **{name: fresh[name] for name in names}}
