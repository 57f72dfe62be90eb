"""The registry: every service that an application logs in with, by name."""

from __future__ import annotations

import contextlib
import copy
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import (
    Any,
    Final,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
    Unpack,
    cast,
    get_type_hints,
    overload,
)

from flask import Flask, current_app, has_app_context
from typing_extensions import override

from typedoauth.client.callbacks import adapt_fetch, adapt_update
from typedoauth.errors import ConfigurationError, ContextError, UnknownClientError
from typedoauth.flask.remote_app import OAuth1App, OAuth2App, RemoteApp
from typedoauth.flask.settings import (
    AnyRegistration,
    ConfiguredRegistration,
    Kind,
    OAuth1Registration,
    OAuth2Registration,
    Registration,
)
from typedoauth.flask.state import AppState, Resolved
from typedoauth.protocols import Cache, Clock, Transport
from typedoauth.tokens import AnyToken, OAuth2Token

__all__ = ["OAuth"]

_EXTENSION: Final = "typedoauth"
_AppT = TypeVar("_AppT", bound="OAuth1App | OAuth2App")


class _UpdateWithOldTokens(Protocol):
    """Takes client name and new token, and by keyword what the token replaces."""

    def __call__(
        self,
        name: str,
        token: OAuth2Token,
        /,
        *,
        refresh_token: str | None,
        access_token: str | None,
    ) -> object: ...


_FetchToken: TypeAlias = Callable[[str], AnyToken | None]
_UpdateToken: TypeAlias = Callable[[str, OAuth2Token], object] | _UpdateWithOldTokens


