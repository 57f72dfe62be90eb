"""An application that keeps traces, and what may happen to its logins."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import TypeAlias

from flask import Flask
from flask.testing import FlaskClient

from tests.flask.openid import OpenIDSite
from tests.flask.site import SECRET_KEY
from typedoauth.errors import TransportError
from typedoauth.flask.trace import LoginTrace, login_traces
from typedoauth.transports import Request, Response

PAGE = "/typedoauth/trace"
TEXT = "/typedoauth/trace.txt"

Happening: TypeAlias = Callable[["TracedSite", FlaskClient, str], None]
"""What becomes of a login of a browser with the client of a name."""


def traced_app() -> Flask:
    """An application as somebody who builds a login has it."""
    app = Flask("site")
    app.secret_key = SECRET_KEY
    app.debug = True
    app.config["TYPEDOAUTH_TRACE"] = True
    return app


class TracedSite(OpenIDSite):
    """The site of the other tests, with traces."""

    def __init__(self, app: Flask | None = None) -> None:
        super().__init__(None, app or traced_app())

    @property
    def traces(self) -> list[LoginTrace]:
        """The traces, the newest first."""
        return login_traces(self.app)

    def shown(self) -> list[str]:
        """Everything that can be seen of them."""
        visitor = self.app.test_client()
        pages = [visitor.get(path).text for path in (PAGE, TEXT)]
        return [*pages, *map(repr, self.traces)]


def approved(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The user logs in."""
    site.arrive(browser, site.decide(site.begin(browser, name)))


def begun(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The browser does not come back."""
    site.begin(browser, name)


def denied(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The user says no."""
    site.arrive(browser, site.decide(site.begin(browser, name), "deny"))


def reloaded(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The user logs in, and reloads the callback."""
    callback = site.decide(site.begin(browser, name))
    site.arrive(browser, callback)
    site.arrive(browser, callback)


def other_browser(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """Another browser brings the answer."""
    site.arrive(site.app.test_client(), site.decide(site.begin(browser, name)))


def other_host(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The browser brings the answer to another host."""
    callback = site.decide(site.begin(browser, name))
    site.arrive(browser, callback.replace("localhost", "127.0.0.1"))


def wrong_secret(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The provider knows another secret."""
    callback = site.decide(site.begin(browser, name))
    site.provider.add_client("client", "another-secret", redirect_uris=[])
    site.arrive(browser, callback)


def wrong_redirect_uri(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The code is traded with another redirect URI than the login began with."""
    site.finish = {"redirect_uri": "http://localhost/elsewhere"}
    approved(site, browser, name)


def asked_by_get(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The code is traded by GET, so that it stands in an address."""
    site.finish = {"method": "GET"}
    approved(site, browser, name)


def wrong_nonce(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The ID Token answers another login."""
    with site.provider.faults("id_token_nonce_wrong"):
        approved(site, browser, name)


def down_afterwards(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The provider goes down while the user signs in."""
    callback = site.decide(site.begin(browser, name))
    site.transport.send = no_answer  # type: ignore[method-assign]  # the network
    site.arrive(browser, callback)


def down(site: TracedSite, browser: FlaskClient, name: str) -> None:
    """The provider is down from the beginning."""
    site.transport.send = no_answer  # type: ignore[method-assign]  # the network
    browser.get(f"/login/{name}")


def no_answer(request: Request, /) -> Response:
    """Nobody listens."""
    raise TransportError(f"{request.url.partition('?')[0]}: the connection failed: refused")


def settled(text: str) -> str:
    """A text in which what differs from one run to the next is the same."""
    labels = dict.fromkeys(re.findall(r"#([0-9a-f]{6})\b", text))
    for number, label in enumerate(labels):
        text = text.replace(label, sha256(str(number).encode()).hexdigest()[:6])
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "2026-11-27 07:20:05", text)
    text = re.sub(r"\d+ bytes, \d+ ms", "300 bytes, 5 ms", text)
    return re.sub(r"\b1[78]\d{8}\b", "1795763138", text)
