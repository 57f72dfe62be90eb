"""Measure several ways to do one thing against each other.

All are run in one process and by turns, so that whatever else the machine does
meets each of them. What counts is the CPU time of this thread, as a ratio to that
of the first way in the same round; of several rounds, the median.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from time import thread_time

__all__ = ["Measured", "Work", "measure", "table"]

_FEWEST_CALLS = 20


@dataclass(frozen=True)
class Work:
    """One way to do it.

    Attributes:
        name: Whose.
        run: Does it once.
    """

    name: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """What one way costs.

    Attributes:
        name: Whose.
        microseconds: The CPU time of one call.
        ratio: The same, relative to the first way.
        lowest: The lowest ratio of all rounds.
        highest: The highest.
    """

    name: str
    microseconds: float
    ratio: float
    lowest: float
    highest: float


def _sample(run: Callable[[], object], calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in repeat(None, calls):
        run()
    return (clock() - start) / calls


def _calls(
    run: Callable[[], object], seconds: float, fewest: int, clock: Callable[[], float]
) -> int:
    run()
    calls = fewest
    while (once := _sample(run, calls, clock)) * calls < seconds / 10:
        calls *= 4
    return max(fewest, round(seconds / once))


def measure(
    works: Sequence[Work],
    *,
    seconds: float = 0.5,
    rounds: int = 7,
    fewest: int = _FEWEST_CALLS,
    clock: Callable[[], float] = thread_time,
) -> list[Measured]:
    """Measure ways to do one thing.

    Args:
        works: The ways; the first is what the others are compared with.
        seconds: How long one sample takes.
        rounds: How many samples of each.
        fewest: How many times a sample does it at the least.
        clock: What counts; ``time.process_time`` where the work has threads of its own.

    Returns:
        One result for each, in their order.
    """
    calls = [_calls(work.run, seconds, fewest, clock) for work in works]
    samples: list[list[float]] = [[] for _ in works]
    # What was made so far is not looked at again; what a way leaves behind is its own cost.
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            for place in range(len(works)):
                at = (place + number) % len(works)
                samples[at].append(_sample(works[at].run, calls[at], clock))
    finally:
        gc.unfreeze()
    results: list[Measured] = []
    for work, found in zip(works, samples, strict=True):
        ratios = [one / base for one, base in zip(found, samples[0], strict=True)]
        microseconds = median(found) * 1e6
        results.append(Measured(work.name, microseconds, median(ratios), min(ratios), max(ratios)))
    return results


def table(columns: Mapping[str, Sequence[Measured]]) -> str:
    """Write ratios as a table.

    Args:
        columns: Results by the heading of their column; the same ways in each.

    Returns:
        A line for each way, and one for the CPU time of the first.
    """
    first = next(iter(columns.values()))
    lines = [["", *columns]]
    for at, one in enumerate(first):
        lines.append([one.name, *(f"{results[at].ratio:.2f}" for results in columns.values())])
    lines.append(
        [
            f"{first[0].name}, µs",
            *(f"{results[0].microseconds:.1f}" for results in columns.values()),
        ]
    )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
