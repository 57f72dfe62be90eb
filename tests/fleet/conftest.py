"""One provider, one fleet and one of each server, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet import race
from tests.fleet.fleet import Fleet, ProviderProcess, fleet, provider
from tests.fleet.places import Place
from tests.fleet.servers import Service


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For logs and files."""
    return tmp_path_factory.mktemp("fleet")


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[ProviderProcess]:
    """A provider that takes 80 ms for a refresh."""
    with provider(folder / "provider.log") as made:
        yield made


@pytest.fixture(scope="session")
def workers(server: ProviderProcess, folder: Path) -> Iterator[Fleet]:
    """Four processes."""
    with fleet(server.base, folder) as made:
        yield made


@pytest.fixture(scope="session")
def services() -> Iterator[dict[str, Service]]:
    """The databases and the Redis of these tests, by kind of store."""
    with race.services() as made:
        yield made


@pytest.fixture(scope="session")
def places(folder: Path, services: dict[str, Service]) -> dict[str, Place]:
    """Where processes share tokens, by kind."""
    return race.places(folder, services)
