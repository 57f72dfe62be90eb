"""The token stores of the application at hand, and the clients whose tokens they keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from flask import current_app

from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, UnknownClientError
from typedoauth.flask.applications import states
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.shared import AnyTokenStore
from typedoauth.flask.state import AppState
from typedoauth.protocols import ManagedTokenStore
from typedoauth.tokens import TokenKey

__all__ = ["KeptTokens", "managed", "remote_app", "stream", "token_stores"]

_MANAGED: Final = ("summaries", "delete_owner", "purge", "reseal")

_AnswerT = TypeVar("_AnswerT")


@dataclass(frozen=True, slots=True)
class KeptTokens:
    """A token store.

    Attributes:
        store: The store.
        states: What the registries that use it keep for the application; never empty.
    """

    store: AnyTokenStore
    states: list[AppState]

    def now(self) -> float:
        """The present time, by the clock of the registries."""
        return self.states[0].clock()


def token_stores() -> list[KeptTokens]:
    """Every token store of the application at hand, once.

    Returns:
        At least one.

    Raises:
        ConfigurationError: There is none.
    """
    found: dict[int, KeptTokens] = {}
    for state in states(current_app):
        store = state.shared.token_store
        if store is not None:
            found.setdefault(id(store), KeptTokens(store, [])).states.append(state)
    if not found:
        raise ConfigurationError(
            f"the application {current_app.name!r} keeps no tokens; give OAuth(…, token_store=…) "
            "or init_app(…, token_store=…) a store"
        )
    return list(found.values())


def managed(kept: KeptTokens) -> ManagedTokenStore:
    """Take a store for one whose contents can be listed.

    Args:
        kept: The store.

    Returns:
        The same.

    Raises:
        ConfigurationError: It is none; the message says what it lacks.
    """
    store: object = kept.store
    if isinstance(store, ManagedTokenStore):
        return store
    lacking = [name for name in _MANAGED if not callable(getattr(store, name, None))]
    raise ConfigurationError(
        f"this needs a token store that can list what it keeps, such as SQLTokenStore; a "
        f"{type(store).__name__} has no {', '.join(lacking)} (see ManagedTokenStore)"
    )


def stream(kept: KeptTokens, begin: Callable[[], Iterator[_AnswerT]]) -> Iterator[_AnswerT]:
    """Pass on what a store gives, as it is read.

    Args:
        kept: The store.
        begin: Its method.

    Returns:
        What it gives.

    Raises:
        StoreError: It failed.
    """
    given = ask(kept.store, begin)
    while (one := ask(kept.store, lambda: next(given, None))) is not None:
        yield one


def remote_app(kept: KeptTokens, key: TokenKey) -> RemoteApp:
    """Find the client of a token.

    Args:
        kept: Where the token is.
        key: What it is kept under.

    Returns:
        The client: of a registry that uses this store.

    Raises:
        UnknownClientError: It is not registered any more.
        OAuthError: Its settings are wrong, or the client store failed.
    """
    for state in kept.states:
        if state.registry is not None:
            with suppress(UnknownClientError):
                return state.registry.bind(state.app).create_client(key.client, key.tenant)
    name = key.client if key.tenant is None else f"{key.client}@{key.tenant}"
    raise UnknownClientError(f"no client {name!r} is registered any more")
