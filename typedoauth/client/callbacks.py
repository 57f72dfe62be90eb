"""The application's own functions that fetch and keep tokens, in all their shapes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Protocol, TypeAlias

from typedoauth.errors import ConfigurationError
from typedoauth.tokens import OAuth2Token

__all__ = ["UpdateToken", "adapt_fetch", "adapt_save", "adapt_update"]


class UpdateWithOldTokens(Protocol):
    """Takes the new token, and by keyword what it replaces."""

    def __call__(
        self, token: OAuth2Token, /, *, refresh_token: str | None, access_token: str | None
    ) -> object:
        """Keep the new token."""
        ...


UpdateToken: TypeAlias = Callable[[OAuth2Token], object] | UpdateWithOldTokens
"""Keeps a refreshed token; what it returns is ignored."""

AdaptedUpdate: TypeAlias = Callable[[OAuth2Token, OAuth2Token], object]


def _accepts(function: Callable[..., object], *arguments: object, **keywords: object) -> bool:
    try:
        inspect.signature(function).bind(*arguments, **keywords)
    except TypeError:
        return False
    except ValueError:  # a builtin that tells no signature
        return not keywords
    return True


def _check(function: object, what: str) -> Callable[..., object]:
    if not callable(function):
        raise ConfigurationError(f"{what} is to be a function, not {type(function).__name__}")
    if inspect.iscoroutinefunction(function):
        raise ConfigurationError(f"{what} is an async function; give an ordinary one")
    return function


def adapt_fetch(function: object, what: str, *leading: str) -> Callable[[], object]:
    """Check the shape of a function that fetches, and bind its leading arguments.

    Args:
        function: The function.
        what: Its keyword, for messages.
        leading: Arguments that it gets: the client's name, at registry level.

    Returns:
        A function without arguments.

    Raises:
        ConfigurationError: It cannot be called that way.
    """
    checked = _check(function, what)
    if not _accepts(checked, *leading):
        raise ConfigurationError(f"{what} is to be called as {what}({_shown(leading)})")
    return lambda: checked(*leading)


def adapt_save(function: object, what: str) -> Callable[[object], object]:
    """Check the shape of a function of one argument that keeps something.

    Args:
        function: The function.
        what: Its keyword, for messages.

    Returns:
        The function.

    Raises:
        ConfigurationError: It cannot be called with one argument.
    """
    checked = _check(function, what)
    if not _accepts(checked, {}):
        raise ConfigurationError(f"{what} is to be called as {what}(token)")
    return checked


def adapt_update(function: object, what: str, *leading: str) -> AdaptedUpdate:
    """Check the shape of a function that keeps a token, and tell which it is.

    Args:
        function: The function.
        what: Its keyword, for messages.
        leading: Arguments that it gets first: the client's name, at registry level.

    Returns:
        A function of the new token and the old one.

    Raises:
        ConfigurationError: It can be called in neither way.
    """
    checked = _check(function, what)
    if _accepts(checked, *leading, {}, refresh_token=None, access_token=None):
        return lambda new, old: checked(
            *leading,
            new,
            refresh_token=old.get("refresh_token"),
            access_token=old["access_token"],
        )
    if _accepts(checked, *leading, {}):
        return lambda new, old: checked(*leading, new)
    shown = _shown((*leading, "token"))
    raise ConfigurationError(
        f"{what} is to be called as {what}({shown}) "
        f"or {what}({shown}, refresh_token=..., access_token=...)"
    )


def _shown(arguments: tuple[str, ...]) -> str:
    return ", ".join("name" if one != "token" else one for one in arguments)
