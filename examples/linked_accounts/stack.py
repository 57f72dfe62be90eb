"""The provider and the app, side by side on loopback."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from examples.linked_accounts.app import create_app
from typedoauth.testing import Lifetimes, LocalProvider, serve


@dataclass(frozen=True)
class Stack:
    """What is running, and where."""

    app: Flask
    provider: LocalProvider
    provider_url: str
    app_url: str


@contextmanager
def running(data: Path, lifetimes: Lifetimes | None = None) -> Generator[Stack]:
    """Run both for as long as the block does.

    Args:
        data: A folder for the app's database; what an earlier run left is deleted,
            since the provider has forgotten those tokens.
        lifetimes: How long the provider's tokens are good for.
    """
    data.mkdir(parents=True, exist_ok=True)
    for left in data.glob("app.sqlite3*"):
        left.unlink()
    provider = LocalProvider(lifetimes=lifetimes)
    provider.add_user("ada", name="Ada Lovelace", email="ada@example.com")
    provider.add_user("countess", name="Ada, Countess", email="countess@example.com")
    provider.add_user("grace", name="Grace Hopper", email="grace@example.com")
    client_secret = secrets.token_urlsafe(24)
    with serve(provider) as provider_url:
        app = create_app(
            provider_url=provider_url,
            database_url=f"sqlite:///{data.resolve() / 'app.sqlite3'}",
            secret_key=secrets.token_urlsafe(32),
            client_secret=client_secret,
            token_key=base64.b64encode(secrets.token_bytes(32)).decode(),
        )
        with serve(app) as app_url:
            provider.add_client(
                "linked-accounts",
                client_secret,
                name="Linked accounts",
                redirect_uris=[f"{app_url}/callback"],
            )
            yield Stack(app, provider, provider_url, app_url)
