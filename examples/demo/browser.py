"""A small browser on the standard library: cookies, redirects, links and forms.

It shares nothing with typedoauth, so that it sees what a browser would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from typing_extensions import override


@dataclass
class Form:
    """A form of a page: where it leads, and what it sends unless told otherwise."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Page:
    """What came of a request, after all redirects."""

    url: str
    status: int
    html: str
    text: str
    forms: list[Form]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get")))
        elif tag == "input" and self.forms and "name" in values:
            is_choice = values.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in values:
                self.forms[-1].fields[values["name"]] = values.get("value", "")

    @override
    def handle_data(self, data: str) -> None:
        self.text.append(data)


class Browser:
    """Goes to pages and submits their forms, as a person would."""

    def __init__(self) -> None:
        # Loopback is not reached through a proxy, whatever the environment says.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def open(self, url: str, form: dict[str, str] | None = None) -> Page:
        """Go to *url*, by POST if there is a *form*."""
        data = urlencode(form).encode() if form is not None else None
        try:
            response: HTTPResponse | HTTPError = self._opener.open(url, data, timeout=30)
        except HTTPError as error:
            response = error
        with response:
            html = response.read().decode()
            reader = _Reader()
            reader.feed(html)
            text = " ".join(" ".join(reader.text).split())
            return Page(response.url, response.status or 0, html, text, reader.forms)

    def submit(self, page: Page, action: str, **changes: str) -> Page:
        """Submit the form of *page* whose action ends with *action*."""
        for form in page.forms:
            if form.action.endswith(action) and form.method.lower() == "post":
                return self.open(urljoin(page.url, form.action), {**form.fields, **changes})
        raise LookupError(f"the page {page.url} has no form for {action!r}")
