"""What clients of both protocols have in common: settings, calls, redirects."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, Final, Unpack

from typing_extensions import override

from typedoauth import oidc
from typedoauth._urls import origin, without_query
from typedoauth.client.api_requests import APIRequests
from typedoauth.client.callbacks import adapt_fetch
from typedoauth.client.exchange import Exchange
from typedoauth.client.options import CallOptions, ConnectionOptions, check_option_names
from typedoauth.client.parameters import Callback
from typedoauth.client.redirects import is_redirect, redirected
from typedoauth.client.stored_tokens import ask
from typedoauth.client.verbs import APICalls
from typedoauth.credentials import ClientCredentials, PendingAuthorization
from typedoauth.errors import (
    ConfigurationError,
    MissingTokenError,
    TooManyRedirectsError,
    TransportTimeoutError,
)
from typedoauth.messages import Request, Response
from typedoauth.protocols import Clock, TokenStore, Transport
from typedoauth.tokens import TokenKey, TokenT

__all__ = ["Callback", "OAuthClient"]

_CALL_OPTIONS: Final = frozenset(CallOptions.__annotations__)


class OAuthClient(APICalls[TokenT]):
    """A client of one service.

    Attributes:
        name: What the client is called in messages and logs.
        client_id: The client identifier.
        client_secret: The client secret, or ``None``.
        credentials: The two of them.
        access_token_url: Where token credentials or access tokens are issued.
        access_token_params: Further parameters of those requests.
        authorize_url: Where the resource owner is sent.
        authorize_params: Further parameters of that URL.
        api_base_url: What relative URLs are resolved against.
        headers: Header fields that go with every API call.
        token: The token of calls that are given none.

    Raises:
        ConfigurationError: A setting is wrong; the message says which.
    """

    name: str
    client_id: str
    client_secret: str | None
    credentials: ClientCredentials
    access_token_url: str | None
    access_token_params: Mapping[str, object]
    authorize_url: str | None
    authorize_params: Mapping[str, object]
    api_base_url: str | None
    headers: dict[str, str]
    token: TokenT | None
    _own_hint: ClassVar[str] = ""

    def __init__(
        self,
        client_id: str,
        client_secret: str | None,
        options: ConnectionOptions,
        *,
        name: str,
        access_token_url: str | None,
        access_token_params: Mapping[str, object] | None,
        authorize_url: str | None,
        authorize_params: Mapping[str, object] | None,
        api_base_url: str | None,
        token: TokenT | None,
        fetch_token: Callable[[], TokenT | None] | None,
        token_store: TokenStore[TokenT] | None,
        transport: Transport | None,
        clock: Clock | None,
    ) -> None:
        if not _is_text(client_id) or client_id == "":
            raise ConfigurationError(
                f"client {name!r} has no client_id; give client_id= "
                "(in a Flask application, config can give it, too)"
            )
        if client_secret is not None and not _is_text(client_secret):
            raise ConfigurationError(f"client_secret of client {name!r} is to be a text")
        self.name = name
        self.client_id = client_id
        self.client_secret = client_secret
        self.credentials = ClientCredentials(client_id, client_secret)
        self.access_token_url = access_token_url
        self.access_token_params = dict(access_token_params or {})
        self.authorize_url = authorize_url
        self.authorize_params = dict(authorize_params or {})
        self.api_base_url = api_base_url
        self.headers = {}
        self.token = token
        self._fetch_token: Callable[[], object] | None = (
            None if fetch_token is None else adapt_fetch(fetch_token, "fetch_token")
        )
        self._token_store: TokenStore[TokenT] | None = token_store
        self._clock: Clock = clock or time.time
        self._exchange: Exchange = Exchange(name, options, transport)
        self._exchange.secure(access_token_url, "access_token_url")
        self._exchange.secure(authorize_url, "authorize_url")
        self._api: APIRequests = APIRequests(name, self._exchange, api_base_url, options)
        self._max_redirects: int = options.get("max_redirects", 10)

    @abstractmethod
    def check_token(self, token: object, /) -> TokenT:
        """Check that *token* is of the kind that this client uses.

        Args:
            token: What somebody gave as a token.

        Returns:
            The token.

        Raises:
            InvalidTokenError: It is something else.
        """

    @abstractmethod
    def authorization_key(self, callback: Callback) -> str:
        """Tell which pending authorization a callback belongs to.

        Args:
            callback: The callback's URL, or its parameters in order.

        Returns:
            The ``state``, or the ``oauth_token`` of OAuth 1.0.

        Raises:
            CallbackError: It carries none, or one twice.
            AuthorizationResponseError: It carries none, but the server's error.
        """

    @abstractmethod
    def finish_authorization(
        self,
        callback: Callback,
        pending: PendingAuthorization,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
        **parameters: object,
    ) -> TokenT:
        """Trade what a callback brings for a token.

        Args:
            callback: The callback's URL, or its parameters in order.
            pending: What :meth:`start_authorization` gave; used up by this call.
            claims_options: What the claims of the ID Token have to be, besides what
                the specifications ask (OpenID Connect only).
            leeway: By how many seconds the provider's clock may differ, where it is
                not ``clock_skew`` (OpenID Connect only).
            parameters: Further parameters of the token request, and HTTP
                keywords (``headers``, ``timeout``, ``method``, …).

        Returns:
            The token. Where ``openid`` was asked for, its ``userinfo`` holds the
            validated claims.

        Raises:
            CallbackError: The callback is not an answer to *pending*.
            AuthorizationResponseError: The server or the resource owner refused.
            IdTokenError: The ID Token is missing or cannot be trusted.
            OAuthError: The token request failed, or metadata or keys could not be had.
        """

    @abstractmethod
    def _authorized(self, request: Request, token: TokenT) -> Request:
        """Add *token* to a request."""

    def _usable_token(self, token: TokenT | None) -> TokenT | None:
        """The token to send: *token*, or what the client has or can fetch."""
        held: object = self.token if token is None else token
        if held is None and self._fetch_token is not None:
            held = self._fetch_token()
        return None if held is None else self.check_token(held)

    @override
    def request(
        self, method: str, url: str, *, token: TokenT | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call an API; see :meth:`APICalls.request`."""
        check_option_names(options, _CALL_OPTIONS, "an API call", self.request)
        request = self._api.make(method, url, options, self.headers)
        if options.get("withhold_token"):
            return self._follow(request, None, options)
        self._api.check_origin(request.url)
        usable = self._usable_token(token)
        if usable is None:
            fetched = "register a fetch_token that answers one, "
            why = "" if self._fetch_token is None else ": fetch_token answered None"
            raise MissingTokenError(
                f"client {self.name!r} has no token for this call{why}; give token=, log in first, "
                f"{'' if why else fetched}{self._own_hint}or say withhold_token=True"
            )
        return self._follow(request, usable, options)

    def stored_token(self, key: TokenKey) -> TokenT | None:
        """Return the token that the token store keeps, renewed if it has expired.

        Args:
            key: Whose token, of which client.

        Returns:
            The token, or ``None`` where there is none.

        Raises:
            ConfigurationError: The client has no token store.
            LoginRequiredError: It has expired and cannot be renewed.
            StoreError: The store failed.
            OAuthError: Renewing it failed.
        """
        store = self._store()
        found = ask(store, store.get, key)
        return None if found is None else self._current(self.check_token(found), key)

    def save_token(self, token: TokenT, key: TokenKey) -> None:
        """Keep a token in the token store.

        Args:
            token: The token.
            key: Whose token, of which client.

        Raises:
            ConfigurationError: The client has no token store.
            InvalidTokenError: The token is of the wrong kind.
            StoreError: The store failed.
        """
        store = self._store()
        ask(store, store.set, key, self.check_token(token))

    def delete_token(self, key: TokenKey) -> None:
        """Forget a token of the token store; it goes on to be good at the server.

        Args:
            key: Whose token, of which client.

        Raises:
            ConfigurationError: The client has no token store.
            StoreError: The store failed.
        """
        store = self._store()
        ask(store, store.delete, key)

    def close(self) -> None:
        """Close the connections of a transport that the client made for itself."""
        self._exchange.close()

    def _store(self) -> TokenStore[TokenT]:
        if self._token_store is None:
            raise ConfigurationError(f"client {self.name!r} has no token store; give token_store=")
        return self._token_store

    def _current(self, token: TokenT, key: TokenKey) -> TokenT:
        """The stored *token*, or what has replaced it."""
        return token

    def _follow(self, request: Request, token: TokenT | None, options: CallOptions) -> Response:
        """Send *request*, with *token* as long as the origin stays the same."""
        home = request.url
        ends = time.monotonic() + request.timeout.total
        for _ in range(self._max_redirects + 1):
            sent = request if token is None else self._authorized(request, token)
            response = self._exchange.send(sent)
            if not options.get("allow_redirects", True) or not is_redirect(response):
                return response
            response.close()
            request = redirected(request, sent, response, allow_http=self._exchange.allow_http)
            request = _within(request, ends)
            if origin(request.url) != origin(home):
                token = None
        raise TooManyRedirectsError(
            f"{without_query(request.url)}: redirected more than {self._max_redirects} times"
        )


def _within(request: Request, ends: float) -> Request:
    """Give *request* what is left of the time of the whole call."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TransportTimeoutError(
            f"{without_query(request.url)}: the redirects took longer than the call may"
        )
    return replace(request, timeout=replace(request.timeout, total=left))


def _is_text(value: object) -> bool:
    """Tell whether *value*, whatever its annotation says, is a text that can be sent."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
