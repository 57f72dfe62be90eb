"""The tables about RFC 9700 and about published advisories name what there is in the tree."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, is_test, read, table

PAGE = "docs/advisories.md"
TABLES = re.findall(r"<!-- table: ([\w-]+) -->", read(PAGE))
KINDS = {"tested", "yours", "server", "absent"}
NONE = "\u2013"
SECTIONS = [
    *("2.1", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.3", "2.4", "2.5", "2.6"),
    *(f"4.{number}" for number in range(1, 18)),
]


@pytest.mark.parametrize("name", TABLES)
def test_every_advisory_is_answered(name: str) -> None:
    """By a test that exists; or by a word that says why there is none."""
    for advisory, _, here, test in table(PAGE, name):
        kind, _, advice = here.partition(": ")
        assert kind in KINDS, advisory
        assert bool(advice) == (kind == "yours"), advisory
        assert is_test(test) or (test == NONE and kind != "tested"), (advisory, test)


def test_no_advisory_comes_twice() -> None:
    """Each id has one row."""
    rows = [row[0] for name in TABLES for row in table(PAGE, name)]
    ids = re.findall(r"(?:CVE|GHSA|PVE|DSA)-[\w-]+", " ".join(rows))
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) > 80


def test_every_security_test_has_an_advisory_or_a_section() -> None:
    """What nothing names is forgotten, or belongs somewhere else."""
    said = read(PAGE) + read("SECURITY.md")
    for path in (ROOT / "tests" / "security").glob("test_*.py"):
        for test in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M):
            assert f"`tests/security/{path.name}::{test}`" in said, test


def test_every_section_of_rfc9700_has_its_row() -> None:
    """In order, and none is left out."""
    found = [row[0] for row in table("SECURITY.md", "rfc9700")]
    assert found == sorted(found, key=lambda section: [int(one) for one in section.split(".")])
    missing = [one for one in SECTIONS if not any(f"{row}.".startswith(f"{one}.") for row in found)]
    assert missing == []


def test_every_row_of_rfc9700_is_proved() -> None:
    """Code and test exist; what a client is asked and has no test for is "not" done."""
    for section, asked, whose, here, code, test in table("SECURITY.md", "rfc9700"):
        assert set(whose.split(", ")) <= {"client", "server", "application"}, asked
        if test == NONE:
            assert code == NONE, asked
            assert "client" not in whose or here.startswith("Not "), (section, asked)
        else:
            assert (ROOT / code.strip("`")).is_file(), code
            assert is_test(test), test
