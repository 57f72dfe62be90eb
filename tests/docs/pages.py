"""The pages of the documentation and the Python in them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HIDDEN = Path(__file__).parent / "hidden"
FRESH = "<!-- fresh example -->"
"""Before a block: its names start anew, with what the page takes for granted."""

BEFORE = "<!-- before -->"
"""Before a block: code of the library that an application leaves, which runs elsewhere."""

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_FENCE = re.compile(r"^(?P<fence>```+)(?P<info>[^\n`]*)$")


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        line: The line of its first line of code, from 1.
        info: What stands after the fence.
        text: What stands in it.
        fresh: Whether it starts a new example.
        before: Whether it is code of another library.
    """

    line: int
    info: str
    text: str
    fresh: bool
    before: bool


@dataclass(frozen=True)
class Example:
    """Blocks that share their names, after what the page takes for granted."""

    page: str
    number: int
    blocks: tuple[Block, ...]

    @property
    def hidden(self) -> Path:
        """The module that its page takes for granted; there need not be one."""
        return HIDDEN / f"{Path(self.page).stem.lower().replace('-', '_')}.py"

    def source(self) -> str:
        """The whole example as one module, for a type checker."""
        texts = [self.hidden.read_text("utf-8")] if self.hidden.exists() else []
        return "\n".join([*texts, *(block.text for block in self.blocks)])


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page."""
    found: list[Block] = []
    lines = text.splitlines()
    fence, info, start, marks = "", "", 0, set[str]()
    for number, line in enumerate(lines, 1):
        match = _FENCE.match(line)
        if not fence and match:
            fence, info, start = match["fence"], match["info"].strip(), number + 1
        elif fence and line.strip() == fence:
            code = "\n".join(lines[start - 1 : number - 1]) + "\n"
            found.append(Block(start, info, code, FRESH in marks, BEFORE in marks))
            fence, marks = "", set[str]()
        elif not fence and line.strip() in {FRESH, BEFORE}:
            marks.add(line.strip())
    assert not fence, f"the block that begins on line {start - 1} does not end"
    assert not marks, f"nothing follows the last of {marks}"
    return found


def examples(page: str, text: str) -> list[Example]:
    """The examples of a page, in order."""
    groups: list[list[Block]] = []
    for block in blocks(text):
        if block.info != "python" or block.before:
            continue
        if block.fresh or not groups:
            groups.append([])
        groups[-1].append(block)
    return [Example(page, number, tuple(group)) for number, group in enumerate(groups, 1)]


def befores(text: str) -> list[Block]:
    """The code of other libraries on a page, in order: each block is a whole application."""
    return [block for block in blocks(text) if block.before]


def pages() -> list[str]:
    """The documentation: the README and its siblings, and everything in ``docs``."""
    beside = ["README.md", "SECURITY.md", "CHANGELOG.md"]
    return beside + sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))


def read(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text("utf-8")


def table(page: str, name: str) -> list[list[str]]:
    """The rows of the table under a comment that names it, without its head."""
    _, _, rest = read(page).partition(f"<!-- table: {name} -->\n")
    assert rest, f"{page} has no table {name}"
    lines = rest.strip().split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def is_test(named: str) -> bool:
    """Tell whether a cell names a test, as pytest does, that exists."""
    found = _TEST.fullmatch(named)
    if found is None:
        return False
    file, test = found.groups()
    return (ROOT / file).is_file() and f"\ndef {test}(" in read(file)


@contextmanager
def run(example: Example, located: Callable[[str], str]) -> Generator[ModuleType]:
    """Run an example; its names are there for as long as the block runs.

    Args:
        example: The example.
        located: Puts addresses of this machine in the place of others.
    """
    module = ModuleType(f"example_{example.hidden.stem}_{example.number}")
    sys.modules[module.__name__] = module
    try:
        if example.hidden.exists():
            source = example.hidden.read_text("utf-8")
            exec(compile(located(source), str(example.hidden), "exec"), module.__dict__)  # noqa: S102
        for block in example.blocks:
            # So many empty lines that an error names the line of the page.
            source = "\n" * (block.line - 1) + located(block.text)
            exec(compile(source, example.page, "exec"), module.__dict__)  # noqa: S102
        yield module
    finally:
        del sys.modules[module.__name__]


def call_tests(module: ModuleType, request: pytest.FixtureRequest) -> int:
    """Call the test functions of an example with the fixtures that they ask for.

    Args:
        module: What :func:`run` gave.
        request: Finds the fixtures.

    Returns:
        How many there are.
    """
    tests = [found for name, found in vars(module).items() if name.startswith("test_")]
    for test in tests:
        test(**{name: request.getfixturevalue(name) for name in signature(test).parameters})
    return len(tests)
