"""Tokens as databases, sessions and people give them back."""

from __future__ import annotations

import contextlib
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.credentials import ClientCredentials, PendingAuthorization, TemporaryCredentials
from typedoauth.errors import InvalidTokenError
from typedoauth.tokens import (
    OAuth2Token,
    TokenKey,
    check_oauth1_token,
    check_oauth2_token,
    expires_at,
    is_expired,
    is_oauth1_token,
    is_oauth2_token,
)


def token_with(value: object) -> OAuth2Token:
    """A token whose expiry a database gave back as *value*."""
    return check_oauth2_token({"access_token": "a", "expires_at": value})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (0, None),
        ("0", None),
        (0.0, None),
        (1_700_000_000, 1_700_000_000),
        ("1700000000", 1_700_000_000),
        ("1700000000.9", 1_700_000_000),
        (1_700_000_000.9, 1_700_000_000),
    ],
)
def test_expiry_is_read_as_databases_give_it(value: object, expected: int | None) -> None:
    """0 and None mean that no expiry is known; text counts as the number it spells."""
    assert expires_at(token_with(value)) == expected


@pytest.mark.parametrize(
    "value", [True, "soon", "nan", "inf", float("nan"), float("inf"), [], {}, b"1", "1e999"]
)
def test_expiry_that_is_no_time_is_refused(value: object) -> None:
    """What is stored as an expiry and is none must not count as "never"."""
    with pytest.raises(InvalidTokenError, match="expires_at"):
        expires_at(token_with(value))


@given(st.text() | st.floats() | st.integers())
def test_any_expiry_is_read_or_refused(value: str | float) -> None:
    """Whatever a column held, nothing else than InvalidTokenError comes of it."""
    with contextlib.suppress(InvalidTokenError):
        assert isinstance(expires_at(token_with(value)), int | None)


@pytest.mark.parametrize(
    ("expiry", "margin", "expected"),
    [(1000, 0, True), (1001, 0, False), (1060, 60, True), (1061, 60, False), (0, 60, False)],
)
def test_token_counts_as_expired_within_the_margin(
    expiry: int, margin: float, expected: bool
) -> None:
    """The margin is counted from the expiry backwards."""
    assert is_expired(token_with(expiry), 1000, margin) is expected


WRONG: list[object] = [
    None,
    "a-token",
    b"a",
    5,
    ("access_token", "a"),
    [("access_token", "a")],
    {},
    object(),
]


@pytest.mark.parametrize("token", WRONG)
def test_what_is_no_token_is_refused(token: object) -> None:
    """Strings, tuples and empty dicts are told what a token is."""
    for check in (check_oauth1_token, check_oauth2_token):
        with pytest.raises(InvalidTokenError):
            check(token)


@pytest.mark.parametrize(
    "members",
    [
        {"access_token": ""},
        {"access_token": None},
        {"access_token": 5},
        {"access_token": "a\r\nX: y"},
        {"access_token": "\ud800"},
        {"access_token": "a", "refresh_token": 5},
        {"access_token": "a", "refresh_token": "\ud800"},
        {"access_token": "a", "token_type": []},
        {"access_token": "a", "id_token": b"bytes"},
        {"access_token": "a", "token_type": "Be\nrer"},
    ],
)
def test_oauth2_token_with_a_wrong_member_is_refused(members: dict[str, object]) -> None:
    """What would break the request's header or form is refused as a token (RFC 6749 A.12)."""
    with pytest.raises(InvalidTokenError):
        check_oauth2_token(members)


@pytest.mark.parametrize(
    "members",
    [
        {"oauth_token": "", "oauth_token_secret": "s"},
        {"oauth_token": 5, "oauth_token_secret": "s"},
        {"oauth_token": "t", "oauth_token_secret": 5},
        {"oauth_token": "t\ud800", "oauth_token_secret": "s"},
        {"oauth_token": "t", "oauth_token_secret": "s\ud800"},
    ],
)
def test_oauth1_token_with_a_wrong_member_is_refused(members: dict[str, object]) -> None:
    """What cannot be signed is refused as a token."""
    with pytest.raises(InvalidTokenError):
        check_oauth1_token(members)


def test_token_of_the_other_kind_is_named() -> None:
    """Mixing the protocols up is the likeliest mistake."""
    with pytest.raises(InvalidTokenError, match=r"this is an OAuth 1\.0 token"):
        check_oauth2_token({"oauth_token": "t", "oauth_token_secret": "s"})
    with pytest.raises(InvalidTokenError, match=r"this is an OAuth 2\.0 token"):
        check_oauth1_token({"access_token": "a"})


def test_any_mapping_becomes_a_dict_of_its_own() -> None:
    """Rows and proxies are taken; what is changed later on is not theirs."""
    members = {"access_token": "a", "custom": 1, "token_type": None}
    checked = check_oauth2_token(MappingProxyType(members))
    assert checked == members
    assert checked is not members
    assert check_oauth1_token({"oauth_token": "t", "x": 1}) == {
        "oauth_token": "t",
        "oauth_token_secret": "",
        "x": 1,
    }


def test_kinds_are_told_apart() -> None:
    """By the member that each has to have."""
    one, two = check_oauth1_token({"oauth_token": "t"}), check_oauth2_token({"access_token": "a"})
    assert (is_oauth1_token(one), is_oauth2_token(one)) == (True, False)
    assert (is_oauth1_token(two), is_oauth2_token(two)) == (False, True)


def test_records_hide_their_secrets() -> None:
    """No repr of a record shows what must not be seen."""
    temporary = TemporaryCredentials("t", "hush1")
    records = (
        ClientCredentials("id", "hush2"),
        temporary,
        PendingAuthorization(
            "s",
            code_verifier="hush3",
            nonce="hush4",
            temporary_credentials=temporary,
            data={"next": "hush5"},
            url="https://a.example/?hush6",
        ),
    )
    assert "hush" not in repr(records)


def test_token_key_is_hashable() -> None:
    """It is what stores look tokens up by."""
    assert (
        len(
            {
                TokenKey("c", "o"),
                TokenKey("c", "o"),
                TokenKey("c", "o", "a"),
                TokenKey("c", "o", None, "t"),
            }
        )
        == 3
    )
