"""URLs: how they are read, joined, cleaned and refused (RFC 3986, RFC 6454)."""

from __future__ import annotations

import contextlib
import string
from enum import Enum
from urllib.parse import SplitResult, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth import _urls
from typedoauth.errors import ConfigurationError, InsecureTransportError, OAuthError

SAFE = "!$%&'()*+,/:;=?@[]~"


class Colour(str, Enum):  # noqa: UP042  as older code writes it
    """What applications have instead of texts."""

    RED = "red"


@given(
    text=st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        st.from_regex(r"[\w.~-]*\n?", fullmatch=True),
        st.from_regex(r"[\w.~%&:/+=-]*\n?", fullmatch=True),
    )
)
def test_percent_encode_is_quote(text: str) -> None:
    """The shortcuts for unreserved text and for a few signs change nothing (RFC 3986 2.3)."""
    assert _urls.percent_encode(text) == quote(text, safe="~")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"a": "1", "b": None, "c": ["2", None, 3]}, [("a", "1"), ("c", "2"), ("c", "3")]),
        ([("a", True), ("a", b"x"), ("a", 1.5)], [("a", "true"), ("a", "x"), ("a", "1.5")]),
        ({"a": False, "b": ()}, [("a", "false")]),
        ({"colour": Colour.RED}, [("colour", "red")]),
        ([], []),
    ],
)
def test_parameters_are_flattened(
    parameters: _urls.Parameters, expected: list[tuple[str, str]]
) -> None:
    """Sequences send their name several times, and None sends nothing."""
    assert _urls.pairs(parameters) == expected


@pytest.mark.parametrize(
    "parameters",
    [{"a": b"\xff"}, {"a": "\ud800"}, {"\ud800": "a"}, [("a", ["\udfff"])]],
)
def test_parameters_that_are_no_text_are_refused(parameters: _urls.Parameters) -> None:
    """What cannot be written as UTF-8 is the caller's mistake, and is not quoted."""
    with pytest.raises(ConfigurationError, match="not UTF-8") as caught:
        _urls.pairs(parameters)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("parameters", [["ab"], [1], [("a",)], [("a", "b", "c")], "a=b"])
def test_parameters_of_another_shape_are_refused(parameters: object) -> None:
    """A text of two letters is no pair."""
    with pytest.raises(ConfigurationError, match="list of pairs"):
        _urls.pairs(parameters)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


BROKEN = ["https://[", "https://a:b@c:pass/", "https://x:99999/", "//[::1"]


@pytest.mark.parametrize("url", BROKEN)
def test_broken_url_is_refused_without_quoting_it(url: str) -> None:
    """A port that is none may be part of a password: no message and no cause shows it."""
    with pytest.raises(ConfigurationError) as caught:
        _urls.split(url)
    assert "pass" not in str(caught.value)
    assert caught.value.__context__ is None
    assert _urls.without_query(url) == "(invalid URL)"


@pytest.mark.parametrize(("base", "url"), [("https://a.example/", "//["), ("https://[", "x")])
def test_join_of_a_broken_url_is_refused(base: str, url: str) -> None:
    """Resolving against a base fails as splitting does (RFC 3986 5)."""
    with pytest.raises(ConfigurationError):
        _urls.join(base, url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://A.example/x?y#z", ("https", "a.example", 443)),
        ("HTTP://a.example:8080", ("http", "a.example", 8080)),
        ("https://a.example:0/", ("https", "a.example", 0)),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443)),
        ("ftp://a.example/", ("ftp", "a.example", 0)),
        ("nothing", ("", "", 0)),
    ],
)
def test_origin(url: str, expected: tuple[str, str, int]) -> None:
    """Scheme, host and port; a default port is filled in (RFC 6454 4)."""
    assert _urls.origin(url) == expected


def test_origin_of_an_impossible_host_is_refused() -> None:
    """A label of 100 characters outside ASCII has no form in ASCII (RFC 3490)."""
    with pytest.raises(ConfigurationError, match="host"):
        _urls.origin(f"https://{'ü' * 100}.example/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" https://a.example/x y?q=a b&r=%20#f ", "https://a.example/x%20y?q=a%20b&r=%20"),
        ("HTTPS://a.example", "https://a.example"),
        ("https://bücher.example:8443/ü", "https://xn--bcher-kva.example:8443/%C3%BC"),
        ("https://[::1]:8080/", "https://[::1]:8080/"),
        ("https://a.example/\\evil.example", "https://a.example/%5Cevil.example"),
        ("https://a.example/\ud800", "https://a.example/%ED%A0%80"),
        ("https://ü.example/", "https://xn--tda.example/"),
    ],
)
def test_clean_writes_what_every_reader_understands(url: str, expected: str) -> None:
    """Spaces and non-ASCII are encoded, the fragment goes, the host is in ASCII (RFC 3986 2)."""
    assert _urls.clean(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example\\@a.example/",
        "https://a.example\\.evil.example/",
        "https://user:hunter2@a.example/",
        "https://üser:hunter2@ü.example/",
        "https://a.example%2eevil.example/",
        "https://a b/",
        "https:///x",
    ],
)
def test_clean_refuses_a_host_that_readers_take_differently(url: str) -> None:
    """One library reads the host up to a backslash, another after the @: a token would stray."""
    with pytest.raises(ConfigurationError) as caught:
        _urls.clean(url)
    assert "hunter2" not in str(caught.value)


