"""Tokens that are renewed at a provider with one fault."""

from __future__ import annotations

import pytest

from tests.faults.cases import Case, Way
from tests.faults.checks import check_error, check_logs, check_next_login, check_requests
from tests.faults.site import site_of
from tests.faults.table import CASES


@pytest.mark.parametrize("case", [case for case in CASES if case.way is Way.REFRESH], ids=str)
def test_refresh(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """A refusal leaves the token as it was; what is accepted is about the same user."""
    caplog.set_level("DEBUG", "typedoauth")
    site = site_of(case)
    browser = site.browser()
    assert site.log_in(browser).error is None
    before = {**site.tokens}
    with site.provider.faults(*case.faults):
        renewed = site.attempt(browser.post("/refresh"))
    assert site.provider.counts["refresh_token"] == 1
    check_requests(site)
    if case.error is None:
        assert renewed.error is None, repr(renewed.error)
        after = site.tokens["ada"]
        assert renewed.answer.text == after["userinfo"]["sub"] == "ada"
        assert after["access_token"] != before["ada"]["access_token"]
        assert after.get("refresh_token")
        call = site.attempt(browser.get("/me"))
        assert (type(call.error) if call.error else None) is case.call
    else:
        check_error(site, renewed.error, case)
        assert site.tokens == before
        assert renewed.token is None
    check_next_login(site, "two", case)
    check_logs(site, caplog)
