"""Who is talked to is checked, and what is trusted can be said."""

from __future__ import annotations

import hashlib
import socket
import ssl
import warnings
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.transports.certificates import Authority
from tests.transports.servers import OK, Server, read_request, replying
from typedoauth.errors import ConfigurationError, TransportError
from typedoauth.transports import ConnectionSettings, Request, Urllib3Transport


def trust(
    verify: bool | str | Path, cert: str | tuple[str, str] | None = None
) -> ConnectionSettings:
    """Make settings with another idea of whom to trust."""
    kept = verify if isinstance(verify, bool) else str(verify)
    return ConnectionSettings(verify=kept, cert=cert, trust_env=False)


def get(transport: Urllib3Transport, server: Server, settings: ConnectionSettings) -> bytes:
    return transport.send(Request("GET", f"{server.url}/?q=s3cret", connection=settings)).content


def test_an_authority_of_ones_own(transport: Urllib3Transport, authority: Authority) -> None:
    """A CA file makes its certificates good."""
    with Server(replying(OK), tls=authority.server()) as server:
        assert get(transport, server, trust(authority.path)) == b"ok"


def test_a_folder_of_authorities(
    transport: Urllib3Transport, authority: Authority, tmp_path: Path
) -> None:
    """A folder with hashed names, as OpenSSL makes it, is a CA bundle, too."""
    own = x509.load_pem_x509_certificate(authority.path.read_bytes())
    # OpenSSL's hash of a name leaves the outer frame away and takes text in lower case.
    canonical = own.subject.public_bytes()[2:].replace(b"Test CA", b"test ca")
    digest = int.from_bytes(hashlib.sha1(canonical).digest()[:4], "little")
    (tmp_path / f"{digest:08x}.0").write_bytes(authority.path.read_bytes())
    with Server(replying(OK), tls=authority.server()) as server:
        assert get(transport, server, trust(tmp_path)) == b"ok"


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        ("as.example", 1, "IP address mismatch"),
        ("127.0.0.2", 1, "IP address mismatch"),
        ("127.0.0.1", -1, "expired"),
    ],
)
def test_a_wrong_certificate(
    transport: Urllib3Transport, authority: Authority, name: str, days: int, says: str
) -> None:
    """A certificate for another name, or that has expired, is refused (RFC 9110 4.3.4)."""
    with Server(replying(OK), tls=authority.server(name, days=days)) as server:
        with pytest.raises(TransportError, match=says) as caught:
            get(transport, server, trust(authority.path))
        assert isinstance(caught.value.__cause__, ssl.SSLCertVerificationError)
        assert "s3cret" not in str(caught.value)
        assert server.connections == 1, "a refused certificate does not get better"


def test_an_unknown_authority(transport: Urllib3Transport, authority: Authority) -> None:
    """By default only the system's authorities are trusted; the message tells the way out."""
    with (
        Server(replying(OK), tls=authority.server()) as server,
        pytest.raises(TransportError, match="verify="),
    ):
        get(transport, server, trust(True))


def test_verification_off(transport: Urllib3Transport, authority: Authority) -> None:
    """Who turns verification off by name gets no verification and no warning."""
    with Server(replying(OK), tls=authority.server("as.example", days=-1)) as server:
        assert get(transport, server, trust(False)) == b"ok"


def test_a_client_certificate(transport: Urllib3Transport, authority: Authority) -> None:
    """A client certificate is shown, from one file or from two (RFC 8705 2)."""
    context = authority.server()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.path)
    path = str(authority.issue("client.example"))
    with Server(replying(OK), tls=context) as server:
        assert get(transport, server, trust(authority.path, path)) == b"ok"
        assert get(transport, server, trust(authority.path, (path, path))) == b"ok"
        with pytest.raises(TransportError, match=r"TLS failed|the connection broke"):
            get(transport, server, trust(authority.path))


@pytest.mark.parametrize("verify", ["missing.pem", "junk.pem"])
def test_authorities_that_cannot_be_read(
    transport: Urllib3Transport, tmp_path: Path, verify: str
) -> None:
    """A CA file that is missing or is none is the developer's mistake, and the message names it."""
    (tmp_path / "junk.pem").write_text("junk")
    with pytest.raises(ConfigurationError, match=verify):
        transport.send(Request("GET", "https://127.0.0.1:9/", connection=trust(tmp_path / verify)))


def test_a_client_certificate_without_its_key(
    transport: Urllib3Transport, authority: Authority
) -> None:
    """A client certificate without a key is the developer's mistake."""
    settings = trust(True, str(authority.path))
    with pytest.raises(ConfigurationError, match="with a certificate and its unencrypted key"):
        transport.send(Request("GET", "https://127.0.0.1:9/", connection=settings))


def test_a_client_certificate_with_an_encrypted_key(
    transport: Urllib3Transport, tmp_path: Path
) -> None:
    """A key that wants a password is refused; nobody is asked for one on a terminal."""
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"password"),
    )
    (tmp_path / "key.pem").write_bytes(Authority(tmp_path).path.read_bytes() + key)
    settings = trust(True, str(tmp_path / "key.pem"))
    with pytest.raises(ConfigurationError, match="unencrypted"):
        transport.send(Request("GET", "https://127.0.0.1:9/", connection=settings))


def test_a_server_without_tls(transport: Urllib3Transport) -> None:
    """Https to a port that speaks http is a TransportError."""

    def script(sock: socket.socket) -> None:
        sock.recv(100)
        sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with Server(script) as server, pytest.raises(TransportError, match="TLS failed"):
        transport.send(Request("GET", server.url.replace("http", "https")))


def test_old_tls_is_refused(transport: Urllib3Transport, authority: Authority) -> None:
    """Nothing below TLS 1.2 is spoken (RFC 8996)."""
    context = authority.server()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Server(replying(OK), tls=context) as server, pytest.raises(TransportError):
        get(transport, server, trust(False))


def test_a_large_body_both_ways(
    transport: Urllib3Transport, authority: Authority, trusting: ConnectionSettings
) -> None:
    """Bodies of many records pass through TLS whole."""
    body = bytes(range(256)) * 8192

    def script(sock: socket.socket) -> None:
        got = read_request(sock).partition(b"\r\n\r\n")[2]
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(got) + got)

    with Server(script, tls=authority.server()) as server:
        request = Request("POST", server.url, body=body, connection=trusting, max_bytes=None)
        assert transport.send(request).content == body
