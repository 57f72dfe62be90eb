"""What is in the wheel and in the sdist."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.packaging.installing import EXTRAS, PROJECT, ROOT, build, run
from typedoauth import __version__


@pytest.fixture
def in_wheel(wheel: Path) -> set[str]:
    """The names of the wheel's files."""
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture
def in_sdist(sdist: Path) -> set[str]:
    """The names of the sdist's files, without the folder that all are in."""
    with tarfile.open(sdist) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture
def metadata(wheel: Path) -> Message:
    """The wheel's METADATA."""
    name = f"typedoauth-{__version__}.dist-info/METADATA"
    return message_from_bytes(zipfile.ZipFile(wheel).read(name))


def of_the_package() -> set[str]:
    """Every file under ``typedoauth``: modules, templates, py.typed."""
    files = (path for path in (ROOT / "typedoauth").rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}


def test_wheel_is_the_package_and_nothing_else(in_wheel: set[str]) -> None:
    """Templates and py.typed are in, tests and stubs are not."""
    of_the_wheel = {name for name in in_wheel if ".dist-info/" not in name}
    assert of_the_wheel == of_the_package()
    assert "typedoauth/py.typed" in in_wheel
    assert "typedoauth/testing/templates/consent.html" in in_wheel


def test_sdist_has_what_builds_and_tests_it(in_sdist: set[str]) -> None:
    """Whoever packages it anew has the tests, too."""
    assert of_the_package() <= in_sdist
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "tests/services.py"} <= in_sdist


def test_licence_is_in_both(in_wheel: set[str], in_sdist: set[str]) -> None:
    """As the BSD licence asks."""
    assert f"typedoauth-{__version__}.dist-info/licenses/LICENSE" in in_wheel
    assert "LICENSE" in in_sdist


def test_sdist_builds_the_wheel_of_the_tree(wheel: Path, tmp_path: Path) -> None:
    """To the byte: nothing is left out of the sdist, and nothing depends on the day."""
    build(tmp_path, "--wheel")
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_registry_accepts_them(built: Path) -> None:
    """The metadata are valid, and the README can be shown."""
    twine = [sys.executable, "-m", "twine", "--no-color", "check", "--strict"]
    checked = run(*twine, *built.iterdir(), cwd=built)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("PASSED") == 2


def test_four_distributions_are_needed(metadata: Message) -> None:
    """The rest belongs to extras, by the names that pyproject.toml gives them."""
    required = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    assert {one.name for one in required if one.marker is None} == {
        "cryptography",
        "flask",
        "typing-extensions",
        "urllib3",
    }
    assert set(metadata.get_all("Provides-Extra", [])) == set(EXTRAS)
    assert {str(one.marker) for one in required if one.marker} == {
        f'extra == "{extra}"' for extra in EXTRAS
    }


def test_metadata_say_what_it_is(metadata: Message) -> None:
    """What a registry's page shows and a search filters by."""
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    classifiers = metadata.get_all("Classifier", [])
    assert classifiers == PROJECT["classifiers"]
    assert {"Framework :: Flask", "Typing :: Typed"} <= set(classifiers)
