"""Pending authorizations in caches as they really are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis
from cachelib import FileSystemCache, NullCache, SimpleCache
from flask import Flask
from flask_caching import Cache as FlaskCache
from redis.backoff import NoBackoff
from redis.retry import Retry
from typing_extensions import override

from tests.flask.caches import AtomicMemory, Forgetful
from tests.services import redis_client
from typedoauth.errors import ConfigurationError, StoreError
from typedoauth.protocols import AtomicCache, Cache, DeletingCache
from typedoauth.stores import CacheCredentialStore, CacheTokenStore, check_cache

KEY = "typedoauth:test:key"


@pytest.fixture(
    params=["simple", "files", "flask-caching", "redis", "redis text", "page", "getdel"]
)
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cache]:
    """Each cache that people have."""
    with ExitStack() as stack:
        match request.param:
            case "simple":
                yield SimpleCache()
            case "files":
                yield FileSystemCache(str(tmp_path))
            case "flask-caching":
                app = Flask("cached")
                made = FlaskCache(app, config={"CACHE_TYPE": "SimpleCache"})
                stack.enter_context(app.app_context())
                yield made
            case "page":
                yield Forgetful()
            case "getdel":
                yield AtomicMemory()
            case kind:
                client = stack.enter_context(redis_client(decode_responses=kind == "redis text"))
                client.delete(KEY)
                yield client
                client.delete(KEY)


def test_what_is_put_is_taken_once(cache: Cache) -> None:
    """As text, whatever the cache answers."""
    store = CacheCredentialStore(cache)
    store.put(KEY, '{"é": 1}', 60)
    assert store.take(KEY) == '{"é": 1}'
    assert store.take(KEY) is None


def test_what_is_not_there_is_none(cache: Cache) -> None:
    """Nothing was put."""
    assert CacheCredentialStore(cache).take(KEY) is None


def test_what_is_put_again_replaces(cache: Cache) -> None:
    """The later one counts."""
    store = CacheCredentialStore(cache)
    store.put(KEY, "first", 60)
    store.put(KEY, "second", 60)
    assert store.take(KEY) == "second"


def test_cache_that_keeps_is_let_pass(cache: Cache, caplog: pytest.LogCaptureFixture) -> None:
    """Without a word."""
    check_cache(cache)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("kind", "deletes", "atomic"),
    [(SimpleCache, True, False), (Forgetful, False, False), (redis.Redis, True, True)],
)
def test_what_a_cache_can_do_is_told_from_its_methods(
    kind: Callable[[], object], deletes: bool, atomic: bool
) -> None:
    """``delete`` and ``getdel`` are used where they are."""
    made = kind()
    assert (isinstance(made, DeletingCache), isinstance(made, AtomicCache)) == (deletes, atomic)


def test_redis_forgets_by_itself() -> None:
    """The seconds reach Redis as its expiry."""
    with redis_client() as client:
        CacheCredentialStore(client).put(KEY, "x", 60)
        assert 0 < client.ttl(KEY) <= 60
        client.delete(KEY)


class _NoSeconds:
    def get(self, key: str) -> str | None:
        return None

    def set(self, key: str, value: str) -> None:
        """Takes no seconds."""


class _Keyword:
    def get(self, key: str) -> str | None:
        return None

    def set(self, key: str, value: str, *, expires: int) -> None:
        """Takes seconds by keyword only."""


class _Liar(Forgetful):
    @override
    def get(self, key: str) -> str | None:
        return "something else"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (NullCache, "NullCache does not keep"),
        (_Liar, "_Liar does not keep"),
        (_NoSeconds, "cannot be called as set"),
        (_Keyword, "cannot be called as set"),
        (object, "cannot be called as set"),
        (dict, "cannot be called as set"),
    ],
)
def test_cache_that_cannot_serve_is_refused(kind: Callable[[], Any], said: str) -> None:
    """With what is wrong about it, and no cause to read through."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        check_cache(kind())
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def unreachable() -> redis.Redis:
    """A Redis where there is none."""
    return redis.Redis("127.0.0.1", 1, retry=Retry(NoBackoff(), 0))


def test_unreachable_cache_is_a_warning_at_first(caplog: pytest.LogCaptureFixture) -> None:
    """An application may start before its cache does."""
    with caplog.at_level(logging.WARNING, "typedoauth"):
        check_cache(unreachable())
    assert [record.getMessage() for record in caplog.records] == [
        "cache Redis could not be tried: ConnectionError"
    ]


def test_unreachable_cache_is_a_store_error() -> None:
    """With what failed as its cause."""
    store = CacheCredentialStore(unreachable())
    acts: list[Callable[[], object]] = [
        lambda: store.put(KEY, "value", 60),
        lambda: store.take(KEY),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="Redis, failed with ConnectionError") as caught:
            act()
        assert isinstance(caught.value.__cause__, redis.ConnectionError)
        assert "value" not in str(caught.value)


class _Foreign:
    """Somebody else put something under the key."""

    def __init__(self, kept: object) -> None:
        self._kept = kept

    def get(self, key: str) -> Any:  # any: what the types do not allow
        return self._kept

    def set(self, key: str, value: str, expires: int) -> None:
        """Keeps nothing."""


@pytest.mark.parametrize("kept", [5, ["x"], {"a": 1}, "", b""])
def test_foreign_value_is_no_login(kept: object) -> None:
    """What is no text is not there."""
    assert CacheCredentialStore(_Foreign(kept)).take(KEY) is None


def test_bytes_that_are_no_text_are_a_store_error() -> None:
    """They are not quoted."""
    with pytest.raises(StoreError, match="UnicodeDecodeError"):
        CacheCredentialStore(_Foreign(b"\xff\xfe")).take(KEY)


@pytest.mark.parametrize("lifetime", [0, -1])
def test_tokens_that_would_not_last_are_refused(lifetime: int) -> None:
    """A lifetime of 0 is forever in one cache, and no time at all in another."""
    with pytest.raises(ConfigurationError, match="lifetime"):
        CacheTokenStore(SimpleCache(), lifetime=lifetime)
