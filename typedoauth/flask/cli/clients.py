"""The registered clients of the application at hand, and ``flask typedoauth clients``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import click
from flask import current_app
from flask.cli import with_appcontext

from typedoauth._urls import without_query
from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.flask.cli.commands import Command, json_option
from typedoauth.flask.cli.output import printable, say_json
from typedoauth.flask.registrations import unknown
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.settings import Registration
from typedoauth.flask.state import AppState

__all__ = ["Registered", "clients", "protocol", "registered", "states"]


@dataclass(frozen=True, slots=True)
class Registered:
    """A client, before its settings are worked out.

    Attributes:
        state: What its registry keeps for the application.
        registration: What was registered.
    """

    state: AppState
    registration: Registration

    def remote_app(self) -> RemoteApp:
        """Return its remote app.

        Raises:
            ConfigurationError: The application has lost its registry.
        """
        if self.state.registry is None:
            raise ConfigurationError("the application has no registry; call oauth.init_app(app)")
        registration = self.registration
        bound = self.state.registry.bind(self.state.app)
        return bound.create_client(registration.name, registration.tenant)


def states() -> list[AppState]:
    """What each registry keeps for the application at hand.

    Returns:
        Those that have been initialised with it.
    """
    extensions: Mapping[str, Mapping[object, AppState]] = current_app.extensions
    return list(extensions.get("typedoauth", {}).values())


def registered(name: str | None = None, tenant: str | None = None) -> list[Registered]:
    """Find clients of the application at hand.

    Args:
        name: The one that is meant; all that are registered when left out.
        tenant: Whose it is, for one of the client store.

    Returns:
        The clients; one, where *name* is given.

    Raises:
        UnknownClientError: There is none of that name.
    """
    found = [
        Registered(state, entry.registration)
        for state in states()
        for entry in state.entries.values()
    ]
    if name is None:
        return found
    if tenant is None:
        for one in found:
            if one.registration.name == name:
                return [one]
    for state in states():
        stored = state.stored_registration(name, tenant)
        if stored is not None:
            return [Registered(state, stored)]
    asked = any(state.shared.client_store is not None for state in states())
    names = dict.fromkeys(one.registration.name for one in found)
    raise unknown(name, names, tenant, asked=asked)


def protocol(client: OAuth1Client | OAuth2Client) -> str:
    """Name the protocol of a client.

    Args:
        client: The client.

    Returns:
        The name that people know.
    """
    if isinstance(client, OAuth1Client):
        return "OAuth 1.0a"
    scope = (client.scope or "").replace(",", " ").split()
    return "OpenID Connect" if "openid" in scope else "OAuth 2.0"


@click.command("clients", cls=Command)
@with_appcontext
@json_option
def clients(as_json: bool) -> None:
    """List the registered clients, without their secrets."""
    found = registered()
    if not found and not as_json:
        click.echo("no clients", err=True)
    for one in found:
        members = _members(one)
        if as_json:
            say_json(members)
            continue
        click.echo(f"{printable(one.registration.identity):14}  {members['protocol'] or '-'}")
        for name in list(members)[2:]:
            if members[name] is not None:
                click.echo(f"  {name:19}  {printable(str(members[name]))}")


def _members(one: Registered) -> dict[str, str | None]:
    names = (
        *("client_id", "server_metadata_url", "request_token_url", "authorize_url"),
        *("access_token_url", "api_base_url", "scope"),
    )
    members: dict[str, str | None] = {"client": one.registration.identity, "protocol": None}
    members |= dict.fromkeys(names)
    try:
        client = one.state.resolve(one.registration).client
    except OAuthError as error:
        return members | {"problem": error.description}
    members["protocol"] = protocol(client)
    for name in names:
        value: object = getattr(client, name, None)  # some are of one protocol only
        if isinstance(value, str) and value:
            members[name] = without_query(value) if name.endswith("_url") else value
    return members | {"problem": None}
