"""Responses, with what people know from requests."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.errors import (
    ConfigurationError,
    HTTPStatusError,
    MalformedResponseError,
    TransportError,
)
from typedoauth.messages import Response, read_document

URL = "https://user:hush@api.example/me?access_token=hush"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json; charset=utf-8"}


class Stream:
    """Pieces of a body, and whether it was closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces

    def close(self) -> None:
        """Count."""
        self.closed += 1

    def response(self) -> Response:
        """A response that streams it."""
        return Response(200, content=self, close=self.close)


@pytest.mark.parametrize(
    ("status", "reason", "ok"), [(200, "OK", True), (399, "", True), (404, "Not Found", False)]
)
def test_status(status: int, reason: str, ok: bool) -> None:
    """``ok`` and truth are a status below 400; the standard phrase is filled in."""
    response = Response(status)
    assert (response.reason, response.ok, bool(response)) == (reason, ok, ok)


def test_raise_for_status_tells_status_and_place_only() -> None:
    """The error has the status and no query (RFC 9110 15)."""
    Response(302).raise_for_status()
    with pytest.raises(HTTPStatusError) as caught:
        Response(503, url=URL).raise_for_status()
    assert caught.value.status == 503
    assert (
        str(caught.value) == "http_status: https://api.example/me answered 503 Service Unavailable"
    )
    assert repr(Response(503, url=URL)) == "<Response 503 https://api.example/me>"


@pytest.mark.parametrize(
    ("content_type", "content", "text"),
    [
        ("", "ü".encode(), "ü"),
        ("text/plain; charset=latin-1", b"\xfc", "ü"),
        ('text/plain; CHARSET="ISO-8859-1"', b"\xfc", "ü"),
        ("text/plain", b"\xfc", "\ufffd"),
        ("text/plain; charset=no-such", "ü".encode(), "ü"),
        ("text/plain; charset=idna", "ü".encode(), "ü"),
        ("text/plain; charset=hex", b"zz", "zz"),
        ("text/plain; charset=undefined", b"a", "a"),
    ],
)
def test_text_is_decoded_whatever_the_charset(content_type: str, content: bytes, text: str) -> None:
    """A charset that is none counts as UTF-8 (RFC 9110 8.3.2)."""
    assert Response(200, {"Content-Type": content_type}, content).text == text


@given(st.text(), st.binary())
def test_text_never_fails(charset: str, content: bytes) -> None:
    """Whatever the server calls its charset."""
    assert isinstance(Response(200, {"Content-Type": f"a/b; charset={charset}"}, content).text, str)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"hush", b"[" * 100_000])
def test_json_of_something_else_is_our_error_and_keeps_nothing(content: bytes) -> None:
    """A parser's error holds the document: it is neither cause nor context."""
    with pytest.raises(MalformedResponseError, match="status 200") as caught:
        Response(200, content=content, url=URL).json()
    assert caught.value.__context__ is None
    assert "hush" not in str(caught.value)


def test_json_is_parsed_leniently_and_anew() -> None:
    """API answers are the application's: NaN and doubled members pass, as elsewhere."""
    response = Response(200, content=b'{"a": [1], "a": [2]}')
    response.json()["a"].append(3)
    assert response.json() == {"a": [2]}


def test_both_idioms_of_old_hooks_work() -> None:
    """``resp._content = …`` and ``resp.json = lambda: …`` are how existing hooks mend."""
    response = Response(200, content=b'{"a": 1}')
    response.json = lambda: {"a": 2}
    assert response.json() == {"a": 2}
    response._content = b'{"a": 3}'  # pyright: ignore[reportPrivateUsage] the documented idiom
    assert response.json() == {"a": 3}
    assert response._content == response.content  # pyright: ignore[reportPrivateUsage] likewise


def test_replaced_content_closes_the_stream() -> None:
    """A body that nobody will read gives its connection back."""
    stream = Stream(b"a")
    response = stream.response()
    response._content = b"b"  # pyright: ignore[reportPrivateUsage] the documented idiom
    assert (response.content, stream.closed) == (b"b", 1)


