"""The registry: every service that an application logs in with, by name."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar, Unpack, overload

from flask import Flask
from typing_extensions import override

if TYPE_CHECKING:
    from typedoauth.flask.keywords import (
        AnyRegistration,
        ConfiguredRegistration,
        OAuth1ProviderRegistration,
        OAuth1Registration,
        OAuth2ProviderRegistration,
        OAuth2Registration,
        ProviderRegistration,
    )
    from typedoauth.flask.linked_accounts import LinkedAccount
    from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, OpenIDApp
    from typedoauth.flask.registrations import Entry
    from typedoauth.flask.remote_app import RemoteApp
    from typedoauth.flask.revoking import Revocation
    from typedoauth.flask.shared import (
        AnyTokenStore,
        FetchSharedToken,
        FindOwner,
        Owner,
        UpdateSharedToken,
    )
    from typedoauth.flask.state import Resolved
    from typedoauth.protocols import Cache, ClientStore, Clock, Transport
    from typedoauth.providers.declarations import (
        OAuth1Provider,
        OAuth2Provider,
        OpenIDProvider,
        Provider,
    )

__all__ = ["OAuth"]

_AppT = TypeVar("_AppT", bound="OAuth1App | OAuth2App")


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
        # The rest of the library is loaded where a registry is made, not where it is imported.
        from typedoauth.flask.applications import Applications
        from typedoauth.flask.shared import Shared

        shared = Shared(cache, fetch_token, update_token, token_store, owner, client_store)
        self._applications: Applications = Applications(shared, transport, clock)
        self._entries: dict[str, Entry] = {}
        self._made: dict[str, RemoteApp] = {}
        self._unbound: OAuth = self
        self._find: Callable[[str], Resolved] = self._resolve  # one for all apps
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
        from typedoauth.flask.shared import Shared

        own = Shared(cache, fetch_token, update_token, token_store, owner, client_store)
        state = self._applications.state(app, own, transport)
        for entry in self._entries.values():
            state.check(entry.registration)
        state.registry, state.entries = self, self._entries
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
        from typedoauth.flask import registrations

        self._check_name(name)
        kind = registrations.app_class_of(name, client_cls, type(self), OAuth)
        return self._add(registrations.make_entry(name, options, overwrite=overwrite, kind=kind))

    @overload
    def register_provider(
        self,
        provider: OAuth1Provider,
        name: str | None = ...,
        overwrite: bool = ...,
        **options: Unpack[OAuth1ProviderRegistration],
    ) -> OAuth1App: ...
    @overload
    def register_provider(
        self,
        provider: OAuth2Provider,
        name: str | None = ...,
        overwrite: bool = ...,
        **options: Unpack[OAuth2ProviderRegistration],
    ) -> OAuth2App: ...
    @overload
    def register_provider(
        self,
        provider: OpenIDProvider,
        name: str | None = ...,
        overwrite: bool = ...,
        **options: Unpack[OAuth2ProviderRegistration],
    ) -> OpenIDApp: ...
    @overload
    def register_provider(
        self,
        provider: Provider,
        name: str | None = ...,
        overwrite: bool = ...,
        **options: Unpack[ProviderRegistration],
    ) -> RemoteApp: ...

    def register_provider(
        self,
        provider: Provider,
        name: str | None = None,
        overwrite: bool = False,
        **options: object,
    ) -> RemoteApp | OAuth1App | OAuth2App:
        """Register a service that is declared, as those of :mod:`typedoauth.providers` are.

        Args:
            provider: The declaration.
            name: The client's name, where it is not the provider's.
            overwrite: Whether config wins over keywords; it always wins over the
                declaration.
            options: As for :meth:`register`. They win over the declaration, dicts
                member by member; a ``compliance_fix`` is called after the provider's.

        Returns:
            The remote app; its ``userinfo()`` gives the user's standard claims.

        Raises:
            UnknownOptionError: A keyword does not exist; the message names the nearest.
            ConfigurationError: A value is wrong, or *provider* is no declaration.
        """
        from typedoauth.flask.provided import app_class_of_provider
        from typedoauth.flask.registrations import make_entry

        kind = app_class_of_provider(provider)
        name = provider.name if name is None else name
        self._check_name(name)
        return self._add(
            make_entry(name, options, overwrite=overwrite, kind=kind, provider=provider)
        )

    def provider_of(self, name: str) -> Provider | None:
        """Tell how the service of a registered client was declared.

        Args:
            name: The client's name.

        Returns:
            What ``register_provider`` was given; ``None`` for a client of ``register``.

        Raises:
            UnknownClientError: There is none; the message lists those that are
                registered.
        """
        if name not in self._entries:
            from typedoauth.flask import registrations

            raise registrations.unknown(name, self._entries)
        return self._entries[name].registration.provider

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
        if tenant is None:
            try:
                return self._made[name]
            except KeyError:
                if name in self._entries:
                    return self._remote_app(name)
        from typedoauth.flask import registrations

        return registrations.stored_app(self._applications, self._entries, name, tenant)

    def __getattr__(self, name: str) -> RemoteApp:
        if name.startswith("_"):
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
            )
        if name not in self._entries:
            # No attribute can be written with a hyphen.
            hyphenated = [one for one in self._entries if one.replace("-", "_") == name]
            if not hyphenated:
                from typedoauth.flask import registrations

                problem = registrations.unknown(name, self._entries).description
                raise AttributeError(problem, name=name, obj=self)
            name = hyphenated[0]
        app = self._remote_app(name)
        # From now on an attribute like any other, until it is registered anew.
        self.__dict__[name] = app
        if self._made.get(name) is not app:
            self.__dict__.pop(name, None)
        return app

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
        view._find = view._resolve
        for name, made in list(self._made.items()):
            if view.__dict__.get(name) is made:
                del view.__dict__[name]
        return view

    @contextmanager
    def override(
        self, *, transport: Transport | None = None, clock: Clock | None = None
    ) -> Generator[None]:
        """Work with another transport or clock for as long as the block runs, as in a test.

        It is for every application that is served by now; in a view of one
        (:meth:`bind`), for that one. Clients are made anew for the block: they
        know nothing of the metadata and keys of the real services.

        Args:
            transport: Sends the requests.
            clock: Tells the time.

        Yields:
            Nothing.
        """
        with ExitStack() as stack:
            for state in self._applications.served():
                stack.enter_context(state.override(transport, clock))
            yield

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
        return self._applications.shared.delete_owner(owner)

    def _check_name(self, name: str) -> None:
        from typedoauth.flask.registrations import check_name

        check_name(name, type(self), taken=name in self.__dict__ and name not in self._entries)

    def _add(self, entry: Entry) -> RemoteApp:
        for state in self._applications.served():
            state.check(entry.registration)
        name = entry.registration.name
        self._entries[name] = entry
        self._unbound._forget(name)
        return self._remote_app(name)

    def linked_accounts(self, owner: Owner | None = None) -> list[LinkedAccount]:
        """Tell which accounts a user has linked, without showing a token.

        Args:
            owner: Whose they are; what the registry's ``owner`` tells when left out.

        Returns:
            The accounts, by the titles of their services.

        Raises:
            LoginRequiredError: Nobody is logged in.
            ConfigurationError: There is no token store, or it cannot list what it keeps,
                or it is not clear whose accounts are meant.
            StoreError: The store failed.
        """
        from typedoauth.flask.linked_accounts import accounts_of

        return accounts_of(self._applications.at_hand(), owner)

    def unlink(
        self,
        client: str,
        *,
        account: str | None = None,
        tenant: str | None = None,
        owner: Owner | None = None,
        force: bool = False,
    ) -> Revocation | None:
        """Revoke the token of a linked account at its service, and forget it.

        Where the service offers no way to revoke tokens, it is forgotten all the same; the
        result says so.

        Args:
            client: The client's name.
            account: Which of several accounts.
            tenant: Whose the client is, for one of the client store.
            owner: Whose account it is; what the registry's ``owner`` tells when left out.
            force: Whether to forget it even if the service cannot be told.

        Returns:
            What became of the token; ``None`` where there is none.

        Raises:
            LoginRequiredError: Nobody is logged in.
            ConfigurationError: There is no token store, or it is not clear whose account
                is meant.
            StoreError: The token could not be deleted.
        """
        from typedoauth.flask.linked_accounts import unlink, whose
        from typedoauth.tokens import TokenKey

        state = self._applications.at_hand()
        return unlink(state, TokenKey(client, whose(state, owner), account, tenant), force=force)

    def _resolve(self, name: str) -> Resolved:
        return self._applications.at_hand().resolve(self._entries[name].registration)

    def _remote_app(self, name: str) -> RemoteApp:
        if name in self._made:
            return self._made[name]
        from typedoauth.flask import registrations

        entry = self._entries[name]
        app = registrations.make_app(self._applications, entry, self._find)
        if entry.kind is not None and self is self._unbound:
            self._keep(name, entry, app)
        return app

    def _keep(self, name: str, entry: Entry, app: RemoteApp) -> None:
        self._made[name] = app
        if self._entries[name] is not entry:  # so it was, in another thread
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._made.pop(name, None)
        self.__dict__.pop(name, None)
