"""The guard against addresses that are not public, and against ports nobody expects."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transports.certificates import Authority
from tests.transports.internet import OTHER_PUBLIC, PUBLIC, Internet
from tests.transports.servers import OK, Server, replying
from typedoauth import OAuth2Client
from typedoauth.errors import ConfigurationError, TransportError
from typedoauth.transports import (
    ConnectionSettings,
    Request,
    Response,
    StubTransport,
    Urllib3Transport,
    WSGITransport,
)
from typedoauth.transports._addresses import check_public

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

GUARDED = ConnectionSettings(public_addresses_only=True)
NOT_PUBLIC = "leads to an address that is not public"
ISSUER = "https://issuer.example/.well-known/openid-configuration"


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    """Names and routes as the test says; nothing leaves this machine."""
    return Internet(monkeypatch)


def on_port(port: int) -> ConnectionSettings:
    """The guard, for a server that cannot listen at 443."""
    return replace(GUARDED, allowed_ports=(port,))


REFUSED = [
    # IPv4 (RFC 6890, RFC 8190, IANA's registry)
    "0.0.0.0", "0.255.255.255",
    "10.0.0.0", "10.255.255.255",
    "100.64.0.0", "100.127.255.255", "100.100.100.200",
    "127.0.0.1", "127.255.255.255",
    "168.63.129.16",
    "169.254.0.0", "169.254.169.254", "169.254.255.255",
    "172.16.0.0", "172.31.255.255",
    "192.0.0.0", "192.0.0.170", "192.0.0.192", "192.0.0.255",
    "192.0.2.1", "198.51.100.1", "203.0.113.255",
    "192.88.99.1",
    "192.168.0.0", "192.168.255.255",
    "198.18.0.0", "198.19.255.255",
    "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255",
    # IPv6 (RFC 4291)
    "::", "::1",
    "fe80::1", "febf::1", "fe80::1%1",
    "fec0::1", "feff::1",
    "fc00::1", "fd00:ec2::254", "fdff::1",
    "ff02::1", "ff0e::1",
    "100::1", "5f00::1", "4000::1", "e000::1", "1fff:ffff::1",
    "2001:db8::1", "3fff::1", "3fff:fff::1",
    "2001:2::1", "2001:10::1", "2001:1ff::1",
    # IPv4 within IPv6: mapped, translated, compatible, NAT64, 6to4, Teredo
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:93.184.215.14",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1", "::93.184.215.14",
    "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254",
    "64:ff9b::192.168.0.1", "64:ff9b::0.0.0.0", "64:ff9b:1::93.184.215.14",
    "64:ff9b:0:0:1::10.0.0.1",
    "2002:7f00:1::1", "2002:a00:1::1", "2002:a9fe:a9fe::1",
    "2001:0:5db8:d70e::1", "2001::8000:0:80ff:fffe",
]  # fmt: skip
ALLOWED = [
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
    "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", PUBLIC,
    "2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1", "2001:db9::1",
    "2003::1", "2606:2800:220:1::1", "3ffe:ffff::1", "3fff:1000::1",
    "64:ff9b::93.184.215.14",
]  # fmt: skip


def url_of(address: str) -> str:
    """Where a server at *address* is."""
    return f"https://[{address}]/" if ":" in address else f"https://{address}/"


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public(
    transport: Urllib3Transport, internet: Internet, address: str
) -> None:
    """It is not tried, whether the URL names it or a name leads to it."""
    internet.names["issuer.example"] = [[address]]
    urls = [ISSUER] if "%" in address else [ISSUER, url_of(address)]
    for url in urls:
        with pytest.raises(TransportError, match=NOT_PUBLIC):
            transport.send(Request("GET", url, connection=GUARDED))
    assert internet.tried == []


@pytest.mark.parametrize("address", ALLOWED)
def test_a_public_address(transport: Urllib3Transport, internet: Internet, address: str) -> None:
    """It is tried, and it is the one that was checked."""
    internet.names["issuer.example"] = [[address]]
    for url in (ISSUER, url_of(address)):
        with pytest.raises(TransportError, match="nobody answers there"):
            transport.send(Request("GET", url, connection=GUARDED))
    assert internet.tried == [str(ipaddress.ip_address(address))] * 2


@given(st.ip_addresses())
def test_what_the_standard_library_knows_is_known_here(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """No address passes of which Python says that it is private, reserved or multicast."""
    if address.is_private or address.is_reserved or address.is_multicast or address.is_link_local:
        nat64 = ipaddress.IPv6Network("64:ff9b::/96")
        if address not in nat64:
            with pytest.raises(TransportError):
                check_public("issuer.example", [str(address)])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "0x7f000001",
        "017700000001",
        "2130706433",
        "0",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "\uff11\uff12\uff17.0.0.1",
        "127\u30020\u30020\u30021",
    ],
)
def test_loopback_however_it_is_spelt(transport: Urllib3Transport, host: str) -> None:
    """What leads to this machine without the guard leads nowhere with it: no byte arrives."""
    with Server(replying(OK)) as server:
        url = f"http://{host}:{server.port}/"
        with pytest.raises(TransportError, match=NOT_PUBLIC):
            transport.send(Request("GET", url, connection=on_port(server.port)))
        assert server.connections == 0
        assert transport.send(Request("GET", url)).ok, "the spelling does lead there"


@pytest.mark.parametrize(
    "addresses",
    [
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        [PUBLIC, OTHER_PUBLIC, "::1"],
        ["2606:2800:220:1::1", "fd00::1"],
    ],
)
def test_one_address_of_several_is_enough(
    transport: Urllib3Transport, internet: Internet, addresses: list[str]
) -> None:
    """A name with public and private addresses is refused before any of them is tried."""
    internet.names["issuer.example"] = [addresses]
    with pytest.raises(TransportError, match=NOT_PUBLIC):
        transport.send(Request("GET", ISSUER, connection=GUARDED))
    assert internet.tried == []


def test_the_refusal_tells_no_address(transport: Urllib3Transport, internet: Internet) -> None:
    """It names the host: what private address that has is not for whoever supplied it."""
    internet.names["issuer.example"] = [["10.20.30.40"]]
    with pytest.raises(TransportError) as caught:
        transport.send(Request("GET", f"{ISSUER}?x=hush", connection=GUARDED))
    assert "issuer.example" in str(caught.value)
    assert "10.20" not in str(caught.value)
    assert "hush" not in str(caught.value)


def test_the_address_that_is_checked_is_the_one_that_is_called(
    transport: Urllib3Transport, internet: Internet
) -> None:
    """A name that is public when it is checked and private a moment later gains nothing."""
    with Server(replying(OK, hang_up=True)) as public, Server(replying(OK)) as private:
        internet.routes[PUBLIC] = public.port
        internet.names["issuer.example"] = [[PUBLIC], ["127.0.0.1"]]
        url = f"http://issuer.example:{private.port}/"
        request = Request("GET", url, connection=on_port(private.port))
        assert transport.send(request).ok
        assert (internet.asked, internet.tried) == (["issuer.example"], [PUBLIC])
        with pytest.raises(TransportError, match=NOT_PUBLIC):
            transport.send(request)
        assert (internet.tried, public.connections, private.connections) == ([PUBLIC], 1, 0)


def test_a_connection_that_fails_is_checked_again(
    transport: Urllib3Transport, internet: Internet
) -> None:
    """The second attempt looks the name up anew, and so is checked anew."""
    internet.names["issuer.example"] = [[PUBLIC], ["127.0.0.1"]]
    with Server(replying(OK)) as gone:
        internet.routes[PUBLIC] = gone.port
    with Server(replying(OK)) as private:
        url = f"http://issuer.example:{private.port}/"
        with pytest.raises(TransportError, match=NOT_PUBLIC):
            transport.send(Request("GET", url, connection=on_port(private.port)))
        assert (internet.tried, private.connections) == ([PUBLIC], 0)


def test_a_public_server_over_tls(
    transport: Urllib3Transport, internet: Internet, authority: Authority
) -> None:
    """A guarded connection is one like others: TLS is checked for the name, and it is kept."""
    with Server(replying(OK), tls=authority.server("issuer.example")) as server:
        internet.names["issuer.example"] = [[PUBLIC]]
        internet.routes[PUBLIC] = server.port
        for _ in range(3):
            settings = replace(GUARDED, verify=str(authority.path))
            assert transport.send(Request("GET", ISSUER, connection=settings)).ok
        assert server.connections == 1


PORTS: list[tuple[str, ConnectionSettings, bool]] = [
    ("https://issuer.example/", GUARDED, True),
    ("https://issuer.example:443/", GUARDED, True),
    ("https://issuer.example:8443/", GUARDED, False),
    ("https://issuer.example:22/", GUARDED, False),
    ("http://issuer.example/", GUARDED, False),
    ("http://issuer.example:443/", GUARDED, True),
    ("https://issuer.example/", on_port(8443), False),
    ("https://issuer.example:8443/", on_port(8443), True),
    ("https://issuer.example/", ConnectionSettings(allowed_ports=(8443,)), False),
    ("https://issuer.example:8443/", ConnectionSettings(allowed_ports=(443, 8443)), True),
    ("https://issuer.example:22/", ConnectionSettings(), True),
]


@pytest.mark.parametrize(("url", "settings", "allowed"), PORTS)
def test_ports(
    transport: Urllib3Transport,
    internet: Internet,
    url: str,
    settings: ConnectionSettings,
    allowed: bool,
) -> None:
    """443 alone with the guard, unless others are named; the name is not even looked up."""
    internet.names["issuer.example"] = [[PUBLIC]]
    says = "nobody answers there" if allowed else "not among allowed_ports"
    with pytest.raises(TransportError, match=says):
        transport.send(Request("GET", url, connection=settings))
    assert bool(internet.asked) is allowed


def test_no_connection_is_shared_with_the_unguarded(
    transport: Urllib3Transport, internet: Internet
) -> None:
    """One that was made without the guard is not used with it, nor the other way round."""
    with Server(replying(OK)) as server:
        plain = Request("GET", server.url)
        assert transport.send(plain).ok
        guarded = replace(plain, connection=on_port(server.port))
        with pytest.raises(TransportError, match=NOT_PUBLIC):
            transport.send(guarded)
        assert server.connections == 1

        internet.routes[PUBLIC] = server.port
        url = f"http://{PUBLIC}:{server.port}/"
        settings = (on_port(server.port), ConnectionSettings(allowed_ports=(server.port,)))
        for one in (*settings, ConnectionSettings()) * 2:
            assert transport.send(Request("GET", url, connection=one)).ok
        assert server.connections == 4


def test_the_guard_and_a_proxy_contradict_each_other() -> None:
    """A proxy looks the name up itself; one that is named is the developer's mistake."""
    with pytest.raises(ConfigurationError, match="through a proxy"):
        replace(GUARDED, proxies=(("https", "http://proxy.example:3128"),))
    assert replace(GUARDED, proxies=(("all", ""),)) != GUARDED  # this one means: no proxy
    with pytest.raises(ConfigurationError, match="through a proxy"):
        OAuth2Client("id", public_addresses_only=True, proxies={"all": "http://u:hush@p.example"})
    client = OAuth2Client("id", public_addresses_only=True, transport=StubTransport({}))
    with pytest.raises(ConfigurationError, match="through a proxy") as caught:
        client.get(ISSUER, withhold_token=True, proxies={"https": "http://u:hush@p.example"})
    assert "hush" not in str(caught.value)


