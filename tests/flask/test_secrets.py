"""No secret of a login stands in a repr, a log record or the text of an exception."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import cast
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.flask.caches import Forgetful
from tests.flask.site import CLIENT_SECRET, SECRET_KEY, Site, cookie_of, query_of
from typedoauth.errors import OAuthError, TransportError
from typedoauth.transports import Headers, Request, Response

_PROTECTED = ("code", "token", "secret", "verifier", "nonce", "state", "password", "refresh")
_HARMLESS = {"oauth_nonce", "code_challenge", "code_challenge_method", "token_type"}


class Ears:
    """Notes every secret that goes to the service or comes back from it."""

    def __init__(self, site: Site) -> None:
        self.secrets: set[str] = {CLIENT_SECRET, SECRET_KEY}
        self.answer: Callable[[Request], Response] = site.transport.send

    def send(self, request: Request, /) -> Response:
        self.note((request.body or b"").decode())
        self.note(request.headers.get("authorization", "").replace(", ", "&").replace('"', ""))
        response = self.answer(request)
        self.note(response.text)
        return response

    def note(self, text: str) -> None:
        """Take the secrets out of a form or a JSON object."""
        try:
            members: dict[str, object] = json.loads(text)
        except ValueError:
            members = dict(parse_qsl(text))
        for name, value in members.items():
            if name not in _HARMLESS and any(word in name for word in _PROTECTED):
                self.secrets.add(str(value))


@pytest.fixture(params=["session", "cache"])
def heard(request: pytest.FixtureRequest) -> tuple[Site, Ears]:
    """An application whose every message is overheard."""
    site = Site(Forgetful() if request.param == "cache" else None)
    ears = Ears(site)
    site.oauth.init_app(site.app, cache=site.oauth.cache, transport=ears)
    return site, ears


def objects(root: object) -> Iterator[object]:
    """Every object of this library that *root* holds, directly or not."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        one = stack.pop()
        if id(one) not in seen:
            seen.add(id(one))
            stack.extend(_members(one))
            if _is_ours(one):
                yield one


def _is_ours(one: object) -> bool:
    return type(one).__module__.startswith("typedoauth")


def _members(one: object) -> list[object]:
    """What a container, a function or an object of ours holds."""
    if isinstance(one, dict):
        return list(cast("dict[object, object]", one).values())
    if isinstance(one, list | tuple | set | frozenset):
        return list(cast("list[object]", one))
    if isinstance(one, MethodType):
        return [one.__self__]
    if isinstance(one, partial):
        partially = cast("partial[object]", one)
        return [partially.func, *partially.args]
    if isinstance(one, FunctionType):
        return [cell.cell_contents for cell in one.__closure__ or ()]
    names: set[str] = set()
    if _is_ours(one):
        names.update(getattr(one, "__dict__", {}))
        for kind in type(one).__mro__:
            names.update(cast("tuple[str, ...]", kind.__dict__.get("__slots__", ())))
    return [getattr(one, name, None) for name in names]


def leaks(secrets: set[str], texts: Iterator[str]) -> list[str]:
    """The texts that hold a secret."""
    told = {one for one in secrets if len(one) > 7}
    assert len(told) > 2, "the test hears too little"
    return [text for text in texts if any(secret in text for secret in told)]


def shown(error: BaseException) -> Iterator[str]:
    """What of an error people and logs see."""
    yield from traceback.format_exception(error)
    yield repr(error)
    yield repr(vars(error))


