"""The local provider: OAuth 1.0a, OAuth 2.0 and an API in one WSGI app."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from typedoauth.errors import ConfigurationError
from typedoauth.protocols import Clock
from typedoauth.testing import (
    api,
    authorization_endpoint,
    metadata,
    oauth1,
    pages,
    signatures,
    token_endpoint,
    token_management,
)
from typedoauth.testing.client_authentication import METHODS
from typedoauth.testing.records import Lifetimes, RegisteredClient, User
from typedoauth.testing.state import State
from typedoauth.testing.web import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["LocalProvider"]

_ROUTES: Final[tuple[Route, ...]] = (
    *oauth1.ROUTES,
    *authorization_endpoint.ROUTES,
    *token_endpoint.ROUTES,
    *token_management.ROUTES,
    *metadata.ROUTES,
    *api.ROUTES,
)
_VIEWS: Final = {path: view for path, _, view in _ROUTES}
_MAX_BODY: Final = 4 * 1024 * 1024


class LocalProvider:
    """A provider for tests and desks, strict about what it is sent.

    It keeps everything in memory and forgets it with the process. It asks
    nobody for a password: whoever sees its page is whoever they say. Keep it on
    loopback.

    Args:
        clock: Tells the time.
        lifetimes: How long tokens, codes and credentials are good for.
    """

    def __init__(self, *, clock: Clock = time.time, lifetimes: Lifetimes | None = None) -> None:
        self._state: State = State(clock, lifetimes or Lifetimes())
        self._map: Map = Map(
            [
                Rule("/", methods=["GET"], endpoint="/"),
                *(Rule(path, methods=list(names), endpoint=path) for path, names, _ in _ROUTES),
            ],
            strict_slashes=False,
            redirect_defaults=False,
        )

    @property
    def counts(self) -> Mapping[str, int]:
        """How often what has succeeded so far, as a copy.

        Keys: each ``grant_type``, ``temporary_credentials``, ``token_credentials``,
        ``revocation``, ``introspection``, ``api_calls``; and, whatever came of
        them, ``token_requests`` (OAuth 2.0), ``denied``, ``refresh_token_reuse``.
        What never happened counts 0.
        """
        with self._state.lock:
            return self._state.counts.copy()

    def add_client(
        self,
        client_id: str,
        client_secret: str | None = None,
        *,
        name: str | None = None,
        redirect_uris: Iterable[str] = (),
        scope: str = "profile email notes",
        grant_types: Iterable[str] = tuple(token_endpoint.GRANTS),
        token_endpoint_auth_method: str | None = None,
        require_pkce: bool = True,
        rsa_public_key: str | bytes | None = None,
    ) -> RegisteredClient:
        """Register a client, for both protocols; one of the same id is replaced.

        Args:
            client_id: The client identifier, ``oauth_consumer_key`` in OAuth 1.0.
            client_secret: The shared secret; leave it out for a public client.
            name: What the authorization page calls it.
            redirect_uris: Redirection URIs and OAuth 1.0 callbacks, compared exactly.
            scope: The scope values that it may ask for, and gets where it asks for none.
            grant_types: The grants that it may use.
            token_endpoint_auth_method: The only way it may authenticate; left out,
                basic and post are both good, and a public client uses ``none``.
            require_pkce: Whether it must send an S256 code challenge.
            rsa_public_key: PEM, for the RSA signatures of OAuth 1.0.

        Returns:
            The registration.

        Raises:
            ConfigurationError: An argument cannot be right.
        """
        redirects = tuple(redirect_uris)
        for uri in redirects:
            parts = urlsplit(uri)
            if not parts.scheme or parts.fragment:
                raise ConfigurationError(
                    "a redirection URI is absolute and has no fragment (RFC 6749 3.1.2)"
                )
        grants = frozenset(grant_types)
        if unknown := grants - set(token_endpoint.GRANTS):
            raise ConfigurationError(
                f"unknown grant types {sorted(unknown)}; known: {', '.join(token_endpoint.GRANTS)}"
            )
        method = token_endpoint_auth_method or (None if client_secret else "none")
        fitting = [one for one in METHODS if (one == "none") != bool(client_secret)]
        if method is not None and method not in fitting:
            raise ConfigurationError(
                f"token_endpoint_auth_method {method!r} does not fit this client; "
                f"possible: {', '.join(fitting)}"
            )
        try:
            key = signatures.load_rsa_key(rsa_public_key) if rsa_public_key else None
        except ValueError:
            raise ConfigurationError("rsa_public_key is not the PEM of an RSA public key") from None
        client = RegisteredClient(
            client_id=client_id,
            client_secret=client_secret or None,
            name=name or client_id,
            redirect_uris=redirects,
            scope=tuple(scope.split()),
            grant_types=grants,
            token_endpoint_auth_method=method,
            require_pkce=require_pkce,
            rsa_public_key=key,
        )
        with self._state.lock:
            self._state.clients[client_id] = client
        return client

    def add_user(
        self,
        user_id: str,
        *,
        name: str | None = None,
        email: str | None = None,
        password: str | None = None,
    ) -> User:
        """Add a user, whom the authorization page then offers.

        Args:
            user_id: The stable identifier, ``sub`` of the profile.
            name: The full name.
            email: The email address.
            password: For the password grant; without one that grant is refused.

        Returns:
            The user.
        """
        user = User(user_id, name or user_id, email, password)
        with self._state.lock:
            self._state.users[user_id] = user
        return user

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request: this is what makes it a WSGI app."""
        request = Request(environ)
        request.max_content_length = _MAX_BODY
        try:
            # Read before the lock is taken: a slow client must not hold up the others.
            request.get_data()
            response = self._answer(request)
        except HTTPException as refusal:
            return refusal(environ, start_response)
        finally:
            request.close()  # uploaded files
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        endpoint, _ = self._map.bind_to_environ(request.environ).match()
        with self._state.lock:
            if endpoint == "/":
                return pages.home(self._state, _ROUTES)
            return _VIEWS[endpoint](self._state, request)
