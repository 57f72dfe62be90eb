"""``flask typedoauth provider``."""

from __future__ import annotations

import click

from typedoauth.flask.cli.commands import Command

__all__ = ["provider"]


@click.command("provider", cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=9000, show_default=True, help="The port; 0 is a free one.")
@click.option("--client-secret", default=None, help="The secret of every client.")
@click.option("--user", "users", multiple=True, help="One more user; may be given repeatedly.")
def provider(host: str, port: int, client_secret: str | None, users: tuple[str, ...]) -> None:
    """Serve a provider for your desk, until Ctrl-C.

    It speaks OAuth 1.0a, OAuth 2.0 and OpenID Connect, knows every client on this
    machine, and prints the settings to paste. Its page lets you choose who signs in
    and what goes wrong. No application is needed.
    """
    from typedoauth.testing import desk

    desk.run(
        host=host,
        port=port,
        client_secret=client_secret or desk.CLIENT_SECRET,
        users=users,
        say=click.echo,
    )
