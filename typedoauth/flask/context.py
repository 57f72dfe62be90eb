"""What one request holds for each client: the token of its calls, the data of its login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flask import g, has_app_context, has_request_context, request

from typedoauth.tokens import AnyToken

__all__ = ["Key", "context_data", "context_token", "keep_data", "keep_token", "replace_token"]

Key: TypeAlias = tuple[object, str]
"""An application's state, and the name of a client."""


@dataclass(slots=True, eq=False, repr=False)
class _Held:
    """What an application context holds, for the request that it belongs to.

    Attributes:
        request: The WSGI environment of that request; ``None`` outside of requests.
        tokens: Tokens by client.
        data: The callers' own data by client.
    """

    request: object
    tokens: dict[Key, AnyToken] = field(default_factory=dict[Key, AnyToken])
    data: dict[Key, Mapping[str, object]] = field(default_factory=dict[Key, Mapping[str, object]])


def context_token(key: Key) -> AnyToken | None:
    """The token that is held for a client, or ``None``."""
    return _held().tokens.get(key) if has_app_context() else None


def keep_token(key: Key, token: AnyToken | None) -> None:
    """Hold *token* for a client; ``None`` takes it away."""
    tokens = _held().tokens
    if token is None:
        tokens.pop(key, None)
    else:
        tokens[key] = token


def replace_token(key: Key, old: str | None, token: AnyToken) -> None:
    """Hold *token*, if what is held has the access token *old*."""
    held: Mapping[str, object] | None = context_token(key)
    if held is not None and held.get("access_token") == old:
        keep_token(key, token)


def context_data(key: Key) -> Mapping[str, object]:
    """The caller's own data of the login that this request answered."""
    return _held().data.get(key, {}) if has_app_context() else {}


def keep_data(key: Key, data: Mapping[str, object]) -> None:
    """Hold the caller's own data of a login."""
    _held().data[key] = data


def _held() -> _Held:
    # A request inside of a context that somebody pushed before (a test, a shell)
    # shares its g with the requests before it, but never their tokens.
    owner = request.environ if has_request_context() else None
    found: object = g.get("_typedoauth")
    if not isinstance(found, _Held) or found.request is not owner:
        found = g._typedoauth = _Held(owner)
    return found
