"""UserInfo asked of a provider with one fault."""

from __future__ import annotations

import pytest

from tests.faults.cases import Case, Way
from tests.faults.checks import check_error, check_logs, check_requests
from tests.faults.site import site_of
from tests.faults.table import CASES


@pytest.mark.parametrize("case", [case for case in CASES if case.way is Way.USERINFO], ids=str)
def test_userinfo(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """Claims of the user come out, or an error; the next question is answered."""
    caplog.set_level("DEBUG", "typedoauth")
    site = site_of(case)
    browser = site.browser()
    assert site.log_in(browser).error is None
    with site.provider.faults(*case.faults):
        told = site.attempt(browser.get("/userinfo"))
    check_requests(site)
    if case.error is None:
        assert told.error is None, repr(told.error)
        assert told.answer.get_json()["sub"] == "ada"
    else:
        check_error(site, told.error, case)
    next_told = site.attempt(browser.get("/userinfo"))
    assert next_told.error is None, repr(next_told.error)
    assert next_told.answer.get_json()["email"] == "ada@example.com"
    assert site.user(browser) == "ada"
    check_logs(site, caplog)
