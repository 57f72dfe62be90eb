"""Headers, deadlines, connection settings and requests as values."""

from __future__ import annotations

import pytest

from typedoauth.errors import ConfigurationError
from typedoauth.messages import ConnectionSettings, Headers, Request, Timeout

URL = "https://user:hush@api.example/me?access_token=hush#hush"


def test_headers_are_found_in_any_case() -> None:
    """Field names do not depend on case (RFC 9110 5.1)."""
    headers = Headers({"Content-Type": "text/plain"})
    assert headers["content-type"] == headers["CONTENT-TYPE"] == "text/plain"
    assert "Content-TYPE" in headers
    assert not Headers.__contains__(headers, 5)
    assert headers.get("x") is None
    assert dict(headers) == {"Content-Type": "text/plain"}


def test_headers_with_several_values_are_joined_and_kept() -> None:
    """A list is joined by commas (RFC 9110 5.3); each value can be had."""
    headers = Headers([("Set-Cookie", "a=1"), ("Link", "x"), ("set-cookie", "b=2")])
    assert headers["Set-Cookie"] == "a=1, b=2"
    assert headers.get_all("SET-COOKIE") == ["a=1", "b=2"]
    assert headers.get_all("absent") == []
    assert len(headers) == 2
    assert headers.pairs() == [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Link", "x")]


def test_headers_replace_changes_adds_and_removes() -> None:
    """The copy differs; the original does not."""
    headers = Headers({"A": "1", "B": "2", "C": "3"})
    changed = headers.replace({"a": "x", "B": None, "D": "4"})
    assert changed.pairs() == [("C", "3"), ("a", "x"), ("D", "4")]
    assert headers.pairs() == [("A", "1"), ("B", "2"), ("C", "3")]


def test_messages_show_no_secret() -> None:
    """A repr is what logs and tracebacks hold: no query, no header value, no body."""
    request = Request("POST", URL, Headers({"Authorization": "Bearer hush"}), b"code=hush")
    assert repr(request) == "<Request POST https://api.example/me>"
    assert repr(request.headers) == "<Headers Authorization>"
    assert "hush" not in repr(ConnectionSettings(proxies=(("https", "http://u:hush@p.example"),)))


@pytest.mark.parametrize(
    "fields",
    [
        {"X": "a\r\nY: b"},
        {"X": "a\nb"},
        {"X": "a\x00"},
        {"X": "a\x7f"},
        {"X\r\nY": "a"},
        {"X: Y": "a"},
        {"X Y": "a"},
        {"": "a"},
        {"Ü": "a"},
        {"X": 5},
        {"X": b"a"},
        {},
    ],
)
def test_header_that_would_not_arrive_as_one_is_refused(fields: dict[str, str]) -> None:
    """A line break in a name or value would begin another header (RFC 9110 5.5)."""
    headers = Headers(fields or {5: "a"})  # type: ignore[dict-item] # pyright: ignore[reportArgumentType] wrong
    with pytest.raises(ConfigurationError, match="header"):
        Request("GET", "https://api.example/", headers)


@pytest.mark.parametrize("method", ["", "GET /x", "GET\r\nX: y", "G\x00T"])
def test_method_that_is_none_is_refused(method: str) -> None:
    """A method is a token (RFC 9110 9.1)."""
    with pytest.raises(ConfigurationError, match="no HTTP method"):
        Request(method, "https://api.example/")


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan"), "5", None])
@pytest.mark.parametrize("name", ["connect", "read", "total"])
def test_deadline_that_is_none_is_refused(name: str, seconds: float) -> None:
    """Every call has an end."""
    with pytest.raises(ConfigurationError, match=name):
        Timeout(**{name: seconds})
