"""The script that measures a million tokens, with a few thousand; and a table in partitions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from tests.docs.pages import blocks, read
from tests.fleet import load, race
from tests.fleet.fleet import Fleet, ProviderProcess
from tests.fleet.places import Place, close
from typedoauth.stores import SQLTokenStore

_SQL = ("sqlite", "postgresql", "mariadb")


@pytest.mark.parametrize("kind", _SQL)
def test_lookups_at_two_sizes(kind: str, places: dict[str, Place]) -> None:
    """Every token is found; what that costs is for the script to say."""
    place = places[kind]
    load.fill(replace(place, prefix="large_"), 3000)
    load.fill(replace(place, prefix="small_"), load.SMALL)
    small, large = load.lookups(place, 3000, 100)
    assert 0 < small.median <= small.slow
    assert 0 < large.median <= large.slow
    assert sum(load.size_on_disk(replace(place, prefix="large_"))) > 3000 * 100


@pytest.mark.parametrize("kind", race.SHARED)
def test_every_token_is_sealed_with_the_new_key(kind: str, places: dict[str, Place]) -> None:
    """In several steps that tell how far it is; the old key is then no longer needed."""
    found = load.rotate(replace(places[kind], prefix="rotated_"), 1200)
    assert (found.tokens, found.left) == (1200, 0)
    assert found.steps > 1


def test_table_in_partitions(
    server: ProviderProcess, workers: Fleet, places: dict[str, Place]
) -> None:
    """As the documentation has it: tokens are found, and renewed once, as in any table."""
    place = replace(places["postgresql"], prefix="typedoauth_")
    load.fill(place, 500)
    (statements,) = (
        block.text for block in blocks(read("docs/token-stores.md")) if "PARTITION" in block.text
    )
    engine = create_engine(place.url)
    with engine.begin() as connection:
        for statement in statements.split(";"):
            if statement.strip():
                connection.execute(text(statement))
        parts = connection.execute(
            text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'typedoauth_tokens'::regclass")
        ).scalar()
    engine.dispose()
    assert parts == 4
    store = SQLTokenStore(place.url)
    assert all(store.get(load.key(number)) for number in range(1, 501))
    assert store.delete_owner(load.owner(7)) == 1
    assert len(list(store.summaries())) == 499
    close(store)
    assert race.run(server, workers, place, 2).once
