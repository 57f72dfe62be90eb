"""Where a request goes: its origin, its target, and the proxy in between."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from typedoauth._urls import host_and_port, is_loopback, split, without_query
from typedoauth.errors import ConfigurationError
from typedoauth.messages import ConnectionSettings

_UNFIT = re.compile(r"[\x00-\x20\x7f]")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port (RFC 6454 4); the host in its ASCII form."""

    scheme: str
    host: str
    port: int

    def authority(self) -> str:
        """Return ``host`` or ``host:port`` as a request names it (RFC 9110 4.2.3)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and what it wants to hear.

    Attributes:
        origin: Where it listens.
        authorization: The value of ``Proxy-Authorization``, if any.
    """

    origin: Origin
    authorization: str | None = field(default=None, repr=False)

    def url(self) -> str:
        """Write it as one URL, with user and password, as other libraries want it."""
        user = ""
        if self.authorization is not None:
            name, _, password = b64decode(self.authorization.removeprefix("Basic ")).partition(b":")
            user = f"{quote(name, safe='')}:{quote(password, safe='')}@"
        return f"{self.origin.scheme}://{user}{self.origin.authority()}"


def locate(url: str) -> tuple[Origin, str]:
    """Take an absolute URL apart.

    Returns:
        Its origin, and its path and query as they go into the request line; what
        is not ASCII is percent-encoded, nothing else is touched.

    Raises:
        ConfigurationError: It is no absolute ``http`` or ``https`` URL.
    """
    if _UNFIT.search(url):
        raise ConfigurationError("a URL with a space or control character cannot be sent")
    parts = split(url)
    scheme = parts.scheme.lower()
    name, port = host_and_port(parts)
    if scheme not in _PORTS or not name:
        raise ConfigurationError(f"not an absolute http or https URL: {without_query(url)!r}")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii():
        target = quote(target, safe=_PRINTABLE)
    return Origin(scheme, _ascii(name), port or _PORTS[scheme]), target


@lru_cache(maxsize=256)
def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        raise ConfigurationError(f"not a valid host name: {name!r}") from None


def find_proxy(settings: ConnectionSettings, origin: Origin) -> Proxy | None:
    """Find the proxy for *origin*: the one of the settings, else of the environment.

    The environment's is not for this machine itself. An empty URL in the settings
    means a direct connection, and so does the guard against addresses that are
    not public: a proxy would look them up where nobody checks them.

    Raises:
        ConfigurationError: The proxy's URL cannot be used.
    """
    if settings.public_addresses_only:
        return None
    named = dict(settings.proxies)
    for scheme in (origin.scheme, "all"):
        if scheme in named:
            return _parse_proxy(named[scheme])
    # What stays on this machine may be plain http, and must stay on it then.
    if not settings.trust_env or is_loopback(origin.host):
        return None
    # Late, as it brings half of the standard library's network modules with it.
    from urllib.request import getproxies, proxy_bypass

    found: dict[str, str] = getproxies()
    url = found.get(origin.scheme) or found.get("all")
    if not url or proxy_bypass(f"{origin.host}:{origin.port}"):
        return None
    return _parse_proxy(url)


def _parse_proxy(url: str) -> Proxy | None:
    if not url:
        return None
    if "://" not in url:
        url = f"http://{url}"
    try:
        origin, _ = locate(url)
    except ConfigurationError:
        # Without the URL itself: it may hold a password.
        raise ConfigurationError(
            "the proxy's URL is to look like http://host:port or https://user:password@host:port"
        ) from None
    _, at, _ = (netloc := split(url).netloc).rpartition("@")
    if not at:
        return Proxy(origin)
    user = unquote_to_bytes(netloc.rpartition("@")[0])
    return Proxy(origin, f"Basic {b64encode(user).decode()}")
