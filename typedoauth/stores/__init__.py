"""Where credentials are kept between two requests."""

from __future__ import annotations

from typedoauth.protocols import AtomicCache, Cache, CredentialStore, DeletingCache
from typedoauth.stores.cache import CacheCredentialStore, check_cache
from typedoauth.stores.memory import MemoryCredentialStore
from typedoauth.tokens import TokenKey

__all__ = [
    "AtomicCache",
    "Cache",
    "CacheCredentialStore",
    "CredentialStore",
    "DeletingCache",
    "MemoryCredentialStore",
    "TokenKey",
    "check_cache",
]
