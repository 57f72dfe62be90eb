"""The table of the documentation: ``python -m tests.providers.table`` writes it anew."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.providers.catalogue import CATALOGUE
from typedoauth import providers
from typedoauth.providers.descriptions import quirks, scope

PAGE: Final = Path(__file__).parents[2] / "docs" / "providers.md"
MARK: Final = "<!-- table: providers -->\n"


def _parameters(name: str) -> str:
    declared: object = getattr(providers, name)
    if not inspect.isfunction(declared):
        return ""
    found = inspect.signature(declared).parameters.values()
    return ", ".join(f"`{one.name}`" for one in found if one.name != "name")


def rows() -> Iterator[list[str]]:
    """Name, kind, client name, parameters, scope, quirks, and what was not confirmed."""
    for name, provider in sorted(CATALOGUE.items(), key=lambda item: item[0].lower()):
        yield [
            f"`{name}`",
            provider.kind,
            f"`{provider.name}`",
            _parameters(name),
            f"`{scope(provider)}`" if scope(provider) else "",
            "; ".join(quirks(provider)),
            "; ".join(provider.unconfirmed),
        ]


def table() -> str:
    """The table as it stands on the page."""
    head = ["Name", "Kind", "Client name", "Parameters", "Scope", "Quirks", "Unconfirmed"]
    lines = [head, ["---"] * len(head), *rows()]
    return "".join(f"| {' | '.join(cell or chr(0x2013) for cell in line)} |\n" for line in lines)


def written(page: str) -> str:
    """The page with its table as it should be."""
    before, mark, after = page.partition(MARK)
    assert mark, "the page has no place for the table"
    return f"{before}{mark}{table()}\n{after.partition(chr(10) * 2)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
