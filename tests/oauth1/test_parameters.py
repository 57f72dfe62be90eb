"""Encoding, sources and normalisation of parameters (RFC 5849 3.4.1.3, 3.6)."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth._urls import percent_encode
from typedoauth.oauth1 import encoded_pairs, normalize
from typedoauth.oauth1.parameters import is_form, normalize_form

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(form=st.binary(max_size=24))
def test_encoded_pairs_keeps_every_byte(form: bytes) -> None:
    """Whatever bytes a form holds, they are what the pairs stand for (3.4.1.3.1)."""
    expected = [
        tuple(
            percent_encode(unquote_to_bytes(part.replace(b"+", b" ")))
            for part in [*field.split(b"=", 1), b""][:2]
        )
        for field in form.split(b"&")
        if field
    ]
    assert encoded_pairs(form) == expected


canonical = st.lists(
    st.one_of(
        st.sampled_from(["&", "=", "a", "Z", "0", "~", "_", ".", "-", "+", "%2b", "%7E", "%41"]),
        st.integers(0, 255).map(lambda byte: f"%{byte:02X}"),
    ),
    max_size=12,
).map("".join)


@given(form=canonical)
def test_encoded_pairs_canonical_shortcut_changes_nothing(form: str) -> None:
    """A form that needs no second quoting gives what quoting it again would (3.6)."""
    for pair in encoded_pairs(form.encode()):
        for component in pair:
            assert component == percent_encode(unquote_to_bytes(component))
    # "!" has to be escaped, which turns the shortcut off for the rest as well.
    assert encoded_pairs(form.encode()) == encoded_pairs(f"{form}&!".encode())[:-1]


@given(pairs=st.lists(st.tuples(texts, texts), max_size=6))
def test_encoded_pairs_reads_what_urlencode_writes(pairs: list[tuple[str, str]]) -> None:
    """A form written by the standard library is read back, in order, doubles and all."""
    expected = [(percent_encode(name), percent_encode(value)) for name, value in pairs]
    assert encoded_pairs(urlencode(pairs).encode()) == expected


fields = st.tuples(texts, texts).map(lambda pair: "=".join(map(percent_encode, pair)))


@given(
    form=st.one_of(canonical, st.lists(fields, max_size=6).map("&".join)),
    others=st.lists(st.tuples(texts.map(percent_encode), texts.map(percent_encode)), max_size=3),
)
def test_normalize_form_is_normalize(form: str, others: list[tuple[str, str]]) -> None:
    """The shortcut for a canonical form changes nothing (3.4.1.3.2)."""
    expected = normalize(encoded_pairs(form.encode()) + others)
    assert normalize_form(form.encode(), others) == expected


@pytest.mark.parametrize(
    "form", [b"", b"a=&a-b=1&a.=&a=1&a=%20&%C3%A4=1&=", b"a", b"a=1&b", b"a=b=c", b"a=1&", b"&a=1"]
)
def test_normalize_form_table(form: bytes) -> None:
    """Names that begin alike, and forms that the shortcut is not for (3.4.1.3.2)."""
    others = [("a", "0"), ("oauth_token", "")]
    assert normalize_form(form, others) == normalize(encoded_pairs(form) + others)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (b"", []),
        (b"a", [("a", "")]),
        (b"a=", [("a", "")]),
        (b"=b", [("", "b")]),
        (b"&a=1&&", [("a", "1")]),
        (b"a=b=c", [("a", "b%3Dc")]),
        (b"a=1&a=1", [("a", "1"), ("a", "1")]),
        (b"a=b+c%2Bd", [("a", "b%20c%2Bd")]),
        (b"a=%7e%41%2f", [("a", "~A%2F")]),
        (b"%2D%2E%5F%7E=%30%39%41%5A%61%7A", [("-._~", "09AZaz")]),
        (b"a=%C3%A4", [("a", "%C3%A4")]),
        ("a=ä".encode(), [("a", "%C3%A4")]),
        (b"a=%FF", [("a", "%FF")]),
        (b"a=100%", [("a", "100%25")]),
        (b"a=b;c=d", [("a", "b%3Bc%3Dd")]),
    ],
)
def test_encoded_pairs_table(form: bytes, expected: list[tuple[str, str]]) -> None:
    """Empty, doubled and oddly written parameters are all collected (3.4.1.3.1)."""
    assert encoded_pairs(form) == expected


def test_normalize_sorts_by_encoded_name_then_value() -> None:
    """A name sorts before its own extensions and by byte, values likewise (3.4.1.3.2)."""
    pairs = [("a-b", "1"), ("a", "2"), ("a", "%20"), ("A", "3"), ("%C3%A4", "4"), ("a.", "")]
    assert normalize(pairs) == "%C3%A4=4&A=3&a=%20&a=2&a-b=1&a.="


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/x-www-form-urlencoded", True),
        ("Application/X-WWW-Form-URLEncoded; charset=utf-8", True),
        ("multipart/form-data; boundary=x", False),
        ("application/json", False),
        ("", False),
        (None, False),
    ],
)
def test_is_form_table(content_type: str | None, expected: bool) -> None:
    """Only the form media type makes parameters of a body (3.4.1.3.1)."""
    assert is_form(content_type) is expected
