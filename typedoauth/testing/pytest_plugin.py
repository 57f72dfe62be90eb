"""The pytest plugin: fixtures for people who test their own login.

pytest imports this file in every run; nothing else of the package is imported, and no Flask,
before a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typedoauth.testing import FrozenClock, LocalProvider
    from typedoauth.transports import StubTransport

__all__ = [
    "assert_no_secret_logged",
    "assert_one_refresh",
    "oauth_clock",
    "oauth_provider",
    "oauth_transport",
]


@pytest.fixture
def oauth_clock() -> FrozenClock:
    """A clock that stands still; the provider's, and of the application it stands in for."""
    from typedoauth.testing import FrozenClock

    return FrozenClock()


@pytest.fixture
def oauth_provider(oauth_clock: FrozenClock) -> Generator[LocalProvider]:
    """A provider; applications that it stands in for are left as they were, afterwards."""
    from typedoauth.testing import LocalProvider

    provider = LocalProvider(clock=oauth_clock)
    yield provider
    provider.close()


@pytest.fixture
def oauth_transport() -> Generator[StubTransport]:
    """A transport with an empty table; afterwards, every reply has to be used."""
    from typedoauth.transports import StubTransport

    stub = StubTransport({})
    yield stub
    stub.assert_all_used()


@pytest.fixture
def assert_no_secret_logged(oauth_provider: LocalProvider) -> Generator[Callable[[], None]]:
    """Fails where a secret of the provider is in a log record, of any level, since the start."""
    from typedoauth.testing.logs import watched_logs

    with watched_logs(oauth_provider) as check:
        yield check


@pytest.fixture
def assert_one_refresh(oauth_provider: LocalProvider) -> Callable[[], None]:
    """Fails where tokens were not refreshed exactly once."""

    def check() -> None:
        counts = oauth_provider.counts
        times, reused = counts["refresh_token"], counts["refresh_token_reuse"]
        if (times, reused) != (1, 0):
            refused = f", and {reused} times by a refresh token that was used before"
            pytest.fail(
                f"tokens were refreshed {times} times, not once{refused if reused else ''}",
                pytrace=False,
            )

    return check
