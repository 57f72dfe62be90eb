"""Standard claims come out in their types (Core 5.1)."""

from __future__ import annotations

import pytest

from typedoauth.claims import StandardClaims
from typedoauth.oidc.claims import read_claims

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
