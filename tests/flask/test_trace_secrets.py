"""No secret stands in a trace: not on the page, not in the text, not in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Any, cast
from urllib.parse import quote, unquote, urlencode

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug import Response as View

from tests.flask.site import CLIENT_SECRET, PROVIDER, SECRET_KEY, cookie_of, query_of
from tests.flask.test_secrets import Ears, leaks
from tests.flask.tracing import (
    PAGE,
    TEXT,
    Happening,
    TracedSite,
    approved,
    asked_by_get,
    begun,
    denied,
    down,
    down_afterwards,
    other_browser,
    other_host,
    reloaded,
    traced_app,
    wrong_nonce,
    wrong_redirect_uri,
    wrong_secret,
)
from typedoauth.errors import OAuthError
from typedoauth.flask import OAuth
from typedoauth.flask.trace import login_traces
from typedoauth.transports import Headers, Request, Response

PUBLIC = (PROVIDER, "http://localhost", "[", "openid ", "profile ")


class Witness(Ears):
    """Notes what goes to the provider and comes back, and where the browser goes."""

    def __init__(self, site: TracedSite) -> None:
        super().__init__(site)
        site.oauth.init_app(site.app, transport=self)
        decide = site.decide

        def followed(location: str, decision: str = "approve") -> str:
            callback = decide(location, decision)
            self.note(urlencode(query_of(location)))
            self.note(urlencode(query_of(callback)))
            return callback

        site.decide = followed  # type: ignore[method-assign]  # the person at the browser

    @property
    def told(self) -> set[str]:
        """The secrets: whole, and the parts of a JWT that are some by themselves."""
        found = {one for one in self.secrets if not one.startswith(PUBLIC)}
        parts = {part for one in found if one.count(".") == 2 for part in one.split(".")[1:]}
        return found | parts


ALL = [
    approved,
    begun,
    denied,
    down,
    down_afterwards,
    other_browser,
    other_host,
    reloaded,
    wrong_secret,
]


@pytest.mark.parametrize(
    ("name", "happens"),
    [(name, happens) for name in ("one", "two", "op") for happens in ALL]
    + [("op", wrong_nonce), ("op", wrong_redirect_uri), ("op", asked_by_get)],
)
def test_login_tells_no_secret(
    name: str, happens: Happening, caplog: pytest.LogCaptureFixture
) -> None:
    """State, code, verifier, nonce, tokens, client secret, signatures, cookies: none shows."""
    site = TracedSite()
    witness = Witness(site)
    browser = site.app.test_client()
    with caplog.at_level(logging.DEBUG):
        happens(site, browser, name)
    shown = [*site.shown(), *(str(vars(record)) for record in caplog.records)]
    secrets = witness.told | {cookie_of(browser), CLIENT_SECRET, SECRET_KEY}
    assert leaks(secrets, iter(shown)) == []


def test_leak_would_be_found() -> None:
    """The test above hears what there is."""
    site = TracedSite()
    witness = Witness(site)
    browser = site.app.test_client()
    approved(site, browser, "op")
    form = site.transport.forms("/oauth2/token")[0]
    assert {form["code"], form["code_verifier"]} <= witness.told
    assert len([one for one in witness.told if one.count(".") == 2]) == 1
    assert site.traces[0].steps


# Whatever a provider says back


def secrets(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Secrets of these characters, none of which is a word of the page's own."""
    return st.text(characters, min_size=6, max_size=40).map(lambda text: f"Zq9{text}")


TEXTS = secrets(st.characters(min_codepoint=33, max_codepoint=126))
TOKENS = secrets(st.characters(codec="ascii", categories=("L", "N"), include_characters="-._~+/="))
SPELT: dict[str, Callable[[str], str]] = {
    "plain": str,
    "quoted": lambda text: quote(text, safe=""),
    "html": escape,
    "json": lambda text: json.dumps(text)[1:-1],
}


