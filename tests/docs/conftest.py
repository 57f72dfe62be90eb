"""A provider under the addresses that the pages name, and the settings that they read."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.docs.world import World
from typedoauth.testing import serve


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Generator[World]:
    """The services of the examples, over real HTTP."""
    for name, value in (
        ("SECRET_KEY", "of the example"),
        ("GITHUB_CLIENT_ID", "my-client"),
        ("GITHUB_CLIENT_SECRET", "my-secret"),
        ("PROVIDER_CLIENT_ID", "my-client"),
        ("PROVIDER_CLIENT_SECRET", "my-secret"),
    ):
        monkeypatch.setenv(name, value)
    found = World()
    with serve(found) as base:
        found.base = base
        yield found
