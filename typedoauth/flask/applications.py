"""The Flask applications that a registry serves, and which of them is at hand."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app, has_app_context

from typedoauth.errors import ContextError
from typedoauth.flask.shared import Shared
from typedoauth.flask.state import AppState, asks_for_traces
from typedoauth.protocols import Clock, Transport

if TYPE_CHECKING:
    from typedoauth.flask.registry import OAuth

__all__ = ["Applications", "registries", "states"]

_EXTENSION: Final = "typedoauth"


def states(app: Flask) -> list[AppState]:
    """What registries keep for an application.

    Args:
        app: The application.

    Returns:
        The state of each.
    """
    found: Mapping[object, AppState] = app.extensions.get(_EXTENSION, {})
    return list(found.values())


def registries(app: Flask) -> list[OAuth]:
    """Tell which registries serve an application.

    Args:
        app: The application.

    Returns:
        Each of them as the application sees it (:meth:`OAuth.bind`); usually one.
    """
    found = (state.registry for state in states(app))
    return [registry.bind(app) for registry in found if registry is not None]


@dataclass(slots=True, eq=False, repr=False)
class _Book:
    """What every view of a registry has in common; the applications hold the rest.

    Attributes:
        defaults: What applications share that are given nothing of their own.
        apps: Every application that is served and still there.
        latest: The last one, held so that a script need not hold it.
    """

    defaults: Shared
    latest: Flask | None = None
    apps: weakref.WeakSet[Flask] = field(default_factory=weakref.WeakSet[Flask])


class Applications:
    """Finds the state of the application at hand.

    Nothing that belongs to an application is kept here: its state lies in its
    ``extensions``, and goes with it.

    Args:
        defaults: What applications share that are given nothing of their own.
        transport: Sends their requests; each has its own when left out.
        clock: Tells the time; ``time.time`` when left out.
    """

    __slots__ = ("_book", "_bound", "_clock", "_transport")

    def __init__(self, defaults: Shared, transport: Transport | None, clock: Clock | None) -> None:
        defaults.check()
        self._book: _Book = _Book(defaults)
        self._bound: Flask | None = None
        self._transport: Transport | None = transport
        self._clock: Clock = clock or time.time

    def bound(self, app: Flask) -> Applications:
        """Return a view whose application at hand is *app*.

        Args:
            app: An application that is served.

        Returns:
            The view.

        Raises:
            ContextError: It is not served.
        """
        view = Applications(Shared(), self._transport, self._clock)
        view._book = self._book
        view._bound = self._state_of(app).app
        return view

    def state(self, app: Flask, own: Shared, transport: Transport | None) -> AppState:
        """Make the state of an application; :meth:`add` makes it count.

        Args:
            app: The application.
            own: What was given for it.
            transport: Sends its requests.

        Returns:
            Its state.

        Raises:
            ConfigurationError: A function has the wrong shape, or the cache does
                not keep what it is given.
        """
        own.check()
        book = self._book
        # Whoever gives current_app means what it stands for now.
        app = app.app_context().app
        chosen = self._transport if transport is None else transport
        made = AppState(app, lambda: book.defaults, own, chosen, self._clock)
        made.check_cache(made.shared.cache)
        if asks_for_traces(app.config):
            from typedoauth.flask.trace import install

            made.trace = install(app)
        return made

    def add(self, state: AppState) -> None:
        """Serve an application from now on.

        Args:
            state: Its state.
        """
        states: dict[object, AppState] = state.app.extensions.setdefault(_EXTENSION, {})
        states[self._book] = state
        self._book.apps.add(state.app)
        self._book.latest = state.app

    def served(self) -> list[AppState]:
        """The state of every application; of one, in a view of it."""
        apps = [self._bound] if self._bound is not None else list(self._book.apps)
        return [self._state_of(app) for app in apps]

    def at_hand(self) -> AppState:
        """Return the state of the application at hand.

        Raises:
            ContextError: It is not clear which that is, or it is not served.
        """
        if self._bound is not None:
            return self._state_of(self._bound)
        if has_app_context():
            return self._state_of(current_app)
        served = self.served()
        if len(served) == 1:
            return served[0]
        if not served:
            raise ContextError(
                "this registry serves no application yet; call oauth.init_app(app), or use "
                "OAuth1Client or OAuth2Client where there is none"
            )
        raise ContextError(
            f"this registry serves {len(served)} applications and there is no application "
            "context; say which with oauth.bind(app), or push app.app_context()"
        )

    @property
    def shared(self) -> Shared:
        """What applies to the application at hand; without one, the defaults."""
        try:
            return self.at_hand().shared
        except ContextError:
            return self._book.defaults

    def assign(self, give: Callable[[Shared], Shared], take: Callable[[Shared], Shared]) -> None:
        """Change what applications share: one's own in a view of it, else everybody's.

        Args:
            give: Puts the new value in.
            take: Takes an application's own value away.

        Raises:
            ConfigurationError: A function has the wrong shape, or the cache does
                not keep what it is given.
        """
        new = give(Shared())
        new.check()
        for state in self.served():
            state.check_cache(new.cache)
            state.own = (take if self._bound is None else give)(state.own)
        if self._bound is None:
            self._book.defaults = give(self._book.defaults)

    def _state_of(self, app: Flask) -> AppState:
        states: Mapping[object, AppState] = app.extensions.get(_EXTENSION, {})
        state = states.get(self._book)
        if state is None:
            raise ContextError(
                f"the application {app.name!r} is not served by this registry; "
                "call oauth.init_app(app)"
            )
        return state