class Parrot:
    """A provider that says back whatever it knows, in the place that a test chooses."""

    def __init__(self, secrets: dict[str, str], place: str, spelling: str, status: int) -> None:
        self.secrets = secrets
        self.place = place
        self.spelt = SPELT[spelling]
        self.status = status

    def send(self, request: Request, /) -> Response:
        """Answer a token request."""
        known = {**self.secrets, **dict(_pairs(request))}
        if self.place in ("error", "nested", "page", "text"):
            # Tokens that come nowhere else cannot be told from other words.
            del known["access_token"], known["refresh_token"]
        said = " and ".join(self.spelt(one) for one in known.values())
        body: dict[str, Any] = {
            "access_token": self.secrets["access_token"],
            "refresh_token": self.secrets["refresh_token"],
        }
        headers = {"Content-Type": "application/json"}
        content = json.dumps(body)
        match self.place:
            case "error":
                content = json.dumps({"error": said, "error_description": said, "error_uri": said})
            case "members":
                content = json.dumps({**body, "scope": said, "message": said, "whatever": [said]})
            case "nested":
                content = json.dumps(
                    {"error": {"message": said, "type": said, "deep": {"x": said}}}
                )
            case "names":
                content = json.dumps({**body, **{self.spelt(one): 1 for one in known.values()}})
            case "page":
                content = f"<html><title>{said}</title><p>{said}"
            case "text":
                content = said
            case "form":
                content = urlencode({**body, "oauth_problem": said, "message": said})
            case "headers":
                headers |= {
                    "Content-Type": said,
                    "WWW-Authenticate": f'Bearer realm="{said}", error="{said}", x="{said}"',
                    "Retry-After": said,
                    "Location": f"https://elsewhere.example/{quote(said)}?x={quote(said)}",
                }
            case _:
                pass
        return Response(self.status, Headers(headers), content.encode())


def _pairs(request: Request) -> Iterator[tuple[str, str]]:
    form = query_of(f"?{(request.body or b'').decode()}")
    yield from ((name, form[name]) for name in ("code_verifier",) if name in form)
    yield "credentials", request.headers.get("authorization", "").partition(" ")[2]


def _app(secrets: dict[str, str], parrot: Parrot, method: str) -> Flask:
    app = traced_app()
    app.secret_key = secrets["secret_key"]
    oauth = OAuth(app, transport=parrot)
    client = oauth.register(
        "two",
        client_id="the-client",
        client_secret=secrets["client_secret"],
        authorize_url=f"{PROVIDER}/oauth2/authorize",
        access_token_url=f"{PROVIDER}/oauth2/token",
        client_kwargs=cast("Any", {"token_endpoint_auth_method": method}),
    )

    def login() -> View:
        return client.authorize_redirect(
            url_for("authorize", _external=True),
            state=secrets["state"],
            login_hint=secrets["login_hint"],
            nonce_of_mine=secrets["code"],
        )

    def authorize() -> str:
        return client.authorize_access_token()["access_token"][:0]

    app.add_url_rule("/login", view_func=login)
    app.add_url_rule("/authorize", "authorize", authorize)
    app.register_error_handler(OAuthError, lambda error: (str(error), 400))
    return app


def _arrive(app: Flask, secrets: dict[str, str], extra: str) -> FlaskClient:
    browser = app.test_client()
    away = browser.get("/login")
    assert away.status_code == 302, away.text
    query = {
        "state": secrets["state"],
        "code": secrets["code"],
        extra: secrets["login_hint"],
        "error_description": f"of {secrets['code']}",
    }
    browser.get("/authorize", query_string=query)
    return browser


PLACES = ["ok", "error", "members", "nested", "names", "page", "text", "form", "headers"]


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.fixed_dictionaries(
        {
            "secret_key": TEXTS,
            "client_secret": TEXTS,
            "state": TEXTS,
            "code": TEXTS,
            "login_hint": TEXTS,
            "access_token": TOKENS,
            "refresh_token": TOKENS,
        }
    ),
    place=st.sampled_from(PLACES),
    spelling=st.sampled_from(sorted(SPELT)),
    status=st.sampled_from([200, 302, 400, 401, 500]),
    method=st.sampled_from(["client_secret_basic", "client_secret_post"]),
    extra=st.sampled_from(["session_state", "iss", "scope", "whatever", "message"]),
)
def test_provider_that_says_everything_back_makes_nothing_show(
    values: dict[str, str],
    place: str,
    spelling: str,
    status: int,
    method: str,
    extra: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Wherever a secret turns up, and however it is spelt."""
    caplog.clear()
    parrot = Parrot(values, place, spelling, status)
    app = _app(values, parrot, method)
    with caplog.at_level(logging.DEBUG):
        browser = _arrive(app, values, extra)
    shown = [browser.get(path).text for path in (PAGE, TEXT)]
    shown += [repr(trace) for trace in login_traces(app)]
    shown += [unescape(text) for text in shown] + [unquote(text) for text in shown]
    shown += [str(vars(record)) for record in caplog.records]
    hidden = {name: one for name, one in values.items() if name != "login_hint"}
    found = [name for name, one in hidden.items() if any(one in text for text in shown)]
    assert found == []
