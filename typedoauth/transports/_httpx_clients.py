"""Clients of httpx: the one that was given, or one for each set of settings."""

from __future__ import annotations

import os
import ssl
from copy import copy
from dataclasses import replace
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from typedoauth.errors import ConfigurationError
from typedoauth.messages import ConnectionSettings, Request, Response
from typedoauth.transports._adapting import Library, Received, check, converse
from typedoauth.transports._bodies import unsendable
from typedoauth.transports._failures import NETWORK_ERRORS
from typedoauth.transports._routes import Proxy, find_proxy
from typedoauth.transports._tls import tls_context

_HTTPX = Library(
    "httpx",
    errors=(*NETWORK_ERRORS, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError),
    timeouts=(httpx.TimeoutException,),
    connecting=(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError),
    loggers=(
        "httpx",
        *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
    ),
)
_LIMITS = httpx.Limits(
    max_connections=None, max_keepalive_connections=64, keepalive_expiry=60
)  # as the default transport has them

_Key = tuple[int, ConnectionSettings, Proxy | None]


class Clients:
    """Sends requests with the client that was given, or with clients of its own.

    Raises:
        ConfigurationError: What was given cannot be used.
    """

    def __init__(self, given: object | None) -> None:
        self._given: httpx.Client | None = None if given is None else _adopted(given)
        self._own: dict[_Key, httpx.Client] = {}

    def send(self, request: Request) -> Response:
        """Send *request*."""
        origin, target = check(request, "httpx")
        message = _message(request)
        if self._given is None:
            proxy = find_proxy(request.connection, origin)
            client = self._made(request.connection, proxy)
            if proxy is None:
                # httpx resolves the dots in a path, after it was signed.
                message.extensions["target"] = target.encode()
        else:
            _check_settings(request.connection, self._given)
            client = self._given

        def start() -> Received:
            # Raised by httpx for what was to be sent; its text quotes header fields.
            try:
                response = client.send(message, stream=True, auth=None, follow_redirects=False)
            except httpx.LocalProtocolError:
                response = None
            if response is None:
                raise unsendable(request)
            return _received(response)

        return converse(request, _HTTPX, start)

    def _made(self, settings: ConnectionSettings, proxy: Proxy | None) -> httpx.Client:
        key = (os.getpid(), settings, proxy)
        client = self._own.get(key)
        if client is None:
            client = self._own.setdefault(key, _make(settings, proxy))
        return client

    def close(self) -> None:
        """Close the clients that were made here."""
        clients, self._own = self._own, {}
        for (pid, *_), client in clients.items():
            if pid == os.getpid():  # one of the parent may be locked for ever
                client.close()


def _adopted(given: object) -> httpx.Client:
    if not isinstance(given, httpx.Client):
        raise ConfigurationError(
            f"client is to be an httpx.Client, not {type(given).__name__}"
            + ("; flows are synchronous" if isinstance(given, httpx.AsyncClient) else "")
        )
    if given.is_closed:
        raise ConfigurationError("client is an httpx.Client that has been closed")
    # A copy shares the transports and has a cookie jar of its own, which takes no cookie.
    client = copy(given)
    client.cookies = _no_cookies()  # pyright: ignore[reportAttributeAccessIssue] the setter takes a jar
    return client


def _check_settings(settings: ConnectionSettings, client: httpx.Client) -> None:
    plain = ConnectionSettings()
    changed = {
        "verify": settings.verify != plain.verify,
        "cert": settings.cert != plain.cert,
        "proxies": settings.proxies != plain.proxies,
        "trust_env": client.trust_env and not settings.trust_env,
    }
    if names := ", ".join(name for name, is_changed in changed.items() if is_changed):
        raise ConfigurationError(
            f"{names}: cannot be set for one request of an httpx.Client; make the client "
            "with it, or let HttpxTransport() make its own"
        )


def _no_cookies() -> CookieJar:
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def _make(settings: ConnectionSettings, proxy: Proxy | None) -> httpx.Client:
    return httpx.Client(
        verify=tls_context(settings, ssl.SSLContext),
        proxy=None
        if proxy is None
        # The client certificate is for the server, not for the proxy.
        else httpx.Proxy(
            proxy.url(),
            ssl_context=tls_context(replace(settings, cert=None), ssl.SSLContext)
            if proxy.origin.scheme == "https"
            else None,
        ),
        trust_env=False,
        limits=_LIMITS,
        cookies=_no_cookies(),
    )


def _message(request: Request) -> httpx.Request:
    fields = request.headers.pairs()
    if "user-agent" not in request.headers:
        fields.append(("User-Agent", "typedoauth"))
    try:
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields]
    except UnicodeEncodeError:
        headers = None
    if headers is None:
        raise unsendable(request)
    timeout = request.timeout
    connect, read = min(timeout.connect, timeout.total), min(timeout.read, timeout.total)
    return httpx.Request(
        request.method,
        request.url.partition("#")[0],
        headers=headers,
        content=request.body,
        extensions={"timeout": {"connect": connect, "read": read, "write": read, "pool": connect}},
    )


def _received(response: httpx.Response) -> Received:
    fields = response.headers.multi_items()
    if response.is_stream_consumed:  # a mock's: it has been decoded, too
        fields = [(name, value) for name, value in fields if name.lower() != "content-encoding"]
        pieces = iter([response.content])
    else:
        pieces = response.iter_raw()
    return Received(response.status_code, fields, pieces, response.reason_phrase, response.close)
