"""Every example type-checks as it stands on its page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT, examples, pages, read


def _write(folder: Path) -> dict[str, str]:
    """Write each example as a module; answers its page and first line by module name."""
    names: dict[str, str] = {}
    for page in pages():
        for example in examples(page, read(page)):
            name = f"example_{example.hidden.stem}_{example.number}.py"
            (folder / name).write_text(example.source(), "utf-8")
            names[name] = f"{page}:{example.blocks[0].line}"
    return names


def _mypy(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", str(folder)]
    # mypy finds its settings, its stubs and its cache in the root.
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _pyright(folder: Path) -> subprocess.CompletedProcess[str]:
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": [str(ROOT)],
        "stubPath": str(ROOT / "stubs"),
        "reportMissingModuleSource": False,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_examples_satisfy_mypy(tmp_path: Path) -> None:
    """mypy, strict, has nothing to say about any of them."""
    names = _write(tmp_path)
    assert names
    result = _mypy(tmp_path)
    assert result.returncode == 0, f"{result.stdout}{result.stderr}{names}"


def test_examples_satisfy_pyright(tmp_path: Path) -> None:
    """pyright, strict, has nothing to say about any of them either."""
    names = _write(tmp_path)
    result = _pyright(tmp_path)
    assert result.returncode == 0, f"{result.stdout}{result.stderr}{names}"


def test_a_mistake_is_noticed(tmp_path: Path) -> None:
    """The same checks of an example with a wrong keyword do not pass."""
    text = "from typedoauth.flask import OAuth\n\nOAuth().register('one', client_idd='x')\n"
    (tmp_path / "mistake.py").write_text(text, "utf-8")
    mypy, pyright = _mypy(tmp_path), _pyright(tmp_path)
    assert (mypy.returncode, "call-overload" in mypy.stdout) == (1, True)
    assert (pyright.returncode, "reportCallIssue" in pyright.stdout) == (1, True)
