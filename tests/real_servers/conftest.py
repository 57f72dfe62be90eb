"""One server of each kind for the whole run, and their logs beside what failed."""

from __future__ import annotations

import socket
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import redis
from pluggy import Result

from tests.real_servers.chromium import chromedriver
from tests.real_servers.requirement import lacking
from tests.real_servers.servers import (
    OAuth1Server,
    OAuth2Server,
    authlib_oauth1_server,
    authlib_oauth2_server,
    oidc_provider_server,
)

_LOG_FOLDER = "real-servers"
_TAIL = 2_000


@pytest.fixture(scope="session")
def log_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the servers' logs go."""
    return tmp_path_factory.mktemp(_LOG_FOLDER)


@pytest.fixture(scope="session")
def authlib_oauth1(log_folder: Path) -> Iterator[OAuth1Server]:
    """Authlib's OAuth 1.0 provider."""
    with authlib_oauth1_server(log_folder) as server:
        yield server


@pytest.fixture(scope="session")
def authlib_oauth2(log_folder: Path) -> Iterator[OAuth2Server]:
    """Authlib's OAuth 2.0 server."""
    with authlib_oauth2_server(log_folder) as server:
        yield server


@pytest.fixture(scope="session")
def oidc_provider(log_folder: Path) -> Iterator[OAuth2Server]:
    """oidc-provider, an OAuth 2.0 server and OpenID Provider."""
    with oidc_provider_server(log_folder) as server:
        yield server


@pytest.fixture(params=["authlib_oauth2", "oidc_provider"])
def server(request: pytest.FixtureRequest) -> OAuth2Server:
    """Each of the OAuth 2.0 servers in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, OAuth2Server)
    return found


@pytest.fixture(scope="session")
def driver(log_folder: Path) -> Iterator[str]:
    """ChromeDriver's address."""
    with chromedriver(log_folder) as address:
        yield address


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """The Redis of this machine."""
    address = ("127.0.0.1", 6379)
    try:
        socket.create_connection(address, timeout=5).close()
    except OSError:
        lacking("Redis", "start redis-server on 127.0.0.1:6379")
    with redis.Redis(*address, socket_timeout=5) as client:
        yield client


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, Result[pytest.TestReport], None]:
    """Show what the servers wrote when a test that used them failed."""
    outcome = yield
    report = outcome.get_result()
    funcargs: dict[str, object] = getattr(item, "funcargs", {})
    if report.failed:
        for value in funcargs.values():
            if isinstance(value, OAuth1Server | OAuth2Server):
                log = value.process.log.read_text("utf-8", "replace")
                report.sections.append((f"log of {value.process.name}", log[-_TAIL:]))