def test_add_query_keeps_what_is_there() -> None:
    """Appending leaves the query and the fragment as they are."""
    assert _urls.add_query("https://a.example/?b=%20+&c#d", [("e", "f g"), ("e", "~")]) == (
        "https://a.example/?b=%20+&c&e=f%20g&e=~#d"
    )
    assert _urls.add_query("https://a.example/?b", []) == "https://a.example/?b"


def test_without_query_hides_users_queries_and_fragments() -> None:
    """What is shown of a URL holds no credential."""
    shown = _urls.without_query("https://u:hunter2@a.example:8443/x?code=hush#token")
    assert shown == "https://a.example:8443/x"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("app.localhost", True),
        ("127.0.0.1", True),
        ("127.9.8.7", True),
        ("::1", True),
        ("127.evil.example", False),
        ("127.٠.٠.١", False),  # noqa: RUF001  digits, but no address
        ("localhost.evil.example", False),
        ("10.0.0.1", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    """Only names that always mean this machine do (RFC 8252 7.3, RFC 6761 6.3)."""
    assert _urls.is_loopback(host) is expected


@pytest.mark.parametrize(
    "url", ["https://a.example/", "HTTPS://A.example", "http://localhost:5000/"]
)
def test_secure_url_passes(url: str) -> None:
    """TLS everywhere, http on loopback (RFC 8252 8.3)."""
    assert _urls.require_secure(url, "x") == url


@pytest.mark.parametrize(
    "url", ["", "/x", "a.example", "ftp://a.example/", "javascript:1", "https://"]
)
def test_url_that_is_not_absolute_is_refused(url: str) -> None:
    """Endpoints are absolute web addresses (RFC 6749 3.1, 3.2)."""
    with pytest.raises(ConfigurationError, match="absolute https URL"):
        _urls.require_secure(url, "x")


def test_http_is_refused_unless_it_is_allowed_by_name() -> None:
    """Credentials need TLS (RFC 6749 1.6)."""
    with pytest.raises(InsecureTransportError, match="allow_insecure_transport"):
        _urls.require_secure("http://a.example/", "x")
    assert _urls.require_secure("http://a.example/", "x", allow_http=True)


def test_user_in_a_url_is_refused() -> None:
    """A password in a URL ends up in logs (RFC 9110 4.2.4)."""
    with pytest.raises(ConfigurationError, match="without user") as caught:
        _urls.require_secure("https://u:hunter2@a.example/", "x")
    assert "hunter2" not in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(url: str) -> None:
    """Whatever stands in a Location header, nothing else than an OAuthError comes of it."""
    _urls.without_query(url)
    for function in (_urls.split, _urls.clean, _urls.origin):
        with contextlib.suppress(OAuthError):
            function(url)


@given(st.text())
def test_clean_is_idempotent_and_ascii(rest: str) -> None:
    """A clean URL stays what it is, and keeps its origin."""
    clean = _urls.clean(f"https://a.example/{rest.lstrip('/')}")
    assert clean.isascii()
    assert _urls.clean(clean) == clean
    assert _urls.origin(clean) == ("https", "a.example", 443)


@given(st.text(), st.sampled_from(["", "u:p@", "[::1]", "a.example:80", "A.example:99999"]))
def test_host_and_port_are_those_of_the_standard_library(text: str, start: str) -> None:
    """The host and the port that are kept are those that were worked out."""
    parts = SplitResult("https", start + text, "", "", "")
    try:
        expected = (parts.hostname or "", parts.port)
    except ValueError:
        with pytest.raises(ValueError, match=r".*"):
            _urls.host_and_port(parts)
    else:
        for _ in range(2):
            assert _urls.host_and_port(parts) == expected


@given(st.text(), st.text(string.printable))
def test_what_needs_no_quoting_is_left_alone(text: str, more: str) -> None:
    """A path or query that is fit to be sent is what quoting would make of it."""
    for one in (text, more):
        clean = urlsplit(_urls.clean(f"https://a.example/?{one}")).query
        fit = urlsplit(f"https://a.example/?{one}".strip()).query
        assert clean == quote(fit, safe=SAFE, errors="surrogatepass")


@pytest.mark.parametrize("host", ["127.99999999999", "127.0.0", "127.0.0.256", "127.0.0.1.1"])
def test_digits_that_are_no_address_are_not_loopback(host: str) -> None:
    """A resolver could make anything of them."""
    assert not _urls.is_loopback(host)
    assert _urls.is_loopback("127.255.255.254")
