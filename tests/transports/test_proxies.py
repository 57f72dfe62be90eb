"""Requests through proxies: forwarded, tunnelled, with TLS and with a password."""

from __future__ import annotations

import socket
import ssl
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from threading import Thread

import pytest

from tests.transports.certificates import Authority
from tests.transports.servers import OK, Script, Server, dripping, read_request, replying
from typedoauth.errors import ConfigurationError, TransportError, TransportTimeoutError
from typedoauth.transports import ConnectionSettings, Request, Timeout, Urllib3Transport
from typedoauth.transports._routes import find_proxy, locate

USER = "user:p%40ss"
CREDENTIALS = b"Basic " + b64encode(b"user:p@ss")


def tunnelling(seen: list[bytes]) -> Script:
    """Be a proxy that opens tunnels."""

    def script(sock: socket.socket) -> None:
        seen.append(read_request(sock))
        host, _, port = seen[-1].split(b" ")[1].decode().rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as target:
            sock.sendall(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n")
            back = Thread(target=_pump, args=(target, sock), daemon=True)
            back.start()
            _pump(sock, target)
            back.join(5)

    return script


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def via(proxy: str, verify: bool | str = True, *, scheme: str = "all") -> ConnectionSettings:
    return ConnectionSettings(verify=verify, proxies=((scheme, proxy),))


def with_user(url: str) -> str:
    return url.replace("://", f"://{USER}@")


@pytest.mark.parametrize("tls", [False, True], ids=["http proxy", "https proxy"])
def test_http_is_forwarded(transport: Urllib3Transport, authority: Authority, tls: bool) -> None:
    """A proxy gets http requests in absolute form, over a kept connection (RFC 9112 3.2.2)."""
    seen: list[bytes] = []
    context = authority.server() if tls else None
    with Server(replying(OK, seen=seen), tls=context) as proxy:
        settings = via(with_user(proxy.url), str(authority.path))
        for _ in range(3):
            assert transport.send(
                Request("GET", "http://api.example:8080/a?b", connection=settings)
            ).ok
        assert proxy.connections == 1
    assert seen[0].startswith(b"GET http://api.example:8080/a?b HTTP/1.1\r\n")
    assert b"\r\nHost: api.example:8080\r\n" in seen[0]
    assert b"\r\nProxy-Authorization: " + CREDENTIALS + b"\r\n" in seen[0]


@pytest.mark.parametrize("tls", [False, True], ids=["http proxy", "https proxy"])
def test_https_goes_through_a_tunnel(
    transport: Urllib3Transport, authority: Authority, tls: bool
) -> None:
    """A proxy sees of https nothing but CONNECT, once for all calls (RFC 9110 9.3.6)."""
    asked: list[bytes] = []
    seen: list[bytes] = []
    context = authority.server() if tls else None
    with (
        Server(replying(OK, seen=seen), tls=authority.server()) as server,
        Server(tunnelling(asked), tls=context) as proxy,
    ):
        settings = via(with_user(proxy.url), str(authority.path))
        for _ in range(3):
            assert transport.send(
                Request("POST", f"{server.url}/a?b", body=b"x", connection=settings)
            ).ok
        assert (proxy.connections, server.connections) == (1, 1)
        transport.close()
    assert asked[0].startswith(f"CONNECT 127.0.0.1:{server.port} HTTP/1.".encode())
    assert b"Proxy-Authorization: " + CREDENTIALS + b"\r\n" in asked[0]
    assert seen[0].startswith(b"POST /a?b HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{server.port}\r\n".encode() in seen[0]
    assert b"Proxy-Authorization" not in b"".join(seen)


def test_a_tunnel_does_not_soften_tls(transport: Urllib3Transport, authority: Authority) -> None:
    """The certificate behind a tunnel is the server's, and is checked for its name."""
    with (
        Server(replying(OK), tls=authority.server("as.example")) as server,
        Server(tunnelling([])) as proxy,
    ):
        settings = via(proxy.url, str(authority.path))
        with pytest.raises(TransportError, match="certificate is refused"):
            transport.send(Request("GET", server.url, connection=settings))


def test_a_drip_through_tls_within_tls(transport: Urllib3Transport, authority: Authority) -> None:
    """The total deadline reaches through both layers to a server behind an https proxy."""
    start = time.monotonic()
    with (
        Server(dripping(b"HTTP/1.1 200 O"), tls=authority.server()) as server,
        Server(tunnelling([]), tls=authority.server()) as proxy,
    ):
        settings = via(proxy.url, str(authority.path))
        request = Request("GET", server.url, timeout=Timeout(9, 9, 0.5), connection=settings)
        with pytest.raises(TransportTimeoutError, match="total"):
            transport.send(request)
    assert time.monotonic() - start < 4


def test_the_client_certificate_is_not_for_the_proxy(
    transport: Urllib3Transport, authority: Authority
) -> None:
    """A proxy that asks for a client certificate does not get the one for the server."""
    shown: list[object] = []

    def script(sock: socket.socket) -> None:
        assert isinstance(sock, ssl.SSLSocket)
        shown.append(sock.getpeercert())
        replying(OK)(sock)

    context = authority.server()
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(authority.path)
    with Server(script, tls=context) as proxy:
        cert = str(authority.issue("client.example"))
        settings = replace(via(proxy.url, str(authority.path)), cert=cert)
        assert transport.send(Request("GET", "http://api.example/", connection=settings)).ok
        direct = ConnectionSettings(str(authority.path), cert, trust_env=False)
        assert transport.send(Request("GET", proxy.url, connection=direct)).ok
    assert not shown[0]
    assert shown[1], "the proxy does ask"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407"),
        (b"junk\r\n\r\n", "not HTTP/1"),
        (b"", "closed the connection"),
    ],
)
def test_a_tunnel_that_is_refused(transport: Urllib3Transport, answer: bytes, says: str) -> None:
    """What a proxy answers to CONNECT other than 200 is a TransportError without its password."""
    with Server(replying(answer, hang_up=True)) as proxy:
        settings = via(with_user(proxy.url))
        with pytest.raises(TransportError, match=says) as caught:
            transport.send(Request("GET", "https://as.example/", connection=settings))
    assert "p@ss" not in f"{caught.value} {caught.value.__cause__}"
    assert "p%40ss" not in f"{caught.value} {caught.value.__cause__}"


