"""Authlib's Flask client at the same faults: ``python -m tests.faults.peer`` prints its counts.

No test runs this; what it printed is told in ``docs/faults.md``.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from flask import Flask, request, session, url_for
from werkzeug.test import Client

from tests.faults.cases import Case, Way
from tests.faults.site import APP, CLIENT_SECRET, SCOPE, SteppingClock, form_of, make_provider
from tests.faults.table import CASES
from typedoauth.testing import LocalProvider, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# any: it has no types
_AUTHLIB: Any = import_module("authlib.integrations.flask_client")
_WAYS: Final = {Way.LOGIN, Way.FORM_POST, Way.OAUTH1}


@dataclass
class _Served:
    """A WSGI app that is another provider for each case."""

    provider: LocalProvider

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.provider(environ, start_response)


@dataclass
class _Login:
    """One login by Authlib, and how it ended."""

    base: str
    case: Case
    raised: list[Exception] = field(default_factory=list[Exception])

    def run(self, provider: LocalProvider) -> str:
        name = "one" if self.case.way is Way.OAUTH1 else "two"
        browser = self._app().test_client()
        asks = "&".join(f"{one}={value}" for one, value in self.case.asks.items())
        if self.case.way is Way.FORM_POST:
            asks = "response_mode=form_post"
        with provider.faults(*self.case.faults):
            away = browser.get(f"/login/{name}?{asks}").headers.get("Location")
            if away is None:
                return self._outcome(None)
            form = {"user": "ada", "decision": "approve"}
            parts = urlsplit(away)
            if parts.scheme not in ("http", "https"):
                return "accepts"
            page = Client(provider).post(away, base_url=self.base, data=form)
            if page.status_code >= 400:
                return "sends what the provider refuses"
            if self.case.way is Way.FORM_POST:
                answer = self._post(browser, page.text)
            else:
                back = urlsplit(page.headers["Location"])
                answer = browser.get(f"{back.path}?{back.query}")
        return self._outcome(answer.text)

    def _post(self, browser: Any, page: str) -> Any:  # any: FlaskClient and its answers
        action, pairs = form_of(page)
        kind = "application/x-www-form-urlencoded"
        return browser.post(urlsplit(action).path, data=urlencode(pairs), content_type=kind)

    def _outcome(self, text: str | None) -> str:
        if not self.raised:
            return "accepts" if text else "ends without an answer"
        inside = isinstance(self.raised[-1], _AUTHLIB.OAuthError)
        return "refuses" if inside else "raises something else"

    def _app(self) -> Flask:
        app = Flask("peer")
        app.secret_key = "the application's own key"
        oauth = _AUTHLIB.OAuth(app)
        oauth.register(
            "two",
            client_id=self.case.client,
            client_secret=CLIENT_SECRET,
            server_metadata_url=f"{self.base}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
        )
        oauth.register(
            "one",
            client_id=self.case.client,
            client_secret=CLIENT_SECRET,
            request_token_url=f"{self.base}/oauth1/initiate",
            authorize_url=f"{self.base}/oauth1/authorize",
            access_token_url=f"{self.base}/oauth1/token",
            api_base_url=f"{self.base}/api/",
        )

        def login(name: str) -> Any:  # any: a response of Authlib
            callback = url_for("authorize", name=name, _external=True)
            assert callback.startswith(APP)
            return oauth.create_client(name).authorize_redirect(callback, **request.args)

        def authorize(name: str) -> str:
            client = oauth.create_client(name)
            token = client.authorize_access_token()
            if name == "one":
                answer = client.get("me", token=token)
                answer.raise_for_status()
                session["user"] = answer.json()["sub"]
            else:
                session["user"] = token["userinfo"]["sub"]
            return str(session["user"])

        def failed(error: Exception) -> tuple[str, int]:
            self.raised.append(error)
            return "", 400

        app.add_url_rule("/login/<name>", view_func=login)
        app.add_url_rule("/authorize/<name>", view_func=authorize, methods=["GET", "POST"])
        app.register_error_handler(Exception, failed)
        return app


def main() -> None:
    """Run every login of the table, and print what came of it."""
    cases = [case for case in CASES if case.way in _WAYS and not case.options]
    wanted, wrong = Counter[str](), list[str]()
    served = _Served(make_provider(SteppingClock(), "client"))
    with serve(served) as base:
        for case in cases:
            served.provider = make_provider(SteppingClock(), case.client)
            outcome = _Login(base, case).run(served.provider)
            expected = "accept" if case.error is None else "refuse"
            wanted[f"to {expected}: {outcome}"] += 1
            if (outcome == "accepts") != (case.error is None):
                wrong.append(f"{case}: {outcome}")
    sys.stdout.write(f"Authlib {version('authlib')}, {len(cases)} logins\n")
    for name, count in sorted(wanted.items()):
        sys.stdout.write(f"{count:5} {name}\n")
    if "-v" in sys.argv:
        sys.stdout.write("\n".join(wrong) + "\n")


if __name__ == "__main__":
    main()
