"""Tokens of the token store, seen from a remote app."""

from __future__ import annotations

from abc import abstractmethod
from typing import cast

from typedoauth.client import OAuth1Client
from typedoauth.client.stored_tokens import ask
from typedoauth.client.verbs import APICalls
from typedoauth.errors import ConfigurationError, MissingTokenError
from typedoauth.flask.context import context_token
from typedoauth.flask.shared import Owner
from typedoauth.flask.state import Resolved
from typedoauth.tokens import AnyToken, TokenKey, TokenT_co

__all__ = ["StoredTokens"]


class StoredTokens(APICalls[TokenT_co]):
    """Keeps tokens in the token store, and finds them there.

    Attributes:
        name: The client's name.
    """

    name: str

    @abstractmethod
    def _resolve(self) -> Resolved: ...

    def save_token(
        self,
        token: TokenT_co | None = None,
        *,
        owner: Owner | None = None,
        account: str | None = None,
    ) -> None:
        """Keep a token in the token store, at the end of a login.

        Args:
            token: The token; that of this application context when left out.
            owner: Whose it is; what the registry's ``owner`` tells when left out.
            account: Which of several accounts that the owner has at the service.

        Raises:
            ConfigurationError: There is no token store, or it is not clear whose
                token it is.
            MissingTokenError: There is no token, or nobody is logged in.
            InvalidTokenError: It is of the wrong kind.
            StoreError: The store failed.
        """
        resolved = self._resolve()
        used: object = context_token(resolved.key) if token is None else token
        if used is None:
            raise MissingTokenError(f"client {self.name!r} has no token to save; give it")
        key = self._key(resolved, owner, account)
        client = resolved.client
        if isinstance(client, OAuth1Client):
            client.save_token(client.check_token(used), key)
        else:
            client.save_token(client.check_token(used), key)

    def stored_token(
        self, *, owner: Owner | None = None, account: str | None = None
    ) -> TokenT_co | None:
        """Return a token of the token store, renewed if it has expired.

        Calls of the owner's own requests find it by themselves; this is for work
        outside a request, and for a second account: ``client.get(…, token=…)``.

        Args:
            owner: Whose it is; what the registry's ``owner`` tells when left out.
            account: Which of several accounts that the owner has at the service.

        Returns:
            The token, or ``None`` where there is none.

        Raises:
            ConfigurationError: There is no token store, or it is not clear whose
                token it is.
            LoginRequiredError: It has expired and cannot be renewed, or nobody is
                logged in.
            StoreError: The store failed.
            OAuthError: Renewing it failed.
        """
        resolved = self._resolve()
        found = resolved.client.stored_token(self._key(resolved, owner, account))
        return cast("TokenT_co | None", found)  # of the app's kind

    def delete_token(self, *, owner: Owner | None = None, account: str | None = None) -> None:
        """Forget a token of the token store; it goes on to be good at the server.

        Args:
            owner: Whose it is; what the registry's ``owner`` tells when left out.
            account: Which of several accounts that the owner has at the service.

        Raises:
            ConfigurationError: There is no token store, or it is not clear whose
                token it is.
            MissingTokenError: Nobody is logged in.
            StoreError: The store failed.
        """
        resolved = self._resolve()
        resolved.client.delete_token(self._key(resolved, owner, account))

    def _kept_token(self, resolved: Resolved, key: TokenKey) -> AnyToken | None:
        """The token of the token store as it is, expired or not."""
        store = resolved.state.shared.token_store
        if store is None:
            raise ConfigurationError(
                f"client {self.name!r} has no token store; give OAuth(…, token_store=)"
            )
        found = ask(store, store.get, key)
        return None if found is None else resolved.client.check_token(found)

    def _key(self, resolved: Resolved, owner: Owner | None, account: str | None) -> TokenKey:
        if owner == "":
            raise ConfigurationError("owner= is an empty text; it is to identify a user")
        key = resolved.token_key(owner, account)
        if key is None and resolved.state.shared.owner is None:
            raise ConfigurationError(
                f"it is not clear whose token of client {self.name!r} is meant: give owner=, or "
                "OAuth(…, owner=function)"
            )
        if key is None:
            raise MissingTokenError(
                f"nobody is logged in whose token of client {self.name!r} could be meant"
            )
        return key
