"""A provider under the addresses that the pages name, and the settings that they read."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from tests.docs.world import World
from tests.packaging.installing import Environment
from typedoauth.testing import serve

OLD: Final = (
    "flask-oauthlib==0.9.6",
    "loginpass==0.5",
    "authlib<1",
    "flask<2.3",
    "werkzeug<2.3",
    "setuptools",
)
"""Libraries that nobody maintains; they cannot be imported beside a current Flask."""


@pytest.fixture(scope="session")
def old_environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Runs libraries that need an old Flask; none of this project is in it."""
    return Environment.make(tmp_path_factory.mktemp("old"), *OLD)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[World]:
    """The services of the examples, over real HTTP."""
    for name, value in (
        ("SECRET_KEY", "of the example"),
        ("GITHUB_CLIENT_ID", "my-client"),
        ("GITHUB_CLIENT_SECRET", "my-secret"),
        ("PROVIDER_CLIENT_ID", "my-client"),
        ("PROVIDER_CLIENT_SECRET", "my-secret"),
        ("DATABASE_URL", f"sqlite:///{tmp_path}/app.db"),
    ):
        monkeypatch.setenv(name, value)
    found = World()
    with serve(found) as base:
        found.base = base
        yield found
