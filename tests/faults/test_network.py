"""Requests of a Flask application over sockets, to servers whose network is broken."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.faults.cases import NetworkCase, Place
from tests.faults.checks import (
    USED,
    assert_no_secret,
    check_error,
    check_logs,
    check_nobody_is_logged_in,
    check_requests,
    summary_of,
)
from tests.faults.network import FaultyServer, NetworkFault, faulty
from tests.faults.site import PROVIDER, Attempt, Site, SteppingClock, make_provider
from tests.faults.table import NETWORK
from typedoauth import Timeout
from typedoauth.flask import AnyRegistration
from typedoauth.testing import LocalProvider

MARGIN: Final = 1.5
MOST_MEMORY: Final = 8 << 20
SLOW: Final = {NetworkFault.SILENT, NetworkFault.ONE_BYTE_A_SECOND}
LARGE: Final = {NetworkFault.GZIP_BOMB, NetworkFault.HUGE_BODY}
LATER: Final = {Place.REFRESH, Place.USERINFO, Place.API}
"""Where nothing is asked before the user is logged in."""


@pytest.mark.parametrize("case", NETWORK, ids=str)
def test_network(case: NetworkCase, caplog: pytest.LogCaptureFixture) -> None:
    """It ends in time and as its row says, and once the network is mended all is well."""
    caplog.set_level("DEBUG", "typedoauth")
    clock = SteppingClock()
    provider = make_provider(clock, "client")
    # Some wait for the deadline; the others are to have no reason to.
    total = 1.0 if case.fault in SLOW else 5.0
    timeout = Timeout(connect=total, read=1.5, total=total)
    with faulty(case.fault, _body(provider, case.place)) as server:
        two, one = _addresses(case.place, server.url)
        site = Site(two=two, one=one, provider=provider, clock=clock, timeout=timeout)
        site.transport.address = server.url
        try:
            _check(site, server, case)
        finally:
            site.transport.close()
    check_logs(site, caplog)


def _check(site: Site, server: FaultyServer, case: NetworkCase) -> None:
    name = "one" if case.place in (Place.TEMPORARY, Place.CREDENTIALS) else "two"
    browser = site.browser()
    later = case.place in LATER
    if later:
        assert site.log_in(browser).error is None
    before = {**site.tokens}
    with _broken(site, case), _bounded(site, case):
        attempt = _after(site, browser, case) if later else site.log_in(browser, name)
    assert server.requests or case.fault is NetworkFault.TLS_WRONG_CERTIFICATE
    _check_elsewhere(site, server, case)
    if case.error is None:
        assert attempt.error is None, repr(attempt.error)
        assert site.user(browser) == "ada"
        return
    check_error(site, attempt.error, case)
    if not later:
        check_nobody_is_logged_in(attempt, site.user(browser))
        assert (attempt.callback is None) == (case.place in (Place.DISCOVERY, Place.TEMPORARY))
        if attempt.callback is not None:
            assert summary_of(site.arrive(browser, attempt.callback).error) == USED
        browser = site.browser()
        attempt = site.log_in(browser, name)
    else:
        assert site.tokens == before
        attempt = _after(site, browser, case)
    assert attempt.error is None, repr(attempt.error)
    assert site.user(browser) == "ada"


def _after(site: Site, browser: FlaskClient, case: NetworkCase) -> Attempt:
    match case.place:
        case Place.REFRESH:
            return site.attempt(browser.post("/refresh"))
        case Place.USERINFO:
            return site.attempt(browser.get("/userinfo"))
        case _:
            return site.attempt(browser.get("/me"))


@contextmanager
def _broken(site: Site, case: NetworkCase) -> Generator[None]:
    site.transport.broken = True
    try:
        yield
    finally:
        site.transport.broken = False
    if not _follows(case):
        check_requests(site)


@contextmanager
def _bounded(site: Site, case: NetworkCase) -> Generator[None]:
    """It takes no longer than the deadline that the application has set, nor more memory."""
    if case.fault in LARGE:
        tracemalloc.start()
    started = time.monotonic()
    try:
        yield
        assert time.monotonic() - started < site.timeout.total + MARGIN
        if case.fault in LARGE:
            assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def _check_elsewhere(site: Site, server: FaultyServer, case: NetworkCase) -> None:
    assert len(server.elsewhere) == _follows(case)
    for request in server.elsewhere:
        assert b"authorization" not in request.lower()
        assert_no_secret(request.decode("latin-1"), site.secrets())


def _follows(case: NetworkCase) -> bool:
    """Whether it leads to another host, which is right for an API call without its token."""
    return case.place is Place.API and case.fault is NetworkFault.REDIRECT_TO_OTHER_HOST


def _addresses(place: Place, base: str) -> tuple[AnyRegistration, AnyRegistration]:
    """What is registered of the two clients, so that one address is that of the broken server."""
    match place:
        case Place.DISCOVERY:
            url = f"{base}/.well-known/openid-configuration"
            return {"server_metadata_url": url, "issuer": PROVIDER}, {}
        case Place.JWKS:
            return {"jwks_uri": f"{base}/oauth2/jwks"}, {}
        case Place.TOKEN:
            return {"access_token_url": f"{base}/oauth2/token"}, {}
        case Place.REFRESH:
            return {"refresh_token_url": f"{base}/oauth2/token"}, {}
        case Place.USERINFO:
            return {"userinfo_endpoint": f"{base}/oauth2/userinfo"}, {}
        case Place.API:
            return {"api_base_url": f"{base}/api/"}, {}
        case Place.TEMPORARY:
            return {}, {"request_token_url": f"{base}/oauth1/initiate"}
        case Place.CREDENTIALS:
            return {}, {"access_token_url": f"{base}/oauth1/token"}


def _body(provider: LocalProvider, place: Place) -> bytes:
    """The right answer, where one can be known beforehand."""
    documents = {
        Place.DISCOVERY: "/.well-known/openid-configuration",
        Place.JWKS: "/oauth2/jwks",
    }
    if place in documents:
        return bytes(Client(provider).get(documents[place], base_url=PROVIDER).data)
    if place in (Place.USERINFO, Place.API):
        return json.dumps({"sub": "ada"}).encode()
    return json.dumps({"access_token": "a-token-of-a-broken-server"}).encode()
