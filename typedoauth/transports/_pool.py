"""Connections to share, for one set of connection settings in one process."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from time import monotonic

from urllib3.connection import ProxyConfig

from typedoauth._forks import ForkLock
from typedoauth.messages import ConnectionSettings
from typedoauth.transports._addresses import check_port
from typedoauth.transports._connections import Connection, PlainConnection, TLSConnection
from typedoauth.transports._routes import Origin, Proxy, find_proxy
from typedoauth.transports._sockets import WatchedContext
from typedoauth.transports._tls import tls_context

_MAX_IDLE_SECONDS = 60.0
_MAX_IDLE_PER_ORIGIN = 64
_MAX_ORIGINS = 128


class Pool:
    """Idle connections by origin, and how to make new ones.

    The newest is used first, so that the others grow old; a connection that has
    been idle for a minute is closed, as firewalls forget such without a word.
    """

    _settings: ConnectionSettings
    _lock: ForkLock
    _idle: dict[Origin, deque[tuple[float, Connection]]]
    _contexts: dict[bool, WatchedContext]
    _proxies: dict[Origin, Proxy | None]

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._lock = ForkLock()
        self._idle = {}
        self._contexts = {}
        self._proxies = {}

    def __del__(self) -> None:
        self.close()

    def _context(self, *, proxy: bool = False) -> WatchedContext:
        # No cached_property: in Python 3.11 it has a lock, which a fork may leave locked.
        found = self._contexts.get(proxy)
        if found is None:
            # The client certificate is for the server, not for the proxy.
            settings = replace(self._settings, cert=None) if proxy else self._settings
            found = self._contexts.setdefault(proxy, tls_context(settings, WatchedContext))
        return found

    def proxy(self, origin: Origin) -> Proxy | None:
        """Return the proxy for *origin*; it is looked up once.

        Raises:
            ConfigurationError: The proxy's URL cannot be used.
        """
        try:
            return self._proxies[origin]
        except KeyError:
            if len(self._proxies) >= _MAX_ORIGINS:
                self._proxies.clear()
            found = self._proxies[origin] = find_proxy(self._settings, origin)
            return found

    def take(self, origin: Origin) -> Connection | None:
        """Take out an idle connection that is still good, if there is one."""
        while True:
            with self._lock:
                stack = self._idle.get(origin)
                if not stack:
                    return None
                since, connection = stack.pop()
            if monotonic() - since < _MAX_IDLE_SECONDS and connection.is_connected:
                return connection
            connection.close()

    def make(self, origin: Origin, proxy: Proxy | None) -> Connection:
        """Make a connection that is not yet open.

        Raises:
            ConfigurationError: The TLS settings cannot be used.
            TransportError: The origin's port is not allowed.
        """
        check_port(origin.host, origin.port, self._settings)
        public_only = self._settings.public_addresses_only
        if origin.scheme == "http":
            end = origin if proxy is None else proxy.origin
            if end.scheme == "http":
                return PlainConnection(end, public_only)
            return TLSConnection(end, public_only, self._context(proxy=True))
        if proxy is None:
            return TLSConnection(origin, public_only, self._context())
        tls_to_proxy = proxy.origin.scheme == "https"
        config = ProxyConfig(self._context(proxy=True), False, None, None) if tls_to_proxy else None
        connection = TLSConnection(proxy.origin, public_only, self._context(), config)
        connection.set_tunnel(
            origin.host,
            origin.port,
            {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {},
            proxy.origin.scheme,
        )
        return connection

    def give(self, origin: Origin, connection: Connection) -> None:
        """Put a connection back, ready for its next request."""
        with self._lock:
            surplus = self._keep(origin, connection)
        for one in surplus:
            one.close()

    def _keep(self, origin: Origin, connection: Connection) -> list[Connection]:
        now = monotonic()
        stack = self._idle.pop(origin, None) or deque()
        self._idle[origin] = stack  # last in the dictionary: the last to be given up
        stack.append((now, connection))
        surplus: list[Connection] = []
        while len(stack) > _MAX_IDLE_PER_ORIGIN or now - stack[0][0] > _MAX_IDLE_SECONDS:
            surplus.append(stack.popleft()[1])
        if len(self._idle) > _MAX_ORIGINS:
            surplus.extend(one for _, one in self._idle.pop(next(iter(self._idle))))
        return surplus

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for stack in idle.values():
            for _, connection in stack:
                connection.close()
