"""What every token store promises, whatever it keeps tokens in.

One class for each Protocol; ``test_contract.py`` runs them over every backend, plain
and sealed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from threading import Barrier
from typing import Any, cast

import pytest

from tests.stores.backends import FullStore
from tests.stores.tokens import KEY, KEYS, REFUSED_KEYS, REFUSED_TOKENS, TOKENS, token
from typedoauth.errors import StoreError
from typedoauth.protocols import LeasingTokenStore, ManagedTokenStore, TokenStore
from typedoauth.tokens import AnyToken, TokenKey

_THREADS = 8
_SHORT = 0.25


def at_once(act: Callable[[int], Any]) -> list[Any]:  # any: what it answers
    """Call *act* in eight threads at the same moment."""
    barrier = Barrier(_THREADS)

    def wait_and_act(number: int) -> Any:  # any: as above
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(wait_and_act, range(_THREADS)))


def version_of(store: FullStore, key: TokenKey = KEY) -> int:
    """The version of a token that is there."""
    stored = store.load(key)
    assert stored is not None
    return stored.version


class TokenStoreContract:
    """``TokenStore``."""

    @pytest.mark.parametrize("name", TOKENS)
    def test_what_is_set_is_got(self, store: TokenStore[AnyToken], name: str) -> None:
        """Every member as it was."""
        store.set(KEY, TOKENS[name])
        assert store.get(KEY) == TOKENS[name]

    def test_nothing_is_none(self, store: TokenStore[AnyToken]) -> None:
        """No error: the user has not logged in."""
        assert store.get(KEY) is None

    def test_what_is_set_again_replaces(self, store: TokenStore[AnyToken]) -> None:
        """No member of the earlier token remains."""
        store.set(KEY, token("first", refresh_token="r", scope="a"))
        store.set(KEY, token("second"))
        assert store.get(KEY) == token("second")

    def test_what_is_deleted_is_gone(self, store: TokenStore[AnyToken]) -> None:
        """And to delete it again is no error."""
        store.set(KEY, token())
        for _ in range(2):
            store.delete(KEY)
            assert store.get(KEY) is None

    def test_every_key_is_one_of_its_own(self, store: TokenStore[AnyToken]) -> None:
        """Case, accents, spaces, wildcards and how a character is composed all count."""
        for number, key in enumerate(KEYS):
            store.set(key, token(f"of {number}"))
        assert [store.get(key) for key in KEYS] == [token(f"of {n}") for n in range(len(KEYS))]

    def test_delete_deletes_nothing_else(self, store: TokenStore[AnyToken]) -> None:
        """One key after the other."""
        for key in KEYS:
            store.set(key, token())
        for key in KEYS:
            assert store.get(key) == token()
            store.delete(key)
            assert store.get(key) is None

    def test_what_was_got_is_a_copy(self, store: TokenStore[AnyToken]) -> None:
        """To change it, at any depth, changes nothing in the store."""
        store.set(KEY, TOKENS["OpenID"])
        got = cast("dict[str, Any]", store.get(KEY))  # any: to reach into it
        got["access_token"] = "changed"
        got["userinfo"]["address"]["street"].append("changed")
        assert store.get(KEY) == TOKENS["OpenID"]

    def test_what_was_set_is_a_copy(self, store: TokenStore[AnyToken]) -> None:
        """To change it afterwards changes nothing in the store."""
        inner: dict[str, object] = {"listed": [1]}
        given = token("given", inner=inner)
        store.set(KEY, given)
        inner["listed"] = "changed"
        given.update(token("changed"))  # type: ignore[typeddict-item]  # of either kind
        assert store.get(KEY) == token("given", inner={"listed": [1]})

    @pytest.mark.parametrize("name", REFUSED_KEYS)
    def test_key_that_cannot_be_kept_is_refused(
        self, store: TokenStore[AnyToken], name: str
    ) -> None:
        """It never stands for another one."""
        store.set(KEY, token())
        with pytest.raises(StoreError, match=r"owner|client|account|tenant"):
            store.set(REFUSED_KEYS[name], token("refused"))
        with suppress(StoreError):
            assert store.get(REFUSED_KEYS[name]) is None

    @pytest.mark.parametrize("name", REFUSED_TOKENS)
    def test_token_that_cannot_be_kept_is_refused(
        self, store: TokenStore[AnyToken], name: str
    ) -> None:
        """What was there stays, and the message does not quote it."""
        store.set(KEY, token("before"))
        with pytest.raises(StoreError, match="no JSON value") as caught:
            store.set(KEY, REFUSED_TOKENS[name])
        assert caught.value.__cause__ is None
        assert store.get(KEY) == token("before")

    def test_threads_never_see_half_a_token(self, store: TokenStore[AnyToken]) -> None:
        """What one reads is what one wrote."""
        tokens = [token(str(n) * 2000, number=n) for n in range(_THREADS)]
        store.set(KEY, tokens[0])

        def act(number: int) -> list[AnyToken | None]:
            got: list[AnyToken | None] = []
            for _ in range(5):
                store.set(KEY, tokens[number])
                got.append(store.get(KEY))
            return got

        assert all(one in tokens for got in at_once(act) for one in got)


class LeasingContract:
    """``LeasingTokenStore``."""

    def test_it_is_one(self, full: FullStore) -> None:
        """To ``isinstance`` as well."""
        assert isinstance(full, LeasingTokenStore)

    def test_nothing_is_loaded_as_none(self, full: FullStore) -> None:
        """No error: the user has not logged in."""
        assert full.load(KEY) is None

    @pytest.mark.parametrize("name", TOKENS)
    def test_token_is_loaded_with_its_version(self, full: FullStore, name: str) -> None:
        """The same one, until it is replaced."""
        full.set(KEY, TOKENS[name])
        stored = full.load(KEY)
        assert stored is not None
        assert stored.token == TOKENS[name]
        assert stored == full.load(KEY)

    def test_version_never_comes_back(self, full: FullStore) -> None:
        """Neither for the same token nor after it was deleted."""
        versions: list[int] = []
        for _ in range(3):
            full.set(KEY, token())
            versions.append(version_of(full))
            full.replace(KEY, token(), versions[-1])
            versions.append(version_of(full))
            full.delete(KEY)
        assert len(set(versions)) == 6

    def test_lease_is_taken_once(self, full: FullStore) -> None:
        """By nobody else, and not again by the same."""
        full.set(KEY, token())
        assert full.acquire(KEY, "one", 60)
        assert not full.acquire(KEY, "two", 60)
        assert not full.acquire(KEY, "one", 60)

    def test_lease_is_of_one_token(self, full: FullStore) -> None:
        """Whoever waits for it holds up nobody else."""
        for key in KEYS:
            full.set(key, token())
        assert [full.acquire(key, "one", 60) for key in KEYS] == [True] * len(KEYS)

    def test_lease_of_nothing_is_not_taken(self, full: FullStore) -> None:
        """Nor is it there when a token comes."""
        assert full.acquire(KEY, "one", 60) is False
        full.set(KEY, token())
        assert full.acquire(KEY, "two", 60)

    def test_lease_ends_by_itself(self, full: FullStore) -> None:
        """And not before: a killed process holds nobody up for longer."""
        full.set(KEY, token())
        start = time.monotonic()
        assert full.acquire(KEY, "killed", _SHORT)
        while not full.acquire(KEY, "next", 60):
            assert time.monotonic() < start + 10
            time.sleep(0.01)
        assert time.monotonic() - start > _SHORT * 0.9

    def test_lease_is_released_by_its_holder(self, full: FullStore) -> None:
        """At once."""
        full.set(KEY, token())
        full.acquire(KEY, "one", 60)
        full.release(KEY, "one")
        assert full.acquire(KEY, "two", 60)

    @pytest.mark.parametrize("other", ["two", "One", "one ", "on\u00e9"])
    def test_lease_is_not_released_by_another(self, full: FullStore, other: str) -> None:
        """A late one does not end the lease of who came after it."""
        full.set(KEY, token())
        full.acquire(KEY, "one", 60)
        full.release(KEY, other)
        assert not full.acquire(KEY, "two", 60)

    def test_release_of_nothing_is_no_error(self, full: FullStore) -> None:
        """The token may have been deleted meanwhile."""
        full.release(KEY, "one")
        full.set(KEY, token())
        full.release(KEY, "one")
        assert full.acquire(KEY, "one", 60)

    def test_replace_writes_for_the_version_that_was_read(self, full: FullStore) -> None:
        """And ends the lease."""
        full.set(KEY, token("old"))
        full.acquire(KEY, "one", 60)
        assert full.replace(KEY, token("new"), version_of(full))
        assert full.get(KEY) == token("new")
        assert full.acquire(KEY, "two", 60)

    def test_replace_for_another_version_writes_nothing(self, full: FullStore) -> None:
        """The token has been replaced meanwhile, perhaps by one of a new login."""
        full.set(KEY, token("old"))
        version = version_of(full)
        full.set(KEY, token("of a new login"))
        full.acquire(KEY, "one", 60)
        assert full.replace(KEY, token("late"), version) is False
        assert full.get(KEY) == token("of a new login")
        assert not full.acquire(KEY, "two", 60)

    def test_replace_brings_back_nothing_that_was_deleted(self, full: FullStore) -> None:
        """The user has logged out meanwhile."""
        full.set(KEY, token("old"))
        version = version_of(full)
        full.delete(KEY)
        assert full.replace(KEY, token("late"), version) is False
        assert full.get(KEY) is None

    def test_replace_replaces_nothing_else(self, full: FullStore) -> None:
        """The version is of one key."""
        other = TokenKey("github", "Ada")
        full.set(KEY, token("old"))
        full.set(other, token("other"))
        assert full.replace(other, token("late"), version_of(full)) is False
        assert full.get(other) == token("other")

    def test_set_ends_a_lease(self, full: FullStore) -> None:
        """A new login makes a renewal pointless."""
        full.set(KEY, token("old"))
        full.acquire(KEY, "one", 60)
        full.set(KEY, token("of a new login"))
        assert full.acquire(KEY, "two", 60)

    def test_delete_ends_a_lease(self, full: FullStore) -> None:
        """What comes after is not held up."""
        full.set(KEY, token("old"))
        full.acquire(KEY, "one", 60)
        full.delete(KEY)
        full.set(KEY, token("new"))
        assert full.acquire(KEY, "two", 60)

    def test_whoever_lost_the_lease_writes_nothing(self, full: FullStore) -> None:
        """Paused for longer than its lease, it comes back after another one has renewed."""
        full.set(KEY, token("old"))
        version = version_of(full)
        assert full.acquire(KEY, "paused", 0.001)
        time.sleep(0.02)
        assert full.acquire(KEY, "next", 60)
        assert full.replace(KEY, token("renewed"), version)
        assert full.replace(KEY, token("late"), version) is False
        full.release(KEY, "paused")
        assert full.get(KEY) == token("renewed")

    def test_of_eight_threads_one_takes_the_lease(self, full: FullStore) -> None:
        """Each time."""
        for _ in range(5):
            full.set(KEY, token())
            taken = at_once(lambda number: full.acquire(KEY, f"holder {number}", 60))
            assert sorted(taken) == [False] * (_THREADS - 1) + [True]

    def test_of_eight_threads_one_replaces(self, full: FullStore) -> None:
        """And it is its token that is there."""
        for _ in range(5):
            full.set(KEY, token("old"))
            version = version_of(full)

            def replace(number: int, read: int = version) -> bool:
                return full.replace(KEY, token(f"of {number}"), read)

            written = at_once(replace)
            assert written.count(True) == 1
            assert full.get(KEY) == token(f"of {written.index(True)}")

    @pytest.mark.parametrize("holder", ["", "h" * 129, "a\x00b"])
    def test_holder_that_cannot_be_kept_is_refused(self, full: FullStore, holder: str) -> None:
        """Before anybody relies on it."""
        full.set(KEY, token())
        with pytest.raises(StoreError, match="holder"):
            full.acquire(KEY, holder, 60)


class ManagedContract:
    """``ManagedTokenStore``."""

    def test_it_is_one(self, full: FullStore) -> None:
        """To ``isinstance`` as well."""
        assert isinstance(full, ManagedTokenStore)

    def test_summary_tells_what_is_no_secret(self, full: FullStore) -> None:
        """The key whole, the expiry, whether it can be renewed, and since when it is there."""
        key = TokenKey("github", "Zo\u00eb", "work", "acme")
        full.set(key, token("secret", refresh_token="secret", expires_at=1_800_000_000))
        (told,) = full.summaries()
        assert (told.key, told.expires_at, told.refreshable) == (key, 1_800_000_000, True)
        assert abs(told.updated_at - time.time()) < 60
        assert "secret" not in repr(told)

    @pytest.mark.parametrize(
        ("name", "expires_at", "refreshable"),
        [
            ("OAuth 1.0", None, False),
            ("OAuth 2.0", 1_800_000_000, True),
            ("None", None, False),
            ("an expiry beyond all columns", 2**62, False),
            ("an expiry that is a text", 1_800_000_000, False),
            ("an expiry that is none", None, False),
        ],
    )
    def test_summary_of_each_kind(
        self, full: FullStore, name: str, expires_at: int | None, refreshable: bool
    ) -> None:
        """What the token says, as far as it can be understood."""
        full.set(KEY, TOKENS[name])
        (told,) = full.summaries()
        assert (told.expires_at, told.refreshable) == (expires_at, refreshable)

    def test_summaries_are_of_an_owner_and_of_a_client(self, full: FullStore) -> None:
        """Exactly these."""
        for key in KEYS:
            full.set(key, token())
        found = {told.key for told in full.summaries()}
        assert found == set(KEYS)
        of_ada = [told.key for told in full.summaries(owner="ada")]
        assert sorted(map(repr, of_ada)) == sorted(repr(k) for k in KEYS if k.owner == "ada")
        at_github = {told.key for told in full.summaries(client="github")}
        assert at_github == {key for key in KEYS if key.client == "github"}
        both = {told.key for told in full.summaries(owner="ada", client="GitHub")}
        assert both == {TokenKey("GitHub", "ada")}
        assert list(full.summaries(owner="nobody")) == []

    def test_summaries_of_many_tell_of_each_once(self, full: FullStore) -> None:
        """Also of several pages, which begin and end within what an owner has."""
        keys = [
            TokenKey(f"client {n % 3}", f"user {n % 4}", f"account {-n}", f"tenant {n % 7}")
            for n in range(230)
        ]
        for key in keys:
            full.set(key, token())
        assert sorted(repr(told.key) for told in full.summaries()) == sorted(map(repr, keys))
        assert len(list(full.summaries(client="client 1"))) == 77

    def test_summaries_go_on_while_tokens_are_deleted(self, full: FullStore) -> None:
        """None is left out."""
        keys = [TokenKey("github", f"user {n}") for n in range(230)]
        for key in keys:
            full.set(key, token())
        told: list[TokenKey] = []
        for one in full.summaries():
            told.append(one.key)
            full.delete(one.key)
        assert sorted(map(repr, told)) == sorted(map(repr, keys))
        assert list(full.summaries()) == []

    def test_delete_owner_deletes_all_of_one(self, full: FullStore) -> None:
        """And says how many; of no other owner."""
        for key in KEYS:
            full.set(key, token())
        mine = [key for key in KEYS if key.owner == "ada"]
        assert full.acquire(KEY, "one", 60)
        assert full.delete_owner("ada") == len(mine)
        assert full.delete_owner("ada") == 0
        assert {told.key for told in full.summaries()} == set(KEYS) - set(mine)
        full.set(KEY, token())
        assert full.acquire(KEY, "two", 60)

    def test_purge_forgets_what_is_dead(self, full: FullStore) -> None:
        """What expired before that moment, and cannot be renewed."""
        kept = {
            "expires later": token(expires_at=2000),
            "expires then": token(expires_at=1000),
            "does not expire": token(),
            "expired, but can be renewed": token(expires_at=5, refresh_token="r"),
            "OAuth 1.0": TOKENS["OAuth 1.0"],
        }
        for name, one in kept.items():
            full.set(TokenKey("github", name), one)
        for name, expiry in (("just", 999), ("long ago", 1), ("a text", "7")):
            full.set(TokenKey("github", name), token(expires_at=expiry))
        assert full.purge(1000) == 3
        assert full.purge(1000) == 0
        assert {told.key.owner for told in full.summaries()} == set(kept)

    def test_reseal_of_nothing_is_nothing(self, full: FullStore) -> None:
        """No progress to tell of."""
        full.set(KEY, token())
        assert list(full.reseal()) == []
        assert full.get(KEY) == token()


def rising(steps: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The steps of a rotation, each further than the one before."""
    found = list(steps)
    assert all(before[0] < after[0] for before, after in pairwise(found))
    assert all(done <= there for done, there in found)
    return found