class OAuth:
    """A registry of services, for any number of Flask applications.

    Args:
        app: The application; :meth:`init_app` takes one later, or another one.
        cache: Where open logins are kept; the session when left out. It has
            ``get(key)`` and ``set(key, value, seconds)``.
        fetch_token: Called with a client's name for the token of a call.
        update_token: Called with a client's name and each renewed token.
        transport: Sends requests; a pooled ``Urllib3Transport`` for each
            application when left out.
        clock: Tells the time; ``time.time`` when left out.

    Attributes:
        cache: As given; what ``init_app`` is given comes first.
        fetch_token: Likewise.
        update_token: Likewise.

    Raises:
        ConfigurationError: An argument cannot be what it is meant for.
    """

    cache: Cache | None
    fetch_token: _FetchToken | None
    update_token: _UpdateToken | None

    def __init__(
        self,
        app: Flask | None = None,
        cache: Cache | None = None,
        fetch_token: _FetchToken | None = None,
        update_token: _UpdateToken | None = None,
        *,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._registrations: dict[str, Registration] = {}
        self._apps: weakref.WeakSet[Flask] = weakref.WeakSet()
        self._identity: object = object()
        self._bound: Flask | None = None
        self.cache = cache
        self.fetch_token = fetch_token
        self.update_token = update_token
        self._transport = transport
        self._clock = clock
        _check_functions(fetch_token, update_token)
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask,
        cache: Cache | None = None,
        fetch_token: _FetchToken | None = None,
        update_token: _UpdateToken | None = None,
        *,
        transport: Transport | None = None,
    ) -> None:
        """Serve an application.

        Args:
            app: The application.
            cache: Where its open logins are kept.
            fetch_token: Called with a client's name for the token of a call.
            update_token: Called with a client's name and each renewed token.
            transport: Sends its requests.

        Raises:
            ConfigurationError: A cache does not keep what it is given, a function
                has the wrong shape, or a client's config is wrong.
        """
        _check_functions(fetch_token, update_token)
        state = AppState(
            app,
            defaults=self,
            cache=cache,
            fetch_token=fetch_token,
            update_token=update_token,
            transport=transport or self._transport,
            clock=self._clock,
        )
        state.check_cache()
        for registration in self._registrations.values():
            state.check(registration)
        app.extensions.setdefault(_EXTENSION, {})[self._identity] = state
        self._apps.add(app)

    @overload
    def register(
        self,
        name: str,
        overwrite: bool = ...,
        *,
        client_cls: type[_AppT],
        **options: Unpack[AnyRegistration],
    ) -> _AppT: ...
    @overload
    def register(
        self,
        name: str,
        overwrite: bool = ...,
        *,
        request_token_url: str,
        **options: Unpack[OAuth1Registration],
    ) -> OAuth1App: ...
    @overload
    def register(
        self,
        name: str,
        overwrite: bool = ...,
        *,
        server_metadata_url: str,
        access_token_url: str | None = ...,
        request_token_url: None = ...,
        **options: Unpack[OAuth2Registration],
    ) -> OAuth2App: ...
    @overload
    def register(
        self,
        name: str,
        overwrite: bool = ...,
        *,
        access_token_url: str,
        server_metadata_url: None = ...,
        request_token_url: None = ...,
        **options: Unpack[OAuth2Registration],
    ) -> OAuth2App: ...
    @overload
    def register(
        self, name: str, overwrite: bool = ..., **options: Unpack[ConfiguredRegistration]
    ) -> RemoteApp: ...

    def register(
        self,
        name: str,
        overwrite: bool = False,
        *,
        client_cls: type[_AppT] | None = None,
        **options: object,
    ) -> RemoteApp | OAuth1App | OAuth2App | _AppT:
        """Register a service; under a name that is taken, in place of what was there.

        Args:
            name: The client's name; ``oauth.<name>`` and the prefix of its config
                keys, in capitals, with ``_`` for ``-``.
            overwrite: Whether config wins over keywords.
            client_cls: A subclass of :class:`OAuth1App` or :class:`OAuth2App`; its
                ``OAUTH_APP_CONFIG`` fills in what is not given.
            options: See :class:`OAuth1Registration` and :class:`OAuth2Registration`;
                ``None`` means "not given". A ``request_token_url`` makes it OAuth 1.0.

        Returns:
            The remote app. Its settings are worked out at its first use, for each
            Flask application.

        Raises:
            UnknownOptionError: A keyword does not exist; the message names the nearest.
            ConfigurationError: A value is wrong; the message names the valid ones.
        """
        if not name or name.startswith("_") or hasattr(type(self), name):
            raise ConfigurationError(
                f"a client cannot be called {name!r}: oauth.{name} is something else already; "
                "choose another name"
            )
        own = cast("Kind | None", client_cls)  # as its bound says
        kind = own or self._annotated(name) or _kind_of(options)
        registration = Registration.of(name, overwrite, options, kind)
        registration.check()
        for app in self._apps:
            self._state_of(app).check(registration)
        self._registrations[name] = registration
        self.__dict__.pop(name, None)
        return self._remote_app(name)

    def create_client(self, name: str) -> RemoteApp:
        """Return a registered service by its name.

        Args:
            name: The client's name.

        Returns:
            The remote app; an :class:`OAuth1App` or :class:`OAuth2App` wherever its
            protocol is known.

        Raises:
            UnknownClientError: There is none; the message lists those there are.
        """
        app = self.__dict__.get(name)
        if isinstance(app, RemoteApp):
            return cast("RemoteApp", app)  # of either kind of token
        if name not in self._registrations:
            known = ", ".join(sorted(self._registrations)) or "none yet"
            raise UnknownClientError(f"no client {name!r} is registered; registered: {known}")
        return self._remote_app(name)

    def __getattr__(self, name: str) -> RemoteApp:
        try:
            if not name.startswith("_"):
                return self.create_client(name)
        except UnknownClientError as error:
            raise AttributeError(error.description, name=name, obj=self) from None
        raise AttributeError(
            f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
        )

    def __contains__(self, name: object) -> bool:
        return name in self._registrations

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._registrations))

    def __len__(self) -> int:
        return len(self._registrations)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self._registrations)}>"

    def bind(self, app: Flask) -> Self:
        """Return this registry as *app* sees it, whatever context there is.

        Args:
            app: An application that :meth:`init_app` was called with.

        Returns:
            A view: what is registered here is registered there.

        Raises:
            ContextError: The application is not served by this registry.
        """
        self._state_of(app)
        view = copy.copy(self)
        for name in self._registrations:
            view.__dict__.pop(name, None)
        view._bound = app
        return view

    def resolve(self, name: str) -> Resolved:
        """Return the client of that name for the application at hand.

        Args:
            name: The client's name.

        Returns:
            The client and what belongs to it.

        Raises:
            UnknownClientError: It is not registered (any more).
            ContextError: It is not clear which application is meant.
            ConfigurationError: Its settings are wrong.
        """
        registration = self._registrations.get(name)
        if registration is None:
            self.create_client(name)
            raise UnknownClientError(f"client {name!r} is not registered any more")
        return self._state().resolve(registration)

    def _remote_app(self, name: str) -> RemoteApp:
        registration = self._registrations[name]
        kind: type[RemoteApp[Any]] | None = registration.kind  # any: of either kind of token
        if kind is None and (self._bound or self._apps or has_app_context()):
            with contextlib.suppress(ContextError):
                kind = self._state().kind(registration)
                return cast("RemoteApp", kind(self, name))  # of either kind of token
        app: RemoteApp[Any] = (kind or RemoteApp)(self, name)  # any: likewise
        if registration.kind is not None:
            self.__dict__[name] = app
        return cast("RemoteApp", app)  # likewise

    def _annotated(self, name: str) -> Kind | None:
        """The class that a subclass of the registry annotates its attribute *name* with."""
        if type(self) is OAuth:
            return None
        hint: object = get_type_hints(type(self)).get(name)
        if isinstance(hint, type) and issubclass(hint, OAuth1App | OAuth2App):
            return hint
        return None

    def _state(self) -> AppState:
        if self._bound is not None:
            return self._state_of(self._bound)
        if has_app_context():
            return self._state_of(current_app)
        apps = list(self._apps)
        if len(apps) == 1:
            return self._state_of(apps[0])
        if not apps:
            raise ContextError(
                "this registry serves no application yet; call oauth.init_app(app), or use "
                "OAuth1Client or OAuth2Client where there is none"
            )
        raise ContextError(
            f"this registry serves {len(apps)} applications and there is no application context; "
            "say which with oauth.bind(app), or push app.app_context()"
        )

    def _state_of(self, app: Flask) -> AppState:
        states: Mapping[object, AppState] = app.extensions.get(_EXTENSION, {})
        state = states.get(self._identity)
        if state is None:
            raise ContextError(
                f"the application {app.name!r} is not served by this registry; "
                "call oauth.init_app(app)"
            )
        return state


def _kind_of(options: Mapping[str, object]) -> Kind | None:
    if options.get("request_token_url"):
        return OAuth1App
    if options.get("access_token_url") or options.get("server_metadata_url"):
        return OAuth2App
    return None


def _check_functions(fetch_token: object, update_token: object) -> None:
    if fetch_token is not None:
        adapt_fetch(fetch_token, "fetch_token", "name")
    if update_token is not None:
        adapt_update(update_token, "update_token", "name")