def test_the_environments_proxy_is_not_used(
    transport: Urllib3Transport, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take a private address for a name that looked harmless."""
    with Server(replying(OK)) as proxy, Server(replying(OK)) as public:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("all_proxy", proxy.url)
        internet.names["issuer.example"] = [[PUBLIC], ["10.0.0.1"]]
        internet.routes[PUBLIC] = public.port
        request = Request("GET", "http://issuer.example/", connection=on_port(80))
        with transport.send(replace(request, stream=True)) as response:
            assert response.ok
        with pytest.raises(TransportError, match=NOT_PUBLIC):
            transport.send(request)
        assert (proxy.connections, public.connections) == (0, 1)
        assert transport.send(replace(request, connection=ConnectionSettings())).ok
        assert proxy.connections == 1, "without the guard it is"


def moved(location: str) -> bytes:
    """A redirect."""
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


REDIRECTS = [
    ("https://internal.example/", NOT_PUBLIC),
    ("https://169.254.169.254/latest/meta-data/", NOT_PUBLIC),
    ("https://2130706433/", NOT_PUBLIC),
    ("https://api.example:{port}/", "not among allowed_ports"),
]


@pytest.mark.parametrize(("location", "says"), REDIRECTS)
def test_each_hop_of_a_redirect_is_guarded(
    internet: Internet, authority: Authority, location: str, says: str
) -> None:
    """A public server that sends an API call on to a private address gets no further."""
    seen: list[bytes] = []
    with Server(replying(OK)) as private:
        to = location.format(port=private.port)
        script = replying(moved("https://api.example/2"), moved(to), seen=seen)
        with Server(script, tls=authority.server("api.example")) as public:
            internet.names["api.example"] = [[PUBLIC]]
            internet.names["internal.example"] = [["127.0.0.1"]]
            internet.routes[PUBLIC] = public.port
            client = OAuth2Client("id", verify=str(authority.path), public_addresses_only=True)
            with pytest.raises(TransportError, match=says):
                client.get("https://api.example/", withhold_token=True)
            client.close()
        assert (len(seen), set(internet.tried), private.connections) == (2, {PUBLIC}, 0)


def test_a_hop_that_leads_to_another_public_server(
    internet: Internet, authority: Authority
) -> None:
    """Redirects go on working, with the guard carried along past a change of origin."""
    there = Server(replying(OK), tls=authority.server("files.example"))
    away = replying(moved("https://files.example/"))
    with there, Server(away, tls=authority.server("api.example")) as here:
        internet.names |= {"api.example": [[PUBLIC]], "files.example": [[OTHER_PUBLIC]]}
        internet.routes |= {PUBLIC: here.port, OTHER_PUBLIC: there.port}
        client = OAuth2Client("id", verify=str(authority.path), public_addresses_only=True)
        assert client.get("https://api.example/", withhold_token=True).ok
        client.close()
    assert internet.tried == [PUBLIC, OTHER_PUBLIC]


def test_a_client_guards_all_its_requests() -> None:
    """The options travel with protocol messages, with calls, and with calls that have their own."""
    stub = StubTransport(lambda _: Response(200, content=b'{"access_token":"x"}'))
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url="https://issuer.example/token",
        api_base_url="https://issuer.example/",
        grant_type="client_credentials",
        transport=stub,
        public_addresses_only=True,
        allowed_ports=[8443, 443, 443],
    )
    client.fetch_access_token()
    client.get("me", withhold_token=True)
    client.get("me", withhold_token=True, verify="/ca.pem", proxies={})
    expected = replace(GUARDED, allowed_ports=(443, 8443))
    settings = [replace(one.connection, verify=True) for one in stub.requests]
    assert settings == [expected] * 3


@pytest.mark.parametrize(
    "options",
    [{"public_addresses_only": one} for one in ("true", 1)]
    + [{"allowed_ports": one} for one in (443, "443", [], ["443"], [True], [0], [65536], [44.3])],
)
def test_an_option_of_another_type_is_refused(options: dict[str, object]) -> None:
    """When the client is made."""
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        OAuth2Client("id", **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


def test_transports_that_connect_to_nothing_have_nothing_to_guard() -> None:
    """A stub and applications in this process answer for any host, with the guard as without."""
    request = Request("GET", "https://127.0.0.1/", connection=GUARDED)
    assert StubTransport({"https://127.0.0.1/": Response(200)}).send(request).ok

    def application(_: object, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        return []

    assert WSGITransport(application).send(request).ok
