"""The table of ``docs/documented-page.md`` names tests that exist, and all of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

FOLDER = Path(__file__).parent
TABLE = (FOLDER.parents[1] / "docs" / "documented-page.md").read_text("utf-8")


def _tests(file: str) -> set[str]:
    tree = ast.parse((FOLDER / file).read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {f"{file}::{one.name}" for one in functions if one.name.startswith("test_")}


def test_table_names_tests_that_exist() -> None:
    """No row leads nowhere."""
    named = set(re.findall(r"`(test_\w+\.py::test_\w+)`", TABLE))
    there = set[str]().union(*(_tests(one.partition("::")[0]) for one in named))
    assert named - there == set()


def test_table_names_every_test_of_the_page() -> None:
    """No example is left out of it."""
    for file in ("test_documented_page.py", "test_documented_page_tokens.py"):
        assert [one for one in sorted(_tests(file)) if f"`{one}`" not in TABLE] == []
