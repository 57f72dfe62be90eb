"""Where credentials are kept between two requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
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

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.protocols": (
                "AtomicCache Cache CredentialStore DeletingCache LeasingTokenStore "
                "ManagedTokenStore Sealing TokenStore"
            ),
            "typedoauth.stores.cache": "CacheCredentialStore CacheTokenStore check_cache",
            "typedoauth.stores.memory": "MemoryCredentialStore MemoryTokenStore",
            "typedoauth.stores.redis": "RedisClient RedisTokenStore",
            "typedoauth.stores.sealing": "AESGCMSealing",
            "typedoauth.stores.sql": "SQLEngine SQLTokenStore",
            "typedoauth.stores.sql_credentials": "SQLCredentialStore",
            "typedoauth.tokens": "StoredToken TokenKey TokenSummary",
        },
    )
