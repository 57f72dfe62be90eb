"""What only the adapter to httpx does; the rest is in the contract."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from tests.transports.servers import OK, Server, replying
from typedoauth.errors import (
    ConfigurationError,
    MissingExtraError,
    TransportError,
    TransportTimeoutError,
)
from typedoauth.transports import ConnectionSettings, HttpxTransport, Request

URL = "https://as.example/token?code=s3cret"


def mocking(answer: Callable[[httpx.Request], httpx.Response]) -> HttpxTransport:
    return HttpxTransport(httpx.Client(transport=httpx.MockTransport(answer)))


def test_a_client_of_the_application() -> None:
    """Its transports and hooks are used; its secrets are not, and no cookie comes into its jar."""
    seen: list[bytes] = []
    urls: list[str] = []

    def hook(request: httpx.Request) -> None:
        urls.append(str(request.url))

    with (
        Server(replying(OK.replace(b"\r\nC", b"\r\nSet-Cookie: a=1\r\nC"), seen=seen)) as server,
        httpx.Client(
            auth=("ada", "s3cret"),
            cookies={"session": "s3cret"},
            headers={"X-Key": "s3cret"},
            params={"key": "s3cret"},
            follow_redirects=True,
            event_hooks={"request": [hook]},
        ) as client,
    ):
        transport = HttpxTransport(client)
        for _ in range(2):
            assert transport.send(Request("GET", f"{server.url}/a")).cookies == {"a": "1"}
        assert b"s3cret" not in b"".join(seen)
        assert b"authorization" not in b"".join(seen).lower()
        assert b"a=1" not in b"".join(seen)
        assert dict(client.cookies) == {"session": "s3cret"}
        assert urls == [f"{server.url}/a"] * 2
        transport.close()
        assert not client.is_closed
        assert client.get(server.url).is_success
        assert server.connections == 1


def test_a_client_that_follows_redirects() -> None:
    """It does not for the transport."""
    answer = httpx.Response(302, headers={"Location": "https://elsewhere.example/"})
    mock = httpx.MockTransport(lambda _: answer)
    transport = HttpxTransport(httpx.Client(transport=mock, follow_redirects=True))
    assert transport.send(Request("GET", URL)).status_code == 302


@pytest.mark.parametrize(
    "settings",
    [
        ConnectionSettings(verify="ca.pem"),
        ConnectionSettings(verify=False),
        ConnectionSettings(cert="client.pem"),
        ConnectionSettings(proxies=(("all", "http://proxy.example"),)),
        ConnectionSettings(trust_env=False),
    ],
    ids=["verify", "no verify", "cert", "proxies", "trust_env"],
)
def test_settings_that_a_client_cannot_keep(settings: ConnectionSettings) -> None:
    """They are refused by name before anything is sent."""
    transport = mocking(lambda _: pytest.fail("it was sent"))
    with pytest.raises(ConfigurationError, match="cannot be set for one request") as caught:
        transport.send(Request("GET", URL, connection=settings))
    (changed,) = [
        name
        for name in ("verify", "cert", "proxies", "trust_env")
        if getattr(settings, name) != getattr(ConnectionSettings(), name)
    ]
    assert caught.value.description.startswith(f"{changed}: ")


def test_a_client_that_trusts_no_environment() -> None:
    """It is good for a request that wants none."""
    client = httpx.Client(
        trust_env=False, transport=httpx.MockTransport(lambda _: httpx.Response(204))
    )
    settings = ConnectionSettings(trust_env=False)
    assert HttpxTransport(client).send(Request("GET", URL, connection=settings)).ok


@pytest.mark.parametrize("given", [1, httpx, httpx.AsyncClient()], ids=["int", "module", "async"])
def test_what_is_no_client(given: object) -> None:
    """It is refused where it is given."""
    with pytest.raises(ConfigurationError, match=r"httpx\.Client, not"):
        HttpxTransport(given)


def test_a_closed_client() -> None:
    """So is one that cannot send anything."""
    client = httpx.Client()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        HttpxTransport(client)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_mock(stream: bool) -> None:
    """The transports that tests of httpx put in work, with encoded bodies, too."""
    folded = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=gzip.compress(b"a"))
    transport = mocking(lambda _: folded)
    assert transport.send(Request("GET", URL, stream=stream)).content == b"a"


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ReadTimeout("s3cret"), TransportTimeoutError),
        (httpx.ConnectTimeout("s3cret"), TransportTimeoutError),
        (httpx.PoolTimeout("s3cret"), TransportTimeoutError),
        (httpx.ConnectError("s3cret"), TransportError),
        (httpx.RemoteProtocolError("s3cret"), TransportError),
        (httpx.DecodingError("s3cret"), TransportError),
        (httpx.HTTPError("s3cret"), TransportError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_errors(raised: httpx.HTTPError, kind: type[TransportError]) -> None:
    """Each of httpx's errors is one of the tree, without its text."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(TransportError) as caught:
        mocking(fail).send(Request("GET", URL))
    assert type(caught.value) is kind
    assert "s3cret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_settings_have_clients_of_their_own() -> None:
    """Requests with equal settings share connections; others do not."""
    with Server(replying(OK)) as server:
        transport = HttpxTransport()
        request = Request("GET", server.url)
        other = replace(request, connection=ConnectionSettings(trust_env=False))
        for one in (request, other, request, other):
            assert transport.send(one).ok
        assert server.connections == 2
        transport.close()


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without httpx, the error says what to install; importing the class needs nothing."""
    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "typedoauth.transports._httpx_clients", raising=False)
    with pytest.raises(MissingExtraError, match=r"typedoauth\[httpx\]"):
        HttpxTransport()


def test_repr() -> None:
    """It shows nothing of the client."""
    assert repr(HttpxTransport()) == "<HttpxTransport>"
