"""Every Python block of every page runs, and none is passed over."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import Example, befores, blocks, examples, pages, read, run
from tests.docs.world import World

ALL = [example for page in pages() for example in examples(page, read(page))]
INFOS = {"html", "python", "console", "text", "{toctree}"}


def _id(example: Example) -> str:
    return f"{example.page}:{example.blocks[0].line}"


@pytest.mark.parametrize("example", ALL, ids=_id)
def test_an_example_runs(example: Example, world: World) -> None:
    """The blocks of an example run one after the other, against real HTTP on loopback."""
    with run(example, world.located):
        pass


@pytest.mark.parametrize("page", pages())
def test_no_block_is_passed_over(page: str) -> None:
    """As many blocks are run, here and by ``test_migrations``, as fences say Python."""
    said = len(re.findall(r"^\s*(?:```+|~~~+)\s*(?:python|py|pycon)", read(page), re.M | re.I))
    here = sum(len(example.blocks) for example in ALL if example.page == page)
    assert said == here + len(befores(read(page)))


@pytest.mark.parametrize("page", pages())
def test_a_block_says_what_it_is(page: str) -> None:
    """Python cannot hide behind another word, or behind none."""
    assert {block.info for block in blocks(read(page))} <= INFOS


def test_a_block_that_fails_is_noticed() -> None:
    """A failing block fails, and the error names the line of the page."""
    text = "one\n\n```python\nx = 1\n```\n\n```python\nassert x == 2\n```\n"
    (example,) = examples("docs/made-up.md", text)
    with pytest.raises(AssertionError) as caught, run(example, str):
        pass
    failed = caught.traceback[-1]
    assert (str(failed.path), failed.lineno + 1) == ("docs/made-up.md", 8)  # pytest counts from 0


def test_a_fresh_example_forgets() -> None:
    """What an earlier example has named is gone after the comment that says so."""
    again = "```python\nassert 'x' not in globals()\n```\n"
    text = f"```python\nx = 1\n```\n<!-- fresh example -->\n{again}"
    first, second = examples("docs/made-up.md", text)
    with run(first, str), run(second, str):
        pass


def test_a_block_without_end_is_noticed() -> None:
    """A fence that is never closed is no page."""
    with pytest.raises(AssertionError, match="does not end"):
        blocks("```python\nx = 1\n")
