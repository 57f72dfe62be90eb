"""Everything that breaks, once: ``python -m tests.fleet.faults`` prints what came of it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

from tests.fleet import race, scenarios
from tests.fleet.expected import FAULTS, Fault, Run
from tests.fleet.fleet import fleet, provider
from tests.fleet.scenarios import SCENARIOS, World
from tests.fleet.tables import head, row


def every(world: World) -> Generator[tuple[str, list[Run]]]:
    """Make each fault happen, at each place where it can."""
    yield from scenarios.killed(world).items()
    for name, scenario in SCENARIOS.items():
        yield name, [scenario(world, kind, name) for kind in FAULTS[name].stores]


def main() -> int:
    """Print the table.

    Returns:
        0, or 1 where something came of a fault that must not.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        server = stack.enter_context(provider(folder / "provider.log"))
        workers = stack.enter_context(fleet(server.base, folder))
        services = stack.enter_context(race.services())
        world = World(server, workers, services, race.places(folder, services), folder)
        head(
            "fault", "stores", "runs", "who calls meanwhile gets", "who calls later gets",
            "token kept", "refreshes (asked)", "longest wait",
        )  # fmt: skip
        total, broken = 0, list[str]()
        for fault, runs in every(world):
            total += len(runs)
            broken += [f"{fault}: {one}" for run in runs for one in FAULTS[fault].broken(run)]
            _tell(fault, FAULTS[fault], runs)
    print(f"\n{total} runs, {len(broken)} not as they have to be", *broken, sep="\n")  # noqa: T201  a script
    return int(bool(broken))


def _tell(name: str, fault: Fault, runs: list[Run]) -> None:
    kept = sum(run.kept for run in runs)
    row(
        name,
        ", ".join(run.store for run in runs),
        len(runs),
        ", ".join(sorted({run.sees or "a token" for run in runs})),
        ", ".join(sorted({run.later or "a token" for run in runs})),
        f"{kept} of {len(runs)}" + (f" ({fault.why})" if fault.why else ""),
        f"{sum(run.granted for run in runs)} ({sum(run.asked for run in runs)})",
        f"{max(run.waited for run in runs):.1f} s",
    )


if __name__ == "__main__":
    sys.exit(main())
