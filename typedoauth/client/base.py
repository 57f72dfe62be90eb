"""What clients of both protocols have in common: settings, requests, redirects."""

from __future__ import annotations

import logging
import re
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, Unpack, cast
from urllib.parse import quote, urljoin

from typing_extensions import override

from typedoauth._urls import (
    add_query,
    origin,
    pairs,
    query_pairs,
    require_secure,
    split,
    text,
    without_query,
)
from typedoauth.client.bodies import encode_body
from typedoauth.client.options import (
    CallOptions,
    ConnectionOptions,
    check_option_names,
    connection_settings,
    timeout_of,
)
from typedoauth.client.redirects import is_redirect, redirected
from typedoauth.client.verbs import APICalls
from typedoauth.credentials import ClientCredentials, PendingAuthorization
from typedoauth.errors import (
    ConfigurationError,
    MissingTokenError,
    TooManyRedirectsError,
    UntrustedOriginError,
)
from typedoauth.messages import ConnectionSettings, Headers, Request, Response, Timeout
from typedoauth.protocols import Clock, ClosableTransport, Transport
from typedoauth.tokens import TokenT

__all__ = ["Callback", "OAuthClient"]

Callback: TypeAlias = str | Sequence[tuple[str, str]]
"""A request to the redirection endpoint: its URL, or its parameters in order."""

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_URL_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_STREAM_SECONDS: Final = 3600.0
_API_BYTES: Final = 64 << 20
_HTTP_KEYWORDS: Final = frozenset(
    {"method", "headers", "params", "timeout", "verify", "cert", "proxies"}
)
_CALL_OPTIONS: Final = frozenset(CallOptions.__annotations__)

logger: Final = logging.getLogger("typedoauth.client")


def callback_pairs(callback: Callback) -> list[tuple[str, str]]:
    """Every parameter of a callback, in order."""
    if isinstance(callback, str):
        return query_pairs(split(callback).query)
    return list(callback)


