"""Tokens for the client's own credentials, fetched and renewed (RFC 6749 4.4)."""

from __future__ import annotations

import pytest

from tests.client.refreshing import World
from tests.client.world import issued
from typedoauth import TokenExpiredError


def test_own_token_is_fetched_and_renewed() -> None:
    """``grant_type="client_credentials"``: nobody gives a token, nobody renews one (4.4)."""
    world = World(
        issued("a", expires_in=3600), issued("b", expires_in=3600), grant_type="client_credentials"
    )
    for _ in range(2):
        world.client.get("me")
        world.client.get("me")
        world.clock.now += 3600
    assert world.used() == ["a", "a", "b", "b"]


def test_own_token_that_was_stored_is_renewed_and_told() -> None:
    """A token that the application kept, of a client of that grant type."""
    world = World(issued("b", expires_in=3600), grant_type="client_credentials", scope="s")
    world.client.get("me", token=world.token(refresh_token=None))
    assert world.used() == ["b"]
    assert [one["access_token"] for one in world.saved] == ["b"]
    assert world.refreshes() == [{"grant_type": "client_credentials", "scope": "s"}]


def test_own_token_is_renewed_like_it_was_fetched() -> None:
    """With the same scope and parameters, by a client of another grant type."""
    world = World(issued("a", expires_in=60), issued("b", expires_in=3600), scope="default")
    token = world.client.fetch_access_token(scope="special", audience="x")
    world.clock.now += 60
    world.client.get("me", token=token)
    first, second = world.refreshes()
    assert (
        first
        == second
        == {
            "grant_type": "client_credentials",
            "scope": "special",
            "audience": "x",
        }
    )
    assert world.used() == ["b"]


def test_token_of_another_grant_type_is_not_taken_for_the_clients_own() -> None:
    """Renewing it with other credentials would act for somebody else."""
    world = World(issued("a", expires_in=60))
    token = world.client.fetch_access_token(grant_type="urn:example:saml", assertion="x")
    world.clock.now += 60
    with pytest.raises(TokenExpiredError):
        world.client.get("me", token=token)


def test_own_tokens_are_remembered_in_bounded_number() -> None:
    """The latest can be renewed; memory does not grow with each token."""
    world = World(*(issued(f"a{number}", expires_in=60) for number in range(258)))
    tokens = [world.client.fetch_access_token() for _ in range(257)]
    world.clock.now += 60
    with pytest.raises(TokenExpiredError):
        world.client.ensure_active_token(tokens[0])
    assert world.client.ensure_active_token(tokens[-1])["access_token"] == "a257"
