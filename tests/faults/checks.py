"""What has to be true of every case, whatever is broken."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.faults.cases import Case, Detail, NetworkCase, detail_of
from tests.faults.site import PROVIDER, SCOPE, Attempt, Site
from typedoauth.errors import OAuthError, StateMismatchError
from typedoauth.messages import ConnectionSettings

_LONGEST: Final = 1500
_FIELDS: Final = frozenset({"accept", "authorization", "content-type", "user-agent"})


def assert_no_secret(text: str, secrets: Iterable[str]) -> None:
    """Nothing that was a secret stands in a text."""
    found = [one[:20] for one in secrets if one in text]
    assert not found, f"{found} in {text[:2000]}"


def check_error(site: Site, error: OAuthError | None, case: Case | NetworkCase) -> None:
    """It is the error that the row names, and its text is fit to be shown and logged."""
    assert error is not None, "accepted"
    whole = "".join(traceback.format_exception(error))
    assert (type(error).__name__, detail_of(error)) == (_name(case), case.detail), whole
    assert str(error).isprintable()
    assert len(str(error)) < _LONGEST
    assert error.uri is None or error.uri.startswith("https://")
    assert_no_secret(f"{whole}{error!r}{error.args}{error.uri}", site.secrets())


def _name(case: Case | NetworkCase) -> str | None:
    return None if case.error is None else case.error.__name__


def check_logs(site: Site, logs: pytest.LogCaptureFixture) -> None:
    """No record of the library holds a secret, at any level."""
    assert_no_secret(logs.text, site.secrets())


def check_requests(site: Site) -> None:
    """All that was sent went where it belongs, in the way that the application has set."""
    hosts = {PROVIDER, site.transport.address or PROVIDER}
    for request in site.transport.requests:
        parts = urlsplit(request.url)
        assert f"{parts.scheme}://{parts.netloc}" in hosts
        assert request.connection == ConnectionSettings()
        assert request.timeout.total <= site.timeout.total
        assert {name.lower() for name in request.headers} <= _FIELDS
    for location in site.left:
        parts = urlsplit(location)
        assert f"{parts.scheme}://{parts.netloc}" in hosts
        query = parse_qs(parts.query)
        if "oauth_token" not in query:
            asked = [query[name] for name in ("client_id", "scope", "code_challenge_method")]
            assert asked == [[site.two.client_id], [SCOPE], ["S256"]]


def check_nobody_is_logged_in(attempt: Attempt, user: str | None) -> None:
    """Neither the session nor the client has anything of a login that was refused."""
    assert user is None
    assert attempt.token is None


def summary_of(error: OAuthError | None) -> tuple[type[OAuthError] | None, Detail]:
    """Class and detail of an error, to compare."""
    return (None, None) if error is None else (type(error), detail_of(error))


USED: Final = (StateMismatchError, "already_used")
"""What the second try of a callback is refused with, once its login is used up."""


def check_next_login(site: Site, name: str, case: Case) -> None:
    """Nothing of what the broken provider said stays for longer than the row says."""
    if case.heals:
        assert site.log_in(site.browser(), name).error is not None
        site.clock.now += case.heals
    browser = site.browser()
    attempt = site.log_in(browser, name)
    assert attempt.error is None, repr(attempt.error)
    assert site.user(browser) == "ada"
