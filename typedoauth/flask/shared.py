"""What all clients of a registry share: cache, ``fetch_token`` and ``update_token``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from typedoauth.client.callbacks import adapt_fetch, adapt_update
from typedoauth.protocols import Cache
from typedoauth.tokens import AnyToken, OAuth2Token

__all__ = ["FetchSharedToken", "Shared", "UpdateSharedToken", "UpdateSharedWithOldTokens"]


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


@dataclass(frozen=True, slots=True)
class Shared:
    """What was given to a registry, or to one application of it.

    Attributes:
        cache: Where open logins are kept.
        fetch_token: Fetches tokens.
        update_token: Keeps renewed tokens.
    """

    cache: Cache | None = None
    fetch_token: FetchSharedToken | None = None
    update_token: UpdateSharedToken | None = None

    def check(self) -> None:
        """Check the shapes of the functions.

        Raises:
            ConfigurationError: One cannot be called as it is to be.
        """
        if self.fetch_token is not None:
            adapt_fetch(self.fetch_token, "fetch_token", "name")
        if self.update_token is not None:
            adapt_update(self.update_token, "update_token", "name")

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
        )
