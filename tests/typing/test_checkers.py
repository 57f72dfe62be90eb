"""Both checkers accept every right sample and refuse every wrong line, and no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.typing.checkers import (
    HERE,
    expected_complaints,
    mypy_complaints,
    pyright_complaints,
)

RIGHT = sorted(HERE.glob("*.py"))
WRONG = sorted((HERE / "refused").glob("[!_]*.py"))


def test_mypy_complains_of_the_marked_lines_only() -> None:
    """Under ``--strict``, with the codes that the samples expect."""
    files = RIGHT + WRONG
    assert mypy_complaints(files) == expected_complaints(WRONG, "mypy")


def test_pyright_complains_of_the_marked_lines_only(tmp_path: Path) -> None:
    """Pyright strict, with the rules that the samples expect."""
    files = RIGHT + WRONG
    assert pyright_complaints(files, tmp_path) == expected_complaints(WRONG, "pyright")


@pytest.mark.parametrize("sample", WRONG, ids=lambda path: path.stem)
def test_wrong_sample_has_marked_lines(sample: Path) -> None:
    """A file of wrong programs without an expectation would prove nothing."""
    assert len(expected_complaints([sample], "mypy")) > 20


def test_broken_expectation_is_reported(tmp_path: Path) -> None:
    """A comment that names one checker only is a mistake, not a remark."""
    sample = tmp_path / "sample.py"
    sample.write_text("# E: mypy[arg-type]\nf(1)\n")
    with pytest.raises(ValueError, match="no expectation"):
        expected_complaints([sample], "mypy")


def test_every_public_type_is_complete() -> None:
    """``pyright --verifytypes`` knows every type, and finds a docstring everywhere."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    options = ["--verifytypes", "typedoauth", "--ignoreexternal", "--outputjson"]
    run = subprocess.run(
        [sys.executable, "-m", "pyright", *options],
        env={**os.environ, "PATH": path},  # it looks for python there, and nowhere else
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(run.stdout)["typeCompleteness"]
    incomplete = [one["name"] for one in report["symbols"] if not one["isTypeKnown"]]
    assert (report["completenessScore"], incomplete) == (1, [])
    assert report["exportedSymbolCounts"]["withKnownType"] > 1000
    assert report["missingFunctionDocStringCount"] == 0
    assert report["missingClassDocStringCount"] == 0
