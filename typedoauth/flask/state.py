"""What belongs to one Flask application: its clients, its transport, what they share."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from flask import Flask, current_app, has_app_context, has_request_context

from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.client.callbacks import adapt_update
from typedoauth.client.stored_tokens import ask
from typedoauth.errors import ConfigurationError, ContextError
from typedoauth.flask.context import Key, replace_token
from typedoauth.flask.pending import PendingAuthorizations
from typedoauth.flask.settings import Registration, make_client
from typedoauth.flask.shared import FindOwner, Owner, Shared, owner_text
from typedoauth.flask.signals import token_update
from typedoauth.protocols import Cache, Clock, CredentialStore, Transport
from typedoauth.stores.cache import CacheCredentialStore, check_cache
from typedoauth.stores.memory import MemoryCredentialStore
from typedoauth.tokens import OAuth1Token, OAuth2Token, TokenKey

if TYPE_CHECKING:
    from typedoauth.flask.registrations import Entry
    from typedoauth.flask.registry import OAuth
    from typedoauth.flask.trace.recording import Traces

__all__ = ["AppState", "Resolved", "asks_for_traces"]

_MOST_STORED: Final = 1000


@dataclass(slots=True, eq=False, repr=False)
class Resolved:
    """One client of one application.

    Attributes:
        registration: What it was made of; another one makes it obsolete.
        settings: Keywords and config, merged.
        state: The application's.
        client: The client.
    """

    registration: Registration
    settings: Mapping[str, object]
    state: AppState
    client: OAuth1Client | OAuth2Client

    @property
    def key(self) -> Key:
        """What belongs to this client is kept under this key."""
        return self.state, self.registration.identity

    @property
    def client_kwargs(self) -> Mapping[str, object]:
        """``client_kwargs``, as a copy."""
        given = self.settings.get("client_kwargs")
        return dict(cast("Mapping[str, object]", given)) if given else {}  # the client checked it

    @property
    def temporary_functions(
        self,
    ) -> tuple[Callable[[OAuth1Token], object], Callable[[], object]] | None:
        """``save_request_token`` and ``fetch_request_token``, where they are registered."""
        given = self.registration.given
        if "save_request_token" not in given:
            return None
        # register checked their shapes
        return (
            cast("Callable[[OAuth1Token], object]", given["save_request_token"]),
            cast("Callable[[], object]", given["fetch_request_token"]),
        )

    def fetch_token(self) -> object:
        """Ask the client's own ``fetch_token``, or else the registry's.

        Returns:
            What it gave, unchecked; ``None`` where there is none.
        """
        own = self.registration.given.get("fetch_token")
        shared = self.state.shared.fetch_token
        if own is None and shared is None:
            return None
        with self.state.context():
            if own is not None:
                return cast("Callable[[], object]", own)()  # register checked its shape
            return shared(self.registration.identity) if shared is not None else None

    def token_key(self, owner: Owner | None = None, account: str | None = None) -> TokenKey | None:
        """What a token is kept under in the token store.

        Args:
            owner: Whose it is; asked of the application when left out.
            account: Which of several accounts.

        Returns:
            The key; ``None`` where nobody is logged in.

        Raises:
            ConfigurationError: The owner identifies nobody.
            ContextError: The application needs a request to tell it, and there is none.
        """
        find = self.state.shared.owner
        whose = owner_text(self.state.ask_owner(find) if owner is None and find else owner)
        if whose is None:
            return None
        return TokenKey(self.registration.name, whose, account, self.registration.tenant)

    def update_token(self, new: OAuth2Token, old: OAuth2Token) -> None:
        """Hand a renewed token to whoever keeps it, and tell those who listen."""
        name = self.registration.identity
        own = self.registration.given.get("update_token")
        shared = self.state.shared.update_token
        with self.state.context():
            if own is not None:
                adapt_update(own, "update_token")(new, old)
            elif shared is not None:
                adapt_update(shared, "update_token", name)(new, old)
            token_update.send(
                self.state.app,
                name=name,
                token=new,
                refresh_token=old.get("refresh_token"),
                access_token=old["access_token"],
            )


@dataclass(slots=True, eq=False, repr=False)
class AppState:
    """What one registry keeps for one application.

    Attributes:
        app: The application.
        defaults: Gives what the registry's applications share.
        own: What this application was given instead.
        transport: Sends its requests; made when first needed.
        clock: Tells the time.
        registry: The registry, for those who know the application alone.
        entries: What is registered there, by name.
        trace: Records its logins, where ``TYPEDOAUTH_TRACE`` says so.
    """

    app: Flask
    defaults: Callable[[], Shared]
    own: Shared
    transport: Transport | None
    clock: Clock
    registry: OAuth | None = field(default=None, init=False)
    entries: Mapping[str, Entry] = field(default_factory=dict[str, "Entry"], init=False)
    trace: Traces | None = field(default=None, init=False)
    _resolved: dict[str, Resolved] = field(default_factory=dict[str, Resolved], init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)
    _stored: OrderedDict[tuple[str, str | None], Registration] = field(
        default_factory=OrderedDict[tuple[str, "str | None"], Registration], init=False
    )
    _seen: MemoryCredentialStore = field(init=False)
    _pending: tuple[object, PendingAuthorizations | None] = field(default=(None, None), init=False)

    def __post_init__(self) -> None:
        self._seen = MemoryCredentialStore(clock=self.clock)

    @property
    def shared(self) -> Shared:
        """What applies to this application."""
        return self.own.over(self.defaults())

    @contextmanager
    def context(self) -> Generator[None]:
        """See to it that this application's context is there."""
        if has_app_context() and current_app == self.app:
            yield
        else:
            with self.app.app_context():
                yield

    def ask_owner(self, find: FindOwner) -> object:
        """Ask the application whose request this is.

        Args:
            find: The application's function.

        Returns:
            What it answered.

        Raises:
            ContextError: It needs a request, and there is none.
        """
        try:
            with self.context():
                return find()
        except RuntimeError as error:
            # The library's own errors are some, too.
            if has_request_context() or type(error) is not RuntimeError:
                raise
            raise ContextError(
                "there is no request, and owner() could not tell without one whose token is "
                "meant; give token=, or to stored_token, save_token and delete_token owner="
            ) from error

    def pending(self) -> PendingAuthorizations:
        """The open logins; made anew where SECRET_KEY or the cache is another by now."""
        cache, key = self.shared.cache, self.app.secret_key
        fallbacks = tuple(_secret_key_fallbacks(self.app.config))
        made_of = (key, fallbacks, cache)
        made, found = self._pending
        if found is None or made != made_of:
            found = PendingAuthorizations(
                key,
                self.clock,
                None if cache is None else CacheCredentialStore(cache),
                fallbacks=fallbacks,
            )
            self._pending = made_of, found
        return found

    def note(self, key: str, seconds: int) -> bool:
        """Note a logout token: in the cache, or else in this process.

        Args:
            key: What identifies it.
            seconds: For how long.

        Returns:
            Whether it was noted before.

        Raises:
            StoreError: The cache failed.
        """
        store = self._notes()
        with self._lock:
            noted = store.take(key) is not None
            store.put(key, "1", seconds)
        return noted

    def forget(self, key: str) -> None:
        """Take a note back.

        Raises:
            StoreError: The cache failed.
        """
        self._notes().take(key)

    def _notes(self) -> CredentialStore:
        cache = self.shared.cache
        return self._seen if cache is None else CacheCredentialStore(cache)

    def check_cache(self, cache: Cache | None) -> None:
        """Try a cache that open logins are to be kept in.

        Raises:
            ConfigurationError: It does not keep what it is given.
        """
        if cache is not None:
            with self.context():
                check_cache(cache)

    def check(self, registration: Registration) -> None:
        """Refuse a registration that cannot work with this application's config.

        Raises:
            ConfigurationError: A setting is wrong; the message says which.
        """
        registration.check(self.app.config)

    def is_oauth1(self, registration: Registration) -> bool:
        """Tell which protocol a registration means for this application."""
        found = self._resolved.get(registration.identity)
        if found is not None and found.registration is registration:
            return isinstance(found.client, OAuth1Client)
        return registration.is_oauth1(registration.settings(self.app.config))

    def stored_registration(self, name: str, tenant: str | None) -> Registration | None:
        """Ask the client store for a client.

        Its client is made anew only where the store gives something else than before,
        so that keys and connections stay.

        Args:
            name: The client's name.
            tenant: Whose it is.

        Returns:
            The registration, or ``None`` where there is no such client, or no store.

        Raises:
            StoreError: The store failed.
            ConfigurationError: What it gave is no registration.
        """
        store = self.shared.client_store
        # A name with an "@" could be mistaken for that of another tenant's client.
        if store is None or not name.replace("-", "_").isidentifier():
            return None
        with self.context():
            found = ask(store, store.get, name, tenant)
        if found is None:
            return None
        with self._lock:
            known = self._stored.get((name, tenant))
            if known is None or known.given != {k: v for k, v in found.items() if v is not None}:
                known = self._stored[name, tenant] = Registration.of_store(name, tenant, found)
            self._stored.move_to_end((name, tenant))
            while len(self._stored) > _MOST_STORED:
                _, oldest = self._stored.popitem(last=False)
                self._resolved.pop(oldest.identity, None)
            return known

    def resolve(self, registration: Registration) -> Resolved:
        """Return the client of a registration, made at its first use.

        Raises:
            ConfigurationError: A setting is wrong; the message says which.
        """
        name = registration.identity
        found = self._resolved.get(name)
        if found is not None and found.registration is registration:
            return found
        with self._lock:
            found = self._resolved.get(name)
            if found is None or found.registration is not registration:
                found = self._resolved[name] = self._make(registration)
            return found

    def _make(self, registration: Registration) -> Resolved:
        settings = registration.settings(self.app.config)

        def updated(
            token: OAuth2Token, /, *, refresh_token: str | None, access_token: str | None
        ) -> None:
            replace_token(resolved.key, access_token, token)
            old: OAuth2Token = {"access_token": access_token or "", "refresh_token": refresh_token}
            resolved.update_token(token, old)

        client = make_client(
            registration.identity,
            settings,
            oauth1=registration.is_oauth1(settings),
            transport=self._traced(self._transport()),
            clock=self.clock,
            update_token=updated,
            token_store=self.shared.token_store,
        )
        resolved = Resolved(registration, settings, self, client)
        return resolved

    @contextmanager
    def override(self, transport: Transport | None, clock: Clock | None) -> Generator[None]:
        """Work with another transport or clock for as long as the block runs.

        Clients are made anew for it, and nothing that they learn stays.

        Args:
            transport: Sends the requests; the present one when left out.
            clock: Tells the time; the present one when left out.

        Yields:
            Nothing.
        """
        with self._lock:
            before = self.transport, self.clock, self._resolved, self._seen
            self.transport = self.transport if transport is None else transport
            self.clock = self.clock if clock is None else clock
            self._resolved = {}
            self._seen = MemoryCredentialStore(clock=self.clock)
        try:
            yield
        finally:
            with self._lock:
                self.transport, self.clock, self._resolved, self._seen = before

    def _traced(self, transport: Transport) -> Transport:
        if self.trace is not None:
            self.trace.check()
            return self.trace.transport(transport)
        if asks_for_traces(self.app.config):
            raise ConfigurationError(
                "TYPEDOAUTH_TRACE was set after oauth.init_app(app); set it before, or not at all"
            )
        return transport

    def _transport(self) -> Transport:
        if self.transport is None:
            from typedoauth.transports.urllib3 import Urllib3Transport

            self.transport = Urllib3Transport()
        return self.transport


def asks_for_traces(config: Mapping[str, object]) -> bool:
    """Whether an application's config has ``TYPEDOAUTH_TRACE``."""
    return bool(config.get("TYPEDOAUTH_TRACE"))


def _secret_key_fallbacks(config: Mapping[str, object]) -> Sequence[str | bytes]:
    return cast("Sequence[str | bytes]", config.get("SECRET_KEY_FALLBACKS") or ())  # Flask 3.1
