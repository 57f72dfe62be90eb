"""The provider and the app, side by side on loopback."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from examples.demo.app import create_app
from examples.demo.registry import SERVICES
from typedoauth.testing import LocalProvider, serve


@dataclass(frozen=True)
class Stack:
    """What is running, and where."""

    provider: LocalProvider
    provider_url: str
    app_url: str


@contextmanager
def running(data: Path) -> Generator[Stack]:
    """Run both for as long as the block does.

    Args:
        data: A folder for the app's database; what an earlier run left is deleted,
            since the provider has forgotten those tokens.
    """
    data.mkdir(parents=True, exist_ok=True)
    database = data / "tokens.sqlite3"
    database.unlink(missing_ok=True)
    provider = LocalProvider()
    provider.add_user("ada", name="Ada Lovelace", email="ada@example.com")
    provider.add_user("grace", name="Grace Hopper", email="grace@example.com")
    client_secrets = {name: secrets.token_urlsafe(24) for name in SERVICES}
    with serve(provider) as provider_url:
        app = create_app(
            provider_url=provider_url,
            database_url=f"sqlite:///{database}",
            secret_key=secrets.token_urlsafe(32),
            client_secrets=client_secrets,
        )
        with serve(app) as app_url:
            for name, secret in client_secrets.items():
                provider.add_client(
                    f"demo-{name}",
                    secret,
                    name="The demo",
                    redirect_uris=[f"{app_url}/authorize/{name}"],
                    post_logout_redirect_uris=[f"{app_url}/signed-out"],
                )
            yield Stack(provider, provider_url, app_url)
