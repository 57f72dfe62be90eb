"""From a profile to standard claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.errors import MalformedResponseError
from typedoauth.oidc.claims import read_claims
from typedoauth.providers import Google
from typedoauth.providers.claims import (
    ClaimSource,
    coded,
    first,
    https,
    joined,
    looked_up,
    normalise,
    template,
    unescaped,
)

PROFILE: dict[str, object] = {
    "id": 7,
    "empty": "",
    "null": None,
    "name": {"first": "Ada", "last": " Lovelace "},
    "photos": [{"url": "https://a.example/1"}, {"url": "https://a.example/2"}],
    "sex": 1,
    "path": "/ada.png",
    "bare": "//a.example/ada.png",
    "plain": "http://a.example/ada.png",
    "written": "Ada &amp; Charles",
    "verified": 1,
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", 7),
        ("name.first", "Ada"),
        ("photos.1.url", "https://a.example/2"),
        ("photos.2.url", None),
        ("photos.-1.url", None),
        ("photos.url", None),
        ("id.first", None),
        ("nothing.at.all", None),
        ("null.a", None),
        ("", PROFILE),
    ],
)
def test_path_leads_to_a_value(path: str, expected: object) -> None:
    """Names and positions; or to nothing, and never to an exception."""
    assert looked_up(PROFILE, path) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (first("empty", "null", "nothing", "name.first"), "Ada"),
        (first("nothing"), None),
        (joined("name.first", "name.last"), "Ada Lovelace"),
        (joined("name.first", "nothing"), "Ada"),
        (joined("nothing", "id"), ""),
        (template("https://a.example/{id}/{name.first}.png"), "https://a.example/7/Ada.png"),
        (template("https://a.example/{nothing}.png"), None),
        (template("https://a.example/{empty}.png"), None),
        (template("https://a.example/{written}"), "https://a.example/Ada%20%26amp%3B%20Charles"),
        (coded("sex", {1: "female", 2: "male"}), "female"),
        (coded("sex", {2: "male"}), None),
        (coded("photos", {1: "female"}), None),
        (https("path", prefix="https://a.example"), "https://a.example/ada.png"),
        (https("bare"), "https://a.example/ada.png"),
        (https("plain"), "https://a.example/ada.png"),
        (https("photos.0.url"), "https://a.example/1"),
        (https("id"), None),
        (unescaped("written"), "Ada & Charles"),
        (unescaped("id"), None),
    ],
)
def test_source_gives_a_value(source: ClaimSource, expected: object) -> None:
    """What is not there gives nothing."""
    assert not isinstance(source, str)
    assert source(PROFILE) == expected


@pytest.mark.parametrize("sub", [7, "7"])
def test_identifier_is_a_text(sub: object) -> None:
    """Most services have a number."""
    assert normalise({"id": sub}, {"sub": "id"}, "A") == {"sub": "7"}


@pytest.mark.parametrize("sub", [None, "", True, 1.5, ["7"], {"id": 7}])
def test_profile_without_identifier_is_none(sub: object) -> None:
    """Nobody may become the same user as somebody else by having none."""
    with pytest.raises(MalformedResponseError, match="from A does not say whose it is"):
        normalise({"id": sub}, {"sub": "id"}, "A")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ada.example", "ftp://a", 7]
)
def test_address_that_is_none_is_left_out(address: object) -> None:
    """Users choose these, and pages show them as links."""
    claims = normalise(
        {"id": 7, "url": address},
        {"sub": "id", "website": "url", "picture": "url", "profile": "url"},
        "A",
    )
    assert claims == {"sub": "7"}


def test_address_that_is_none_is_left_out_of_an_id_token() -> None:
    """Where people host a provider, they choose what it says of them."""
    assert Google.normalise({"sub": "7", "website": "javascript:alert(1)"}) == {"sub": "7"}
    assert Google.normalise({"sub": "7", "picture": "https://a.example/7"}) == {
        "sub": "7",
        "picture": "https://a.example/7",
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below),
    max_leaves=8,
)


@given(JSON, JSON, JSON)
def test_claims_have_their_types_whatever_a_service_sends(
    name: object, verified: object, picture: object
) -> None:
    """A value of another type is left out."""
    profile = {"id": 7, "name": name, "verified": verified, "picture": picture}
    claims = normalise(
        profile,
        {"sub": "id", "name": "name", "email_verified": "verified", "picture": "picture"},
        "A",
    )
    assert read_claims(claims) == claims
    assert claims["sub"] == "7"