def test_replace_gives_a_copy() -> None:
    """Each part can be another one; the original stays."""
    response = Response(200, {"A": "1"}, b"a", url=URL, reason="Fine")
    assert (response.replace().status_code, response.replace().reason) == (200, "Fine")
    other = response.replace(status_code=404, headers={"B": "2"}, content=b"b")
    assert (other.status_code, other.reason, dict(other.headers)) == (404, "Not Found", {"B": "2"})
    assert (other.content, other.url) == (b"b", URL)
    assert response.replace(json={"c": 1}).json() == {"c": 1}
    assert response.content == b"a"


def test_replace_keeps_a_json_function_unless_the_body_changes() -> None:
    """Two hooks in a row see each other's work."""
    response = Response(200, content=b"{}")
    response.json = lambda: {"a": 1}
    assert response.replace(headers={"B": "2"}).json() == {"a": 1}
    assert response.replace(json={"b": 2}).json() == {"b": 2}


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}])
def test_replace_with_no_json_value_is_refused(value: object) -> None:
    """The hook is told, and not the server blamed."""
    with pytest.raises(ConfigurationError, match="JSON"):
        Response(200).replace(json=value)


def test_stream_is_read_in_pieces_and_closed() -> None:
    """Pieces come as they arrive, empty ones left out, the connection is given back."""
    stream = Stream(b"ab", b"", b"cde")
    assert list(stream.response()) == [b"ab", b"cde"]
    assert stream.closed == 1


@pytest.mark.parametrize(("size", "pieces"), [(1, 5), (2, 3), (3, 2), (100, 2)])
def test_chunk_size_bounds_the_pieces(size: int, pieces: int) -> None:
    """No piece is longer than asked for, and nothing is lost."""
    found = list(Stream(b"ab", b"cde").response().iter_content(size))
    assert b"".join(found) == b"abcde"
    assert max(map(len, found)) <= size
    assert len(found) == pieces


@pytest.mark.parametrize("size", [0, -1])
def test_chunk_size_that_is_none_is_refused(size: int) -> None:
    """Nothing would come out, without a word."""
    with pytest.raises(ConfigurationError, match="chunk_size"):
        next(Response(200, content=b"a").iter_content(size))


def test_content_of_a_stream_can_be_read_again() -> None:
    """Reading it whole keeps it."""
    response = Stream(b"ab", b"c").response()
    assert response.content == response.content == b"".join(response) == b"abc"
    assert list(Response(200, content=b"")) == []


def test_stream_that_was_read_says_so() -> None:
    """A second reading would give nothing, without a word."""
    response = Stream(b"ab").response()
    list(response)
    with pytest.raises(ConfigurationError, match="read already"):
        _ = response.content


def test_close_is_called_once() -> None:
    """``with``, ``close()`` and reading to the end may all happen."""
    stream = Stream(b"ab", b"c")
    with stream.response() as response:
        next(iter(response))
        response.close()
    response.close()
    assert stream.closed == 1


