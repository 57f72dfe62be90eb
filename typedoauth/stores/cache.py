"""Credentials and tokens in a cache of the application's: cachelib, Flask-Caching and others."""

from __future__ import annotations

import hashlib
import logging
import secrets
from typing import Final

from typedoauth.errors import ConfigurationError, OAuthError, StoreError
from typedoauth.protocols import AtomicCache, Cache, DeletingCache, Sealing
from typedoauth.stores._documents import checked_sealing, context_of, decode, encode
from typedoauth.stores._keys import columns_of
from typedoauth.tokens import AnyToken, TokenKey

__all__ = ["CacheCredentialStore", "CacheTokenStore", "check_cache"]

logger: Final = logging.getLogger("typedoauth.stores")


def check_cache(cache: Cache) -> None:
    """Try a cache: what is set must be there.

    A cache that cannot be reached is let pass, with a warning in the log, so
    that an application starts before its cache does.

    Args:
        cache: The cache.

    Raises:
        ConfigurationError: It cannot be called as it is documented, or does not
            keep what it is given.
    """
    key, value = f"typedoauth:probe:{secrets.token_urlsafe(12)}", secrets.token_urlsafe(12)
    kind = type(cache).__name__
    try:
        cache.set(key, value, 60)
        kept = _text(cache.get(key))
        if isinstance(cache, DeletingCache):
            cache.delete(key)
    except (TypeError, AttributeError):
        raise ConfigurationError(
            f"cache: a {kind} cannot be called as set(key, value, seconds) and get(key); "
            "give one that can, such as those of cachelib"
        ) from None
    except Exception as error:  # noqa: BLE001  whatever a cache raises when out of reach
        logger.warning("cache %s could not be tried: %s", kind, type(error).__name__)
        return
    if kept != value:
        raise ConfigurationError(
            f"cache: a {kind} does not keep what it is given, so no login could end; "
            "give another one, or none for the session"
        )


class CacheCredentialStore:
    """Pending authorizations in a cache.

    What is taken is taken once where the cache can get and delete in one step
    (Redis: ``GETDEL``). With another, two requests at the very same moment may
    both get it.

    Args:
        cache: The cache.
    """

    __slots__ = ("_cache",)

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def put(self, key: str, value: str, expires: int, /) -> None:
        """Keep *value* under *key* for *expires* seconds.

        Args:
            key: A text that cannot be guessed.
            value: JSON text.
            expires: Seconds.

        Raises:
            StoreError: The cache failed.
        """
        try:
            self._cache.set(key, value, expires)
        except Exception as error:
            raise _failed(self._cache, error) from error

    def take(self, key: str, /) -> str | None:
        """Return what is kept under *key* and forget it.

        Args:
            key: The key it was put under.

        Returns:
            The value, or ``None`` when there is none, or it has expired.

        Raises:
            StoreError: The cache failed.
        """
        cache = self._cache
        try:
            if isinstance(cache, AtomicCache):
                return _text(cache.getdel(key)) or None
            value = _text(cache.get(key))
            if value and isinstance(cache, DeletingCache):
                cache.delete(key)
            elif value:
                cache.set(key, "", 1)
        except Exception as error:
            raise _failed(cache, error) from error
        return value or None


class CacheTokenStore:
    """Tokens in a cache.

    A cache may forget at any time, and its users then log in again. It has no leases, so
    one process renews a token once, and several processes might do so several times: with
    Redis, take :class:`RedisTokenStore`.

    Args:
        cache: The cache.
        sealing: Encrypts the tokens.
        lifetime: For how many seconds after it was written a token is kept.
        prefix: What the keys begin with.

    Raises:
        ConfigurationError: *sealing* cannot seal, or *lifetime* is shorter than a second.
    """

    __slots__ = ("_cache", "_lifetime", "_prefix", "_sealing")

    def __init__(
        self,
        cache: Cache,
        *,
        sealing: Sealing | None = None,
        lifetime: int = 90 * 86_400,
        prefix: str = "typedoauth:token:",
    ) -> None:
        if lifetime < 1:  # of cachelib, 0 is forever
            raise ConfigurationError("lifetime is at least a second")
        self._cache: Cache = cache
        self._sealing: Sealing | None = checked_sealing(sealing)
        self._lifetime: int = lifetime
        self._prefix: str = prefix

    def get(self, key: TokenKey, /) -> AnyToken | None:
        """Return the token that is kept under *key*, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token, or ``None``.

        Raises:
            StoreError: The cache failed, or the token cannot be opened.
        """
        name = self._name(key)
        try:
            value = _text(self._cache.get(name))
        except Exception as error:
            raise _failed(self._cache, error) from error
        return decode(key, value.encode(), self._sealing) if value else None

    def set(self, key: TokenKey, token: AnyToken, /) -> None:
        """Keep *token* under *key*.

        Args:
            key: What to keep it under.
            token: The token.

        Raises:
            StoreError: The cache failed, or the token cannot be kept.
        """
        name, value = self._name(key), encode(key, token, self._sealing).decode()
        try:
            self._cache.set(name, value, self._lifetime)
        except Exception as error:
            raise _failed(self._cache, error) from error

    def delete(self, key: TokenKey, /) -> None:
        """Forget what is kept under *key*, if anything is.

        Args:
            key: What it is kept under.

        Raises:
            StoreError: The cache failed.
        """
        name = self._name(key)
        try:
            if isinstance(self._cache, DeletingCache):
                self._cache.delete(name)
            else:
                self._cache.set(name, "", 1)
        except Exception as error:
            raise _failed(self._cache, error) from error

    def _name(self, key: TokenKey) -> str:
        # A hash: caches have limits of length, and of characters.
        columns_of(key)
        return self._prefix + hashlib.sha256(context_of(key)).hexdigest()


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode()
    return value if isinstance(value, str) else None


def _failed(cache: Cache, error: Exception) -> OAuthError:
    return StoreError(
        f"the cache, a {type(cache).__name__}, failed with {type(error).__name__}; "
        "see the cause of this error"
    )
