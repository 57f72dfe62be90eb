"""HTTP messages as plain values; no transport is in here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from typing_extensions import override

from typedoauth._headers import Headers
from typedoauth._responses import Response, read_document
from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError

__all__ = ["ConnectionSettings", "Headers", "Request", "Response", "Timeout", "read_document"]

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSAFE_IN_HEADER: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Timeout:
    """Deadlines of one request, in seconds.

    Attributes:
        connect: For opening the connection, TLS included.
        read: Between two pieces of the response.
        total: For everything, from the first byte sent to the last one read.

    Raises:
        ConfigurationError: One is not a positive, finite number.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            value: object = getattr(self, name)
            if not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise ConfigurationError(f"timeout: {name} is to be a positive number of seconds")


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """How connections are made; those with equal settings share a pool.

    Attributes:
        verify: ``True`` for the system's certificate authorities, or the path of
            a CA bundle (file or folder); ``False`` turns verification off.
        cert: Client certificate: the path of a PEM file with certificate and
            key, or the two paths.
        proxies: Proxy URL by scheme of the target (``http``, ``https`` or ``all``).
        trust_env: Whether proxies of the environment (``HTTPS_PROXY``, ``NO_PROXY``,
            …) apply where *proxies* says nothing.
        public_addresses_only: Whether a host is refused that has an address which is
            not public. No proxy is used then, as it would choose the address.
        allowed_ports: The ports that may be called. ``None`` means every port, or
            with *public_addresses_only* 443 alone.

    Raises:
        ConfigurationError: There is a proxy, and only public addresses may be called.
    """

    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    proxies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    trust_env: bool = True
    public_addresses_only: bool = False
    allowed_ports: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.public_addresses_only and any(url for _, url in self.proxies):
            raise ConfigurationError(
                "public_addresses_only cannot be kept through a proxy, which looks up the "
                "address itself; leave proxies= out, or let the proxy refuse what is not public"
            )


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, complete: a transport sends it as it is and follows nothing.

    Attributes:
        method: The method, in capitals.
        url: An absolute URL.
        headers: The header fields.
        body: The body, or ``None``.
        timeout: Deadlines.
        max_bytes: How many bytes of body, after decoding, the response may have;
            ``None`` for no limit (a stream).
        stream: Whether the body is to be read piece by piece by the caller.
        connection: TLS and proxy settings, and where connections may lead.

    Raises:
        ConfigurationError: A header field holds a control character.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=Headers)
    body: bytes | None = None
    timeout: Timeout = field(default_factory=Timeout)
    max_bytes: int | None = 1 << 20
    stream: bool = False
    connection: ConnectionSettings = field(default_factory=ConnectionSettings)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.method):
            raise ConfigurationError(f"{self.method!r} is no HTTP method (RFC 9110 9.1)")
        for name, value in self.headers.pairs():
            _check_field(name, value)

    @override
    def __repr__(self) -> str:
        return f"<Request {self.method} {without_query(self.url)}>"


def _check_field(name: object, value: object) -> None:
    """Refuse a header field that would not arrive as one (RFC 9110 5.1, 5.5)."""
    if not isinstance(name, str) or not _TOKEN.fullmatch(name):
        raise ConfigurationError(f"{name!r} is no name of a header field")
    if not isinstance(value, str):
        raise ConfigurationError(f"header {name} is to be a text, not {type(value).__name__}")
    if not (value.isascii() and value.isprintable()) and _UNSAFE_IN_HEADER.search(value):
        raise ConfigurationError(f"header {name} holds a control character, such as a line break")
