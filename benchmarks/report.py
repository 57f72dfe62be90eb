"""What a benchmark found: printed, written as JSON, and shown in the documentation."""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Measured, table

__all__ = ["Report", "Row", "command", "row", "versions"]


@dataclass(frozen=True)
class Row:
    """A line of the table that the documentation shows.

    Attributes:
        what: What is done.
        against: What the figures are a ratio to, or their unit.
        ours: The figure of typedoauth.
        most: What it is to be at most, where that was said.
        peers: The figures of others by name.
    """

    what: str
    against: str
    ours: float
    most: float | None = None
    peers: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def reached(self) -> bool:
        """Whether it is what it is to be, as it is shown."""
        return self.most is None or round(self.ours, 2) <= self.most


@dataclass(frozen=True)
class Report:
    """What one benchmark found.

    Attributes:
        benchmark: Its name.
        title: What was measured, in a line.
        versions: Of what.
        cases: The ways of each case, in one order; the first is what they are a ratio to.
        rows: What the documentation shows.
    """

    benchmark: str
    title: str
    versions: Mapping[str, str]
    cases: Mapping[str, Sequence[Measured]]
    rows: Sequence[Row]

    def show(self) -> None:
        """Print it."""
        print(self.title)
        print(", ".join(f"{name} {number}" for name, number in self.versions.items()))
        for cases in _alike(self.cases):
            print()
            print(table(cases))
        print()
        for one in self.rows:
            aim = "" if one.most is None else f" (aim: {one.most:g})"
            missed = "" if one.reached else "  NOT REACHED"
            print(f"{one.what}, {one.against}: {one.ours:.4g}{aim}{missed}")

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def _alike(cases: Mapping[str, Sequence[Measured]]) -> Iterator[dict[str, Sequence[Measured]]]:
    """Cases by turns that were done in the same ways."""
    group: dict[str, Sequence[Measured]] = {}
    ways: list[str] = []
    for heading, found in cases.items():
        if group and [one.name for one in found] != ways:
            yield group
            group = {}
        ways = [one.name for one in found]
        group[heading] = found
    if group:
        yield group


def row(
    what: str,
    found: Sequence[Measured],
    *,
    against: str = "by hand",
    most: float | None = None,
    peers: Sequence[str] = (),
    ours: str = "typedoauth",
) -> Row:
    """Take a row out of a case.

    Args:
        what: What is done.
        found: The case.
        against: The way that the figures are to be a ratio to.
        most: What ours is to be at most.
        peers: The ways that are shown beside it.
        ours: The way that is ours.

    Returns:
        The row.
    """
    ratios = {one.name: one.ratio for one in found}
    base = ratios[against]
    others = {name: ratios[name] / base for name in peers}
    return Row(what, against, ratios[ours] / base, most, others)


def versions(*names: str) -> dict[str, str]:
    """The versions of Python and of some distributions."""
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def command(
    name: str,
    run: Callable[[float, int], Report],
    arguments: Sequence[str] | None = None,
    *,
    seconds: float = 0.5,
    rounds: int = 7,
) -> None:
    """Be the command of a benchmark: measure, print, and write JSON where it is asked for.

    Args:
        name: Its name.
        run: Measures; gets the seconds of a sample, and how many samples.
        arguments: Those of the command line when left out.
        seconds: How long a sample takes, where that is not given.
        rounds: How many samples of each way.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--seconds", type=float, default=seconds, help="how long a sample takes")
    parser.add_argument("--rounds", type=int, default=rounds, help="how many samples of each")
    chosen = parser.parse_args(arguments)
    report = run(chosen.seconds, chosen.rounds)
    report.show()
    if chosen.json:
        report.write(chosen.json)
