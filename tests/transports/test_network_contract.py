"""What every transport that makes connections does alike, with servers good and bad."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import time
import traceback
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forks import FORKS, in_child
from tests.transports.certificates import Authority
from tests.transports.contract import NOT_APPLICABLE, Make, each
from tests.transports.servers import (
    OK,
    Script,
    Server,
    read_request,
    replying,
    resetting,
    silent,
)
from tests.transports.test_deadlines import DRIPS
from tests.transports.test_proxies import CREDENTIALS, tunnelling, via, with_user
from typedoauth import transports
from typedoauth.errors import (
    ConfigurationError,
    OAuthError,
    ResponseTooLargeError,
    TransportError,
    TransportTimeoutError,
)
from typedoauth.transports import (
    ClosableTransport,
    ConnectionSettings,
    Headers,
    Request,
    Timeout,
)

HUSH = "s3cret"
TOTAL = Timeout(connect=9, read=9, total=0.25)
READ = Timeout(connect=9, read=0.2, total=9)
CONNECT = Timeout(connect=0.2, read=9, total=9)
NO_PROXY = ConnectionSettings(trust_env=False)
HEADS = ("the status line", "one header field", "many header fields", "informational responses")


@contextmanager
def using(make: Make) -> Generator[ClosableTransport]:
    transport = make()
    try:
        yield transport
    finally:
        transport.close()


def request_to(url: str, **settings: object) -> Request:
    """A request that is full of secrets."""
    made = Request("GET", f"{url}/path?code={HUSH}", Headers({"Authorization": f"Bearer {HUSH}"}))
    return replace(made, **settings)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] fields of it


@contextmanager
def failing(
    make: Make, kind: type[TransportError] = TransportError, says: str | None = None
) -> Generator[ClosableTransport]:
    """Expect an error in which no secret is, neither in it nor in what is shown with it."""
    with using(make) as transport, pytest.raises(kind, match=says) as caught:
        yield transport
    shown(caught.value)


def shown(error: OAuthError) -> None:
    """Check that an error shows no secret."""
    assert HUSH not in repr(error) + "".join(traceback.format_exception(error))


@each()
@pytest.mark.parametrize("name", DRIPS.keys() - {*HEADS, "a chunk's size", "trailers"})
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_total_bounds_a_body(make: Make, name: str, stream: bool) -> None:
    """A body that drips is given up at the total deadline."""
    with Server(DRIPS[name]) as server, failing(make, TransportTimeoutError, "total") as transport:
        request = request_to(server.url, timeout=TOTAL, stream=stream)
        _ = transport.send(request).content


@each("total over a head")
@pytest.mark.parametrize("name", [*HEADS, "a chunk's size", "trailers"])
def test_total_bounds_a_head(make: Make, name: str) -> None:
    """A head that drips is, too."""
    with Server(DRIPS[name]) as server, failing(make, TransportTimeoutError, "total") as transport:
        transport.send(request_to(server.url, timeout=TOTAL))


@each()
@pytest.mark.parametrize(
    "head", [b"", OK.replace(b"2\r", b"9\r")], ids=["no answer", "half a body"]
)
def test_read_bounds_a_silence(make: Make, head: bytes) -> None:
    """A server that stops is given up after the read deadline."""

    def script(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(head)
        silent(sock)

    with Server(script) as server, failing(make, TransportTimeoutError, r"\(read\)") as transport:
        transport.send(request_to(server.url, timeout=READ))


@each()
def test_the_shortest_deadline_counts(make: Make) -> None:
    """A total deadline that is shorter than the others bounds a silence, too."""
    with Server(silent) as server, failing(make, TransportTimeoutError, "total") as transport:
        transport.send(request_to(server.url, timeout=TOTAL))


@each()
def test_connect_bounds_a_handshake(make: Make) -> None:
    """TLS belongs to the connect deadline."""
    with Server(silent) as server, failing(make, TransportTimeoutError, "0.2 s") as transport:
        url = server.url.replace("http:", "https:")
        transport.send(request_to(url, timeout=CONNECT, connection=NO_PROXY))


@each()
@pytest.mark.parametrize(
    ("script", "says"),
    [
        (resetting(b""), "broke|without an answer"),
        (resetting(OK[:-4]), "broke|ended in the middle"),
        (replying(OK[:-1], hang_up=True), "ended in the middle"),
        (replying(OK.replace(b"2\r", b"9\r"), hang_up=True), "ended in the middle"),
        (replying(b"", hang_up=True), "without an answer|not HTTP/1"),
        (replying(b"s3cret 1\r\n\r\n", hang_up=True), "not HTTP/1"),
        (replying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno", hang_up=True), "gzip"),
    ],
    ids=["reset", "reset in a body", "cut", "cut early", "nothing", "no HTTP", "no gzip"],
)
def test_a_connection_that_is_cut(make: Make, script: Script, says: str) -> None:
    """Half an answer is none; the error tells why, and nothing of what was sent or received."""
    with Server(script) as server, failing(make, TransportError, says) as transport:
        transport.send(request_to(server.url))


@each()
def test_a_stream_that_is_cut(make: Make) -> None:
    """Whoever reads a stream is told that it is not whole."""
    script = replying(OK.replace(b"2\r", b"9\r"), hang_up=True)
    with Server(script) as server, failing(make, TransportError, "ended in the middle") as one:
        response = one.send(request_to(server.url, stream=True))
        assert response.ok
        _ = response.content


@each()
def test_nobody_listens(make: Make) -> None:
    """The cause is the operating system's own error."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with using(make) as transport, pytest.raises(TransportError, match="refused") as caught:
        transport.send(request_to(f"http://127.0.0.1:{port}"))
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


