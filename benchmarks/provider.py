"""What a login in a test costs: ``python -m benchmarks.provider [--json FILE]``.

The application's own test client goes through the whole login, in process, with the
provider of :mod:`typedoauth.testing`, which checks what it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from flask import Flask, url_for
from flask.typing import ResponseReturnValue

from benchmarks.measure import Work, measure
from benchmarks.report import Report, Row, command, versions
from typedoauth.flask import OAuth, OpenIDApp
from typedoauth.testing import LocalProvider

__all__ = ["main", "run", "works"]

_SERVICE: Final = "https://service.example"


def _app() -> Flask:
    app = Flask("app")
    app.secret_key = "of the benchmark"
    oauth = OAuth(app)
    oauth.register(
        "one",
        client_id="client",
        client_secret="secret",
        request_token_url=f"{_SERVICE}/1/request",
        authorize_url=f"{_SERVICE}/1/authorize",
        access_token_url=f"{_SERVICE}/1/token",
    )
    oauth.register(
        "two",
        client_id="client-2",
        client_secret="secret",
        authorize_url=f"{_SERVICE}/2/authorize",
        access_token_url=f"{_SERVICE}/2/token",
    )
    oauth.register(
        "openid",
        client_cls=OpenIDApp,
        client_id="client-3",
        client_secret="secret",
        server_metadata_url=f"{_SERVICE}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile"},
    )

    @app.get("/login/<name>")
    def login(name: str) -> ResponseReturnValue:
        callback = url_for("authorize", name=name, _external=True)
        return oauth.create_client(name).authorize_redirect(callback)

    @app.get("/authorize/<name>")
    def authorize(name: str) -> ResponseReturnValue:
        oauth.create_client(name).authorize_access_token()
        return "You are logged in."

    return app


def _log_in(app: Flask, name: str) -> str:
    return app.test_client().get(f"/login/{name}", follow_redirects=True).text


def works(provider: LocalProvider) -> list[Work]:
    """A login by each protocol, checked."""
    app = _app()
    provider.stand_in(app)
    provider.login_as("ada")
    names = {"OAuth 1.0a": "one", "OAuth 2.0": "two", "OpenID Connect": "openid"}
    for name in names.values():
        assert _log_in(app, name) == "You are logged in."
    return [Work(protocol, partial(_log_in, app, name)) for protocol, name in names.items()]


def run(seconds: float, rounds: int) -> Report:
    """Measure.

    Args:
        seconds: How long a sample takes.
        rounds: How many samples of each way.

    Returns:
        What was found.
    """
    provider = LocalProvider()
    found = measure(works(provider), seconds=seconds, rounds=rounds)
    provider.close()
    rows = [Row(f"A login in a test, {one.name}", "ms", one.microseconds / 1000) for one in found]
    title = "A login in a test, in process: CPU time, as a ratio to OAuth 1.0a"
    return Report("provider", title, versions("flask"), {"login": found}, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("provider", run, arguments)


if __name__ == "__main__":
    main()
