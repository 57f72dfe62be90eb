"""The examination: every check, for the application and for its clients, in order."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from typedoauth.client import OAuth2Client
from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.flask.doctor.callback import Route, check_methods, choose, routes
from typedoauth.flask.doctor.cookies import CookieSettings, check_cookie, check_cookie_reaches
from typedoauth.flask.doctor.discovery import check_metadata, form_post, look_up
from typedoauth.flask.doctor.findings import Finding, fine, problem
from typedoauth.flask.doctor.keys import check_jwk_set, look_up_keys
from typedoauth.flask.doctor.network import Network, check_clock, check_reachable
from typedoauth.flask.doctor.options import check_options, scopes
from typedoauth.flask.doctor.redirect_uri import (
    Proxy,
    base_of,
    build,
    check_base,
    check_redirect_uri,
    proxy_of,
)
from typedoauth.flask.doctor.secret_key import check_secret_key
from typedoauth.flask.doctor.settings import check_credentials, check_registration, refused
from typedoauth.flask.doctor.stores import check_cache, check_owner, check_token_store
from typedoauth.flask.settings import Registration
from typedoauth.flask.state import AppState, Resolved
from typedoauth.oauth2 import ServerMetadata

__all__ = ["Examination"]

_OAUTH1_SKEW: Final = 120.0


@dataclass(frozen=True, slots=True)
class Examination:
    """Looks at one application and at its clients.

    Attributes:
        app: The application.
        environ: The environment; it may have what config should.
        explain: Says why a store failed, without what is secret.
        base_url: Where browsers reach the application, if somebody says.
        callback: The endpoint of the callback, if somebody says.
        seconds: How long one answer of a provider may take.
        offline: Whether providers are left alone.
    """

    app: Flask
    environ: Mapping[str, str]
    explain: Callable[[OAuthError], str]
    base_url: str | None = None
    callback: str | None = None
    seconds: float = 5.0
    offline: bool = False

    @property
    def _config(self) -> Mapping[str, object]:
        return self.app.config

    @property
    def _proxy(self) -> Proxy | None:
        return proxy_of(self.app)

    def application(self, states: Sequence[AppState]) -> Iterator[Finding]:
        """Look at what all clients share.

        Args:
            states: What each registry keeps for the application.

        Yields:
            The findings.
        """
        yield from _tried("SECRET_KEY", self._secret_key)
        yield from _tried("the session cookie", self._cookie)
        yield from _tried("the application's address", self._address)
        seen: list[object] = []
        for state in states:
            shared = state.shared
            if shared.cache is not None and not _known(shared.cache, seen):
                with state.context():
                    yield from check_cache(shared.cache, self.explain)
            if shared.token_store is not None and not _known(shared.token_store, seen):
                with state.context():
                    yield from check_token_store(shared.token_store, self.explain)
            if shared.token_store is not None:
                yield from check_owner(
                    shared, partial(copy_context().run, partial(self._owner, state))
                )

    def _secret_key(self) -> Iterator[Finding]:
        cookies = isinstance(self.app.session_interface, SecureCookieSessionInterface)
        return check_secret_key(self.app.secret_key, cookie_sessions=cookies)

    def _cookie(self) -> Iterator[Finding]:
        base = base_of(self._config, self.base_url)
        return check_cookie(CookieSettings.of(self._config), base)

    def _address(self) -> Iterator[Finding]:
        return check_base(self._config, self.base_url, self._proxy)

    def client(self, state: AppState, registration: Registration) -> Iterator[Finding]:
        """Look at one client.

        Args:
            state: What its registry keeps for the application.
            registration: What was registered.

        Yields:
            The findings.
        """
        for finding in self._client(state, registration):
            yield replace(finding, client=registration.identity)

    def _client(self, state: AppState, registration: Registration) -> Iterator[Finding]:
        early = [*self._settings(state, registration)]
        yield from early
        if any(one.severity == "error" and one.code.startswith("client_") for one in early):
            return  # no client can be made, for the reason that was told
        try:
            resolved = state.resolve(registration)
        except ConfigurationError as error:
            yield refused(error)
            return
        options = [*check_options(resolved)]
        yield from options
        if not early + options:
            yield fine("settings", "the settings are complete and fit together")
        if not _own_tokens_only(resolved):
            yield from _tried("the callback", partial(self._callback, state, resolved))
        if not self.offline:
            yield from _tried("the provider", partial(self._network, state, resolved))

    def _settings(self, state: AppState, registration: Registration) -> Iterator[Finding]:
        yield from check_registration(registration, self._config)
        try:
            settings = registration.settings(self._config)
            oauth1 = registration.is_oauth1(settings)
        except ConfigurationError:
            return  # making the client will tell
        yield from check_credentials(registration.name, settings, self.environ, oauth1=oauth1)

    def _callback(self, state: AppState, resolved: Resolved) -> Iterator[Finding]:
        name = resolved.registration.name
        found, problems = self._route(name, [one for one in state.entries if one != name])
        yield from problems
        if found is None:
            return
        problems = [*check_methods(found, form_post=form_post(resolved))]
        base = base_of(self._config, self.base_url)
        uri = build(self.app, found, name, base, self._proxy)
        if uri is not None:
            problems += check_redirect_uri(uri)
            problems += check_cookie_reaches(CookieSettings.of(self._config), urlsplit(uri).path)
        yield from problems
        if uri is not None and base is not None and not problems:
            yield fine("redirect_uri", f"the redirect URI is {uri}: the provider has to have it")

    def _route(self, name: str, others: Iterable[str]) -> tuple[Route | None, list[Finding]]:
        found = routes(self.app)
        if self.callback is not None:
            chosen = [one for one in found if one.endpoint == self.callback]
            return (chosen[0] if chosen else None), []
        return choose(found, name, list(others))

    def _network(self, state: AppState, resolved: Resolved) -> Iterator[Finding]:
        client = resolved.client
        network = Network(client, state.clock, self.seconds)
        urls: dict[str, str | None] = {
            "authorize_url": client.authorize_url,
            "access_token_url": client.access_token_url,
        }
        tolerated = _OAUTH1_SKEW
        if isinstance(client, OAuth2Client):
            tolerated = client.clock_skew
            yield from self._openid(network, resolved, client)
        else:
            urls["request_token_url"] = client.request_token_url
        yield from check_reachable(network, urls)
        yield from check_clock(network, tolerated)

    def _openid(
        self, network: Network, resolved: Resolved, client: OAuth2Client
    ) -> Iterator[Finding]:
        settings, kwargs = resolved.settings, resolved.client_kwargs
        metadata: ServerMetadata | None = {}
        if client.server_metadata_url is not None:
            metadata, findings = look_up(
                network,
                client.server_metadata_url,
                _text(settings.get("issuer")),
                allow_http=kwargs.get("allow_insecure_transport") is True,
            )
            if metadata is not None:
                problems = [*check_metadata(resolved, client, metadata)]
                findings = problems or findings
            yield from findings
        if metadata is None or "openid" not in scopes(client):
            return
        registered = kwargs.get("id_token_signed_response_alg")
        url = _text(settings.get("jwks_uri")) or metadata.get("jwks_uri")
        if str(registered).startswith("HS") or url is None or settings.get("jwks"):
            return
        keys, findings = look_up_keys(network, url)
        yield from findings
        if keys is not None:
            offered = metadata.get("id_token_signing_alg_values_supported")
            yield from check_jwk_set(keys, registered, offered)

    def _owner(self, state: AppState) -> object:
        find = state.shared.owner
        base = base_of(self._config, self.base_url) or "http://localhost"
        with (
            warnings.catch_warnings(action="ignore"),  # of Flask 3.0, where SERVER_NAME is another
            self.app.test_request_context("/", base_url=base),
        ):
            return None if find is None else state.ask_owner(find)


def _tried(what: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds; or that it could not be made, for a setting of a strange type."""
    try:
        # In a context of its own: Flask leaves one behind where opening a session fails.
        yield from copy_context().run(lambda: [*check()])
    except Exception as error:  # noqa: BLE001  one check that stumbles does not end the others
        yield problem(
            "check_failed",
            f"{what} could not be looked at: {type(error).__name__}",
            "see whether every setting of it has the type that is documented",
        )


def _own_tokens_only(resolved: Resolved) -> bool:
    client = resolved.client
    return isinstance(client, OAuth2Client) and client.grant_type == "client_credentials"


def _known(one: object, seen: list[object]) -> bool:
    """Whether a store was looked at before, for another registry."""
    if any(one is other for other in seen):
        return True
    seen.append(one)
    return False


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
