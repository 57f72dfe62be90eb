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
from typedoauth.stores.cache import CacheCredentialStore, check_cache
from typedoauth.stores.memory import MemoryCredentialStore, MemoryTokenStore
from typedoauth.stores.sealing import AESGCMSealing
from typedoauth.tokens import StoredToken, TokenKey, TokenSummary

__all__ = [
    "AESGCMSealing",
    "AtomicCache",
    "Cache",
    "CacheCredentialStore",
    "CredentialStore",
    "DeletingCache",
    "LeasingTokenStore",
    "ManagedTokenStore",
    "MemoryCredentialStore",
    "MemoryTokenStore",
    "Sealing",
    "StoredToken",
    "TokenKey",
    "TokenStore",
    "TokenSummary",
    "check_cache",
]
