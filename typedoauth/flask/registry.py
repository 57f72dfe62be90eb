"""The registry: every service that an application logs in with, by name."""

from __future__ import annotations

import contextlib
import copy
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Self, TypeVar, Unpack, cast, get_type_hints, overload

from flask import Flask
from typing_extensions import override

from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, ContextError, UnknownClientError
from typedoauth.flask.applications import Applications
from typedoauth.flask.keywords import (
    AnyRegistration,
    ConfiguredRegistration,
    OAuth1Registration,
    OAuth2Registration,
)
from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, app_class
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.settings import Registration
from typedoauth.flask.shared import (
    AnyTokenStore,
    FetchSharedToken,
    FindOwner,
    Owner,
    Shared,
    UpdateSharedToken,
    owner_text,
)
from typedoauth.flask.state import Resolved
from typedoauth.protocols import Cache, ClientStore, Clock, ManagedTokenStore, Transport

__all__ = ["OAuth"]

_AppT = TypeVar("_AppT", bound="OAuth1App | OAuth2App")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A registration, and the class of its app where a keyword or an annotation tells."""

    registration: Registration
    kind: type[RemoteApp[Any]] | None  # any: of either kind of token


class OAuth:
    """A registry of services, for any number of Flask applications.

    Args:
        app: The application; :meth:`init_app` takes one later, or another one.
        cache: Where open logins are kept; the session when left out. It has
            ``get(key)`` and ``set(key, value, seconds)``.
        fetch_token: Called with a client's name for the token of a call.
        update_token: Called with a client's name and each renewed token.
        token_store: Keeps tokens; ``client.save_token(token)`` puts them there, and
            calls find and renew them.
        owner: Tells whose tokens a request is about: the application's own
            identifier of the user, or ``None``.
        client_store: Knows clients that come and go while the application runs; see
            :meth:`create_client`.
        transport: Sends requests; a pooled ``Urllib3Transport`` for each
            application when left out.
        clock: Tells the time; ``time.time`` when left out.

    Raises:
        ConfigurationError: An argument cannot be what it is meant for.
    """

    def __init__(
        self,
        app: Flask | None = None,
        cache: Cache | None = None,
        fetch_token: FetchSharedToken | None = None,
        update_token: UpdateSharedToken | None = None,
        *,
        token_store: AnyTokenStore | None = None,
        owner: FindOwner | None = None,
        client_store: ClientStore | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        shared = Shared(cache, fetch_token, update_token, token_store, owner, client_store)
        self._applications: Applications = Applications(shared, transport, clock)
        self._entries: dict[str, _Entry] = {}
        self._made: dict[str, tuple[_Entry, RemoteApp]] = {}
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask,
        cache: Cache | None = None,
        fetch_token: FetchSharedToken | None = None,
        update_token: UpdateSharedToken | None = None,
        *,
        token_store: AnyTokenStore | None = None,
        owner: FindOwner | None = None,
        client_store: ClientStore | None = None,
        transport: Transport | None = None,
    ) -> None:
        """Serve an application; what is given here comes before what ``OAuth`` was given.

        Args:
            app: The application.
            cache: Where its open logins are kept.
            fetch_token: Called with a client's name for the token of a call.
            update_token: Called with a client's name and each renewed token.
            token_store: Keeps its tokens.
            owner: Tells whose tokens a request is about.
            client_store: Knows further clients.
            transport: Sends its requests.

        Raises:
            ConfigurationError: A cache does not keep what it is given, a function
                has the wrong shape, or a client's config is wrong.
        """
        own = Shared(cache, fetch_token, update_token, token_store, owner, client_store)
        state = self._applications.state(app, own, transport)
        for entry in self._entries.values():
            state.check(entry.registration)
        state.registry = self
        self._applications.add(state)

    @property
    def cache(self) -> Cache | None:
        """Where open logins are kept; an assigned one is for every application."""
        return self._applications.shared.cache

    @cache.setter
    def cache(self, cache: Cache | None) -> None:
        self._applications.assign(
            lambda shared: replace(shared, cache=cache), lambda own: replace(own, cache=None)
        )

    @property
    def fetch_token(self) -> FetchSharedToken | None:
        """Fetches the token of a call; an assigned one is for every application."""
        return self._applications.shared.fetch_token

    @fetch_token.setter
    def fetch_token(self, function: FetchSharedToken | None) -> None:
        self._applications.assign(
            lambda shared: replace(shared, fetch_token=function),
            lambda own: replace(own, fetch_token=None),
        )

    @property
    def update_token(self) -> UpdateSharedToken | None:
        """Keeps renewed tokens; an assigned one is for every application."""
        return self._applications.shared.update_token

    @update_token.setter
    def update_token(self, function: UpdateSharedToken | None) -> None:
        self._applications.assign(
            lambda shared: replace(shared, update_token=function),
            lambda own: replace(own, update_token=None),
        )

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
                keys, in capitals, with ``_`` for ``-``: so it is an identifier.
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
        self._check_name(name)
        kind = _checked(client_cls) if client_cls is not None else self._annotated(name)
        registration = Registration.of(
            name,
            options,
            overwrite=overwrite,
            oauth1=None if kind is None else issubclass(kind, OAuth1App),
            defaults=None if kind is None else _defaults(kind),
        )
        if kind is None and registration.oauth1 is not None:
            kind = app_class(oauth1=registration.oauth1)
        registration.check({})
        for state in self._applications.served():
            state.check(registration)
        self._entries[name] = _Entry(registration, kind)
        return self._remote_app(name)

    def create_client(self, name: str, tenant: str | None = None) -> RemoteApp:
        """Return a service by its name: a registered one, or one of the client store.

        The client store is asked at each call, so that a client which was changed or
        removed there is so at once.

        Args:
            name: The client's name.
            tenant: Whose it is, for a client of the client store.

        Returns:
            The remote app; an :class:`OAuth1App` or :class:`OAuth2App` wherever its
            protocol is known.

        Raises:
            UnknownClientError: There is none; the message lists those that are
                registered.
            StoreError: The client store failed.
            ConfigurationError: What it gave is no registration.
        """
        if tenant is None and name in self._entries:
            return self._remote_app(name)
        registration = None
        with contextlib.suppress(ContextError):
            registration = self._applications.at_hand().stored_registration(name, tenant)
        if registration is None:
            asked = self._applications.shared.client_store is not None
            raise _unknown(name, self._entries, tenant, asked=asked)
        kind = app_class(oauth1=registration.oauth1 is True)
        found = kind(name, lambda: self._applications.at_hand().resolve(registration))
        return cast("RemoteApp", found)  # of either kind of token

    def __getattr__(self, name: str) -> RemoteApp:
        if name.startswith("_"):
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
            )
        if name not in self._entries:
            # No attribute can be written with a hyphen.
            hyphenated = [one for one in self._entries if one.replace("-", "_") == name]
            if not hyphenated:
                error = _unknown(name, self._entries)
                raise AttributeError(error.description, name=name, obj=self)
            name = hyphenated[0]
        return self._remote_app(name)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:
        return True

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self._entries)}>"

    def bind(self, app: Flask) -> Self:
        """Return this registry as *app* sees it, whatever context there is.

        Args:
            app: An application that :meth:`init_app` was called with.

        Returns:
            A view: what is registered here is registered there.

        Raises:
            ContextError: The application is not served by this registry.
        """
        view = copy.copy(self)
        view._applications = self._applications.bound(app)
        view._made = {}
        return view

    def delete_owner(self, owner: Owner) -> int:
        """Forget everything that the token store keeps of one user.

        The tokens go on to be good at their servers: revoke them first, if they are
        to end.

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
        store: object = self._applications.shared.token_store
        if not isinstance(store, ManagedTokenStore):
            raise ConfigurationError(
                "delete_owner needs a token store that can list what it keeps, such as "
                "SQLTokenStore (see ManagedTokenStore)"
            )
        return ask(store, store.delete_owner, whose)

    def _resolve(self, name: str) -> Resolved:
        return self._applications.at_hand().resolve(self._entries[name].registration)

    def _remote_app(self, name: str) -> RemoteApp:
        entry = self._entries[name]
        made = self._made.get(name)
        if made is not None and made[0] is entry:
            return made[1]
        kind = entry.kind
        if kind is None:
            with contextlib.suppress(ContextError):
                state = self._applications.at_hand()
                kind = app_class(oauth1=state.is_oauth1(entry.registration))
        app: RemoteApp[Any] = (kind or RemoteApp)(
            name, partial(self._resolve, name)
        )  # any: likewise
        if entry.kind is not None:
            self._made[name] = entry, cast("RemoteApp", app)  # of either kind of token
        return cast("RemoteApp", app)  # likewise

    def _check_name(self, name: object) -> None:
        if not isinstance(name, str) or not name:
            raise ConfigurationError("a client's name is a text, such as 'github'")
        if not name.replace("-", "_").isidentifier():
            raise ConfigurationError(
                f"a client cannot be called {name!r}: its name is oauth.<name> and the prefix of "
                "its config keys, so it has to be a Python identifier, in which '-' counts as "
                "'_'; choose another name"
            )
        if name.startswith("_") or hasattr(type(self), name) or name in self.__dict__:
            raise ConfigurationError(
                f"a client cannot be called {name!r}: oauth.{name} is something else already; "
                "choose another name"
            )

    def _annotated(self, name: str) -> type[OAuth1App | OAuth2App] | None:
        """The class that a subclass of the registry annotates its attribute *name* with."""
        for owner in type(self).__mro__[: type(self).__mro__.index(OAuth)]:
            annotations = inspect.get_annotations(owner)
            if name in annotations:
                hint = _evaluated(annotations[name], owner)
                if isinstance(hint, type) and issubclass(hint, OAuth1App | OAuth2App):
                    return hint
        return None


