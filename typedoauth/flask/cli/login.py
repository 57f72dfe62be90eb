"""``flask typedoauth login``: a login from the terminal."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from hmac import compare_digest
from http import HTTPStatus

import click
from flask.cli import with_appcontext

from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import (
    AuthorizationDeniedError,
    ConfigurationError,
    OAuthError,
    UnknownClientError,
)
from typedoauth.flask import authorization
from typedoauth.flask.cli.causes import explained
from typedoauth.flask.cli.clients import Registered, registered
from typedoauth.flask.cli.commands import NOTHING, Command, json_option, stop
from typedoauth.flask.cli.loopback import Loopback, Page
from typedoauth.flask.cli.output import printable, say_json
from typedoauth.flask.cli.told import Told
from typedoauth.tokens import AnyToken

__all__ = ["login"]


@click.command("login", cls=Command)
@click.argument("name")
@click.option("--tenant", metavar="TENANT", help="Whose, for a client of the client store.")
@click.option("--scope", metavar="SCOPE", help="Another scope than the registered one.")
@click.option("--save", "owner", metavar="OWNER", help="Keep the token as this user's.")
@click.option("--account", metavar="ACCOUNT", help="Which of several accounts it is.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="The port of the redirect URI (a free one).",
)
@click.option(
    "--path", default="/callback", metavar="PATH", help="The path of the redirect URI (/callback)."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    default=300.0,
    metavar="SECONDS",
    help="How long to wait for you (300).",
)
@click.option("--browser/--no-browser", default=None, help="Open a browser, or only print the URL.")
@json_option
@with_appcontext
def login(
    name: str,
    tenant: str | None,
    scope: str | None,
    owner: str | None,
    account: str | None,
    port: int,
    path: str,
    timeout: float,
    browser: bool | None,
    as_json: bool,
) -> None:
    """Log in with client NAME, and show what came of it.

    The browser comes back to this machine: to http://127.0.0.1 and a free port. Where
    the provider wants the redirect URI registered, register one with a --port.
    """
    if account is not None and owner is None:
        raise click.UsageError("--account says where to --save the token")
    if owner == "":
        raise click.UsageError("--save takes the identifier of a user")
    if not path.startswith("/") or not path.isprintable() or set(path) & set("?# "):
        raise click.UsageError("--path begins with a slash, and has no query")
    try:
        (one,) = registered(name, tenant)
    except UnknownClientError as error:
        raise click.UsageError(error.description) from error
    client = one.state.resolve(one.registration).client
    _check(one, client, owner)
    try:
        loopback = Loopback(path, port)
    except OSError:
        stop(NOTHING, f"port {port} of 127.0.0.1 is taken; say another --port")
    with loopback:
        begun = _begin(one, loopback, scope)
        loopback.expect(lambda pairs: _answers(client, begun, pairs))
        _say_where(begun.url, loopback.redirect_uri, browser)
        callback = loopback.wait(timeout)
        if callback is None:
            stop(NOTHING, f"nobody came back within {timeout:g} s")
        try:
            token: AnyToken = client.finish_authorization(callback, begun)
            if owner is not None:
                one.remote_app().save_token(token, owner=owner, account=account)
        except OAuthError as error:
            loopback.show(_failed(error))
            if isinstance(error, AuthorizationDeniedError):
                stop(NOTHING, f"the login was refused: {explained(error)}")
            raise
        loopback.show(Page("Logged in", "You may close this window and go back to the terminal."))
    told = Told.of(one, client, token, saved_for=(owner, account))
    if as_json:
        say_json(told.members)
    else:
        told.say(one.state.clock())


def _check(one: Registered, client: OAuth1Client | OAuth2Client, owner: str | None) -> None:
    if isinstance(client, OAuth2Client) and client.grant_type == "client_credentials":
        raise ConfigurationError(
            f"client {client.name!r} fetches a token of its own; no user logs in with it"
        )
    if owner is not None and one.state.shared.token_store is None:
        raise ConfigurationError(
            "--save needs a token store; give OAuth(…, token_store=…), or leave it out"
        )


def _begin(one: Registered, loopback: Loopback, scope: str | None) -> PendingAuthorization:
    resolved = one.state.resolve(one.registration)
    given = {} if scope is None else {"scope": scope}
    return authorization.begin(resolved, loopback.redirect_uri, given)


def _answers(
    client: OAuth1Client | OAuth2Client,
    begun: PendingAuthorization,
    callback: Sequence[tuple[str, str]],
) -> bool:
    """Whether a callback carries the state of the login, or its temporary credentials."""
    try:
        key = client.authorization_key(callback)
    except OAuthError:
        return False
    return compare_digest(key.encode("utf-8", "replace"), begun.state.encode())


def _say_where(url: str, redirect_uri: str, browser: bool | None) -> None:
    click.echo(f"redirect URI: {redirect_uri}", err=True)
    click.echo(f"open this, if it does not open by itself:\n{printable(url)}", err=True)
    if sys.stderr.isatty() if browser is None else browser:
        with suppress(webbrowser.Error):
            webbrowser.open(url)


def _failed(error: OAuthError) -> Page:
    denied = isinstance(error, AuthorizationDeniedError)
    title = "The login was refused" if denied else "The login failed"
    return Page(title, "The terminal says why.", HTTPStatus.BAD_REQUEST)
