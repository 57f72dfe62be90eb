"""What belongs to one Flask application: its functions, its clients, its transport."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from flask import Flask, g, has_app_context, request, session
from flask.sessions import SessionMixin

from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.client.callbacks import AdaptedUpdate, adapt_fetch, adapt_save, adapt_update
from typedoauth.flask.pending import PendingAuthorizations
from typedoauth.flask.settings import Kind, Registration, is_oauth1, make_client
from typedoauth.flask.signals import token_update
from typedoauth.protocols import Cache, Clock, CredentialStore, Transport
from typedoauth.stores.cache import CacheCredentialStore, check_cache
from typedoauth.tokens import AnyToken, OAuth2Token

__all__ = ["AppState", "RequestBrowser", "Resolved", "Resolver"]


@dataclass(frozen=True, slots=True)
class RequestBrowser:
    """The browser whose request Flask handles now."""

    session: SessionMixin
    origin: str
    sent_session: bool

    @classmethod
    def current(cls, app: Flask) -> RequestBrowser:
        """Look at the current request."""
        name = app.session_interface.get_cookie_name(app)
        # The proxy stands for the session wherever one is asked for.
        return cls(session, request.host_url.rstrip("/"), name in request.cookies)


@dataclass(slots=True)
class Resolved:
    """One client of one application.

    Attributes:
        registration: What it was made of; another one makes it obsolete.
        kind: The class of its app.
        client: The client.
        state: The application's.
        fetch: The application's function that fetches a token.
        save_request_token: The application's own keeping of temporary credentials.
        fetch_request_token: Its counterpart.
    """

    registration: Registration
    kind: Kind
    client: OAuth1Client | OAuth2Client
    state: AppState
    fetch: Callable[[], object] | None = None
    save_request_token: Callable[..., object] | None = None
    fetch_request_token: Callable[[], object] | None = None

    @property
    def settings_key(self) -> tuple[int, str]:
        """What the token of this client is kept under in the application context."""
        return id(self.state), self.registration.name


class Defaults(Protocol):
    """What a registry gives to applications that were given nothing of their own."""

    @property
    def cache(self) -> Cache | None:
        """Where open logins are kept."""
        ...

    @property
    def fetch_token(self) -> Callable[..., object] | None:
        """Fetches a token."""
        ...

    @property
    def update_token(self) -> Callable[..., object] | None:
        """Keeps a token."""
        ...


class Resolver(Protocol):
    """What a remote app needs of its registry."""

    def resolve(self, name: str) -> Resolved:
        """Return the client of that name for the application at hand."""
        ...


@dataclass(slots=True)
class AppState:
    """What one registry keeps for one application."""

    app: Flask
    defaults: Defaults
    cache: Cache | None = None
    fetch_token: Callable[..., object] | None = None
    update_token: Callable[..., object] | None = None
    transport: Transport | None = None
    clock: Clock | None = None
    resolved: dict[str, Resolved] = field(default_factory=dict[str, Resolved])
    lock: threading.RLock = field(default_factory=threading.RLock)

    def pending(self) -> PendingAuthorizations:
        """The open logins; made anew each time, since SECRET_KEY may be set late."""
        cache = self._cache
        store: CredentialStore | None = None if cache is None else CacheCredentialStore(cache)
        return PendingAuthorizations(self.app.secret_key, self.clock or time.time, store)

    def check_cache(self) -> None:
        """Try the cache that open logins are to be kept in, if there is one.

        Raises:
            ConfigurationError: It does not keep what it is given.
        """
        cache = self._cache
        if cache is not None:
            with self.app.app_context():
                check_cache(cache)

    @property
    def _cache(self) -> Cache | None:
        return self.cache if self.cache is not None else self.defaults.cache

    def kind(self, registration: Registration) -> Kind:
        """Tell which class of app a registration makes for this application."""
        return registration.resolved_kind(registration.settings(self.app.config))

    def check(self, registration: Registration) -> None:
        """Refuse a registration that cannot work with this application's config.

        Raises:
            ConfigurationError: A setting is wrong; the message says which.
        """
        settings = registration.settings(self.app.config)
        kind = registration.resolved_kind(settings)
        make_client(registration.name, settings, oauth1=is_oauth1(kind), final=False)
        self._functions(registration)

    def resolve(self, registration: Registration) -> Resolved:
        """Return the client of a registration, made at its first use.

        Raises:
            ConfigurationError: A setting is wrong; the message says which.
        """
        name = registration.name
        found = self.resolved.get(name)
        if found is not None and found.registration is registration:
            return found
        with self.lock:
            found = self.resolved.get(name)
            if found is None or found.registration is not registration:
                found = self.resolved[name] = self._make(registration)
            return found

    def _functions(
        self, registration: Registration
    ) -> tuple[Callable[[], object] | None, AdaptedUpdate | None]:
        """The functions that fetch and keep tokens: the client's own, or the registry's."""
        name, given = registration.name, registration.given
        fetch = update = None
        if "fetch_token" in given:
            fetch = adapt_fetch(given["fetch_token"], "fetch_token")
        elif (shared := self.fetch_token or self.defaults.fetch_token) is not None:
            fetch = adapt_fetch(shared, "fetch_token", name)
        if "update_token" in given:
            update = adapt_update(given["update_token"], "update_token")
        elif (shared := self.update_token or self.defaults.update_token) is not None:
            update = adapt_update(shared, "update_token", name)
        return fetch, update

    def _make(self, registration: Registration) -> Resolved:
        settings = registration.settings(self.app.config)
        kind = registration.resolved_kind(settings)
        fetch, update = self._functions(registration)
        name = registration.name

        def updated(
            token: OAuth2Token, /, *, refresh_token: str | None, access_token: str | None
        ) -> None:
            keep_in_context(resolved, token, replacing=access_token)
            if update is not None:
                old: OAuth2Token = {
                    "access_token": access_token or "",
                    "refresh_token": refresh_token,
                }
                update(token, old)
            token_update.send(
                self.app,
                name=name,
                token=token,
                refresh_token=refresh_token,
                access_token=access_token,
            )

        client = make_client(
            name,
            settings,
            oauth1=is_oauth1(kind),
            transport=self._transport(),
            clock=self.clock,
            update_token=updated,
        )
        save = registration.given.get("save_request_token")
        fetch_request = registration.given.get("fetch_request_token")
        resolved = Resolved(registration, kind, client, self, fetch)
        if save is not None or fetch_request is not None:
            resolved.save_request_token = adapt_save(save, "save_request_token")
            resolved.fetch_request_token = adapt_fetch(fetch_request, "fetch_request_token")
        return resolved

    def _transport(self) -> Transport:
        if self.transport is None:
            from typedoauth.transports.urllib3 import Urllib3Transport

            self.transport = Urllib3Transport()
        return self.transport


def context_token(resolved: Resolved) -> AnyToken | None:
    """The token that this application context holds for a client."""
    return _context_tokens().get(resolved.settings_key) if has_app_context() else None


def keep_in_context(
    resolved: Resolved, token: AnyToken | None, *, replacing: str | None = None
) -> None:
    """Let this application context hold *token*.

    Args:
        resolved: The client.
        token: The token; ``None`` takes away what there is.
        replacing: Only if the context holds the token with this access token.
    """
    if not has_app_context():
        return
    tokens = _context_tokens()
    if replacing is not None:
        held: Mapping[str, object] = tokens.get(resolved.settings_key) or {}
        if held.get("access_token") != replacing:
            return
    if token is None:
        tokens.pop(resolved.settings_key, None)
    else:
        tokens[resolved.settings_key] = token


def keep_data_in_context(resolved: Resolved, data: Mapping[str, object]) -> None:
    """Let this application context hold the caller's own data of a login."""
    held: dict[tuple[int, str], Mapping[str, object]] = {}
    held = g.setdefault("_typedoauth_data", held)
    held[resolved.settings_key] = data


def context_data(resolved: Resolved) -> Mapping[str, object]:
    """The caller's own data of the login that this application context finished."""
    held: dict[tuple[int, str], Mapping[str, object]] = {}
    held = g.get("_typedoauth_data", held)
    return held.get(resolved.settings_key, {})


def _context_tokens() -> dict[tuple[int, str], AnyToken]:
    empty: dict[tuple[int, str], AnyToken] = {}
    held: Any = g.setdefault("_typedoauth_tokens", empty)  # any: what flask.g answers
    return cast("dict[tuple[int, str], AnyToken]", held)  # nobody else uses that name
