"""Prints the counts of the fault table; with ``--page``, writes it as a page."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.faults.page import PAGE, errors, render, summary, ways


def main() -> None:
    """Print, or write."""
    if "--page" in sys.argv:
        (Path(__file__).parents[2] / PAGE).write_text(render(), "utf-8")
        return
    lines = [f"{refused + accepted:5} {title}" for title, refused, accepted in summary()]
    refused = sum(row[1] for row in summary())
    accepted = sum(row[2] for row in summary())
    lines += ["", f"{refused:5} refused", f"{accepted:5} accepted", ""]
    lines += [f"{count:5} {way}" for way, count in ways()]
    lines += ["", *(f"{count:5} {name}" for name, count in errors())]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
