"""Where a login may return to: nowhere but to this site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.utils import redirect

from typedoauth.flask.returning import own_path

ATTACKS = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "https:/evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    "//evil.example/%2f..",
    "/%2f/evil.example",
    "/%2fevil.example",
    "/%252fevil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/a%0d%0aLocation:%20https://evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "/\u2028/evil.example",
    "/\xa0/evil.example",
    "/a\r\nSet-Cookie: a=b",
    "/..//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/a/b/../..//evil.example",
    "/%2e%2e//evil.example",
    "/.%2f/evil.example",
    "@evil.example",
    ":80@evil.example",
    ".evil.example",
    "evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "",
    "/" + "a" * 498,
    None,
    ["/a"],
    b"/a",
]


@pytest.mark.parametrize("target", ATTACKS)
def test_another_site_is_refused(target: object) -> None:
    """However it is written, and however often it is decoded on its way."""
    assert own_path(target) is None


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/notes",
        "/notes/1?tab=2#top",
        "/notes?then=https://elsewhere.example/",
        "/search?q=a%20b%0Ac",
        "/search?q=a//b",
        "/#//part",
        "/a//b",
        "/a%20b",
        "/caf\u00e9",
        "/a/../b",
        "/@ada",
        "/a:b",
    ],
)
def test_own_path_stays_as_it_is(target: str) -> None:
    """With its query and fragment."""
    assert own_path(target) == target


@given(
    st.text(
        st.sampled_from(list("/\\.:@%?#ae2f5c09\t\n\r \x00")) | st.characters(), max_size=30
    ).map(lambda rest: f"/{rest}")
)
def test_what_is_let_pass_stays_on_this_site(target: str) -> None:
    """As a browser reads it: it drops tabs and line ends, and takes a backslash for a slash."""
    if own_path(target) is None:
        return
    location = redirect(target).headers["Location"]
    for seen in (target, location):
        read = seen.replace("\\", "/")
        for dropped in "\t\n\r":
            read = read.replace(dropped, "")
        assert read.startswith("/")
        assert not read.startswith("//")
