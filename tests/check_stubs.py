"""Compare every package under ``stubs/`` with what is installed: ``python -m tests.check_stubs``.

Stubs say only what the tests and examples touch, so names that a stub leaves
out are no mistake; whatever it does say must be true.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STUBS = ROOT / "stubs"


def packages() -> list[str]:
    """The importable names that ``stubs/`` describes."""
    found = [path for path in STUBS.iterdir() if path.is_dir() or path.suffix == ".pyi"]
    return sorted(path.stem for path in found)


def main() -> int:
    """Run stubtest over all of them and return its exit status."""
    command = [sys.executable, "-m", "mypy.stubtest", *packages()]
    options = ["--ignore-missing-stub", "--concise", "--mypy-config-file", str(ROOT / "mypy.ini")]
    environment = {**os.environ, "MYPYPATH": str(STUBS)}
    return subprocess.run([*command, *options], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
