"""Logins through a Flask application at a provider with one fault."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.faults.cases import Case, Way
from tests.faults.checks import (
    USED,
    check_error,
    check_logs,
    check_next_login,
    check_nobody_is_logged_in,
    check_requests,
    summary_of,
)
from tests.faults.site import Attempt, Site, site_of
from tests.faults.table import CASES
from typedoauth.errors import (
    AuthorizationResponseError,
    CallbackError,
    OAuthError,
)

LOGINS = [case for case in CASES if case.way in (Way.LOGIN, Way.FORM_POST, Way.OAUTH1)]


@pytest.mark.parametrize("case", LOGINS, ids=str)
def test_login(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """It ends as its row says; whatever was refused, the next login works."""
    caplog.set_level("DEBUG", "typedoauth")
    site = site_of(case)
    browser = site.browser()
    asks = dict(case.asks)
    if case.way is Way.FORM_POST:
        asks["response_mode"] = "form_post"
    name = "one" if case.way is Way.OAUTH1 else "two"
    with site.provider.faults(*case.faults):
        attempt = site.log_in(browser, name, asks)
    check_requests(site)
    if case.error is None:
        _check_accepted(site, browser, attempt, case)
    else:
        check_error(site, attempt.error, case)
        _check_refused(site, browser, attempt, case)
        check_next_login(site, name, case)
    check_logs(site, caplog)


def _check_accepted(site: Site, browser: FlaskClient, attempt: Attempt, case: Case) -> None:
    assert attempt.error is None
    assert (attempt.answer.text, site.user(browser)) == ("ada", "ada")
    if case.way is not Way.OAUTH1:
        call = site.attempt(browser.get("/me"))
        assert (type(call.error) if call.error else None) is case.call
        assert case.call or call.answer.text == "ada"


def _check_refused(site: Site, browser: FlaskClient, attempt: Attempt, case: Case) -> None:
    assert (attempt.callback is None) == case.begins
    if case.faults == ("oauth1_token_secret_empty",):
        # The login is complete; it is the call for the profile that fails.
        assert site.user(browser) is None
    else:
        check_nobody_is_logged_in(attempt, site.user(browser))
    if isinstance(attempt.error, CallbackError | AuthorizationResponseError):
        assert site.provider.counts["token_requests"] == 0
        assert site.provider.counts["token_credentials"] == 0
    if attempt.callback is None:
        return
    again = site.arrive(browser, attempt.callback)
    expected = USED if attempt.callback.usable and not _of_no_login(attempt.error) else None
    assert summary_of(again.error) == (expected or summary_of(attempt.error))
    check_nobody_is_logged_in(again, site.user(browser))


def _of_no_login(error: OAuthError | None) -> bool:
    """Whether the callback belongs to no login, so that it can use none up."""
    return summary_of(error)[1] == "other_logins"
