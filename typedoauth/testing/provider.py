"""The local provider: OAuth 1.0a, OAuth 2.0, OpenID Connect and an API in one WSGI app."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from typedoauth.errors import ConfigurationError
from typedoauth.protocols import Clock
from typedoauth.testing import (
    api,
    authorization_endpoint,
    logout,
    metadata,
    oauth1,
    pages,
    registration,
    token_endpoint,
    token_management,
    userinfo_endpoint,
)
from typedoauth.testing.faults import FAULTS
from typedoauth.testing.faults.kinds import AnswerFault, Fault
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
    *userinfo_endpoint.ROUTES,
    *logout.ROUTES,
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
        ``revocation``, ``introspection``, ``api_calls``, ``discovery``, ``jwks``,
        ``id_tokens``, ``userinfo``, ``logout``, ``logout_tokens``; and, whatever came of
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
        jwks: Mapping[str, object] | str | bytes | None = None,
        id_token_signed_response_alg: str = "RS256",
        userinfo_signed_response_alg: str | None = None,
        post_logout_redirect_uris: Iterable[str] = (),
        backchannel_logout_uri: str | None = None,
        frontchannel_logout_uri: str | None = None,
    ) -> RegisteredClient:
        """Register a client, for every protocol; one of the same id is replaced.

        Args:
            client_id: The client identifier, ``oauth_consumer_key`` in OAuth 1.0.
            client_secret: The shared secret; leave it out for a public client.
            name: What the authorization page calls it.
            redirect_uris: Redirection URIs and OAuth 1.0 callbacks, compared exactly.
            scope: The scope values that it may ask for, and gets where it asks for none;
                ``openid`` may always be asked for.
            grant_types: The grants that it may use.
            token_endpoint_auth_method: The only way it may authenticate; left out,
                basic and post are both good, a client with keys and no secret uses
                ``private_key_jwt``, and a public client uses ``none``.
            require_pkce: Whether it must send an S256 code challenge.
            rsa_public_key: PEM, for the RSA signatures of OAuth 1.0.
            jwks: What verifies its assertions: a JWK set, one JWK, or the PEM of a
                public key.
            id_token_signed_response_alg: How its ID Tokens are signed.
            userinfo_signed_response_alg: How its UserInfo responses are signed;
                ``None`` for plain JSON.
            post_logout_redirect_uris: Where logout may lead back to, compared exactly.
            backchannel_logout_uri: Where its logout tokens go.
            frontchannel_logout_uri: What the logout page opens in a frame.

        Returns:
            The registration.

        Raises:
            ConfigurationError: An argument cannot be right.
        """
        client = registration.checked(
            RegisteredClient(
                client_id=client_id,
                client_secret=client_secret or None,
                name=name or client_id,
                redirect_uris=tuple(redirect_uris),
                scope=tuple(scope.split()),
                grant_types=frozenset(grant_types),
                token_endpoint_auth_method=token_endpoint_auth_method,
                require_pkce=require_pkce,
                rsa_public_key=registration.rsa_key(rsa_public_key),
                keys=registration.key_set(jwks),
                id_token_signed_response_alg=id_token_signed_response_alg,
                userinfo_signed_response_alg=userinfo_signed_response_alg,
                post_logout_redirect_uris=tuple(post_logout_redirect_uris),
                backchannel_logout_uri=backchannel_logout_uri,
                frontchannel_logout_uri=frontchannel_logout_uri,
            )
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
        claims: Mapping[str, object] | None = None,
    ) -> User:
        """Add a user, whom the authorization page then offers.

        Args:
            user_id: The stable identifier, ``sub`` of the profile.
            name: The full name.
            email: The email address.
            password: For the password grant; without one that grant is refused.
            claims: Further claims (OpenID Connect Core 5.1), released by scope and by
                the ``claims`` parameter.

        Returns:
            The user.
        """
        user = User(user_id, name or user_id, email, password, dict(claims or {}))
        with self._state.lock:
            self._state.users[user_id] = user
        return user

    def rotate_keys(self, *, keep_old: bool = False) -> None:
        """Sign with new keys from now on.

        Args:
            keep_old: Whether the old ones stay in the JWK set.
        """
        with self._state.lock:
            self._state.keys.rotate(keep_old=keep_old)

    def logout_tokens(self, user_id: str) -> list[tuple[str, str]]:
        """End every session of a user, and make what tells the clients so.

        The provider sends nothing itself: post each token as ``logout_token`` in a
        form (OpenID Connect Back-Channel Logout 2.5).

        Args:
            user_id: Whose; sessions that ended by RP-initiated logout count until
                this has been asked.

        Returns:
            Pairs of a ``backchannel_logout_uri`` and a logout token.
        """
        with self._state.lock:
            return logout.logout_tokens(self._state, user_id)

    @contextmanager
    def faults(self, *names: str) -> Generator[None]:
        """Break rules for as long as the block runs, each at one place.

        Args:
            *names: Names of :data:`~typedoauth.testing.faults.FAULTS`, one a family at most.

        Yields:
            Nothing.

        Raises:
            ConfigurationError: There is no such fault, or its family is broken already.
        """
        chosen: dict[str, Fault] = {}
        for name in names:
            fault = FAULTS.get(name)
            if fault is None:
                close = ", ".join(get_close_matches(name, FAULTS)) or "FAULTS lists them all"
                raise ConfigurationError(f"there is no fault {name!r}; {close}")
            if chosen.setdefault(fault.family, fault) is not fault:
                raise ConfigurationError(f"{name!r} is the second fault of {fault.family!r}")
        with self._state.lock:
            if twice := chosen.keys() & self._state.faults:
                raise ConfigurationError(f"this is the second fault of {min(twice)!r}")
            self._state.faults.update(chosen)
        try:
            yield
        finally:
            with self._state.lock:
                for family in chosen:
                    del self._state.faults[family]

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
            response = _VIEWS[endpoint](self._state, request)
            for fault in self._state.faults.values():
                if isinstance(fault, AnswerFault) and endpoint in fault.paths:
                    return fault.change(request, response)
            return response
