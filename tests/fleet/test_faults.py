"""What breaks while tokens are in use: what users see of it, and which tokens are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import read, table
from tests.fleet import scenarios
from tests.fleet.expected import FAULTS, Run, documented
from tests.fleet.fleet import LEASE, Fleet, ProviderProcess
from tests.fleet.places import Place
from tests.fleet.race import POLL
from tests.fleet.scenarios import SCENARIOS, World
from tests.fleet.servers import Service

KILLED = [name for name in FAULTS if name not in SCENARIOS]


@pytest.fixture(scope="module")
def world(
    server: ProviderProcess,
    workers: Fleet,
    services: dict[str, Service],
    places: dict[str, Place],
    folder: Path,
) -> World:
    """What the faults happen to."""
    return World(server, workers, services, places, folder)


@pytest.fixture(scope="module")
def killed(world: World) -> dict[str, list[Run]]:
    """What came of workers that were killed; all at once, since each waits for a lease to end."""
    return scenarios.killed(world)


@pytest.mark.parametrize("fault", KILLED)
def test_killed_worker(fault: str, killed: dict[str, list[Run]]) -> None:
    """Its lease ends, and others go on, or are told to log in again; never stuck for longer."""
    runs = killed[fault]
    assert [run.store for run in runs] == list(FAULTS[fault].stores)
    assert [one for run in runs for one in FAULTS[fault].broken(run)] == []
    assert max(run.waited for run in runs) < LEASE + 10 * POLL


@pytest.mark.parametrize(
    ("fault", "kind"), [(fault, kind) for fault in SCENARIOS for kind in FAULTS[fault].stores]
)
def test_fault(fault: str, kind: str, world: World) -> None:
    """What those see who call meanwhile and later, and whether the token is still there."""
    assert FAULTS[fault].broken(SCENARIOS[fault](world, kind, fault)) == []


def test_documentation_has_every_fault() -> None:
    """With what comes of it, and how many runs there are."""
    assert table("docs/token-stores.md", "faults") == documented()
    runs = sum(len(fault.stores) for fault in FAULTS.values())
    assert f"in {runs} runs" in read("docs/token-stores.md")
