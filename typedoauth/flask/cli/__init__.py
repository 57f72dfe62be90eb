"""The command line: ``flask typedoauth``. One file for each group of commands."""

from __future__ import annotations

from typing import Final

from typedoauth.flask.cli.commands import Commands
from typedoauth.flask.cli.keys import rotate_keys
from typedoauth.flask.cli.provider import provider
from typedoauth.flask.cli.tokens import tokens

__all__ = ["group"]

group: Final[Commands] = Commands(
    "typedoauth", help="Tokens that are kept, their keys, and a provider for your desk."
)
group.add_command(tokens)
group.add_command(rotate_keys)
group.add_command(provider)
