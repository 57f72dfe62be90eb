"""What an application asks of claims, beyond the specifications."""

from __future__ import annotations

import pytest

from typedoauth.errors import ConfigurationError, IdTokenError
from typedoauth.oidc import ClaimOptions, check_claim_options

CLAIMS: dict[str, object] = {
    "sub": "ada",
    "email_verified": False,
    "groups": ["users", "admins"],
    "level": 0,
    "empty": "",
    "none_of_them": [],
}


@pytest.mark.parametrize(
    ("name", "option", "refused"),
    [
        ("sub", {}, None),
        ("sub", {"essential": True}, None),
        ("email_verified", {"essential": True}, None),
        ("level", {"essential": True}, None),
        ("missing", {"essential": True}, "has no missing, which claims_options ask for"),
        ("empty", {"essential": True}, "has no empty"),
        ("none_of_them", {"essential": True}, "has no none_of_them"),
        ("missing", {"essential": True, "value": "x"}, "has no missing"),
        ("missing", {"value": "x"}, "has no missing"),
        ("missing", {"values": ["x"]}, "has no missing"),
        ("empty", {"values": [""]}, "has no empty"),
        ("missing", {"essential": False}, None),
        ("missing", {}, None),
        ("sub", {"value": "ada"}, None),
        ("sub", {"value": "eve"}, "sub is none of the values"),
        ("sub", {"value": "ad"}, "sub is none of the values"),
        ("sub", {"value": None}, "sub is none of the values"),
        ("email_verified", {"value": False}, None),
        ("email_verified", {"value": True}, "email_verified is none of the values"),
        ("sub", {"values": ["eve", "ada"]}, None),
        ("sub", {"values": ("ada",)}, None),
        ("sub", {"values": ["eve"]}, "sub is none of the values"),
        ("sub", {"value": "eve", "values": ["ada"]}, None),
        ("groups", {"value": "admins"}, None),
        ("groups", {"values": ["root", "admins"]}, None),
        ("groups", {"values": ["root"]}, "groups is none of the values"),
    ],
)
def test_claim_is_as_asked(name: str, option: ClaimOptions, refused: str | None) -> None:
    """There, and one of the values; of a list, one member has to be."""
    if refused is None:
        check_claim_options(CLAIMS, {name: option})
        return
    with pytest.raises(IdTokenError, match=refused) as caught:
        check_claim_options(CLAIMS, {"sub": {"essential": True}, name: option})
    assert caught.value.claim == name
    assert "ada" not in str(caught.value)


def test_nothing_asked_is_nothing_checked() -> None:
    """Not even whether there is anything."""
    check_claim_options({}, None)
    check_claim_options({}, {})


def test_option_that_does_not_exist_is_refused() -> None:
    """One that is misspelt would check nothing; the nearest is named."""
    options: dict[str, ClaimOptions] = {"sub": {"esential": True}}  # type: ignore[typeddict-unknown-key] # pyright: ignore[reportAssignmentType] wrong on purpose
    with pytest.raises(ConfigurationError, match="'esential'; did you mean 'essential'"):
        check_claim_options(CLAIMS, options)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("sub", "a dict of dicts"),
        ({"sub": "ada"}, "of 'sub' is a dict"),
        ({"sub": {"values": None}}, "values is a list"),
        ({"sub": {"values": "ada"}}, "values is a list"),
    ],
)
def test_options_of_a_wrong_type_are_refused(options: dict[str, ClaimOptions], says: str) -> None:
    """A text would be read as the list of its letters."""
    with pytest.raises(ConfigurationError, match=says):
        check_claim_options(CLAIMS, options)
