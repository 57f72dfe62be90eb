"""Tables on standard output, as Markdown."""

from __future__ import annotations


def head(*names: str) -> None:
    """Begin a table."""
    row(*names)
    row(*("---" for _ in names))


def row(*cells: object) -> None:
    """Add a row."""
    print(f"| {' | '.join(map(str, cells))} |", flush=True)  # noqa: T201  what it is for
