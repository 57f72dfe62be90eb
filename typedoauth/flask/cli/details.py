"""What can be told of one token: the names of its members, and nothing that is secret."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import cast

import click

from typedoauth.errors import InvalidTokenError
from typedoauth.flask.cli.output import iso, key_record, printable, relative, say_json
from typedoauth.flask.kept_tokens import KeptTokens, stream
from typedoauth.protocols import ManagedTokenStore
from typedoauth.tokens import AnyToken, OAuth2Token, TokenKey, expires_at

__all__ = ["Details"]


@dataclass(frozen=True, slots=True)
class Details:
    """What can be told of a token.

    Attributes:
        key: What it is kept under.
        expires_at: Seconds since the epoch, or ``None``.
        refreshable: Whether it can be renewed.
        updated_at: When it was written, where the store tells.
        token_type: As the service called it.
        scope: What it is good for, where the service said.
        members: The names of what it holds.
        claims: The names of the claims of OpenID Connect.
    """

    key: TokenKey
    expires_at: int | None
    refreshable: bool
    updated_at: float | None
    token_type: str | None
    scope: str | None
    members: list[str]
    claims: list[str]

    @classmethod
    def of(cls, kept: KeptTokens, key: TokenKey, token: AnyToken) -> Details:
        """Read what can be told.

        Args:
            kept: Where the token is.
            key: What it is kept under.
            token: The token.

        Returns:
            The details.

        Raises:
            StoreError: The store failed.
        """
        members = cast("Mapping[str, object]", token)  # of either kind
        expiry = None
        with suppress(InvalidTokenError):
            expiry = expires_at(cast("OAuth2Token", token))  # of the other kind it has none
        claims = members.get("userinfo")
        return cls(
            key,
            expiry,
            bool(members.get("refresh_token")),
            _updated_at(kept, key),
            _text(members.get("token_type")),
            _text(members.get("scope")),
            sorted(members),
            sorted(cast("Mapping[str, object]", claims)) if isinstance(claims, Mapping) else [],
        )

    def say_json(self) -> None:
        """Print them as a line of JSON."""
        told = asdict(self) | {
            "expires_at": iso(self.expires_at),
            "updated_at": iso(self.updated_at),
        }
        say_json(key_record(self.key) | {name: told[name] for name in told if name != "key"})

    def say(self, now: float) -> None:
        """Print them for a person, a line each.

        Args:
            now: The present time.
        """
        lines = {
            **key_record(self.key),
            "expires": _moment(self.expires_at, now),
            "refreshable": "yes" if self.refreshable else "no",
            "updated": _moment(self.updated_at, now),
            "token type": self.token_type,
            "scope": self.scope,
            "members": ", ".join(self.members),
            "claims": ", ".join(self.claims),
        }
        for name, text in lines.items():
            click.echo(f"{name:13}{printable(text or '-')}")


def _updated_at(kept: KeptTokens, key: TokenKey) -> float | None:
    store: object = kept.store
    if isinstance(store, ManagedTokenStore):
        for told in stream(kept, lambda: store.summaries(owner=key.owner, client=key.client)):
            if told.key == key:
                return told.updated_at
    return None


def _moment(moment: float | None, now: float) -> str | None:
    return None if moment is None else f"{relative(moment, now)} ({iso(moment)})"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
