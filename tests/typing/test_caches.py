"""The caches that people have are caches to both checkers, and at run time."""

from __future__ import annotations

from pathlib import Path

import flask_caching
import redis
from cachelib import FileSystemCache, SimpleCache
from cachelib.base import BaseCache

from tests.typing.services import new_app
from typedoauth.flask import OAuth
from typedoauth.protocols import AtomicCache, Cache, DeletingCache


class DocumentedCache:
    """Written after the documentation page: ``.get(key)``, ``.set(key, value, expires=None)``."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """What is there."""
        return self.values.get(key)

    def set(self, key: str, value: str, expires: int | None = None) -> None:
        """Keep it."""
        self.values[key] = value


class OtherNames:
    """With names and types of its own."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def get(self, name: str, default: bytes | None = None) -> bytes | None:
        """What is there."""
        return self.values.get(name, default)

    def set(self, name: str, data: str | bytes, timeout: float = 0) -> bool:
        """Keep it."""
        self.values[name] = data.encode() if isinstance(data, str) else data
        return True

    def delete(self, *names: str) -> int:
        """Forget them."""
        return len([self.values.pop(name, None) for name in names])


def test_documented_cache_is_a_cache() -> None:
    """Two methods with the documented parameters are enough."""
    cache = DocumentedCache()
    OAuth(new_app(), cache=cache)
    assert len(cache.values) == 1


def test_names_of_parameters_do_not_matter() -> None:
    """The library calls by position, and both checkers know."""
    cache = OtherNames()
    deleting: DeletingCache = cache
    oauth = OAuth()
    oauth.init_app(new_app(), cache=deleting)
    assert cache.values == {}


def test_cachelib_caches_are_caches(tmp_path: Path) -> None:
    """Each of them, and whatever derives from their base."""
    caches: list[BaseCache] = [SimpleCache(), FileSystemCache(str(tmp_path))]
    for cache in caches:
        assert OAuth(new_app(), cache=cache).cache is cache


def test_flask_caching_is_a_cache() -> None:
    """Initialised for the application, as it wants to be."""
    app = new_app()
    cache = flask_caching.Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    assert OAuth(app, cache=cache).cache is cache


def test_redis_client_is_a_cache_that_takes_at_once() -> None:
    """With and without ``decode_responses``; no server is needed to say so."""
    for cache in (redis.Redis(), redis.Redis(decode_responses=True)):
        atomic: AtomicCache = cache
        plain: Cache = cache
        assert OAuth(cache=atomic).cache is plain
