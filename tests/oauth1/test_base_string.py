"""The base string URI and the base string (RFC 5849 3.4.1)."""

from __future__ import annotations

from urllib.parse import urlunsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth._urls import percent_encode
from typedoauth.errors import ConfigurationError
from typedoauth.oauth1 import base_string_uri, normalize, signature_base_string
from typedoauth.oauth1.base_string import clean_url

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(percent_encode)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.com", "http://example.com/"),
        ("HTTP://Example.COM/A", "http://example.com/A"),
        ("http://example.com:80/", "http://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:80/", "https://example.com:80/"),
        ("https://example.com:8443", "https://example.com:8443/"),
        ("https://example.com:/a", "https://example.com/a"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("https://[2001:DB8::A]:8443/a", "https://[2001:db8::a]:8443/a"),
        ("https://user:pw@example.com/a", "https://example.com/a"),
        ("https://example.com/a?b=c#d", "https://example.com/a"),
        ("https://example.com/a;v=1;", "https://example.com/a;v=1;"),
        ("https://example.com//a/", "https://example.com//a/"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/ä", "https://example.com/%C3%A4"),
        ("https://example.com/%c3%a4%2f", "https://example.com/%C3%A4%2F"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/[a]", "https://example.com/%5Ba%5D"),
    ],
)
def test_base_string_uri_table(url: str, expected: str) -> None:
    """Case, ports, addresses and paths are written in the one agreed way (3.4.1.2)."""
    assert base_string_uri(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/relative",
        "//example.com/",
        "ftp://example.com/",
        "https:///a",
        "https://bücher.example/",
    ],
)
def test_base_string_uri_not_signable_refused(url: str) -> None:
    """A URL that no request can be sent to is the developer's mistake (3.4.1.2)."""
    with pytest.raises(ConfigurationError):
        base_string_uri(url)


def test_base_string_uri_empty_host_header_refused() -> None:
    """A Host header without a host cannot be signed (3.4.1.2)."""
    with pytest.raises(ConfigurationError, match="Host header"):
        base_string_uri("https://example.com/", host="")


@given(
    url=st.from_regex(r"https?://[a-zA-Z0-9.-]{1,6}(:80|:443|:1)?(/[a-z%/;?]*)?", fullmatch=True)
)
def test_base_string_uri_of_plain_host_is_that_of_any(url: str) -> None:
    """The shortcut for a host that is written plainly changes nothing (3.4.1.2)."""
    assert base_string_uri(url) == base_string_uri(url, host=clean_url(url).netloc)


@given(
    path=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    query=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)
def test_clean_url_twice_is_once(path: str, query: str) -> None:
    """Cleaning a clean URL changes nothing."""
    url = f"https://example.com/{path.replace('?', '').replace('#', '')}?{query.replace('#', '')}"
    once = clean_url(url)
    assert clean_url(urlunsplit(once)) == once
    assert urlunsplit(once).isascii()


@given(pairs=st.lists(st.tuples(texts, texts), max_size=5))
def test_base_string_encodes_parameters_once_more(pairs: list[tuple[str, str]]) -> None:
    """The shortcut for normalised parameters equals encoding them again (3.4.1.1)."""
    base_string = signature_base_string("get", "https://example.com/", pairs)
    assert base_string == f"GET&https%3A%2F%2Fexample.com%2F&{percent_encode(normalize(pairs))}"


def test_base_string_custom_method_encoded() -> None:
    """A method of one's own is encoded and in capitals (3.4.1.1)."""
    assert signature_base_string("m+v", "https://example.com/", []).startswith("M%2BV&")
