"""What only the adapter to requests does; the rest is in the contract."""

from __future__ import annotations

import sys
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from typing_extensions import override

from tests.transports.certificates import Authority
from tests.transports.servers import OK, Server, replying
from tests.transports.test_proxies import via
from typedoauth.errors import (
    ConfigurationError,
    MissingExtraError,
    TransportError,
    TransportTimeoutError,
)
from typedoauth.transports import ConnectionSettings, Headers, Request, RequestsTransport

URL = "https://as.example/token?code=s3cret"


class Fake(HTTPAdapter):
    """An adapter as libraries for tests mount them."""

    def __init__(self, outcome: object) -> None:
        super().__init__()
        self.outcome: object = outcome

    @override
    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override] # any: as they are
        if isinstance(self.outcome, Exception):
            raise self.outcome
        response = requests.Response()
        response.status_code = 200
        response.raw = self.outcome
        return response


def mocking(outcome: object) -> RequestsTransport:
    session = requests.Session()
    session.mount("https://as.example", Fake(outcome))
    return RequestsTransport(session)


def test_a_session_of_the_application() -> None:
    """Its adapters are used; its secrets are not, and no cookie comes into its jar."""
    seen: list[bytes] = []
    answer = OK.replace(b"\r\nC", b"\r\nSet-Cookie: a=1\r\nC")
    with Server(replying(answer, seen=seen)) as server, requests.Session() as session:
        session.auth = ("ada", "s3cret")
        session.headers["X-Key"] = "s3cret"
        session.params = {"key": "s3cret"}
        session.cookies["session"] = "s3cret"
        transport = RequestsTransport(session)
        for _ in range(2):
            assert transport.send(Request("GET", f"{server.url}/a")).cookies == {"a": "1"}
        assert b"s3cret" not in b"".join(seen)
        assert b"authorization" not in b"".join(seen).lower()
        assert b"a=1" not in b"".join(seen)
        assert dict(session.cookies) == {"session": "s3cret"}
        transport.close()
        assert server.connections == 1
        assert session.get(server.url, timeout=5).ok


@pytest.mark.parametrize("own", [False, True], ids=["of the session", "of the request"])
def test_tls_settings(authority: Authority, own: bool) -> None:
    """What the request says goes before what the session says."""
    with Server(replying(OK), tls=authority.server()) as server, requests.Session() as session:
        transport = RequestsTransport(session)
        request = Request("GET", server.url)
        with pytest.raises(TransportError, match="verify="):
            transport.send(request)
        if own:
            request = replace(request, connection=ConnectionSettings(verify=str(authority.path)))
        else:
            session.verify = str(authority.path)
        assert transport.send(request).content == b"ok"


def test_the_bundle_of_requests(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a session, the authorities are those of the default transport, and no others."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority.path))
    with Server(replying(OK), tls=authority.server()) as server:
        transport = RequestsTransport()
        with pytest.raises(TransportError, match="verify="):
            transport.send(Request("GET", server.url))
        transport.close()


@pytest.mark.parametrize("own", [False, True], ids=["of the session", "of the request"])
def test_proxies(own: bool) -> None:
    """So it is with proxies."""
    with Server(replying(OK)) as proxy, requests.Session() as session:
        session.proxies = {"http": "http://127.0.0.1:9" if own else proxy.url}
        settings = via(proxy.url) if own else ConnectionSettings()
        request = Request("GET", "http://api.example", connection=settings)
        assert RequestsTransport(session).send(request).ok


def test_a_session_that_trusts_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxies of the environment are for both to allow."""
    with Server(replying(OK)) as proxy, requests.Session() as session:
        monkeypatch.setenv("http_proxy", proxy.url)
        transport = RequestsTransport(session)
        assert transport.send(Request("GET", "http://api.example")).ok
        session.trust_env = False
        with pytest.raises(TransportError):
            transport.send(Request("GET", "http://api.invalid"))
        assert proxy.connections == 1


def test_what_is_no_session() -> None:
    """It is refused where it is given."""
    with pytest.raises(ConfigurationError, match=r"requests\.Session, not module"):
        RequestsTransport(requests)


def test_a_mock() -> None:
    """The adapters that tests of requests mount work."""
    raw = urllib3.HTTPResponse(
        BytesIO(b"a"), Headers([("X", "y")]), status=200, preload_content=False
    )
    assert mocking(raw).send(Request("GET", URL)).content == b"a"


def test_an_adapter_that_gives_something_else() -> None:
    """What cannot be read within limits is refused."""
    with pytest.raises(ConfigurationError, match="urllib3"):
        mocking(BytesIO(b"a")).send(Request("GET", URL))


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (requests.ReadTimeout("s3cret"), TransportTimeoutError),
        (requests.ConnectTimeout("s3cret"), TransportTimeoutError),
        (requests.ConnectionError("s3cret"), TransportError),
        (requests.exceptions.RetryError("s3cret"), TransportError),
        (requests.exceptions.ChunkedEncodingError("s3cret"), TransportError),
        (urllib3.exceptions.LocationParseError("s3cret"), TransportError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_errors(raised: Exception, kind: type[TransportError]) -> None:
    """Each of requests' errors is one of the tree, without its text."""
    with pytest.raises(TransportError) as caught:
        mocking(raised).send(Request("GET", URL))
    assert type(caught.value) is kind
    assert "s3cret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without requests, the error says what to install; importing the class needs nothing."""
    monkeypatch.setitem(sys.modules, "requests", None)
    monkeypatch.delitem(sys.modules, "typedoauth.transports._requests_adapters", raising=False)
    with pytest.raises(MissingExtraError, match=r"typedoauth\[requests\]"):
        RequestsTransport()


def test_repr() -> None:
    """It shows nothing of the session."""
    assert repr(RequestsTransport()) == "<RequestsTransport>"
