"""The contract of token stores, over every backend, plain and sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest

from tests.stores.backends import ALL, FULL, SMALL, Backend, FullStore, backend
from tests.stores.contract import LeasingContract, ManagedContract, TokenStoreContract
from tests.stores.tokens import KEY, sealing, token
from typedoauth.protocols import LeasingTokenStore, ManagedTokenStore, TokenStore
from typedoauth.tokens import AnyToken


def _both(kinds: tuple[str, ...]) -> list[tuple[str, bool]]:
    return [
        (kind, sealed)
        for kind in kinds
        for sealed in (False, True)
        # Another way to the same rows.
        if not (
            sealed and kind in {"sqlite engine", "postgresql engine", "mariadb engine", "mysql"}
        )
    ]


def _name(one: tuple[str, bool]) -> str:
    return f"{one[0]}, {'sealed' if one[1] else 'plain'}"


def _set_up(
    request: pytest.FixtureRequest, factory: pytest.TempPathFactory
) -> Iterator[tuple[Backend, bool]]:
    kind, sealed = request.param
    with backend(kind, factory.mktemp("store")) as made:
        yield made, sealed


@pytest.fixture(scope="module", params=_both(ALL), ids=_name)
def any_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Backend, bool]]:
    """Each backend."""
    yield from _set_up(request, tmp_path_factory)


@pytest.fixture(scope="module", params=_both(FULL), ids=_name)
def full_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Backend, bool]]:
    """Each that leases, and can be managed."""
    yield from _set_up(request, tmp_path_factory)


def _open(place: tuple[Backend, bool]) -> TokenStore[AnyToken]:
    made, sealed = place
    made.empty()
    return made.open(sealing() if sealed else None)


class TestTokenStore(TokenStoreContract):
    """``get``, ``set`` and ``delete``."""

    @pytest.fixture
    def store(self, any_place: tuple[Backend, bool]) -> TokenStore[AnyToken]:
        """An empty store."""
        return _open(any_place)


class TestLeasing(LeasingContract):
    """``load``, ``acquire``, ``replace`` and ``release``."""

    @pytest.fixture
    def full(self, full_place: tuple[Backend, bool]) -> FullStore:
        """An empty store."""
        return cast("FullStore", _open(full_place))  # the first test of the class shows it


class TestManaged(ManagedContract):
    """``summaries``, ``delete_owner``, ``purge`` and ``reseal``."""

    @pytest.fixture
    def full(self, full_place: tuple[Backend, bool]) -> FullStore:
        """An empty store."""
        return cast("FullStore", _open(full_place))  # the first test of the class shows it


def test_two_stores_share_what_is_kept(any_place: tuple[Backend, bool]) -> None:
    """As two processes do."""
    made, sealed = any_place
    if made.shared:
        first = _open(any_place)
        second = made.open(sealing() if sealed else None)
        first.set(KEY, token("first"))
        assert second.get(KEY) == token("first")
        second.set(KEY, token("second"))
        assert first.get(KEY) == token("second")


@pytest.mark.parametrize("kind", [kind for kind in SMALL if kind not in FULL])
def test_store_without_leases_says_so(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody relies on what a cache cannot do."""
    with backend(kind, tmp_path_factory.mktemp("store")) as made:
        store = made.open()
        assert not isinstance(store, LeasingTokenStore)
        assert not isinstance(store, ManagedTokenStore)
