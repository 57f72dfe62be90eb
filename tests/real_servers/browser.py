"""A person at a browser, as far as a login needs one: cookies, redirects, forms."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPMessage, HTTPResponse
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from flask.testing import FlaskClient
from typing_extensions import override
from werkzeug.test import TestResponse

_MOST_STEPS = 10
_SECONDS = 20.0


class RefusedError(Exception):
    """The server showed an error page instead of going back to the application."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"the authorization page answered {status}: {text}")
        self.status: int = status
        self.text: str = text


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the browser is about to send to the application.

    Attributes:
        url: The redirection endpoint, with the parameters of a GET.
        form: The parameters of a POST (``form_post``); ``None`` for a GET.
    """

    url: str
    form: dict[str, str] | None = None

    def open_in(self, client: FlaskClient) -> TestResponse:
        """Send it, with the cookies of Flask's test client."""
        if self.form is None:
            return client.get(self.url)
        return client.post(self.url, data=self.form)


class Browser:
    """Walks from a URL of the server to one of the application, as for a login or a logout.

    Args:
        user: Who signs in.
        decision: ``approve`` or ``deny``.
        answers: What else to put into the fields of forms, by their names.

    Attributes:
        answers: What goes into the fields of forms, by their names.
        signed_in: How often it was asked who is there.
    """

    def __init__(self, user: str = "ada", decision: str = "approve", **answers: str) -> None:
        self.answers: dict[str, str] = {"user": user, "decision": decision, **answers}
        self.signed_in: int = 0
        # Servers are on loopback: a proxy from the environment is none of their business.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()), _StayHere())

    def authorize(self, url: str, redirect_uri: str) -> Arrival:
        """Sign in, decide, and stop before the redirection endpoint is opened.

        Args:
            url: Where the application sent the browser.
            redirect_uri: Where the server must send it back to.

        Raises:
            RefusedError: The server answered with an error page.
        """
        form: dict[str, str] | None = None
        for _ in range(_MOST_STEPS):
            if url.split("?")[0] == redirect_uri:
                return Arrival(url, form)
            status, location, text = self._open(url, form)
            if location is not None:
                url, form = urljoin(url, location), None
                continue
            page = _Form(text)
            if not page.found:
                raise RefusedError(status, text)
            self.signed_in += "user" in page.fields
            url = urljoin(url, page.action)
            form = {name: self.answers.get(name, value) for name, value in page.fields.items()}
        raise RefusedError(0, f"still not back at {redirect_uri} after {_MOST_STEPS} steps")

    def _open(self, url: str, form: dict[str, str] | None) -> tuple[int, str | None, str]:
        data = None if form is None else urlencode(form).encode()
        response: HTTPResponse | HTTPError
        try:
            response = self._opener.open(Request(url, data=data), timeout=_SECONDS)
        except HTTPError as error:
            response = error
        with response:
            text = response.read().decode()
            return response.status or 0, response.headers.get("Location"), text


class _StayHere(HTTPRedirectHandler):
    """Hands redirects back, as the last one must not be followed."""

    @override
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class _Form(HTMLParser):
    """The first form of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: bool = False
        self.action: str = ""
        self.fields: dict[str, str] = {}
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found = True
            self.action = attributes.get("action", "")
        elif tag in {"input", "button"} and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value", "")
