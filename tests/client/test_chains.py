"""Tokens renewed more than once: what the application is told each time replaces."""

from __future__ import annotations

import pytest

from tests.client.refreshing import World
from tests.client.world import issued
from typedoauth import OAuth2Token


def chain(world: World) -> None:
    """Renew the same old token twice, an hour apart."""
    old = world.token(0)
    world.client.get("me", token=old)
    world.clock.now += 7200
    world.client.get("me", token=old)


def test_second_renewal_replaces_what_the_first_one_saved() -> None:
    """The application finds its row by the refresh token that was spent, not by the oldest."""
    told: list[tuple[str, str | None]] = []

    def update(
        token: OAuth2Token, /, *, refresh_token: str | None, access_token: str | None
    ) -> None:
        told.append((token["access_token"], refresh_token))

    replies = [
        issued(access_token=f"new{n}", refresh_token=f"{n}" * 16, expires_in=3600) for n in (1, 2)
    ]
    chain(World(replies[0], replies[1], update=update))
    assert told == [("new1", "r1"), ("new2", "1" * 16)]


def test_renewal_after_one_that_was_not_saved_replaces_the_old_one() -> None:
    """The row still holds the oldest token where keeping the first new one failed."""
    told: list[str | None] = []

    def update(
        token: OAuth2Token, /, *, refresh_token: str | None, access_token: str | None
    ) -> None:
        told.append(refresh_token)
        if token["access_token"] == "new1":
            raise OSError("disk full")

    replies = [
        issued(access_token=f"new{n}", refresh_token=f"{n}" * 16, expires_in=3600) for n in (1, 2)
    ]
    world = World(replies[0], replies[1], update=update)
    old = world.token(0)
    with pytest.raises(OSError, match="disk full"):
        world.client.get("me", token=old)
    world.clock.now += 7200
    world.client.get("me", token=old)
    assert told == ["r1", "r1"]
