"""What a login costs a Flask application: ``python -m benchmarks.logins [--json FILE]``.

The applications are called as a WSGI server calls them. "Redirect" sends the browser to
the service, and sets the cookie; "view" is the function that makes the redirect, without
Flask's own work on the request, which includes writing the cookie; "login" is the redirect
and the callback, with the token endpoint in the same process, or in another one, over a
connection that is kept where somebody keeps it. The bytes of the cookie are those of its
value.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context, copy_context
from functools import partial
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, has_request_context, session
from flask.ctx import RequestContext

from benchmarks.measure import Work, measure
from benchmarks.report import Report, Row, command, row, versions
from benchmarks.serving import serving
from benchmarks.sites import (
    ACCESS_TOKEN,
    AUTHORIZE_URL,
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPE,
    SITES,
    TokenEndpoint,
)

__all__ = [
    "Browser",
    "checked",
    "cookie_rows",
    "logins",
    "main",
    "over_http",
    "redirects",
    "run",
    "views",
]

PEERS: Final = ("Authlib", "requests-oauthlib")
CODE: Final = "e72e16c7e42f292c6912e7710c838347ae178b4a"
ABANDONED: Final = 50
MOST_BYTES: Final = 4096
_REDIRECT_URI: Final = "https://www.example.com/authorize"
_ENVIRON: Final[dict[str, Any]] = {  # any: as WSGI has it
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "SERVER_NAME": "www.example.com",
    "SERVER_PORT": "443",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "www.example.com",
    "HTTP_ACCEPT": "text/html",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "https",
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class Browser:
    """A browser that keeps one cookie, and does as little as it can.

    It takes no cookie that is larger than browsers take them.

    Args:
        app: The application.

    Attributes:
        cookie: The session's cookie, as it is sent.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app.wsgi_app
        self.cookie: str = ""

    def get(self, path: str, query: str = "") -> tuple[str, str, bytes]:
        """Make a request.

        Returns:
            The status, the ``Location`` and the body.
        """
        environ = {
            **_ENVIRON,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_COOKIE": self.cookie,
            "wsgi.input": BytesIO(),
            "wsgi.errors": None,
        }
        status, location = "", ""

        def start_response(
            given: str, headers: list[tuple[str, str]], _: object = None, /
        ) -> Callable[[bytes], object]:
            nonlocal status, location
            status = given
            for name, value in headers:
                if name == "Set-Cookie" and len(value) <= MOST_BYTES:
                    self.cookie = value.partition(";")[0]
                elif name == "Location":
                    location = value
            return self._write

        body = b"".join(self._app(environ, start_response))
        return status, location, body

    def _write(self, _: bytes) -> object:
        raise AssertionError("Flask does not write so")

    def begin(self) -> str:
        """Ask to be logged in.

        Returns:
            The ``state`` that the service is to give back.
        """
        return self.get("/login")[1].partition("state=")[2].partition("&")[0]

    def finish(self, state: str) -> bytes:
        """Come back from the service.

        Returns:
            The page.
        """
        return self.get("/authorize", f"code={CODE}&state={state}")[2]


def _redirect(app: Flask) -> tuple[str, str, bytes]:
    return Browser(app).get("/login")


def _login(app: Flask) -> bytes:
    browser = Browser(app)
    return browser.finish(browser.begin())


def _check_login(name: str, app: Flask, endpoint: TokenEndpoint) -> None:
    browser = Browser(app)
    status, location, _ = browser.get("/login")
    sent = dict(parse_qsl(urlsplit(location).query, strict_parsing=True))
    state, challenge = sent.pop("state"), sent.pop("code_challenge")
    assert status.startswith("302"), name
    assert location.partition("?")[0] == AUTHORIZE_URL, name
    assert len(state) >= 22, name
    assert sent == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": _REDIRECT_URI,
        "scope": SCOPE,
        "code_challenge_method": "S256",
    }, name
    assert browser.finish(state) == ACCESS_TOKEN.encode(), name
    form = dict(parse_qsl(endpoint.form, strict_parsing=True))
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge, name
    assert (form["code"], form["redirect_uri"]) == (CODE, _REDIRECT_URI), name
    basic = b64decode(endpoint.authorization.removeprefix("Basic ")).decode()
    assert basic == f"{CLIENT_ID}:{CLIENT_SECRET}", name
    endpoint.form = ""
    _refuses(browser, state)
    _refuses(Browser(app), state)
    assert not endpoint.form, f"{name} redeemed a code of nobody's login"


def _refuses(browser: Browser, state: str) -> None:
    try:
        page = browser.finish(state)
    except Exception:  # noqa: BLE001 - each has its own
        return
    assert ACCESS_TOKEN.encode() not in page


