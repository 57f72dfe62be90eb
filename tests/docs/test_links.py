"""Every link within the repository leads somewhere."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, pages, read

_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.M | re.S)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)


def _anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    fenced = re.compile(r"^```.*?^```$", re.M | re.S)
    headings = _HEADING.findall(fenced.sub("", text))
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _broken(page: str, text: str) -> list[str]:
    """The links of a page that lead nowhere."""
    broken: list[str] = []
    for link in _LINK.findall(_CODE.sub("", text)):
        if re.match(r"https?:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in _anchors(target.read_text("utf-8"))):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", pages())
def test_links_lead_somewhere(page: str) -> None:
    """The file is there, and so is the heading."""
    assert _broken(page, read(page)) == []


def test_a_broken_link_is_noticed() -> None:
    """Neither a missing file nor a missing heading passes."""
    text = "[a](docs/none.md) [b](docs/tokens.md#none) [c](#none) `[d](none)`"
    assert _broken("README.md", text) == ["docs/none.md", "docs/tokens.md#none", "#none"]


def test_every_page_is_linked() -> None:
    """The README's table of contents names each page."""
    links = {link.partition("#")[0] for link in _LINK.findall(read("README.md"))}
    assert {page for page in pages() if page != "README.md"} <= links
