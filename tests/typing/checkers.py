"""What mypy and pyright have to say of some files, line by line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]

_MYPY_ERROR: Final = re.compile(r"^(?P<file>.+?):(?P<line>\d+): error: .*\[(?P<code>[\w-]+)\]$")
_EXPECTED: Final = re.compile(r"^\s*# E: mypy\[(?P<mypy>[\w -]+)\] pyright\[(?P<pyright>[\w ]+)\]$")

Complaints = dict[tuple[str, int], set[str]]
"""Codes of complaints, by file and line; files as they lie in this folder."""


def mypy_complaints(paths: Iterable[Path]) -> Complaints:
    """Run mypy as it is configured for the repository.

    Args:
        paths: What to check.

    Raises:
        RuntimeError: It did not get as far as checking.
    """
    files = {_name(file): file for file in paths}
    found: Complaints = defaultdict(set)
    command = ["-m", "mypy", "--no-error-summary", "--hide-error-context", "--no-pretty"]
    output = _output([sys.executable, *command, *map(str, files.values())])
    for line in output.splitlines():
        error = _MYPY_ERROR.match(line)
        if error is not None:
            name = _name(ROOT / error["file"])
            if name in files:  # what is wrong elsewhere, others find
                found[name, int(error["line"])].add(error["code"])
        elif ": note: " not in line:
            raise RuntimeError(f"mypy said: {line}")
    return dict(found)


def pyright_complaints(paths: Iterable[Path], folder: Path) -> Complaints:
    """Run pyright as it is configured for the repository.

    Args:
        paths: What to check.
        folder: An empty folder, for a configuration that leaves none of them out.

    Raises:
        RuntimeError: It did not get as far as checking.
    """
    files = list(paths)
    with (ROOT / "pyproject.toml").open("rb") as project:
        config: dict[str, object] = tomllib.load(project)["tool"]["pyright"]
    config |= {
        "include": [os.path.relpath(file, folder) for file in files],
        "exclude": [],
        "stubPath": str(ROOT / "stubs"),
        "extraPaths": [str(ROOT)],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config), "utf-8")
    command = ["-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    output = _output([sys.executable, *command, "--project", str(folder)])
    if not output.lstrip().startswith("{"):
        raise RuntimeError(f"pyright said: {output}")
    report: dict[str, Any] = json.loads(output)  # any: pyright's own document
    if report["summary"]["filesAnalyzed"] != len(files):
        raise RuntimeError("pyright left files out")
    found: Complaints = defaultdict(set)
    for one in report["generalDiagnostics"]:
        line = int(one["range"]["start"]["line"]) + 1
        found[_name(Path(one["file"])), line].add(str(one.get("rule", one["message"])))
    return dict(found)


def expected_complaints(files: Iterable[Path], checker: str) -> Complaints:
    """Read what samples say is wrong with them.

    Args:
        files: The samples; a comment ``# E: mypy[code] pyright[rule]`` speaks of
            the line below it.
        checker: ``mypy`` or ``pyright``.

    Raises:
        ValueError: A comment begins like one of those and is none.
    """
    expected: Complaints = {}
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            comment = _EXPECTED.match(line)
            if comment is not None:
                expected[_name(file), number + 1] = set(comment[checker].split())
            elif "# E:" in line:
                raise ValueError(f"{_name(file)}:{number} is no expectation: {line.strip()}")
    return expected


def _name(file: Path) -> str:
    return Path(os.path.relpath(file, HERE)).as_posix()


def _output(command: list[str]) -> str:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{command[2]} failed: {run.stdout}{run.stderr}")
    return run.stdout
