"""Bodies: decoded, counted, and read to the end or given up."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError, ResponseTooLargeError, TransportError
from typedoauth.messages import Headers, Request, Response

PIECE = 1 << 16

_Decoder = Callable[[Iterable[bytes]], Iterator[bytes]]


def check_framing(request: Request) -> None:
    """Refuse a request that says itself how its body is framed.

    Raises:
        ConfigurationError: It does, and differs from what is sent.
    """
    length = request.headers.get("content-length")
    own = length not in (None, str(len(request.body or b"")))
    if own or "transfer-encoding" in request.headers:
        raise ConfigurationError(
            f"{request.method} {without_query(request.url)}: the transport frames the body "
            "itself; leave Transfer-Encoding and Content-Length out"
        )


def unsendable(request: Request) -> ConfigurationError:
    """Make the error for a header field that no HTTP message can hold."""
    return ConfigurationError(
        f"{request.method} {without_query(request.url)}: a header field cannot be sent; "
        "values are to be latin-1 text, or encoded in some way that the server knows"
    )


def respond(
    request: Request,
    status: int,
    headers: Headers,
    pieces: Iterable[bytes],
    *,
    reason: str | None = None,
    close: Callable[[], object] | None = None,
) -> Response:
    """Make the response to *request*, decoded and held to its byte limit.

    Args:
        request: What was asked.
        status: The status.
        headers: The header fields.
        pieces: The body as it comes, still encoded.
        reason: The reason phrase.
        close: Called when the body is finished with; more than once is fine.

    Returns:
        The response: a stream if the request wants one.

    Raises:
        ResponseTooLargeError: The body is longer than allowed.
        TransportError: The body cannot be read or decoded.
    """
    body = _limited(request, pieces)
    decoder = _decoder(headers.get("content-encoding", ""))
    if decoder is not None:
        # Encoded bytes count, too: a gzip stream may go on for ever and hold nothing.
        body = _limited(request, _checked(request, decoder, body))
    if request.stream:
        return Response(status, headers, body, url=request.url, reason=reason, close=close)
    try:
        content = b"".join(body)
    finally:
        if close is not None:
            close()
    return Response(status, headers, content, url=request.url, reason=reason)


def _limited(request: Request, pieces: Iterable[bytes]) -> Iterator[bytes]:
    limit, size = request.max_bytes, 0
    for piece in pieces:
        size += len(piece)
        if limit is not None and size > limit:
            raise too_large(request)
        yield piece


def too_large(request: Request) -> ResponseTooLargeError:
    """Make the error for a body that is longer than *request* allows."""
    return ResponseTooLargeError(
        f"{without_query(request.url)}: the response is longer than {request.max_bytes} bytes; "
        "if that is to be expected, raise the limit or read it as a stream"
    )


def _decoder(coding: str) -> _Decoder | None:
    """What undoes a coding; none where only who asked for it can have it, and reads it."""
    coding = coding.strip().lower()
    if coding in ("gzip", "x-gzip"):
        return _gunzip
    return _inflate if coding == "deflate" else None


def _checked(request: Request, decoder: _Decoder, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from decoder(pieces)
    except (zlib.error, EOFError) as error:
        coding = "gzip" if decoder is _gunzip else "deflate"
        raise TransportError(
            f"{without_query(request.url)}: the response says it is {coding}-encoded, "
            "but is not, or ends too early"
        ) from error


def _gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Decode a body in the gzip coding (RFC 9110 8.4.1.3), member after member (RFC 1952 2.2)."""
    engine = None
    padding = False
    for piece in pieces:
        rest = b"" if padding else piece
        while rest:
            if engine is None or engine.eof:
                if engine is not None and rest[0] != 0x1F:
                    padding = True  # what follows the last member is to be ignored
                    break
                engine = zlib.decompressobj(wbits=31)
            yield from _run(engine, rest)
            rest = engine.unused_data
    if engine is not None and not engine.eof:
        raise EOFError("the gzip stream ends too early")


def _inflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Decode a body in the deflate coding (RFC 9110 8.4.1.2), with or without its zlib frame."""
    engine = None
    for piece in pieces:
        if engine is None and piece:
            # Many servers leave the frame away; its first byte tells (RFC 1950 2.2).
            engine = zlib.decompressobj(wbits=15 if piece[0] & 0x0F == 8 else -15)
        if engine is not None and not engine.eof:
            yield from _run(engine, piece)
    if engine is not None and not engine.eof:
        raise EOFError("the deflate stream ends too early")


def _run(engine: zlib._Decompress, data: bytes) -> Iterator[bytes]:  # pyright: ignore[reportPrivateUsage] the class has no public name
    """Feed *data*, and give what comes out in pieces: a bomb never unfolds at once."""
    while True:
        out = engine.decompress(data, PIECE)
        if out:
            yield out
        data = engine.unconsumed_tail
        if not data and len(out) < PIECE:
            return
