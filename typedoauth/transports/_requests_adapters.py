"""Adapters of requests: those of the session that was given, or one for each set of settings."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from typing_extensions import override
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)
from urllib3.response import BaseHTTPResponse

from typedoauth.errors import ConfigurationError
from typedoauth.messages import ConnectionSettings, Request, Response
from typedoauth.transports._adapting import Library, Received, check, converse
from typedoauth.transports._bodies import PIECE, unsendable
from typedoauth.transports._failures import NETWORK_ERRORS
from typedoauth.transports._routes import Origin, find_proxy
from typedoauth.transports._tls import tls_context

_REQUESTS = Library(
    "requests",
    errors=NETWORK_ERRORS,
    timeouts=(requests.Timeout, ReadTimeoutError),
    connecting=(
        requests.ConnectTimeout,
        requests.exceptions.ProxyError,
        ConnectTimeoutError,
        NewConnectionError,
        ProxyError,
    ),
    loggers=(
        "urllib3.connection",
        "urllib3.connectionpool",
        "urllib3.poolmanager",
        "urllib3.util.retry",
    ),
)


@dataclass(frozen=True, slots=True)
class _Route:
    """How one request is sent."""

    adapter: BaseAdapter
    verify: bool | str
    cert: str | tuple[str, str] | None
    proxies: dict[str, str]


class Adapters:
    """Sends requests with the adapters of a session, or with adapters of its own.

    Raises:
        ConfigurationError: What was given is no session.
    """

    def __init__(self, given: object | None) -> None:
        if not (given is None or isinstance(given, requests.Session)):
            raise ConfigurationError(
                f"session is to be a requests.Session, not {type(given).__name__}"
            )
        self._given: requests.Session | None = given
        self._own: dict[tuple[int, ConnectionSettings], HTTPAdapter] = {}

    def send(self, request: Request) -> Response:
        """Send *request*."""
        origin, target = check(request, "requests")
        prepared = _prepared(request, f"{origin.scheme}://{origin.authority()}{target}")
        route = self._route(request.connection, origin, prepared.url or "")
        timeout = request.timeout
        connect, read = min(timeout.connect, timeout.total), min(timeout.read, timeout.total)

        def start() -> Received:
            response = route.adapter.send(
                prepared,
                stream=True,
                timeout=(connect, read),
                verify=route.verify,
                cert=route.cert,
                proxies=route.proxies,
            )
            return _received(response)

        return converse(request, _REQUESTS, start)

    def _route(self, settings: ConnectionSettings, origin: Origin, url: str) -> _Route:
        session = self._given
        if session is None:
            key = (os.getpid(), settings)
            adapter = self._own.get(key)
            if adapter is None:
                adapter = self._own.setdefault(key, _Adapter(settings))
            proxies = _proxies(settings, origin)
            return _Route(adapter, settings.verify is not False, None, proxies)
        verify = session.verify if settings.verify is True else settings.verify
        if settings.proxies or not session.proxies:
            settings = replace(settings, trust_env=settings.trust_env and session.trust_env)
            proxies = _proxies(settings, origin)
        else:
            proxies = dict(session.proxies)
        return _Route(
            session.get_adapter(url),
            True if verify is None else verify,
            settings.cert or session.cert,  # pyright: ignore[reportArgumentType] its stub is wide
            proxies,
        )

    def close(self) -> None:
        """Close the adapters that were made here."""
        adapters, self._own = self._own, {}
        for (pid, _), adapter in adapters.items():
            if pid == os.getpid():  # one of the parent may be locked for ever
                adapter.close()


class _Adapter(HTTPAdapter):
    """An adapter with the TLS contexts of the default transport."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._context: ssl.SSLContext = tls_context(settings, ssl.SSLContext)
        self._settings: ConnectionSettings = settings
        super().__init__(pool_connections=128, pool_maxsize=64)

    @override
    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **pool_kwargs: Any,  # any: as the base class has it
    ) -> None:
        super().init_poolmanager(
            connections, maxsize, block, ssl_context=self._context, **pool_kwargs
        )

    @override
    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:  # any: as its base has it
        # The client certificate is for the server, not for the proxy.
        own = tls_context(replace(self._settings, cert=None), ssl.SSLContext)
        return super().proxy_manager_for(
            proxy, ssl_context=self._context, proxy_ssl_context=own, **proxy_kwargs
        )

    @override
    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Leave the context as it is: the base class would add authorities to it."""


def _proxies(settings: ConnectionSettings, origin: Origin) -> dict[str, str]:
    proxy = find_proxy(settings, origin)
    return {} if proxy is None else {origin.scheme: proxy.url()}


def _prepared(request: Request, url: str) -> requests.PreparedRequest:
    headers = {name: request.headers[name] for name in request.headers}
    if "user-agent" not in request.headers:
        headers["User-Agent"] = "typedoauth"
    # Not prepared with its URL, which would be rewritten after it was signed.
    draft = requests.Request(request.method, "http://localhost", headers, data=request.body)
    prepared: requests.PreparedRequest | None = None
    try:
        for name, value in headers.items():
            (name + value).encode("latin-1")
        prepared = draft.prepare()
    except (ValueError, requests.RequestException):
        pass
    if prepared is None:
        # Raised out here: that error quotes the header field, which may be the authorization.
        raise unsendable(request)
    prepared.url = url
    return prepared


def _received(response: requests.Response) -> Received:
    raw: object = response.raw
    if not isinstance(raw, BaseHTTPResponse):
        raise ConfigurationError(
            "the session's adapter gives no response of urllib3, which is what can be read safely"
        )
    headers = list(raw.headers.items())
    return Received(response.status_code, headers, _pieces(raw), raw.reason, response.close)


def _pieces(raw: BaseHTTPResponse) -> Iterator[bytes]:
    while piece := raw.read1(PIECE, decode_content=False):
        yield piece
