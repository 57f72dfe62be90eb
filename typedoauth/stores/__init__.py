"""Where credentials are kept between two requests."""

from __future__ import annotations

from typedoauth.protocols import (
    AtomicCache,
    Cache,
    CredentialStore,
    DeletingCache,
    LeasingTokenStore,
    ManagedTokenStore,
    Sealing,
    TokenStore,
)
from typedoauth.stores.cache import CacheCredentialStore, CacheTokenStore, check_cache
from typedoauth.stores.memory import MemoryCredentialStore, MemoryTokenStore
from typedoauth.stores.redis import RedisClient, RedisTokenStore
from typedoauth.stores.sealing import AESGCMSealing
from typedoauth.stores.sql import SQLEngine, SQLTokenStore
from typedoauth.stores.sql_credentials import SQLCredentialStore
from typedoauth.tokens import StoredToken, TokenKey, TokenSummary

__all__ = [
    "AESGCMSealing",
    "AtomicCache",
    "Cache",
    "CacheCredentialStore",
    "CacheTokenStore",
    "CredentialStore",
    "DeletingCache",
    "LeasingTokenStore",
    "ManagedTokenStore",
    "MemoryCredentialStore",
    "MemoryTokenStore",
    "RedisClient",
    "RedisTokenStore",
    "SQLCredentialStore",
    "SQLEngine",
    "SQLTokenStore",
    "Sealing",
    "StoredToken",
    "TokenKey",
    "TokenStore",
    "TokenSummary",
    "check_cache",
]
