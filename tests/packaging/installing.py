"""Builds the distributions, and installs them where nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.real_servers.requirement import lacking

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]

with (ROOT / "pyproject.toml").open("rb") as _file:
    PROJECT: Final = tomllib.load(_file)["project"]
EXTRAS: Final[list[str]] = sorted(PROJECT["optional-dependencies"])


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command, to which the tree is not on any path, and keep what it prints."""
    env = {name: os.environ[name] for name in os.environ.keys() - {"PYTHONPATH", "MYPYPATH"}}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def build(folder: Path, *options: str) -> None:
    """Build distributions of the tree into a folder.

    Args:
        folder: Where they are put.
        options: Of ``python -m build``; without one, a sdist, and a wheel from that.
    """
    command = [sys.executable, "-m", "build", "--no-isolation", *options]
    built = run(*command, "--outdir", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr


@dataclass(frozen=True)
class Environment:
    """A virtual environment of the running Python, without pip.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @classmethod
    def make(cls, folder: Path, *requirements: str) -> Environment:
        """Make one and install into it; without a registry the test is skipped.

        Args:
            folder: Where to.
            requirements: What ``pip install`` takes, such as the path of a wheel.
        """
        made = cls(folder)
        assert run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=ROOT).returncode == 0
        pip = [sys.executable, "-m", "pip", "--python", str(made.python), "--quiet"]
        installed = run(*pip, "install", *requirements, cwd=folder)
        if installed.returncode != 0:
            if run(*pip, "download", "--no-deps", "pip", cwd=folder).returncode != 0:
                lacking("a package registry", "make pip reach one")
            pytest.fail(installed.stdout + installed.stderr)
        return made

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run its interpreter, outside of the tree."""
        return run(self.python, "-I", *arguments, cwd=self.folder)

    def installed(self) -> dict[str, Distribution]:
        """What is installed, by normalised name."""
        folders = map(str, self.folder.glob("[Ll]ib/**/site-packages"))
        return {canonicalize_name(one.name): one for one in distributions(path=[*folders])}


def closure(requirement: str, found: dict[str, Distribution]) -> set[str]:
    """The names of what a requirement needs, directly or not, and its own.

    Args:
        requirement: Such as ``typedoauth[sql]``.
        found: What is installed.
    """
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(requirement)]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        for extra in {"", *one.extras} - {extra for of, extra in seen if of == name}:
            seen.add((name, extra))
            waiting += _needed(found[name], extra)
    return {name for name, _ in seen}


def _needed(distribution: Distribution, extra: str) -> Iterator[Requirement]:
    for line in distribution.requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement
