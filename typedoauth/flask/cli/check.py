"""``flask typedoauth check``: the doctor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from typedoauth.errors import UnknownClientError
from typedoauth.flask.cli.causes import explained
from typedoauth.flask.cli.clients import Registered, registered, states
from typedoauth.flask.cli.commands import NOTHING, Command, json_option
from typedoauth.flask.cli.output import printable, say_json
from typedoauth.flask.doctor import Examination, Finding
from typedoauth.flask.doctor.findings import problem

__all__ = ["check"]

_COLOURS: Final = {"error": "red", "warning": "yellow", "ok": "green"}


@click.command("check", cls=Command)
@click.argument("name", required=False)
@click.option("--tenant", metavar="TENANT", help="Whose, for a client of the client store.")
@click.option(
    "--base-url", metavar="URL", help="Where browsers reach the application (else SERVER_NAME)."
)
@click.option("--callback", metavar="ENDPOINT", help="The view that the provider leads back to.")
@click.option("--offline", is_flag=True, help="Ask no provider.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=60),
    default=5.0,
    metavar="SECONDS",
    help="How long an answer of a provider may take (5).",
)
@json_option
@with_appcontext
def check(
    name: str | None,
    tenant: str | None,
    base_url: str | None,
    callback: str | None,
    offline: bool,
    timeout: float,
    as_json: bool,
) -> None:
    """Find what is wrong with the settings, and how to mend it.

    Of client NAME, or of all. The exit code is 1 where there are errors.
    """
    app = current_app.app_context().app
    if base_url is not None and not _is_web_address(base_url):
        raise click.UsageError("--base-url is such as https://app.example")
    if tenant is not None and name is None:
        raise click.UsageError("--tenant says whose client NAME is")
    if callback is not None and callback not in app.view_functions:
        raise click.UsageError(f"there is no endpoint {callback!r}; flask routes lists them")
    try:
        chosen = registered(name, tenant)
    except UnknownClientError as error:
        raise click.UsageError(error.description) from error
    examination = Examination(
        app,
        os.environ,
        explained,
        base_url,
        callback,
        timeout,
        offline,
    )
    counts = {"error": 0, "warning": 0, "ok": 0}
    said: str | None = None
    for finding in _findings(examination, chosen):
        counts[finding.severity] += 1
        if as_json:
            say_json(_members(finding))
            continue
        heading = finding.client or "the application"
        if heading != said:
            click.echo(f"{'' if said is None else chr(10)}{printable(heading)}")
            said = heading
        _say(finding)
    if not as_json:
        click.echo(
            f"\n{_counted(counts['error'], 'error')}, {_counted(counts['warning'], 'warning')}"
        )
    if counts["error"]:
        click.get_current_context().exit(NOTHING)


def _findings(examination: Examination, chosen: list[Registered]) -> Iterator[Finding]:
    yield from examination.application(states())
    if not chosen:
        yield problem(
            "no_client",
            f"the application {examination.app.name!r} has no client",
            "call OAuth(app), or oauth.init_app(app), and oauth.register(…)",
        )
    for one in chosen:
        yield from examination.client(one.state, one.registration)


def _say(finding: Finding) -> None:
    mark = click.style(f"{finding.severity:7}", fg=_COLOURS[finding.severity])
    code = "" if finding.severity == "ok" else f" [{finding.code}]"
    click.echo(f"  {mark}  {printable(finding.message)}{code}")
    if finding.remedy is not None:
        click.echo(f"           → {printable(finding.remedy)}")


def _members(finding: Finding) -> dict[str, object]:
    return {
        "client": finding.client,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is none
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc) and url.isprintable()
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