def test_cookies_are_read_and_broken_ones_passed_over() -> None:
    """Each Set-Cookie line stands for itself (RFC 6265 4.1)."""
    lines = [("Set-Cookie", "a=1; Path=/; Expires=Wed, 21 Oct 2015 07:28:00 GMT")]
    lines += [("Set-Cookie", 'b="x y"'), ("Set-Cookie", "a/b=1"), ("Set-Cookie", "a=2")]
    assert Response(200, lines).cookies == {"a": "2", "b": "x y"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
        (
            {
                "Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT",
                "Date": "Fri, 31 Dec 1999 23:58:59 GMT",
            },
            60.0,
        ),
        (
            {
                "Retry-After": "Fri, 31 Dec 1999 23:00:00 -0000",
                "Date": "Fri, 31 Dec 1999 23:58:59 GMT",
            },
            0.0,
        ),
        ({"Retry-After": "Fri, 31 Dec 99999999999999999999 23:59:59 GMT", "Date": "x"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, or a date counted from the response's own (RFC 9110 10.2.3)."""
    assert Response(503, headers).retry_after == seconds


@given(st.text(), st.text())
def test_retry_after_never_fails(value: str, date: str) -> None:
    """Whatever a server says about waiting."""
    wait = Response(429, {"Retry-After": value, "Date": date}).retry_after
    assert wait is None or wait >= 0


DOCUMENTS: list[tuple[dict[str, str], bytes]] = [
    (JSON, b'{"a": "1"}'),
    ({"Content-Type": "application/problem+json"}, b'{"a": "1"}'),
    ({"Content-Type": "text/html"}, b' \r\n{"a": "1"}'),
    ({}, b'\xef\xbb\xbf{"a": "1"}'),
    (FORM, b"a=1"),
    ({}, b"a=1\n"),
    ({"Content-Type": "text/plain"}, b"a=1"),
]


@pytest.mark.parametrize(("headers", "content"), DOCUMENTS)
def test_document_is_read_whatever_its_label(headers: dict[str, str], content: bytes) -> None:
    """Servers send JSON as text and forms as HTML; the body tells (RFC 6749 5.1)."""
    assert read_document(Response(200, headers, content), "x") == {"a": "1"}


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (JSON, b"a=1"),
        (JSON, b""),
        ({}, b""),
        ({}, b"[1]"),
        (FORM, b"a=1&a=2"),
        (FORM, b"\xff=1"),
        ({}, b'{"a": 1, "a": 2}'),
    ],
)
def test_document_that_is_none_is_refused(headers: dict[str, str], content: bytes) -> None:
    """Neither JSON nor a form, or a name twice."""
    with pytest.raises(MalformedResponseError):
        read_document(Response(200, headers, content), "x")


def test_document_of_a_json_function_is_copied() -> None:
    """A hook may give the same dict each time; it stays the hook's."""
    members = {"a": 1}
    response = Response(200)
    response.json = lambda: members
    read_document(response, "x")["b"] = 2
    assert members == {"a": 1}


def raising(error: Exception) -> Callable[[], object]:
    """A function that raises."""

    def function() -> object:
        raise error

    return function


@pytest.mark.parametrize(
    "function",
    [lambda: None, lambda: [1], lambda: "text", raising(KeyError("a")), raising(ValueError("b"))],
)
def test_json_function_that_fails_is_our_error(function: Callable[[], object]) -> None:
    """A hook written for good answers meets a bad one."""
    response = Response(200)
    response.json = function
    with pytest.raises(MalformedResponseError, match="compliance hook"):
        read_document(response, "x")


def test_json_function_may_raise_our_errors() -> None:
    """They come out as they are."""
    response = Response(200)
    response.json = raising(TransportError("cut"))
    with pytest.raises(TransportError):
        read_document(response, "x")


@given(st.binary(), st.sampled_from([JSON, FORM, {}]))
def test_any_document_is_read_or_refused(content: bytes, headers: dict[str, str]) -> None:
    """Nothing but a MalformedResponseError comes of garbage."""
    with contextlib.suppress(MalformedResponseError):
        assert read_document(Response(200, headers, content), "x")


def test_the_servers_own_phrase_is_in_no_message() -> None:
    """A status line may hold anything, also what was sent to the server."""
    response = Response(400, url="https://api.example/me", reason="bad token s3cret\x1b[31m")
    with pytest.raises(HTTPStatusError) as caught:
        response.raise_for_status()
    assert caught.value.description == "https://api.example/me answered 400 Bad Request"


@pytest.mark.parametrize(
    "charset", ["punycode", "PUNY-CODE", "-punycode", "unicode_escape", "idna"]
)
def test_codec_that_is_no_charset_is_not_used(charset: str) -> None:
    """The server chooses the charset; some codecs would take hours for a long body."""
    headers = {"Content-Type": f"text/plain; charset={charset}"}
    assert Response(200, headers, b"\\x41-xyz" * 50_000).text == "\\x41-xyz" * 50_000


def test_a_cookie_too_long_for_a_browser_is_passed_over() -> None:
    """Reading one of backslashes takes seconds, and no browser would have it."""
    fields = [("Set-Cookie", "a=" + "x" * 60_000), ("Set-Cookie", "b=2")]
    assert Response(200, fields).cookies == {"b": "2"}


def test_a_page_is_no_form() -> None:
    """HTML with an ampersand in it is not read as one (RFC 6749 5.1)."""
    page = Response(200, {"Content-Type": "text/html"}, b"<html>&access_token=evil&x=1</html>")
    with pytest.raises(MalformedResponseError, match="HTML page"):
        read_document(page, "the token response")
