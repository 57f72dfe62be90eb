"""base64url, read strictly (RFC 7515 2, RFC 4648 3.5, 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oidc.minting import b64
from typedoauth.oidc._base64url import decode, decode_text, encode


@given(st.binary(max_size=80))
def test_encode_then_decode_is_the_same(content: bytes) -> None:
    """What is encoded comes back, and is what others write."""
    assert encode(content).decode() == b64(content)
    assert decode(encode(content)) == content


@given(st.text("ABQgwxyz09-_+/= .!\n", max_size=12) | st.text(max_size=8))
def test_decode_accepts_only_what_encode_writes(text: str) -> None:
    """Each value has one text: no padding, no white space, no unused bits."""
    content = decode_text(text)
    assert content is None or encode(content) == text.encode()


@pytest.mark.parametrize(
    "text",
    ["A", "AAAAA", "AA==", "AAA=", "AB", "AAB", "A A", "AA\n", "A+AA", "A/AA", "AA.A", "ÄÄÄÄ"],
)
def test_decode_refuses(text: str) -> None:
    """Each of the ways in which base64 is written loosely."""
    assert decode(text.encode()) is None


@pytest.mark.parametrize("value", [None, 3, ["AA"], b"AA", "\ud800AA"])
def test_decode_text_refuses_what_is_no_text(value: object) -> None:
    """A member of a document may be anything."""
    assert decode_text(value) is None
