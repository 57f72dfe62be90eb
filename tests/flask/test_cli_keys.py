"""``flask typedoauth rotate-keys``: everything is encrypted with the first key, step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from tests.flask.test_cli import TOKEN, run
from tests.flask.test_token_store import Site
from typedoauth import StoreError, TokenKey
from typedoauth.stores import AESGCMSealing, MemoryTokenStore, SQLTokenStore

OLD_KEY, NEW_KEY = b"o" * 32, b"n" * 32
BOTH = {"new": NEW_KEY, "old": OLD_KEY}


class Batches(MemoryTokenStore):
    """Rotates in batches that are given.

    Args:
        batches: What ``reseal`` tells, and in the end raises.
    """

    __slots__ = ("batches",)

    def __init__(self, *batches: tuple[int, int] | StoreError) -> None:
        super().__init__()
        self.batches = batches

    @override
    def reseal(self) -> Iterator[tuple[int, int]]:
        for batch in self.batches:
            if isinstance(batch, StoreError):
                raise batch
            yield batch


def _store(path: Path, **keys: bytes) -> SQLTokenStore:
    return SQLTokenStore(f"sqlite:///{path / 'tokens.db'}", sealing=AESGCMSealing(keys))


def _fill(path: Path, count: int = 3) -> None:
    store = _store(path, old=OLD_KEY)
    for number in range(count):
        store.set(TokenKey("two", str(number)), TOKEN)
    store.close()


def test_everything_is_encrypted_anew(tmp_path: Path) -> None:
    """Afterwards the old key can go."""
    _fill(tmp_path)
    store = _store(tmp_path, **BOTH)
    result = run(Site(token_store=store).app, "rotate-keys")
    store.close()
    assert (result.exit_code, result.stdout, result.stderr) == (0, "3 done\n", "100 % (3 of 3)\n")
    new = _store(tmp_path, new=NEW_KEY)
    assert [new.get(told.key) for told in new.summaries()] == [TOKEN] * 3
    new.close()


def test_again_there_is_nothing_to_do(tmp_path: Path) -> None:
    """It may be run as often as one likes."""
    _fill(tmp_path)
    store = _store(tmp_path, **BOTH)
    app = Site(token_store=store).app
    said = [run(app, "rotate-keys --json").stdout for _ in range(2)]
    assert [[json.loads(line) for line in one.splitlines()] for one in said] == [
        [{"done": 3, "total": 3}, {"done": 3, "total": 3, "failed": 0}],
        [{"done": 0, "total": 0, "failed": 0}],
    ]
    assert run(app, "rotate-keys").stdout == "nothing to do\n"
    store.close()


def test_broken_off_it_goes_on(tmp_path: Path) -> None:
    """What was done in the batches before is not done again."""

    class Killed(SQLTokenStore):
        @override
        def reseal(self) -> Iterator[tuple[int, int]]:
            yield next(iter(super().reseal()))
            raise KeyboardInterrupt

    _fill(tmp_path, 300)
    killed = Killed(f"sqlite:///{tmp_path / 'tokens.db'}", sealing=AESGCMSealing(BOTH))
    first = run(Site(token_store=killed).app, "rotate-keys --json")
    killed.close()
    store = _store(tmp_path, **BOTH)
    second = run(Site(token_store=store).app, "rotate-keys --json")
    store.close()
    assert (first.exit_code, second.exit_code) == (1, 0)
    done = json.loads(first.stdout.splitlines()[0])["done"]
    left = 300 - done
    assert 0 < done < 300
    assert json.loads(second.stdout.splitlines()[-1]) == {"done": left, "total": left, "failed": 0}


def test_lost_key_is_told(tmp_path: Path) -> None:
    """With the store's own words and exit code 5; nothing is destroyed."""
    _fill(tmp_path)
    store = _store(tmp_path, new=NEW_KEY)
    result = run(Site(token_store=store).app, "rotate-keys")
    store.close()
    assert result.exit_code == 5
    assert "Error: 3 tokens could not be opened and stayed as they were" in result.stderr
    assert "done" not in result.stdout
    old = _store(tmp_path, old=OLD_KEY)
    assert [old.get(told.key) for told in old.summaries()] == [TOKEN] * 3
    old.close()


def test_failed_are_not_done(tmp_path: Path) -> None:
    """For a program: the last object tells both, and the exit code stays 5."""
    _fill(tmp_path, 2)
    other, store = _store(tmp_path, lost=b"l" * 32), _store(tmp_path, **BOTH)
    other.set(TokenKey("two", "lost"), TOKEN)
    other.close()
    result = run(Site(token_store=store).app, "rotate-keys --json")
    assert json.loads(result.stdout.splitlines()[-1]) == {"done": 2, "total": 3, "failed": 1}
    store.close()
    assert result.exit_code == 5
    assert result.stderr == (
        "Error: 1 token could not be opened and stayed as it was: its key is missing, or it was "
        "changed, or is not encrypted; give the sealing that key and run it again\n"
    )


def test_failed_are_not_done_for_a_person_either(tmp_path: Path) -> None:
    """The progress counts those that were tried; the last line of the output does not."""
    _fill(tmp_path, 2)
    other, store = _store(tmp_path, lost=b"l" * 32), _store(tmp_path, **BOTH)
    other.set(TokenKey("two", "lost"), TOKEN)
    other.close()
    result = run(Site(token_store=store).app, "rotate-keys")
    store.close()
    assert (result.exit_code, result.stdout) == (5, "2 done\n")


@pytest.mark.parametrize(
    ("batches", "said"),
    [
        ([(1, 3), (2, 3), (3, 3)], ["33 % (1 of 3)", "66 % (2 of 3)", "100 % (3 of 3)"]),
        ([(1, 1000), (2, 1000), (10, 1000)], ["0 % (1 of 1000)", "1 % (10 of 1000)"]),
        ([(5, 4)], ["125 % (5 of 4)"]),
        ([(0, 0)], ["100 % (0 of 0)"]),
        ([], []),
    ],
)
def test_progress_in_lines(batches: list[tuple[int, int]], said: list[str]) -> None:
    """Where there is no terminal, a line for each percent at the most, beside the output."""
    result = run(Site(token_store=Batches(*batches)).app, "rotate-keys")
    assert (result.exit_code, result.stderr.splitlines()) == (0, said)


def test_progress_for_programs() -> None:
    """An object for each batch, until it fails."""
    store = Batches((1, 3), (2, 3), StoreError("the database is gone"))
    result = run(Site(token_store=store).app, "rotate-keys --json")
    assert [json.loads(line)["done"] for line in result.stdout.splitlines()] == [1, 2]
    assert (result.exit_code, result.stderr) == (5, "Error: the database is gone\n")
