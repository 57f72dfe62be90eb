"""Logouts at a provider with one fault: begun here, and begun there."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.faults.cases import Case, Way
from tests.faults.checks import (
    USED,
    check_error,
    check_logs,
    check_requests,
    summary_of,
)
from tests.faults.site import CLIENT_SECRET, Site, site_of
from tests.faults.table import CASES
from typedoauth import OAuth2Client
from typedoauth.errors import IdTokenError, OAuthError

REPEATED = "logout_token_jti_repeated"


@pytest.mark.parametrize("case", [case for case in CASES if case.way is Way.LOGOUT], ids=str)
def test_logout_begun_here(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """The user is logged out in any case; a wrong way back is refused."""
    caplog.set_level("DEBUG", "typedoauth")
    site = site_of(case)
    browser = site.browser()
    assert site.log_in(browser).error is None
    with site.provider.faults(*case.faults):
        back = site.log_out(browser)
    assert back.callback is not None
    check_requests(site)
    check_error(site, back.error, case)
    assert site.user(browser) is None
    again = site.arrive(browser, back.callback)
    assert summary_of(again.error) in (summary_of(back.error), USED)
    assert site.log_in(browser).error is None
    healthy = site.log_out(browser)
    assert (healthy.error, healthy.answer.text) == (None, "/bye")
    check_logs(site, caplog)


@pytest.mark.parametrize("case", [case for case in CASES if case.way is Way.BACKCHANNEL], ids=str)
def test_logout_begun_there(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """A token that cannot be trusted ends no session, and is answered 400; or 503."""
    caplog.set_level("DEBUG", "typedoauth")
    there = site_of(case)
    assert there.log_in(there.browser()).error is None
    # The application has been started anew, and knows neither metadata nor keys.
    site = Site(case.client, case.options, provider=there.provider, clock=there.clock)
    with site.provider.faults(*case.faults):
        token = _logout_token(site)
        answer = _post(site, token)
        error = _error(site, token)
    check_requests(site)
    if case.error is None:
        assert answer.status_code == 200, answer.text
        (ended,) = site.ended
        assert {ended.sub, ended.sid} - {None}
        assert ended.sub in (None, "ada")
    else:
        check_error(site, error, case)
        assert error is not None
        expected = 400 if issubclass(case.error, IdTokenError) else 503
        # Whoever asks learns nothing of what is out of reach.
        told = error.description if expected == 400 else "this could not be looked at now"
        assert answer.get_json()["error_description"].startswith(told)
        assert answer.status_code == expected
        assert site.ended == []
    if answer.status_code == 503 and "keys_rsa_1024" not in case.faults:
        # The provider may try again; the token is right.
        assert _post(site, token).status_code == 200
    else:
        assert _post(site, token).status_code == 400
    _check_next_logout(site, there, case)
    check_logs(site, caplog)


def _check_next_logout(site: Site, there: Site, case: Case) -> None:
    site.clock.now += case.heals
    site.ended.clear()
    assert there.log_in(there.browser()).error is None
    with site.provider.faults(*({REPEATED} & set(case.faults))):
        answer = _post(site, _logout_token(site))
    expected = 400 if REPEATED in case.faults else 200
    assert (answer.status_code, len(site.ended)) == (expected, expected == 200)


def _logout_token(site: Site) -> str:
    ((address, token),) = site.provider.logout_tokens("ada")
    assert address.endswith("/backchannel")
    return site.learn(token)


def _post(site: Site, token: str) -> TestResponse:
    return site.browser().post("/backchannel", data={"logout_token": token})


def _error(site: Site, token: str) -> OAuthError | None:
    """What the view has made its answer of: a client of the same settings raises it."""
    client = OAuth2Client(
        site.two.client_id,
        CLIENT_SECRET,
        server_metadata_url=site.two.server_metadata_url,
        transport=site.transport,
        clock=site.clock,
        default_timeout=site.timeout,
    )
    try:
        client.parse_logout_token(token)
    except OAuthError as error:
        return error
    return None