@pytest.mark.parametrize("name", ["one", "two"])
def test_login_that_succeeds_tells_no_secret(
    heard: tuple[Site, Ears], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Client secret, code, verifier, tokens, state and cookie: none of them shows."""
    site, ears = heard
    with caplog.at_level(logging.DEBUG):
        browser = site.app.test_client()
        location = site.begin(browser, name, data={"next": "/somewhere"})
        site.begin(browser, name)
        callback = site.decide(location)
        site.arrive(browser, callback)
        site.two.refresh_token(site.two.fetch_access_token(username="ada", password="ada-password"))
    ears.note(urlencode(query_of(callback)))
    ears.secrets.add(cookie_of(browser))
    with site.app.test_request_context():
        found = list(objects([site.oauth, site.one, site.two, site.oauth.bind(site.app)]))
        states = list(objects(dict(site.app.extensions["typedoauth"])))
    kinds = {type(one).__name__ for one in (*found, *states)}
    assert {"OAuth", "OAuth2App", "AppState", "Resolved", "Registration", "OAuth2Client"} <= kinds
    assert leaks(ears.secrets, (repr(one) for one in (*found, *states))) == []
    logged = [record for record in caplog.records if record.name.startswith("typedoauth")]
    assert logged
    assert leaks(ears.secrets, (str(vars(record)) for record in caplog.records)) == []
    assert leaks(ears.secrets, (record.getMessage() for record in caplog.records)) == []


def _echo(status: int, kind: str) -> Callable[[Request], Response]:
    """A service that says back whatever it was sent, as an error or as nonsense."""

    def answer(request: Request) -> Response:
        said = f"{(request.body or b'').decode()} {dict(request.headers)}"
        if kind == "json":
            body = json.dumps({"error": "invalid_grant", "error_description": said, "x": said})
        elif kind == "token":
            body = json.dumps(
                {"access_token": 5, "refresh_token": "leaked-refresh-token", "x": said}
            )
        elif kind == "form":
            body = urlencode({"oauth_problem": "token_rejected", "oauth_problem_advice": said})
        else:
            body = f"<html>{said}"
        return Response(status, Headers({"X-Echo": "1"}), body.encode())

    return answer


def _down(request: Request) -> Response:
    raise TransportError("no connection")


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize(
    "answer",
    [
        _echo(status, kind)
        for status in (200, 400, 500)
        for kind in ("json", "token", "form", "html")
    ]
    + [_down],
)
def test_service_that_echoes_makes_no_error_tell(
    heard: tuple[Site, Ears],
    name: str,
    answer: Callable[[Request], Response],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At the end of a login, whatever a broken service says of what it got."""
    site, ears = heard
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, name))
    ears.note(urlencode(query_of(callback)))
    ears.secrets.add("leaked-refresh-token")
    ears.answer = answer
    with caplog.at_level(logging.DEBUG):
        error = site.refused(browser, callback)
    assert leaks(ears.secrets, shown(error)) == []
    assert leaks(ears.secrets, (str(vars(record)) for record in caplog.records)) == []


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("way", ["foreign", "again", "denied", "expired", "key", "double", "host"])
def test_refused_callback_tells_no_secret(
    heard: tuple[Site, Ears], name: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each refusal of ours: neither the state nor the code stands in it."""
    site, ears = heard
    browser = site.app.test_client()
    location = site.begin(browser, name)
    callback = site.decide(location, "deny" if way == "denied" else "approve")
    ears.note(urlencode(query_of(callback)))
    ears.note(urlencode(query_of(location)))
    with caplog.at_level(logging.DEBUG):
        match way:
            case "foreign":
                error: OAuthError = site.refused(site.app.test_client(), callback)
            case "again":
                site.arrive(browser, callback)
                error = site.refused(browser, callback)
            case "expired":
                site.clock.now += 4000
                error = site.refused(browser, callback)
            case "key":
                site.app.secret_key = "another key"
                error = site.refused(browser, callback)
            case "double":
                query = callback.partition("?")[2]
                error = site.refused(browser, f"{callback}&{query}")
            case "host":
                error = site.refused(browser, callback.replace("localhost", "127.0.0.1"))
            case _:
                error = site.refused(browser, callback)
    assert leaks(ears.secrets, shown(error)) == []
    assert leaks(ears.secrets, (str(vars(record)) for record in caplog.records)) == []


def test_leak_would_be_found(heard: tuple[Site, Ears]) -> None:
    """The tests above can fail."""
    site, ears = heard
    site.log_in(site.app.test_client(), "two")
    code = site.transport.forms("/oauth2/token")[0]["code"]
    assert leaks(ears.secrets, shown(OAuthError("x", f"the code {code}"))) != []
    assert leaks(ears.secrets, iter([f"secret {CLIENT_SECRET}"])) != []
