"""What is kept between requests: the cache, the token store, and whose tokens are whose."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Final, cast

from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, OAuthError, StoreError
from typedoauth.flask.doctor.findings import Finding, fine, problem
from typedoauth.flask.shared import AnyTokenStore, Shared, owner_text
from typedoauth.protocols import Cache, DeletingCache, TokenStore
from typedoauth.stores.memory import MemoryTokenStore
from typedoauth.tokens import OAuth2Token, TokenKey

__all__ = ["check_cache", "check_owner", "check_token_store"]

_SECONDS: Final = 5
_NOBODY: Final = frozenset({"none", "anonymous", "null", "0", "false"})


def check_cache(cache: Cache, explain: Callable[[OAuthError], str]) -> Iterator[Finding]:
    """Put something into the cache, read it, and take it out again.

    Args:
        cache: The cache.
        explain: Says why a store failed, without what is secret.

    Yields:
        What is to be said of it.
    """
    kind = type(cache).__name__
    key, value = f"typedoauth:doctor:{secrets.token_urlsafe(12)}", secrets.token_urlsafe(12)
    try:
        kept = _round_trip(cache, key, value)
    except StoreError as error:
        yield problem(
            "cache_failed",
            f"the cache, a {kind}, failed, and no login can begin: "
            f"{explain(error).replace('token store', 'cache')}",
            "see that it runs, and that its address and password are right",
        )
        return
    if kept != value:
        yield problem(
            "cache_lossy",
            f"the cache, a {kind}, does not give back what was put in, so no login can end",
            "give another cache, or none: logins are then kept in the session",
        )
    elif _in_process(cache):
        yield problem(
            "cache_in_process",
            f"the cache, a {kind}, is in this process alone: a login that ends in another "
            "worker, or after a restart, fails",
            "give a cache that all workers share, such as Redis, or none",
        )
    else:
        yield fine("cache", f"the cache, a {kind}, gives back what was put in")


def _round_trip(cache: Cache, key: str, value: str) -> str | None:
    ask(cache, cache.set, key, value, _SECONDS)
    found = ask(cache, cache.get, key)
    if isinstance(cache, DeletingCache):
        ask(cache, cache.delete, key)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found


def _in_process(cache: object) -> bool:
    # Flask-Caching wraps those of cachelib.
    inner: object = getattr(cache, "cache", None)
    return "SimpleCache" in (type(cache).__name__, type(inner).__name__)


def check_token_store(
    store: AnyTokenStore, explain: Callable[[OAuthError], str]
) -> Iterator[Finding]:
    """Keep a token that is none, read it, and delete it again.

    Args:
        store: The token store.
        explain: Says why a store failed, without what is secret.

    Yields:
        What is to be said of it.
    """
    kind = type(store).__name__
    # Of OAuth 2.0; a store looks at no more than that it is a dict.
    any_store = cast("TokenStore[OAuth2Token]", store)
    key = TokenKey("typedoauth_doctor", f"doctor:{secrets.token_urlsafe(12)}")
    token: OAuth2Token = {"access_token": secrets.token_urlsafe(12), "token_type": "Bearer"}
    try:
        try:
            ask(store, any_store.set, key, token)
            found = ask(store, any_store.get, key)
        finally:
            ask(store, any_store.delete, key)
        left = ask(store, any_store.get, key)
    except OAuthError as error:
        yield problem(
            "token_store_failed",
            f"the token store, a {kind}, failed: {explain(error)}",
            "see that the database runs, that its address and password are right, and that its "
            "tables are there",
        )
        return
    if found is None or found.get("access_token") != token["access_token"] or left is not None:
        what = "deletes nothing" if left is not None else "does not give back what was put in"
        yield problem(
            "token_store_lossy",
            f"the token store, a {kind}, {what}",
            "correct its get, set and delete; see docs/extending.md",
        )
    elif isinstance(store, MemoryTokenStore):
        yield problem(
            "token_store_in_process",
            "the token store is in this process alone: other workers do not have the tokens, and "
            "a restart forgets them",
            "use SQLTokenStore or RedisTokenStore where the application is deployed",
        )
    else:
        yield fine("token_store", f"the token store, a {kind}, keeps, gives back and deletes")


def check_owner(shared: Shared, find: Callable[[], object]) -> Iterator[Finding]:
    """Ask the application whose a request is that nobody is logged in with.

    Args:
        shared: What the registry was given.
        find: Asks the application in such a request.

    Yields:
        What is to be said of it.
    """
    if shared.owner is None:
        yield problem(
            "owner_missing",
            "there is a token store, and no owner= that tells whose tokens a request is about: "
            "calls without token= fail",
            "give OAuth(…, owner=function), such as lambda: session.get('user_id')",
        )
        return
    try:
        found = find()
    except Exception as error:  # noqa: BLE001  whatever the application raises
        yield problem(
            "owner_fails",
            f"owner() raises {type(error).__name__} in a request that nobody is logged in with, "
            "and before which no before_request function has run",
            "let it give None then",
        )
        return
    try:
        text = owner_text(found)
    except ConfigurationError as error:
        yield problem("owner_unusable", error.description, "give the user's identifier, as a text")
        return
    if text is not None:
        same = " (as a text)" if text.lower() in _NOBODY else ""
        yield problem(
            "owner_for_nobody",
            f"owner() names somebody where nobody is logged in{same}: all who are not logged in "
            "share that one's tokens",
            "let it give None then",
        )
    else:
        yield fine("owner", "owner() gives None where nobody is logged in")
