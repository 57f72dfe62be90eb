"""Strict JSON, and texts that a server sends (RFC 8259)."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth._json import parse_object
from typedoauth._names import nearest, one_of
from typedoauth._words import printable, server_error_words
from typedoauth.errors import ConfigurationError, MalformedResponseError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)

REFUSED = [
    (b"", "nothing"),
    (b"{", "cut off"),
    (b"\xff\xfe", "no UTF-8"),
    (b'{"a": "\xff"}', "no UTF-8 inside"),
    ('{"a": 1}'.encode("utf-16"), "UTF-16"),
    (b"<!doctype html>", "a page"),
    (b'{"a": 1, "a": 2}', "a member twice (RFC 8259 4)"),
    (b'{"b": {"a": 1, "a": 2}}', "a member twice, deeper down"),
    (b'{"a": NaN}', "NaN (RFC 8259 6)"),
    (b'{"a": -Infinity}', "infinity"),
    (b'{"a": ' + b"9" * 10_000 + b"}", "a number of 10 000 digits"),
    (b'{"a": ' * 100_000, "nested too deep"),
    (b"[" * 100_000, "lists nested too deep"),
    (b'{"a": "\\ud800"}', "half a surrogate pair (RFC 8259 8.2)"),
    (b'{"\\uDFFF": 1}', "the other half, as a name"),
    (b"{} {}", "two documents"),
    (b"{}\x0c", "white space that JSON does not have (RFC 8259 2)"),
    (b"\xc2\xa0{}", "more of that, in front"),
    (b"\xef\xbb\xbf\xef\xbb\xbf{}", "two byte order marks"),
    (b" \xef\xbb\xbf{}", "a byte order mark that is not the first"),
]


@pytest.mark.parametrize(("content", "what"), REFUSED, ids=[what for _, what in REFUSED])
def test_broken_document_is_refused(content: bytes, what: str) -> None:
    """Two readers would understand it differently, or none would."""
    with pytest.raises(MalformedResponseError, match="x is not a valid JSON"):
        parse_object(content, "x")


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"1", b"true"])
def test_document_that_is_no_object_is_refused(content: bytes) -> None:
    """Every protocol message is an object."""
    with pytest.raises(MalformedResponseError, match="not an object"):
        parse_object(content, "x")


def test_error_holds_no_part_of_the_document() -> None:
    """A JSON parser's error holds the whole document; ours neither shows nor keeps it."""
    with pytest.raises(MalformedResponseError) as caught:
        parse_object(b'{"access_token": "hush', "x")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(st.dictionaries(st.text(), VALUES))
def test_what_json_writes_is_read(document: dict[str, object]) -> None:
    """Every sound document comes out as it went in, with a byte order mark or without."""
    written = json.dumps(document).encode()
    assert parse_object(written, "x") == document
    assert parse_object(b"\xef\xbb\xbf" + written, "x") == document


@given(
    st.text(" \t\n\r\x0b\xa0\ufeff", max_size=3),
    st.text('{}[]":,\\\\ud8a1', max_size=12) | st.dictionaries(st.text(), VALUES).map(json.dumps),
    st.text(" \t\n\r\x0b\xa0\ufeff}x", max_size=3),
)
def test_blanks_are_those_of_the_json_module(before: str, document: str, after: str) -> None:
    """What stands around a document, and what is none, is judged as :func:`json.loads` does."""
    content = f"{before}{document}{after}".encode()
    try:
        expected = json.loads(content)
        json.dumps(expected, ensure_ascii=False).encode()
    except ValueError:
        expected = None
    try:
        found: object = parse_object(content, "x")
    except MalformedResponseError:
        found = None
    assert found == (expected if isinstance(expected, dict) else None)


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but a MalformedResponseError comes of garbage."""
    with contextlib.suppress(MalformedResponseError):
        parse_object(content, "x")


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("wrong code hush-hush", ["hush-hush"], "wrong code [hidden]"),
        ("abcdefghi", ["abcdef", "abcdefghi"], "[hidden]"),
        ("p%20w%26d or p+w%26d or p w&d", ["p w&d"], "[hidden] or [hidden] or [hidden]"),
        ("pin 1234 of 12345", ["1234"], "pin [hidden] of 12345"),
        ("nothing", [""], "nothing"),
        ("a\r\nb\x00c\u202ed\u2028e", [], "a b c d e"),
        ("  much \t space ", [], "much space"),
        ("grüße 東京 🎉", [], "grüße 東京 🎉"),
        ("x" * 900, [], "x" * 500),
    ],
)
def test_server_words_are_made_printable(text: str, secrets: list[str], shown: str) -> None:
    """No secret in any spelling, no line break, nothing that turns the text around."""
    assert printable(text, secrets) == shown


@given(st.text(), st.text(min_size=6))
def test_no_secret_survives(text: str, secret: str) -> None:
    """Wherever a secret of six characters stands, it is hidden."""
    assert secret not in printable(f"{text}{secret}{text}", [secret]).replace("[hidden]", "")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, (None, None, None)),
        ({"error": ""}, (None, None, None)),
        ({"error": None, "error_description": 1}, (None, None, None)),
        ({"error": 1}, (None, None, None)),
        ({"error": "\x00"}, ("invalid_request", None, None)),
        ({"error": "e", "error_description": "d"}, ("e", "d", None)),
        ({"error": "e", "error_uri": "https://a.example/"}, ("e", None, "https://a.example/")),
        ({"error": "e", "error_uri": "javascript:alert(1)"}, ("e", None, None)),
        ({"error": "e", "error_uri": "httpx:a"}, ("e", None, None)),
        ({"error": "e", "error_uri": ["https://a.example/"]}, ("e", None, None)),
        ({"error": {"message": "m", "type": "T", "code": 190}}, ("T", "m", None)),
        ({"error": {"code": 190, "message": None}}, ("190", None, None)),
        ({"error": {}}, ("invalid_request", None, None)),
        ({"error": {"type": []}}, ("invalid_request", None, None)),
        ({"error": ["a"]}, (None, None, None)),
    ],
)
def test_server_error_words(
    document: dict[str, object], words: tuple[str | None, str | None, str | None]
) -> None:
    """``error`` may be an object, as Graph APIs send it; other types count as absent."""
    assert server_error_words(document) == words


def test_nearest_names_one_or_all() -> None:
    """A typo is told what was meant; nonsense is told what there is."""
    assert nearest("client_idd", ["client_id", "scope"]) == "did you mean 'client_id'?"
    assert nearest("zzz", ["b", "a"]) == "it is one of a, b"


@pytest.mark.parametrize(("value", "shown"), [("x", "'x'"), (5, "a int"), (None, "a NoneType")])
def test_one_of_refuses_and_lists(value: object, shown: str) -> None:
    """A wrong choice is told the right ones."""
    with pytest.raises(ConfigurationError, match=f"{shown} is unknown; it is one of a, b"):
        one_of("option", value, ["a", "b"])
    assert one_of("option", "a", ["a", "b"]) == "a"


def test_a_number_beyond_all_measure_is_refused() -> None:
    """``1e999`` would be read as infinity, which JSON does not have (RFC 8259 6)."""
    with pytest.raises(MalformedResponseError):
        parse_object(b'{"expires_in": 1e999}', "it")
    assert parse_object(b'{"n": 1e3}', "it") == {"n": 1000.0}
