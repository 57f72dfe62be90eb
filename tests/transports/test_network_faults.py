"""The servers of ``tests.faults.network`` do what their names say, as the transport meets them."""

from __future__ import annotations

import gzip
import json
import time
from io import BytesIO

import pytest

from tests.faults import network
from tests.faults.network import BODY, NetworkFault, faulty
from typedoauth import OAuth2Client
from typedoauth.errors import (
    ResponseTooLargeError,
    TooManyRedirectsError,
    TransportError,
    TransportTimeoutError,
)
from typedoauth.transports import Headers, Request, Timeout, Urllib3Transport

EXPECTED: dict[NetworkFault, tuple[type[TransportError], str]] = {
    NetworkFault.RESET_MID_BODY: (TransportError, "the connection broke"),
    NetworkFault.CLOSE_MID_BODY: (TransportError, "ended in the middle"),
    NetworkFault.ONE_BYTE_A_SECOND: (TransportTimeoutError, "total"),
    NetworkFault.SILENT: (TransportTimeoutError, "read|total"),
    NetworkFault.ENDLESS_REDIRECT: (TooManyRedirectsError, "more than 10 times"),
    NetworkFault.GZIP_BOMB: (ResponseTooLargeError, "longer than"),
    NetworkFault.HUGE_BODY: (ResponseTooLargeError, "longer than"),
    NetworkFault.HEADER_FLOOD: (TransportError, "more than 100 headers"),
    NetworkFault.LONG_HEADER_LINE: (TransportError, "65536 bytes"),
    NetworkFault.GARBAGE_STATUS_LINE: (TransportError, "not HTTP/1"),
    NetworkFault.HTTP_0_9: (TransportError, "not HTTP/1"),
    NetworkFault.BROKEN_CHUNK_SIZE: (TransportError, "chunks are malformed"),
    NetworkFault.TWO_CONTENT_LENGTHS: (TransportError, "several lengths"),
    NetworkFault.TLS_WRONG_CERTIFICATE: (TransportError, "certificate is refused"),
}
HARMLESS = {NetworkFault.CONTENT_LENGTH_NEGATIVE, NetworkFault.REDIRECT_TO_OTHER_HOST}
SHORT = Timeout(connect=1, read=1.5, total=1.2)


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_ends_in_its_error(transport: Urllib3Transport, fault: NetworkFault) -> None:
    """Again and again, and long before the deadline of the rest; the server ends at once."""
    kind, says = EXPECTED[fault]
    client = OAuth2Client(
        "id", default_timeout=SHORT, max_response_bytes=1 << 20, transport=transport
    )
    with faulty(fault) as server:
        for path in ("/token", "/jwks.json?x=y"):
            with pytest.raises(kind, match=says):
                client.get(server.url + path, withhold_token=True)
        assert server.elsewhere == []
        started = time.monotonic()
    assert time.monotonic() - started < 0.5


def test_every_fault_is_met() -> None:
    """No member of the enumeration is without a test here."""
    assert EXPECTED.keys() | HARMLESS == set(NetworkFault)


def test_a_length_below_zero(transport: Urllib3Transport) -> None:
    """It counts as none: the body ends with the connection."""
    with faulty(NetworkFault.CONTENT_LENGTH_NEGATIVE) as server:
        for _ in range(2):
            response = transport.send(Request("GET", server.url))
            assert (response.headers["content-length"], response.content) == ("-1", BODY)


def test_a_redirect_to_another_host(transport: Urllib3Transport) -> None:
    """The transport follows nothing; an API call does, and leaves its secrets behind."""
    with faulty(NetworkFault.REDIRECT_TO_OTHER_HOST) as server:
        request = Request("POST", f"{server.url}/token", Headers(), b"code=hush")
        assert transport.send(request).status_code == 307
        assert server.elsewhere == []
        client = OAuth2Client("id", api_base_url=server.url, transport=transport)
        token = "hush"
        response = client.get("/me", token={"access_token": token, "token_type": "Bearer"})
        assert response.json() == json.loads(BODY)
        (arrived,) = server.elsewhere
    assert arrived.startswith(b"GET /me HTTP/1.1\r\n")
    assert b"hush" in server.requests[1]
    assert b"hush" not in arrived


def test_the_huge_body_is_json(transport: Urllib3Transport) -> None:
    """A client that reads it to its end finds the members that it asked for."""
    with faulty(NetworkFault.HUGE_BODY) as server:
        read = transport.send(Request("GET", server.url, max_bytes=None)).json()
    assert len(read.pop("padding")) >= network.HUGE_BYTES
    assert read == json.loads(BODY)


def test_the_bomb_is_gzip() -> None:
    """It is small, its checksum is right, and it unfolds to a JSON object."""
    folded = network._bomb(BODY)  # pyright: ignore[reportPrivateUsage] to look at it
    assert len(folded) < 300_000
    size, last = 0, b""
    with gzip.open(BytesIO(folded)) as unfolding:
        while piece := unfolding.read(1 << 20):
            size += len(piece)
            last = piece
    assert size > network.BOMB_BYTES
    assert last.endswith(BODY[1:])
