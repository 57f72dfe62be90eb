"""The default transport: pooled connections of urllib3, with deadlines that hold."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from typing_extensions import override

from typedoauth.messages import ConnectionSettings, Request, Response

if TYPE_CHECKING:
    from typedoauth.transports._pool import Pool

__all__ = ["Urllib3Transport"]


class _Pools:
    """The pools of one process, by connection settings."""

    pid: int
    by_settings: dict[ConnectionSettings, Pool]

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.by_settings = {}

    def close(self) -> None:
        for pool in list(self.by_settings.values()):
            pool.close()


class Urllib3Transport:
    """Sends requests over connections that are kept and shared.

    One of them serves any number of threads, and goes on working in a child
    process after a fork. Requests with equal connection settings share a pool.
    A request goes out as it is; only ``Host``, ``Content-Length`` and
    ``User-Agent`` are added where they are missing. No redirect is followed.
    Answers in the codings ``gzip`` and ``deflate`` are decoded.

    The connect, read and total deadlines bound everything that waits: name
    resolution, every address tried, proxy and TLS handshakes, sending, and each
    piece of the response, whether it is read here or by the reader of a stream.

    A connection that cannot be opened is tried again within its deadline. A
    request that was sent is only sent again when it is idempotent (RFC 9110
    9.2.2) and went out over a kept connection that gave no byte of an answer.

    Proxies of the environment are looked up once for each origin.
    """

    _pools: _Pools

    def __init__(self) -> None:
        self._pools = _Pools()

    @override
    def __repr__(self) -> str:
        return "<Urllib3Transport>"

    def send(self, request: Request, /) -> Response:
        """Send *request*.

        Args:
            request: The complete request.

        Returns:
            The response, whatever its status.

        Raises:
            ConfigurationError: The request, its TLS or its proxy settings cannot be used.
            ResponseTooLargeError: The body is longer than ``request.max_bytes``.
            TransportTimeoutError: A deadline passed.
            TransportError: No complete response arrived.
        """
        # Here, so that importing typedoauth does not import urllib3.
        from typedoauth.transports._pool import Pool
        from typedoauth.transports._trips import deliver

        pools = self._pools
        if pools.pid != os.getpid():
            # The sockets of the parent were closed when this child was made.
            pools = self._pools = _Pools()
        pool = pools.by_settings.get(request.connection)
        if pool is None:
            pool = pools.by_settings.setdefault(request.connection, Pool(request.connection))
        return deliver(pool, request)

    def close(self) -> None:
        """Close every idle connection, and those in use once they are done.

        The transport may be used again afterwards.
        """
        pools, self._pools = self._pools, _Pools()
        pools.close()