_KINDS: Final = (OAuth1App, OAuth2App)


def _checked(kind: object) -> type[OAuth1App | OAuth2App]:
    if isinstance(kind, type) and issubclass(kind, _KINDS):
        return kind
    raise ConfigurationError("client_cls is a subclass of OAuth1App or OAuth2App")


def _defaults(kind: type[OAuth1App | OAuth2App]) -> Mapping[str, object]:
    return {"user_agent": kind.DEFAULT_USER_AGENT, **kind.OAUTH_APP_CONFIG}


def _evaluated(hint: object, owner: type) -> object:
    """An annotation, which is a text under ``from __future__ import annotations``."""
    holder = type("_Holder", (), {"__annotations__": {"it": hint}, "__module__": owner.__module__})
    try:
        return get_type_hints(holder)["it"]
    except Exception:  # noqa: BLE001  a name that is not there, or whatever its evaluation raises
        return None


def _unknown(
    name: object,
    registered: Mapping[str, object],
    tenant: str | None = None,
    *,
    asked: bool = False,
) -> UnknownClientError:
    known = ", ".join(sorted(registered)) or "none yet"
    if asked:
        whose = "" if tenant is None else f" of tenant {tenant!r}"
        return UnknownClientError(
            f"the client store has no client {name!r}{whose}; registered are: {known}"
        )
    if tenant is not None:
        return UnknownClientError(
            f"client {name!r} of tenant {tenant!r} takes a client store; give client_store="
        )
    return UnknownClientError(f"no client {name!r} is registered; registered: {known}")