@each()
def test_a_failure_within_another(make: Make) -> None:
    """What the caller was handling already is not taken for the cause."""
    with Server(replying(b"", hang_up=True)) as server, using(make) as transport:
        try:
            raise BrokenPipeError("of the caller")
        except BrokenPipeError:
            with pytest.raises(TransportError) as caught:
                transport.send(request_to(server.url))
    assert not isinstance(caught.value.__cause__, BrokenPipeError)


@each()
def test_a_name_that_does_not_exist(make: Make) -> None:
    """It cannot be resolved, which the error says (RFC 2606 2)."""
    with failing(make, TransportError, "resolved|no connection") as transport:
        timeout = Timeout(connect=2, read=2, total=2)
        transport.send(request_to("http://as.invalid", timeout=timeout, connection=NO_PROXY))


@each()
@pytest.mark.parametrize(
    ("name", "days", "says"),
    [("as.example", 1, "mismatch"), ("127.0.0.1", -1, "expired")],
)
def test_a_wrong_certificate(
    make: Make, authority: Authority, trusting: ConnectionSettings, name: str, days: int, says: str
) -> None:
    """A certificate for another name, or that has expired, is refused (RFC 9110 4.3.4)."""
    tls = authority.server(name, days=days)
    with Server(replying(OK), tls=tls) as server, failing(make, TransportError, says) as transport:
        transport.send(request_to(server.url, connection=trusting))


@each()
def test_tls_is_verified_by_default(make: Make, authority: Authority) -> None:
    """Nobody trusts an authority unasked; asked, everybody does."""
    with Server(replying(OK), tls=authority.server()) as server:
        with failing(make, TransportError, "verify=") as transport:
            transport.send(request_to(server.url))
        with using(make) as transport:
            settings = ConnectionSettings(verify=str(authority.path))
            assert transport.send(request_to(server.url, connection=settings)).content == b"ok"
            # The trust of one request is not that of the next.
            with pytest.raises(TransportError):
                transport.send(request_to(server.url))


@each()
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_verification_can_be_turned_off(make: Make, authority: Authority) -> None:
    """By name only."""
    with Server(replying(OK), tls=authority.server()) as server, using(make) as transport:
        settings = ConnectionSettings(verify=False)
        assert transport.send(request_to(server.url, connection=settings)).ok


