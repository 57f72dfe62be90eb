"""The local provider: OAuth 1.0a, OAuth 2.0, OpenID Connect and an API in one WSGI app."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
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
    token_endpoint,
    token_management,
    userinfo_endpoint,
)
from typedoauth.testing.directory import Directory
from typedoauth.testing.faults import select
from typedoauth.testing.faults.kinds import AnswerFault
from typedoauth.testing.pausing import await_pause
from typedoauth.testing.records import Lifetimes
from typedoauth.testing.registered import is_web_address
from typedoauth.testing.standing_in import StandIn
from typedoauth.testing.visits import left_for, open_page
from typedoauth.testing.web import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

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
_PAGES: Final = frozenset({"/", "/oauth1/authorize", "/oauth2/authorize", "/oauth2/logout"})
_MAX_BODY: Final = 4 * 1024 * 1024


class LocalProvider(Directory):
    """A provider for tests and desks, strict about what it is sent.

    It keeps everything in memory and forgets it with the process. It asks
    nobody for a password: whoever sees its page is whoever they say. Keep it on
    loopback.

    Args:
        clock: Tells the time.
        lifetimes: How long tokens, codes and credentials are good for.
    """

    def __init__(self, *, clock: Clock = time.time, lifetimes: Lifetimes | None = None) -> None:
        super().__init__(clock, lifetimes or Lifetimes())
        self._stand_ins: list[StandIn] = []
        self._map: Map = Map(
            [
                Rule("/", methods=["GET", "POST"], endpoint="/"),
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

    def rotate_keys(self, *, keep_old: bool = False) -> None:
        """Sign with new keys from now on.

        Args:
            keep_old: Whether the old ones stay in the JWK set.
        """
        with self._state.lock:
            self._state.keys.rotate(keep_old=keep_old)

    def visit(self, url: str) -> str:
        """Go where a client would send a browser, as the user of :meth:`login_as`.

        Args:
            url: The address of a page, such as an authorization request.

        Returns:
            Where the page sends the browser: the client's callback, with its answer.

        Raises:
            ConfigurationError: It shows something instead; the message says what.
        """
        return left_for(open_page(self, url))

    def stand_in(self, app: Flask) -> StandIn:
        """Take the place of every service that a Flask application is registered with.

        Its clients, with the settings that they have by then, are registered
        (:meth:`add_registered`); their requests come here without a network, and
        the provider's clock is theirs. Where the application redirects a browser to
        one of the services, the browser is led to the provider and at once to
        where the provider sends it.

        Args:
            app: The application; what its registries serve.

        Returns:
            What ends it: a context manager that is entered already, with ``close()``.

        Raises:
            ConfigurationError: No registry serves the application, or a client
                lacks a setting.
        """
        made = StandIn(self, app)
        self._stand_ins.append(made)
        return made

    def close(self) -> None:
        """Leave every application that :meth:`stand_in` was called with as it was."""
        while self._stand_ins:
            self._stand_ins.pop().close()

    def is_page(self, url: str) -> bool:
        """Tell whether a URL is one that a browser opens here, in the place of a service.

        Args:
            url: Any URL, also a relative one.

        Returns:
            Whether it is an authorization or logout endpoint.
        """
        if not is_web_address(url):
            return False
        found = self._addresses.path(url, _VIEWS)
        return found is not None and found[0] in _PAGES

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        return self._state.clock

    @property
    def secrets(self) -> Mapping[str, str]:
        """Every secret that it shares or has given out, and what each is, as a copy.

        Client secrets, passwords, codes, verifiers, tokens, JWTs: what must not be in a log.
        """
        with self._state.lock:
            return self._state.secrets()

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
            *names: Names of :data:`~typedoauth.testing.faults.FAULTS`, one a family at
                most, and of :data:`~typedoauth.testing.faults.EVERYDAY`.

        Yields:
            Nothing.

        Raises:
            ConfigurationError: There is no such fault, or its family is broken already.
        """
        chosen = select(names)
        with self._state.lock:
            if twice := chosen.keys() & self._state.faults:
                raise ConfigurationError(f"this is the second fault of {min(twice)!r}")
            self._state.begin(chosen)
        try:
            yield
        finally:
            with self._state.lock:
                self._state.end(chosen)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request: this is what makes it a WSGI app."""
        return self.respond(Request(environ))(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Answer one request, as a value.

        Args:
            request: The request.

        Returns:
            The answer, whatever its status.

        Raises:
            TransportTimeoutError: It came from this process, and the provider is slow.
        """
        request.max_content_length = _MAX_BODY
        try:
            # Read before the lock is taken: a slow client must not hold up the others.
            request.get_data()
            path = self._addresses.locate(request, _VIEWS)
            if path not in _PAGES:
                await_pause(self._state, request)
            return self._answer(request, path)
        except HTTPException as refusal:
            return refusal.get_response(request.environ)
        finally:
            request.close()  # uploaded files

    def _answer(self, request: Request, path: str) -> Response:
        with self._state.lock:
            if path not in _PAGES and self._state.failing:
                self._state.failing -= 1
                return Response("Something went wrong here", 500, mimetype="text/plain")
            resource = self._addresses.resource(request)
            if resource is not None:
                return api.answer(self._state, request, resource)
            endpoint, _ = self._map.bind_to_environ(request.environ).match(path)
            if endpoint == "/":
                return self._home(request)
            response = _VIEWS[endpoint](self._state, request)
            for fault in self._state.faults.values():
                if isinstance(fault, AnswerFault) and endpoint in fault.paths:
                    return fault.change(request, response)
            return response

    def _home(self, request: Request) -> Response:
        del request
        return pages.home(self._state, _ROUTES)
