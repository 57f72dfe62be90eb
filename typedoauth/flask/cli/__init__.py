"""The command line: ``flask typedoauth``. One file for each group of commands."""

from __future__ import annotations

from typing import Final

from typedoauth.flask.cli.check import check
from typedoauth.flask.cli.clients import clients
from typedoauth.flask.cli.commands import Commands
from typedoauth.flask.cli.keys import rotate_keys
from typedoauth.flask.cli.login import login
from typedoauth.flask.cli.provider import provider
from typedoauth.flask.cli.tokens import tokens

__all__ = ["group"]

group: Final[Commands] = Commands(
    "typedoauth", help="Clients and their settings, kept tokens, and a provider for your desk."
)
group.add_command(check)
group.add_command(clients)
group.add_command(login)
group.add_command(tokens)
group.add_command(rotate_keys)
group.add_command(provider)
