"""The tables of the documentation, made of what the benchmarks wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["Document", "fill", "read_reports", "written"]

Document = Mapping[str, Any]  # any: JSON that Report.write wrote
_TABLE: Final = re.compile(
    r"(?P<begin><!-- benchmarks: (?P<names>[\w ]+?)(?:; only (?P<only>[^>]+?))? -->\n)"
    r".*?(?P<end><!-- /benchmarks -->)",
    re.S,
)


def read_reports(folder: Path, names: Iterable[str]) -> list[Document]:
    """Read what the benchmarks of these names wrote, as far as they have."""
    paths = (folder / f"{name}.json" for name in names)
    return [json.loads(path.read_text("utf-8")) for path in paths if path.exists()]


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 100 and value != int(value) else f"{value:.0f}"


def _line(row: Mapping[str, Any]) -> str:  # any: as above
    peers = ", ".join(f"{name} {_figure(value)}" for name, value in row["peers"].items())
    aim = "" if row["most"] is None else f"{row['most']:g}"
    ours = _figure(row["ours"])
    return f"| {row['what']} | {row['against']} | {ours} | {aim} | {peers} |"


def written(reports: Sequence[Document], only: Sequence[str] = ()) -> str:
    """Write one table, in Markdown, and the versions below it.

    Args:
        reports: What is in it.
        only: The rows that are in it; all of them when left out.
    """
    lines = ["| | compared with | typedoauth | aim | others |", "|---|---|--:|--:|---|"]
    versions: dict[str, str] = {}
    for report in reports:
        lines += [_line(row) for row in report["rows"] if not only or row["what"] in only]
        versions |= report["versions"]
    named = ", ".join(f"{name} {number}" for name, number in versions.items())
    return "\n".join([*lines, "", f"Measured with {named}.", ""])


def fill(page: Path, reports: Sequence[Document]) -> None:
    """Write the tables of a page anew, where each of their benchmarks was measured."""
    found = {report["benchmark"]: report for report in reports}

    def table(match: re.Match[str]) -> str:
        names = match["names"].split()
        if not all(name in found for name in names):
            return match[0]
        only = match["only"].split("; ") if match["only"] else ()
        shown = written([found[name] for name in names], only)
        return f"{match['begin']}{shown}{match['end']}"

    page.write_text(_TABLE.sub(table, page.read_text("utf-8")), "utf-8")
