"""Run benchmarks, each in a process of its own: ``python -m benchmarks [NAMES] [--write]``.

What they find goes to ``build/benchmarks/``, and with ``--write`` into the tables of the
README and of ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.page import fill, read_reports, written

ROOT: Final = Path(__file__).parent.parent
NAMES: Final = (
    *("signing", "calls", "refreshes", "logins", "provider", "startup"),
    *("id_token", "stores", "soak"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write.

    Returns:
        0, or the number of benchmarks that failed.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; or all")
    parser.add_argument("--json", type=Path, metavar="DIR", default=ROOT / "build" / "benchmarks")
    parser.add_argument("--seconds", type=float, help="how long a sample takes")
    parser.add_argument("--rounds", type=int, help="how many samples of each")
    parser.add_argument("--write", action="store_true", help="fill the tables of the documentation")
    parser.add_argument(
        "--kept", action="store_true", help="measure nothing: what is in DIR counts"
    )
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    failed = 0
    for name in () if chosen.kept else chosen.names or NAMES:
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        command += ["--json", str(chosen.json / f"{name}.json")]
        for option in ("seconds", "rounds"):
            if (value := getattr(chosen, option)) is not None:
                command += [f"--{option}", str(value)]
        print(f"== {name}", flush=True)
        failed += subprocess.run(command, check=False).returncode != 0  # noqa: S603  our own
        print(flush=True)
    reports = read_reports(chosen.json, NAMES)
    print(written(reports))
    if chosen.write:
        for page in ("README.md", "docs/benchmarks.md", "docs/scale.md"):
            fill(ROOT / page, reports)
    return failed


if __name__ == "__main__":
    sys.exit(main())