class OAuthClient(APICalls[TokenT]):
    """A client of one service.

    Attributes:
        name: What the client is called in messages and logs.
        client_id: The client identifier.
        client_secret: The client secret, or ``None``.
        access_token_url: Where token credentials or access tokens are issued.
        authorize_url: Where the resource owner is sent.
        api_base_url: What relative URLs are resolved against.
        headers: Header fields that go with every API call.

    Raises:
        ConfigurationError: A setting is wrong; the message says which.
    """

    name: str
    client_id: str
    client_secret: str | None
    access_token_url: str | None
    access_token_params: Mapping[str, object]
    authorize_url: str | None
    authorize_params: Mapping[str, object]
    api_base_url: str | None
    headers: dict[str, str]
    token: TokenT | None

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
        transport: Transport | None,
        clock: Clock | None,
    ) -> None:
        if not is_text(client_id):
            raise ConfigurationError(
                f"client {name!r} has no client_id; register it with one, "
                f"or set {name.upper()}_CLIENT_ID"
            )
        self.name = name
        self.client_id = client_id
        self.client_secret = client_secret
        self.access_token_url = access_token_url
        self.access_token_params = dict(access_token_params or {})
        self.authorize_url = authorize_url
        self.authorize_params = dict(authorize_params or {})
        self.api_base_url = api_base_url
        self.token = token
        self._fetch_token = fetch_token
        self._transport: Transport | None = transport
        self._own_transport: bool = transport is None
        self._clock: Clock = clock or time.time
        self._allow_http: bool = options.get("allow_insecure_transport", False)
        for what, url in (
            ("access_token_url", access_token_url),
            ("authorize_url", authorize_url),
            ("api_base_url", api_base_url),
        ):
            self._secure(url, what)
        self._connection: ConnectionSettings = connection_settings(options, ConnectionSettings())
        self._timeout: Timeout = timeout_of(options.get("default_timeout"), Timeout())
        self._max_redirects: int = options.get("max_redirects", 10)
        self._max_bytes: int = options.get("max_response_bytes", _API_BYTES)
        trusted = [*options.get("trusted_origins", ())]
        if api_base_url is not None:
            trusted.append(api_base_url)
        # Without api_base_url every absolute URL is the application's own choice.
        self._trusted: frozenset[tuple[str, str, int]] | None = (
            frozenset(map(origin, trusted)) if trusted else None
        )
        self._user_agent: str = options.get("user_agent") or _user_agent()
        self.headers = {}

    @property
    def credentials(self) -> ClientCredentials:
        """The client's identifier and secret."""
        return ClientCredentials(self.client_id, self.client_secret)

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
        self, callback: Callback, pending: PendingAuthorization, **parameters: object
    ) -> TokenT:
        """Trade what a callback brings for a token.

        Args:
            callback: The callback's URL, or its parameters in order.
            pending: What :meth:`start_authorization` gave; used up by this call.
            parameters: Further parameters of the token request, and HTTP
                keywords (``headers``, ``timeout``, ``method``, …).

        Returns:
            The token.

        Raises:
            CallbackError: The callback is not an answer to *pending*.
            AuthorizationResponseError: The server or the resource owner refused.
            OAuthError: The token request failed.
        """

    @abstractmethod
    def _authorized(self, request: Request, token: TokenT) -> Request:
        """Add *token* to a request."""

    def _usable_token(self, token: TokenT | None) -> TokenT | None:
        """The token to send: *token*, or what the client has or can fetch."""
        if token is None:
            token = self.token
        if token is None and self._fetch_token is not None:
            token = self._fetch_token()
        return None if token is None else self.check_token(token)

    @override
    def request(
        self, method: str, url: str, *, token: TokenT | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call an API; see :meth:`APICalls.request`."""
        check_option_names(options, _CALL_OPTIONS, "an API call")
        request = self._api_request(method.upper(), url, options)
        if options.get("withhold_token"):
            return self._follow(request, None, options)
        self._check_origin(request.url)
        usable = self._usable_token(token)
        if usable is None:
            raise MissingTokenError(
                f"client {self.name!r} has no token for this call; give token=, log in first, "
                "register fetch_token, or say withhold_token=True"
            )
        return self._follow(request, usable, options)

    def close(self) -> None:
        """Close the connections of a transport that the client made for itself."""
        if self._own_transport and isinstance(self._transport, ClosableTransport):
            self._transport.close()

    def _api_request(self, method: str, url: str, options: CallOptions) -> Request:
        params = options.get("params")
        if not _ABSOLUTE.match(url):
            if self.api_base_url is None:
                raise ConfigurationError(
                    f"client {self.name!r} has no api_base_url, so {without_query(url)!r} "
                    "leads nowhere; register one, or give an absolute URL"
                )
            url = urljoin(self.api_base_url, url)
        elif url.startswith("//"):
            url = urljoin(self.api_base_url or "https:", url)
        url = split(quote(url.strip(), safe=_URL_SAFE))._replace(fragment="").geturl()
        require_secure(url, "the URL of the call", allow_http=self._allow_http)
        if params:
            url = add_query(url, query_pairs(params) if isinstance(params, str) else pairs(params))
        body, media_type = encode_body(options)
        fields: dict[str, str | None] = {"User-Agent": self._user_agent, "Accept": "*/*"}
        if media_type is not None:
            fields["Content-Type"] = media_type
        cookies = options.get("cookies")
        if cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = Headers({name: value for name, value in fields.items() if value is not None})
        for given in (self.headers, options.get("headers")):
            if given:
                headers = headers.replace(given)
        stream = bool(options.get("stream"))
        timeout = timeout_of(options.get("timeout"), self._timeout)
        if stream and options.get("timeout") is None:
            timeout = replace(timeout, total=_STREAM_SECONDS)
        return Request(
            method,
            url,
            headers,
            body,
            timeout=timeout,
            max_bytes=None if stream else self._max_bytes,
            stream=stream,
            connection=connection_settings(options, self._connection),
        )

    def _check_origin(self, url: str) -> None:
        if self._trusted is not None and origin(url) not in self._trusted:
            raise UntrustedOriginError(
                f"client {self.name!r} does not send its token to {without_query(url)}: it is "
                "neither under api_base_url nor in trusted_origins; add the origin there, or say "
                "withhold_token=True"
            )

    def _follow(self, request: Request, token: TokenT | None, options: CallOptions) -> Response:
        """Send *request*, with *token* as long as the origin stays the same."""
        home = origin(request.url)
        for _ in range(self._max_redirects + 1):
            sent = request if token is None else self._authorized(request, token)
            response = self._send(sent)
            if not options.get("allow_redirects", True) or not is_redirect(response):
                return response
            response.close()
            request = redirected(request, response, allow_http=self._allow_http)
            if origin(request.url) != home:
                token = None
        raise TooManyRedirectsError(
            f"{without_query(request.url)}: redirected more than {self._max_redirects} times"
        )

    def _protocol_request(self, request: Request, http: Mapping[str, object]) -> Request:
        """Complete a protocol message: user agent, deadlines, HTTP keywords."""
        keywords = cast("CallOptions", http)  # each is checked where it is used
        headers = request.headers.replace({"User-Agent": self._user_agent})
        own = keywords.get("headers")
        if own:
            headers = headers.replace(own)
        params = keywords.get("params")
        url = request.url
        if params:
            url = add_query(url, query_pairs(params) if isinstance(params, str) else pairs(params))
        return replace(
            request,
            url=url,
            headers=headers,
            timeout=timeout_of(keywords.get("timeout"), self._timeout),
            connection=connection_settings(keywords, self._connection),
        )

    def _send(self, request: Request) -> Response:
        transport = self._transport
        if transport is None:
            from typedoauth.transports.urllib3 import Urllib3Transport

            transport = self._transport = Urllib3Transport()
        response = transport.send(request)
        logger.debug(
            "%s: %s %s answered %s",
            self.name,
            request.method,
            without_query(request.url),
            response.status_code,
        )
        return response

    def _secure(self, url: str | None, what: str) -> None:
        if url is not None:
            require_secure(url, f"{what} of client {self.name!r}", allow_http=self._allow_http)

    def _need(self, url: str | None, what: str) -> str:
        if url is None:
            raise ConfigurationError(
                f"client {self.name!r} has no {what}; register it, "
                f"or set {self.name.upper()}_{what.upper()}"
            )
        return url


def is_text(value: object) -> bool:
    """Tell whether *value*, whatever its annotation says, is a text that is not empty."""
    return isinstance(value, str) and bool(value)


def split_http_keywords(
    parameters: Mapping[str, object],
) -> tuple[dict[str, object], dict[str, str | Sequence[str]]]:
    """Part HTTP keywords (``headers``, ``timeout``, …) from protocol parameters.

    Args:
        parameters: What stands in ``access_token_params`` or a call.

    Returns:
        The HTTP keywords, and the parameters as text; ``None`` values are left out.

    Raises:
        ConfigurationError: A value cannot be sent as text.
    """
    http = {name: value for name, value in parameters.items() if name in _HTTP_KEYWORDS}
    rest: dict[str, str | Sequence[str]] = {}
    for name, value in parameters.items():
        if name in _HTTP_KEYWORDS or value is None:
            continue
        if isinstance(value, list | tuple):
            values = cast("Sequence[object]", value)  # each item becomes text
            rest[name] = [str(one) for one in values]
        elif isinstance(value, str | int | float):
            rest[name] = text(value)
        else:
            raise ConfigurationError(f"parameter {name!r} is to be a text, number or list of them")
    return http, rest


def _user_agent() -> str:
    from typedoauth import __version__

    return f"typedoauth/{__version__}"
