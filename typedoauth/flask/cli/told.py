"""What can be told of a login: who it was, and no token or secret."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import click

from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.errors import InvalidTokenError, OAuthError
from typedoauth.flask.cli.causes import explained
from typedoauth.flask.cli.clients import Registered, protocol
from typedoauth.flask.cli.output import iso, printable, relative
from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App
from typedoauth.tokens import (
    AnyToken,
    OAuth2Token,
    check_oauth1_token,
    check_oauth2_token,
    expires_at,
)

__all__ = ["Told"]

# What says nothing of the user, and belongs to the login alone.
_OF_THE_LOGIN: Final = frozenset({"at_hash", "c_hash", "nonce"})


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a login.

    Attributes:
        members: By name, for JSON.
        expires_at: Seconds since the epoch, or ``None``.
    """

    members: Mapping[str, object]
    expires_at: int | None

    @classmethod
    def of(
        cls,
        one: Registered,
        client: OAuth1Client | OAuth2Client,
        token: AnyToken,
        *,
        saved_for: tuple[str | None, str | None],
    ) -> Told:
        """Read what can be told.

        Args:
            one: The client, as it was registered.
            client: The client.
            token: What the login brought.
            saved_for: Under which owner and account it is kept.

        Returns:
            What can be told.
        """
        held = cast("Mapping[str, object]", token)  # of either kind
        expiry = None
        with suppress(InvalidTokenError):
            expiry = expires_at(cast("OAuth2Token", token))  # of the other kind it has none
        claims = _claims(one, token, held.get("userinfo"))
        members: dict[str, object] = {
            "client": one.registration.identity,
            "protocol": protocol(client),
            "saved_for": saved_for[0],
            "account": saved_for[1],
            "token_type": held.get("token_type"),
            "scope": held.get("scope"),
            "expires_at": iso(expiry),
            "refreshable": bool(held.get("refresh_token")),
            "members": sorted(held),
            "claims": {name: claims[name] for name in claims if name not in _OF_THE_LOGIN},
        }
        return cls(members, expiry)

    def say(self, now: float) -> None:
        """Print it for a person, a line each.

        Args:
            now: The present time.
        """
        lines = dict(self.members)
        claims = cast("Mapping[str, object]", lines.pop("claims"))
        lines["members"] = ", ".join(cast("list[str]", lines["members"]))
        lines["refreshable"] = "yes" if lines["refreshable"] else "no"
        if self.expires_at is not None:
            lines["expires_at"] = f"{relative(self.expires_at, now)} ({lines['expires_at']})"
        for name, value in lines.items():
            label = name.removesuffix("_at").replace("_", " ")
            click.echo(f"{label:13}{printable('-' if value is None else str(value))}")
        for name, value in claims.items():
            click.echo(f"{'claim':13}{printable(f'{name}: {value}')}")


def _claims(one: Registered, token: AnyToken, held: object) -> Mapping[str, object]:
    """Who the user is: as the ID Token says, or the profile of a declared service."""
    own: Mapping[str, object] = {}
    if isinstance(held, Mapping):
        own = cast("Mapping[str, object]", held)  # of a validated ID Token
    if one.registration.provider is None:
        return own
    app: object = one.remote_app()
    try:
        if isinstance(app, OAuth1App):
            return cast("Mapping[str, object]", app.userinfo(check_oauth1_token(token)))
        if isinstance(app, OAuth2App):
            return cast("Mapping[str, object]", app.userinfo(check_oauth2_token(token)))
    except OAuthError as error:
        click.echo(printable(f"the profile could not be had: {explained(error)}"), err=True)
    return own
