"""Laws of decoding: nothing is lost, nothing is held that need not be."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.errors import ResponseTooLargeError, TransportError
from typedoauth.transports import Headers, Request
from typedoauth.transports._bodies import PIECE, respond

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body, wbits=-15),
    "identity": bytes,
}


def decoded(coding: str, pieces: list[bytes], request: Request | None = None) -> bytes:
    request = request or Request("GET", "https://api.example/", max_bytes=None)
    return respond(request, 200, Headers({"Content-Encoding": coding}), pieces).content


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(max_size=300), sizes=st.lists(st.integers(0, 9), max_size=40))
def test_decoding_is_the_inverse_of_encoding(coding: str, body: bytes, sizes: list[int]) -> None:
    """However a body is cut on its way, what was encoded is what comes out (RFC 9110 8.4)."""
    assert decoded(coding, list(cut(CODINGS[coding](body), sizes))) == body


@given(members=st.lists(st.binary(max_size=20), min_size=1), sizes=st.lists(st.integers(0, 9)))
def test_members_of_a_gzip_are_joined(members: list[bytes], sizes: list[int]) -> None:
    """A gzip body may have several members (RFC 1952 2.2)."""
    data = b"".join(map(gzip.compress, members))
    assert decoded("gzip", list(cut(data, sizes))) == b"".join(members)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate"])
@given(body=st.binary(min_size=20, max_size=300), data=st.data())
def test_a_body_that_is_cut_short_is_an_error(
    coding: str, body: bytes, data: st.DataObject
) -> None:
    """A decoder never takes a part for the whole."""
    whole = CODINGS[coding](body)
    length = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(TransportError, match="too early"):
        decoded(coding, [whole[:length]])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@given(junk=st.binary(max_size=200))
def test_junk_never_escapes_the_tree(coding: str, junk: bytes) -> None:
    """Bytes that are not what they say they are either decode or end in a TransportError."""
    with suppress(TransportError):
        assert isinstance(decoded(coding, [junk]), bytes)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_bomb_does_not_unfold(coding: str, stream: bool) -> None:
    """64 KB that hold 64 MB are given up at the limit, without being held beyond it."""
    bomb = CODINGS[coding](bytes(1 << 26))
    assert len(bomb) < 1 << 17
    request = Request("GET", "https://api.example/", max_bytes=1 << 20, stream=stream)
    tracemalloc.start()
    try:
        with pytest.raises(ResponseTooLargeError):
            respond(request, 200, Headers({"Content-Encoding": coding}), [bomb]).content  # noqa: B018 reads the stream
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", range(PIECE - 2, PIECE + 20))
def test_nothing_stays_in_the_decoder(size: int) -> None:
    """What the decoder still holds when its input has ended belongs to the body."""
    assert len(decoded("deflate", [zlib.compress(bytes(size), wbits=-15)])) == size


def test_a_long_body_comes_in_small_pieces() -> None:
    """A stream without a limit gives a bomb out piece by piece."""
    request = Request("GET", "https://api.example/", max_bytes=None, stream=True)
    bomb = gzip.compress(bytes(1 << 24))
    response = respond(request, 200, Headers({"Content-Encoding": "gzip"}), [bomb])
    assert max(map(len, response)) <= PIECE