ENVIRONMENT: list[tuple[str, dict[str, str], ConnectionSettings, bool]] = [
    ("the scheme's", {"http_proxy": "{url}"}, ConnectionSettings(), True),
    ("all", {"ALL_PROXY": "{url}"}, ConnectionSettings(), True),
    ("without a scheme", {"http_proxy": "{netloc}"}, ConnectionSettings(), True),
    ("another scheme's", {"https_proxy": "{url}"}, ConnectionSettings(), False),
    (
        "NO_PROXY",
        {"http_proxy": "{url}", "no_proxy": "other.example,api.example"},
        ConnectionSettings(),
        False,
    ),
    ("not trusted", {"http_proxy": "{url}"}, ConnectionSettings(trust_env=False), False),
    (
        "an empty one of the settings",
        {"http_proxy": "{url}"},
        ConnectionSettings(proxies=(("http", ""),)),
        False,
    ),
    (
        "settings of another scheme",
        {"http_proxy": "{url}"},
        ConnectionSettings(proxies=(("https", "http://127.0.0.1:9"),)),
        True,
    ),
]


@pytest.mark.parametrize(
    ("environment", "settings", "proxied"),
    [case[1:] for case in ENVIRONMENT],
    ids=[case[0] for case in ENVIRONMENT],
)
def test_proxies_of_the_environment(
    transport: Urllib3Transport,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    settings: ConnectionSettings,
    proxied: bool,
) -> None:
    """The environment decides where the settings say nothing and trust it."""
    with Server(replying(OK)) as proxy:
        for name, value in environment.items():
            netloc = f"127.0.0.1:{proxy.port}"
            monkeypatch.setenv(name, value.format(url=proxy.url, netloc=netloc))
        found = find_proxy(settings, locate("http://api.example/")[0])
        assert (found is not None) is proxied
        if proxied:
            transport.send(Request("GET", "http://api.example/", connection=settings))
            assert proxy.connections == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "app.localhost"])
def test_the_environments_proxy_is_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Plain http is let pass to loopback alone, so it must not leave for a proxy."""
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert find_proxy(ConnectionSettings(), locate(f"http://{host}:9/")[0]) is None
    assert find_proxy(ConnectionSettings(), locate("http://api.example/")[0]) is not None


@pytest.mark.parametrize(
    "proxy", ["socks5://user:s3cret@127.0.0.1:9", "http://", "http://user:s3cret@[", "a b"]
)
def test_a_proxy_that_cannot_be_used(transport: Urllib3Transport, proxy: str) -> None:
    """A proxy URL that is none of http or https is the developer's mistake; it is not quoted."""
    with pytest.raises(ConfigurationError, match="proxy's URL") as caught:
        transport.send(Request("GET", "http://127.0.0.1:9/", connection=via(proxy)))
    assert "s3cret" not in str(caught.value)


def test_the_password_is_in_no_repr(transport: Urllib3Transport) -> None:
    """Neither settings nor the proxy made from them show the password."""
    settings = via("http://user:s3cret@proxy.example")
    proxy = find_proxy(settings, locate("http://api.example")[0])
    assert proxy is not None
    secret = b64encode(b"user:s3cret").decode()
    assert proxy.authorization == f"Basic {secret}"
    shown = f"{settings!r} {proxy!r} {transport!r}"
    assert "s3cret" not in shown
    assert secret not in shown
