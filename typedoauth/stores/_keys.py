"""Keys of tokens as stores write them: exact texts of bounded length, none of them empty."""

from __future__ import annotations

from typing import Final

from typedoauth.errors import StoreError
from typedoauth.tokens import TokenKey

OWNER_BYTES: Final = 512
CLIENT_BYTES: Final = 255
ACCOUNT_BYTES: Final = 512
TENANT_BYTES: Final = 255
HOLDER_BYTES: Final = 128


def columns_of(key: TokenKey) -> tuple[str, str, str, str]:
    """Owner, client, account and tenant; an empty text where there is no account or tenant.

    Raises:
        StoreError: One of them cannot be kept.
    """
    account, tenant = key.account, key.tenant
    return (
        checked("owner", key.owner, OWNER_BYTES),
        checked("client", key.client, CLIENT_BYTES),
        "" if account is None else checked("account", account, ACCOUNT_BYTES),
        "" if tenant is None else checked("tenant", tenant, TENANT_BYTES),
    )


def key_of(owner: str, client: str, account: str, tenant: str) -> TokenKey:
    """The key that :func:`columns_of` wrote."""
    return TokenKey(client, owner, account or None, tenant or None)


def checked(name: str, value: object, limit: int) -> str:
    """A text that every store can keep, and compare.

    Raises:
        StoreError: It is none.
    """
    if not isinstance(value, str):
        raise StoreError(
            f"{name} is a text, not {type(value).__name__}; give str({name}), always the same way"
        )
    try:
        size = len(value) if value.isascii() else len(value.encode())
    except UnicodeEncodeError:
        raise StoreError(f"{name} holds half a surrogate pair, which is no character") from None
    if not value:
        raise StoreError(f"{name} is an empty text; give None, or what tells one from another")
    if size > limit:
        raise StoreError(f"{name} has {size} bytes and may have {limit}; keep a hash of it instead")
    if "\x00" in value:
        raise StoreError(f"{name} holds a NUL character, which databases do not keep")
    return value
