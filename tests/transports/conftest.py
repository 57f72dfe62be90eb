"""What the tests of the transports share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.transports.certificates import Authority
from typedoauth.transports import ConnectionSettings, Urllib3Transport


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] pytest uses it
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def transport() -> Iterator[Urllib3Transport]:
    """The transport under test, with its connections closed at the end."""
    made = Urllib3Transport()
    yield made
    made.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that nobody trusts unasked."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusting(authority: Authority) -> ConnectionSettings:
    """Settings that trust the test's authority."""
    return ConnectionSettings(verify=str(authority.path), trust_env=False)
