"""The command line: ``flask typedoauth``. One file for each group of commands."""

from __future__ import annotations

from typing import Final

import click
from typing_extensions import override

from typedoauth.flask.cli.commands import Commands

__all__ = ["group"]

_COMMANDS: Final = ("check", "clients", "login", "provider", "providers", "rotate-keys", "tokens")


class _Group(Commands):
    """Loads a command when it is called: the group itself is loaded by every ``flask run``."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        match cmd_name:
            case "check":
                from typedoauth.flask.cli import check

                return check.check
            case "clients":
                from typedoauth.flask.cli import clients

                return clients.clients
            case "login":
                from typedoauth.flask.cli import login

                return login.login
            case "provider":
                from typedoauth.flask.cli import provider

                return provider.provider
            case "providers":
                from typedoauth.flask.cli import providers

                return providers.providers
            case "rotate-keys":
                from typedoauth.flask.cli import keys

                return keys.rotate_keys
            case "tokens":
                from typedoauth.flask.cli import tokens

                return tokens.tokens
            case _:
                return None


group: Final[Commands] = _Group(
    "typedoauth", help="Clients and their settings, kept tokens, and a provider for your desk."
)
