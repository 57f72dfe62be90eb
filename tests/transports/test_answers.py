"""How the head of a response is read."""

from __future__ import annotations

from email.parser import Parser
from http.client import HTTPMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.transports._answers import read_fields

NAMES = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=12)
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30)


@given(st.lists(st.tuples(NAMES, VALUES)), st.sampled_from(["\r\n", "\n"]))
def test_fields_are_read_as_the_standard_library_reads_them(
    fields: list[tuple[str, str]], end: str
) -> None:
    """Of a well-formed head the same fields come out, but for spaces at the end of a value."""
    lines = [f"{name}: {value}{end}" for name, value in fields]
    standard = Parser(_class=HTTPMessage).parsestr("".join(lines) + end)
    found = read_fields(line.encode("latin-1") for line in lines)
    for name in standard:
        assert found.get_all(name) == [value.strip(" ") for value in standard.get_all(name, [])]


ODD: dict[str, tuple[list[bytes], list[tuple[str, str]]]] = {
    "folded": ([b"A: b\r\n", b"  c\r\n", b"\t\r\n"], [("A", "b c")]),
    "folded before its value": ([b"D:\r\n", b" e\r\n"], [("D", "e")]),
    "half a character at its end": ([b"A: \xc3\xa0\r\n"], [("A", "\xc3\xa0")]),
    "folded from the start": ([b" a: b\r\n", b"C: d\r\n"], [("C", "d")]),
    "no field": ([b"A: b\r\n", b"broken\r\n", b"C: d\r\n"], [("A", "b")]),
    "a space before the colon": ([b"A: b\r\n", b"Transfer-Encoding : chunked\r\n"], [("A", "b")]),
    "no name": ([b": b\r\n", b"C: d\r\n"], []),
    "a bare CR (RFC 9112 2.2)": ([b"A: b\rContent-Length: 9\r\n"], [("A", "b Content-Length: 9")]),
    "a NUL (RFC 9110 5.5)": ([b"A: b\0c\r\n"], [("A", "b c")]),
    "a line end that only Python knows": ([b"A: b\x85C: d\r\n"], [("A", "b\x85C: d")]),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "fields"), ODD.values(), ids=ODD.keys())
def test_an_odd_head(lines: list[bytes], fields: list[tuple[str, str]]) -> None:
    """One line is one field, or goes on with the one before; what is neither ends the head."""
    assert read_fields(lines).pairs() == fields