def checked() -> dict[str, Flask]:
    """Everybody's application, after a look at a whole login with each."""
    apps: dict[str, Flask] = {}
    for name, make in SITES.items():
        endpoint = TokenEndpoint()
        apps[name] = make(endpoint)
        apps[name].config["PROPAGATE_EXCEPTIONS"] = True
        _check_login(name, apps[name], endpoint)
    return apps


def over_http(url: str) -> dict[str, Flask]:
    """The same applications, with a token endpoint in another process."""
    # oauthlib asks for TLS, on loopback as well.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    apps = {name: make(TokenEndpoint(url)) for name, make in SITES.items()}
    for name, app in apps.items():
        assert _login(app) == ACCESS_TOKEN.encode(), name
    return apps


def views(apps: Mapping[str, Flask]) -> list[Work]:
    """The view that redirects, called by itself in a request whose session is empty."""
    works: list[Work] = []
    for name, app in apps.items():
        request = app.test_request_context("/login", base_url="https://www.example.com")
        works.append(Work(name, partial(_view, copy_context(), request, app)))
    return works


def _view(context: Context, request: RequestContext, app: Flask) -> None:
    context.run(_call, request, app.view_functions["login"])


def _call(request: RequestContext, view: Callable[[], object]) -> None:
    if not has_request_context():
        request.push()  # and it stays in this way's own context
    session.clear()
    view()


def redirects(apps: Mapping[str, Flask]) -> list[Work]:
    """The redirect, from the WSGI server and back to it."""
    return [Work(name, partial(_redirect, app)) for name, app in apps.items()]


def logins(apps: Mapping[str, Flask]) -> list[Work]:
    """A whole login."""
    return [Work(name, partial(_login, app)) for name, app in apps.items()]


def _bytes(browser: Browser) -> int:
    return len(browser.cookie.partition("=")[2])


def _open_logins(app: Flask, abandoned: int) -> tuple[int, int]:
    """Begin logins, one after another, and finish as many as can be, the last one first.

    Returns:
        The bytes of the cookie before that, and how many could be finished.
    """
    browser = Browser(app)
    states = [browser.begin() for _ in range(abandoned)]
    size = _bytes(browser)
    finished = 0
    for state in reversed(states):
        try:
            page = browser.finish(state)
        except Exception:  # noqa: BLE001 - each has its own
            break
        if page != ACCESS_TOKEN.encode():
            break
        finished += 1
    return size, finished


def cookie_rows(apps: Mapping[str, Flask]) -> list[Row]:
    """What the cookie holds."""
    warnings.filterwarnings("ignore", message="The 'session' cookie is too large")
    one = {name: _open_logins(app, 1)[0] for name, app in apps.items()}
    many = {name: _open_logins(app, ABANDONED) for name, app in apps.items()}
    return [
        _cookie_row("Session cookie, one open login", "bytes", one, 230),
        _cookie_row(
            f"Session cookie, {ABANDONED} abandoned logins",
            "bytes",
            {name: size for name, (size, _) in many.items()},
            1024,
        ),
        _cookie_row(
            f"Of {ABANDONED} tabs, the newest that can finish",
            "tabs, four or more",
            {name: count for name, (_, count) in many.items()},
        ),
    ]


def _cookie_row(what: str, unit: str, found: dict[str, int], most: int | None = None) -> Row:
    return Row(what, unit, found["typedoauth"], most, {name: found[name] for name in PEERS})


def run(seconds: float, rounds: int) -> Report:
    """Measure."""
    apps = checked()
    measured = partial(measure, seconds=seconds, rounds=rounds)
    cases = {
        "view": measured(views(apps)),
        "redirect": measured(redirects(apps)),
        "login": measured(logins(apps)),
    }
    with serving() as service:
        cases["login over HTTP"] = measured(logins(over_http(f"{service}/code")))
    return Report(
        "logins",
        "Logins in a Flask application: CPU time, as a ratio to views written by hand",
        versions("flask", "werkzeug", "urllib3", "authlib", "requests-oauthlib"),
        cases,
        [
            row(
                "The redirect: a request to the application",
                cases["redirect"],
                most=1.9,
                peers=PEERS,
            ),
            row("The redirect: the view alone", cases["view"], most=1.9, peers=PEERS),
            row("A whole login, token over HTTP", cases["login over HTTP"], most=1.15, peers=PEERS),
            row("A whole login, token in process", cases["login"], most=1.15, peers=PEERS),
            *cookie_rows(apps),
        ],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("logins", run, arguments)


if __name__ == "__main__":
    main()
