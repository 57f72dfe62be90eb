"""What all clients of a registry share: where logins and tokens are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from typedoauth.client.callbacks import adapt_fetch, adapt_update
from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError
from typedoauth.protocols import Cache, ClientStore, ManagedTokenStore, TokenStore
from typedoauth.tokens import AnyToken, OAuth1Token, OAuth2Token

__all__ = [
    "AnyTokenStore",
    "FetchSharedToken",
    "FindOwner",
    "Owner",
    "Shared",
    "UpdateSharedToken",
    "UpdateSharedWithOldTokens",
]


class UpdateSharedWithOldTokens(Protocol):
    """Takes client name and new token, and by keyword what the token replaces."""

    def __call__(
        self,
        name: str,
        token: OAuth2Token,
        /,
        *,
        refresh_token: str | None,
        access_token: str | None,
    ) -> object:
        """Keep the new token."""
        ...


FetchSharedToken: TypeAlias = Callable[[str], AnyToken | None]
"""Called with a client's name for the token of a call."""
UpdateSharedToken: TypeAlias = Callable[[str, OAuth2Token], object] | UpdateSharedWithOldTokens
"""Called with a client's name and each renewed token; what it returns is ignored."""
AnyTokenStore: TypeAlias = TokenStore | TokenStore[OAuth1Token] | TokenStore[OAuth2Token]
"""A token store for tokens of either kind, or of one kind alone."""
Owner: TypeAlias = str | int
"""The application's own identifier of a user; a number is kept as its digits."""
FindOwner: TypeAlias = Callable[[], Owner | None]
"""Tells whose request this is; ``None`` where nobody is logged in."""


def owner_text(owner: object) -> str | None:
    """What a store keeps tokens under; ``None`` where nobody is logged in.

    Raises:
        ConfigurationError: It identifies nobody. The text of an object may be its
            address, which another user's object has later.
    """
    if owner is None or owner == "":
        return None
    if isinstance(owner, str):
        return owner
    if isinstance(owner, int) and not isinstance(owner, bool):
        return str(owner)
    raise ConfigurationError(
        f"an owner is the text or number that identifies a user, not {type(owner).__name__}; "
        "for a user object give its id, as in lambda: current_user.get_id()"
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """What was given to a registry, or to one application of it.

    Attributes:
        cache: Where open logins are kept.
        fetch_token: Fetches tokens.
        update_token: Keeps renewed tokens.
        token_store: Keeps tokens.
        owner: Tells whose tokens a request is about.
        client_store: Knows clients that are not registered here.
    """

    cache: Cache | None = None
    fetch_token: FetchSharedToken | None = None
    update_token: UpdateSharedToken | None = None
    token_store: AnyTokenStore | None = None
    owner: FindOwner | None = None
    client_store: ClientStore | None = None

    def check(self) -> None:
        """Check the shapes of the functions.

        Raises:
            ConfigurationError: One cannot be called as it is to be.
        """
        if self.fetch_token is not None:
            adapt_fetch(self.fetch_token, "fetch_token", "name")
        if self.update_token is not None:
            adapt_update(self.update_token, "update_token", "name")
        if self.owner is not None:
            adapt_fetch(self.owner, "owner")
        _check_methods(
            "token_store", self.token_store, "get(key)", "set(key, token)", "delete(key)"
        )
        _check_methods("client_store", self.client_store, "get(name, tenant)")

    def over(self, defaults: Shared) -> Shared:
        """Fill in from *defaults* what was not given.

        Args:
            defaults: What the registry was given.

        Returns:
            What applies.
        """
        return Shared(
            defaults.cache if self.cache is None else self.cache,
            self.fetch_token or defaults.fetch_token,
            self.update_token or defaults.update_token,
            defaults.token_store if self.token_store is None else self.token_store,
            self.owner or defaults.owner,
            defaults.client_store if self.client_store is None else self.client_store,
        )

    def delete_owner(self, owner: Owner) -> int:
        """Forget everything that the token store keeps of one user.

        Args:
            owner: The application's own identifier of the user.

        Returns:
            How many tokens there were.

        Raises:
            ConfigurationError: There is no token store, or it cannot do that.
            StoreError: The store failed.
        """
        whose = owner_text(owner)
        if whose is None:
            raise ConfigurationError("owner is to identify a user")
        store: object = self.token_store
        if not isinstance(store, ManagedTokenStore):
            raise ConfigurationError(
                "delete_owner needs a token store that can list what it keeps, such as "
                "SQLTokenStore (see ManagedTokenStore)"
            )
        return ask(store, store.delete_owner, whose)


def _check_methods(what: str, given: object, *methods: str) -> None:
    if given is None:
        return
    if isinstance(given, type):
        raise ConfigurationError(
            f"{what} is a class, {given.__name__}; make one: {given.__name__}(…)"
        )
    for method in methods:
        if not callable(getattr(given, method.partition("(")[0], None)):
            raise ConfigurationError(
                f"{what}: a {type(given).__name__} has no method {method}; it is to have "
                f"{', '.join(methods)}"
            )
