"""Standard claims come out in their types (Core 5.1)."""

from __future__ import annotations

import contextlib
import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.claims import StandardClaims
from typedoauth.errors import IdTokenError
from typedoauth.oidc.claims import parse_claims, read_claims

ABSENT = object()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("email", "a@example.com", "a@example.com"),
        ("email", None, ABSENT),
        ("email", ["a@example.com"], ABSENT),
        ("name", 1, ABSENT),
        ("email_verified", True, True),
        ("email_verified", False, False),
        ("email_verified", "true", True),
        ("email_verified", "false", False),
        ("email_verified", "False", False),
        ("email_verified", "yes", ABSENT),
        ("email_verified", 1, ABSENT),
        ("phone_number_verified", "false", False),
        ("updated_at", 1_800_000_000, 1_800_000_000),
        ("updated_at", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("updated_at", False, ABSENT),
        ("updated_at", [1], ABSENT),
        ("amr", ["pwd"], ["pwd"]),
        ("amr", "pwd", ABSENT),
        ("amr", ["pwd", 1], ABSENT),
        ("address", {"country": "SE", "x": 1}, {"country": "SE", "x": 1}),
        ("address", {"country": 46, "region": "U"}, {"region": "U"}),
        ("address", "Storgatan 1", ABSENT),
        ("name#ja-Kana-JP", "クレア", "クレア"),
        ("groups", ["a", {"b": 1}], ["a", {"b": 1}]),
        ("anything", None, ABSENT),
    ],
    ids=str,
)
def test_claim_is_typed_or_absent(name: str, value: object, expected: object) -> None:
    """A flag written as text is read; what has another type is left out; others stay."""
    assert read_claims({name: value}).get(name, ABSENT) == expected


@pytest.mark.parametrize("name", sorted(StandardClaims.__annotations__))
def test_no_standard_claim_keeps_a_wrong_type(name: str) -> None:
    """Every claim of the type is checked (``sub`` where it is compared)."""
    kept = read_claims({name: [object()]})
    assert kept == {} or name == "sub"


@pytest.mark.parametrize("name", ["email", "email_verified", "anything"])
def test_what_was_sent_is_not_touched(name: str) -> None:
    """The claims are a copy."""
    sent = {name: None, "phone_number_verified": "true"}
    assert read_claims(sent) == {"phone_number_verified": True}
    assert sent == {name: None, "phone_number_verified": "true"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('[]{}"\\', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text("[]{}a"), inner, max_size=2)
    ),
    max_leaves=4,
)


def _depth(value: object) -> int:
    """How many objects and lists stand in each other; those that hold nothing do not count."""
    match value:
        case {} | [] if not value:
            return 0
        case dict():
            return 1 + max(map(_depth, cast("dict[str, object]", value).values()))  # of VALUES
        case list():
            return 1 + max(map(_depth, cast("list[object]", value)))  # of VALUES
        case _:
            return 0


@pytest.mark.parametrize("before", ["", " \n\t", "\ufeff"], ids=["", "blanks", "mark"])
@pytest.mark.parametrize("bracket", ["[", "{"])
def test_depth_is_limited(bracket: str, before: str) -> None:
    """Sixteen levels, of which the claims are one, and no more (RFC 8259 9)."""
    deep: object = "x"
    for _ in range(15):
        deep = [deep] if bracket == "[" else {"in": deep}
    assert parse_claims((before + json.dumps({"deep": deep})).encode(), "it") == {"deep": deep}
    deeper = {"deep": [deep] if bracket == "[" else {"in": deep}}
    with pytest.raises(IdTokenError, match="it is nested deeper than 16 levels"):
        parse_claims((before + json.dumps(deeper)).encode(), "it")


@given(st.dictionaries(st.text("[]{}a"), VALUES, max_size=3), st.text("[{", max_size=20))
def test_depth_is_judged_by_what_holds_something(document: dict[str, object], nesting: str) -> None:
    """Brackets within a text are none, and what is empty adds no level."""
    inner: object = document
    for bracket in nesting:
        inner = [inner] if bracket == "[" else {"in": inner}
    claims = {"claim": inner, **document}
    refused = pytest.raises(IdTokenError, match="nested deeper than 16 levels")
    with refused if _depth(claims) > 16 else contextlib.nullcontext():
        parse_claims(json.dumps(claims).encode(), "the token")