@each()
def test_old_tls(make: Make, authority: Authority) -> None:
    """TLS before 1.2 is not spoken (RFC 9325 3.1.1)."""
    tls = authority.server()
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        tls.minimum_version, tls.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with Server(replying(OK), tls=tls) as server, failing(make) as transport:
        transport.send(
            request_to(server.url, connection=ConnectionSettings(verify=str(authority.path)))
        )


@each()
def test_a_client_certificate(
    make: Make, authority: Authority, trusting: ConnectionSettings
) -> None:
    """A server that asks for a certificate gets the one of the settings."""
    tls = authority.server()
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.path)
    with Server(replying(OK), tls=tls) as server:
        with using(make) as transport:
            settings = replace(trusting, cert=str(authority.issue("client.example")))
            assert transport.send(request_to(server.url, connection=settings)).ok
        with failing(make) as transport:
            transport.send(request_to(server.url, connection=trusting))


@each()
@pytest.mark.parametrize("setting", ["verify", "cert"])
def test_a_file_that_is_not_there(make: Make, setting: str, tmp_path: Path) -> None:
    """A wrong path is the developer's mistake, and nothing is sent."""
    path = str(tmp_path / "none.pem")
    settings = ConnectionSettings(**{setting: path})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] either
    with using(make) as transport, pytest.raises(ConfigurationError, match=setting):
        transport.send(request_to("https://127.0.0.1:9", connection=settings))


@each()
def test_a_forwarding_proxy(make: Make) -> None:
    """A proxy gets http requests in absolute form, with its password."""
    seen: list[bytes] = []
    with Server(replying(OK, seen=seen)) as proxy, using(make) as transport:
        settings = via(with_user(proxy.url))
        assert transport.send(
            Request("GET", "http://api.example:8080/a/../b?c", connection=settings)
        ).ok
    assert seen[0].startswith(b"GET http://api.example:8080/")
    assert CREDENTIALS in seen[0]


@each()
@pytest.mark.parametrize("tls", [False, True], ids=["http proxy", "https proxy"])
def test_a_tunnelling_proxy(make: Make, authority: Authority, tls: bool) -> None:
    """A proxy opens a tunnel for https, and never sees what goes through."""
    seen: list[bytes] = []
    context = authority.server() if tls else None
    with (
        Server(replying(OK), tls=authority.server()) as server,
        Server(tunnelling(seen), tls=context) as proxy,
        using(make) as transport,
    ):
        settings = via(with_user(proxy.url), str(authority.path))
        assert transport.send(request_to(server.url, connection=settings)).content == b"ok"
    assert seen[0].startswith(b"CONNECT 127.0.0.1:")
    assert CREDENTIALS in seen[0]
    assert HUSH.encode() not in b"".join(seen)


