"""Both distributions, built once, and the environments that the wheel is installed into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.installing import EXTRAS, Environment, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The wheel."""
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    """The sdist."""
    (path,) = built.glob("*.tar.gz")
    return path


@pytest.fixture(scope="session")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with nothing but what the wheel brings."""
    return Environment.make(tmp_path_factory.mktemp("clean"), str(wheel))


@pytest.fixture(scope="session", params=EXTRAS)
def extra(request: pytest.FixtureRequest) -> str:
    """Each extra of the package."""
    return str(request.param)


@pytest.fixture(scope="session")
def with_extra(extra: str, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with that extra alone."""
    return Environment.make(tmp_path_factory.mktemp(extra), f"{wheel}[{extra}]")
