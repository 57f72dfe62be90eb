"""The page on which traces are shown, to whoever sits at this machine."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, abort, request

from typedoauth._urls import is_loopback
from typedoauth.flask.trace.development import is_development
from typedoauth.flask.trace.recording import Traces
from typedoauth.flask.trace.steps import PARTIES, Step
from typedoauth.flask.trace.text import HEADS, OUTCOMES, unreached

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["PATH", "add_pages"]

PATH: Final = "/typedoauth/trace"
_FORWARDED: Final = ("forwarded", "x-forwarded-", "x-real-ip", "via")


def add_pages(app: Flask, traces: Traces) -> None:
    """Add the page and its text to an application.

    Args:
        app: The application.
        traces: What is shown.
    """

    def page() -> Response:
        _check_visitor(app)
        html = _template().render(
            logins=traces.logins(),
            parties=PARTIES,
            outcomes=OUTCOMES,
            heads=HEADS,
            is_step=_is_step,
            unreached=unreached,
            style=_style(),
        )
        return _answer(html, "text/html")

    def text() -> Response:
        _check_visitor(app)
        written = "\n".join(login.text() for login in traces.logins())
        return _answer(written or "No login has been begun yet.\n", "text/plain")

    app.add_url_rule(PATH, "typedoauth_trace", page, methods=["GET"])
    app.add_url_rule(f"{PATH}.txt", "typedoauth_trace_text", text, methods=["GET"])


def _is_step(row: object) -> bool:
    return isinstance(row, Step)


def _check_visitor(app: Flask) -> None:
    """Let nobody in but who sits at this machine."""
    if not is_development(app):
        abort(404)
    forwarded = any(name.lower().startswith(_FORWARDED) for name, _ in request.headers)
    host = re.sub(r":\d*$", "", request.host).strip("[]")
    # A page elsewhere that has its name resolve to 127.0.0.1 is told by the name.
    if not (is_loopback(request.remote_addr or "") and is_loopback(host)) or forwarded:
        abort(
            _answer(
                "Traces are shown to who sits at this machine: open them there, without a proxy "
                f"in between, at http://127.0.0.1 or http://localhost, {PATH}\n",
                "text/plain",
                403,
            )
        )


def _answer(body: str, kind: str, status: int = 200) -> Response:
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return Response(
        body,
        status,
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
        content_type=f"{kind}; charset=utf-8",
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("typedoauth.flask.trace"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("trace.html")


@cache
def _style() -> str:
    folder = resources.files("typedoauth.flask.trace") / "templates"
    return (folder / "trace.css").read_text("utf-8")