@each()
def test_a_proxy_that_refuses(make: Make) -> None:
    """The error does not quote the proxy's password."""
    script = replying(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", hang_up=True)
    with Server(script) as proxy, failing(make) as transport:
        settings = via(proxy.url.replace("://", f"://user:{HUSH}@"))
        transport.send(request_to("https://as.example", connection=settings))


@each()
def test_proxies_of_the_environment(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are used if trusted, and never for this machine itself."""
    with Server(replying(OK)) as proxy, Server(replying(OK)) as server, using(make) as transport:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert transport.send(request_to("http://api.example")).ok
        assert proxy.connections == 1
        assert transport.send(request_to(server.url)).ok
        assert (proxy.connections, server.connections) == (1, 1)
        monkeypatch.setenv("NO_PROXY", "as.invalid")
        timeout = Timeout(connect=2, read=2, total=2)
        for settings in (ConnectionSettings(), NO_PROXY):
            with pytest.raises(TransportError):
                transport.send(
                    request_to("http://as.invalid", connection=settings, timeout=timeout)
                )
        assert proxy.connections == 1


@each()
def test_no_credentials_of_the_environment(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is in .netrc stays there."""
    netrc = tmp_path / ".netrc"
    netrc.write_text(f"default login ada password {HUSH}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    seen: list[bytes] = []
    with Server(replying(OK, seen=seen)) as server, using(make) as transport:
        assert transport.send(Request("GET", server.url)).ok
    assert b"authorization" not in seen[0].lower()


@each()
def test_what_is_sent(make: Make) -> None:
    """Little more than was asked for: no advertisement, and no coding that nobody wants."""
    seen: list[bytes] = []
    with Server(replying(OK, seen=seen)) as server, using(make) as transport:
        assert transport.send(Request("POST", f"{server.url}/?a=b", Headers({"X-A": "b"}))).ok
    lines = seen[0].lower().split(b"\r\n")
    names = {line.partition(b":")[0] for line in lines[1:] if line}
    assert names - {b"accept-encoding"} == {b"host", b"user-agent", b"content-length", b"x-a"}
    assert {b"user-agent: typedoauth", b"content-length: 0"} <= set(lines)
    assert b"gzip" not in seen[0]


@each()
@pytest.mark.parametrize("value", ["s3cret \u20ac", " s3cret"], ids=["not latin-1", "a space"])
def test_a_field_that_cannot_be_sent(make: Make, value: str) -> None:
    """If a header field is refused, the error does not quote it."""
    with Server(replying(OK)) as server, using(make) as transport:
        error: ConfigurationError | None = None
        try:
            assert transport.send(Request("GET", server.url, Headers({"Authorization": value}))).ok
        except ConfigurationError as refused:
            error = refused
    assert error is not None or value.isascii(), "a space may also be taken away"
    if error is not None:
        shown(error)


@each()
@pytest.mark.parametrize("name", ["Transfer-Encoding", "Content-Length"])
def test_framing_is_the_transports_own(make: Make, name: str) -> None:
    """A request that says how its body is framed is refused."""
    with using(make) as transport, pytest.raises(ConfigurationError, match="frames the body"):
        transport.send(Request("POST", "http://127.0.0.1:9/", Headers({name: "7"}), b"body"))


@each()
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_bombs(make: Make, stream: bool) -> None:
    """A small gzip body that unfolds to a large one meets the limit."""
    folded = gzip.compress(b"\0" * (1 << 24))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(folded)
    with Server(replying(head + folded)) as server:
        with failing(make, ResponseTooLargeError) as transport:
            _ = transport.send(request_to(server.url, stream=stream)).content
        with using(make) as transport:
            answer = transport.send(request_to(server.url, stream=stream, max_bytes=1 << 24))
            assert len(answer.content) == 1 << 24


@each()
def test_a_redirect_with_an_endless_body(make: Make) -> None:
    """The body of a redirect has a limit, too."""
    head = b"HTTP/1.1 302 Found\r\nLocation: http://[/\r\nContent-Length: 99999999\r\n\r\n"
    with Server(replying(head + b"x" * (1 << 22))) as server, failing(make) as transport:
        transport.send(request_to(server.url))


@each()
def test_a_field_on_several_lines(make: Make) -> None:
    """It comes as one line, which cannot become two of somebody else's (RFC 9112 5.2)."""
    answer = OK.replace(b"\r\nC", b"\r\nX-A: b\r\n  c\r\nC")
    with Server(replying(answer)) as server, using(make) as transport:
        assert transport.send(request_to(server.url)).headers["x-a"].split() == ["b", "c"]
        assert "\n" not in transport.send(request_to(server.url)).headers["x-a"]


@each()
def test_connections_are_kept(make: Make) -> None:
    """A second request needs no second connection, after a whole body or a read stream."""
    with Server(replying(OK)) as server, using(make) as transport:
        for stream in (False, True, False):
            assert transport.send(request_to(server.url, stream=stream)).content == b"ok"
        assert server.connections == 1


@each()
def test_threads(make: Make) -> None:
    """Many threads share one transport, and each gets its own answer."""

    def script(sock: socket.socket) -> None:
        while request := read_request(sock):
            path = request.split(b" ")[1]
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))

    with Server(script) as server, using(make) as transport, ThreadPoolExecutor(8) as threads:
        paths = [f"/{number}" for number in range(200)]
        asks = [Request("GET", server.url + path) for path in paths]
        answers = threads.map(transport.send, asks)
        assert [answer.text for answer in answers] == paths
        assert server.connections <= 8


@each()
@pytest.mark.parametrize("forgotten", [False, True], ids=["closed", "forgotten"])
def test_streams_that_are_given_up(make: Make, forgotten: bool) -> None:
    """A stream that is closed, or forgotten, takes its connection along."""
    gone: list[bool] = []

    def script(sock: socket.socket) -> None:
        with suppress(OSError):
            replying(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b"x" * 100)(sock)
        gone.append(True)

    with Server(script) as server, using(make) as transport:
        for number in range(1, 4):
            response = transport.send(request_to(server.url, stream=True))
            if not forgotten:
                response.close()
                with pytest.raises(TransportError, match="closed before"):
                    _ = response.content
            del response
            ends = time.monotonic() + 5
            while len(gone) < number and time.monotonic() < ends:
                time.sleep(0.01)
            assert len(gone) == number
        assert server.connections == 3


@each()
def test_closing(make: Make) -> None:
    """Closing ends the connections, any number of times; the transport goes on working."""
    gone: list[bool] = []

    def script(sock: socket.socket) -> None:
        replying(OK)(sock)
        gone.append(True)

    with Server(script) as server:
        transport = make()
        assert transport.send(request_to(server.url)).ok
        transport.close()
        transport.close()
        ends = time.monotonic() + 5
        while not gone and time.monotonic() < ends:
            time.sleep(0.01)
        assert gone
        assert transport.send(request_to(server.url)).ok
        assert server.connections == 2
        transport.close()


@FORKS
@each()
def test_a_child_process_has_connections_of_its_own(make: Make) -> None:
    """After a fork, a child does not speak on its parent's connection, nor does it end it."""

    def child() -> None:
        assert transport.send(request_to(server.url)).ok
        transport.close()

    with Server(replying(OK)) as server, using(make) as transport:
        assert transport.send(request_to(server.url)).ok
        assert in_child(child)
        assert transport.send(request_to(server.url)).ok
        assert server.connections == 2


@each()
def test_nothing_is_logged(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever level is set, no library writes codes, tokens or cookies into the log."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "urllib3", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    answer = OK.replace(b"\r\nCont", b"\r\nSet-Cookie: a=s3cret\r\nLocation: /?code=s3cret\r\nCont")
    with Server(replying(answer)) as server, using(make) as transport:
        for stream in (False, True):
            assert transport.send(request_to(server.url, stream=stream)).content == b"ok"
    assert HUSH not in caplog.text
    assert HUSH not in "".join(str(record.args) for record in caplog.records)


@each()
def test_ports(make: Make) -> None:
    """A port that is not allowed is not called."""
    with Server(replying(OK)) as server:
        settings = ConnectionSettings(allowed_ports=(443,))
        with failing(make, TransportError, "allowed_ports") as transport:
            transport.send(request_to(server.url, connection=settings))
        assert server.connections == 0


GUARDED = ConnectionSettings(public_addresses_only=True, allowed_ports=None)


@each("public addresses")
def test_the_guard_is_kept(make: Make) -> None:
    """An address that is not public is refused."""
    with failing(make, TransportError, "not public") as transport:
        transport.send(request_to("https://127.0.0.1", connection=GUARDED))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, what in NOT_APPLICABLE
        if what == "public addresses" and "refuses" in NOT_APPLICABLE[name, what]
    ],
)
def test_the_guard_is_refused(name: str) -> None:
    """Where it cannot be kept, it is an error, and nothing is sent."""
    with (
        using(getattr(transports, name)) as transport,
        pytest.raises(ConfigurationError, match="Urllib3Transport"),
    ):
        transport.send(request_to("https://127.0.0.1", connection=GUARDED))
