"""URLs: percent-encoding, queries with several values, origins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit, urlunsplit

from typedoauth._words import printable
from typedoauth.errors import ConfigurationError, InsecureTransportError

ParameterValue = str | bytes | int | float | bool | None
Parameters = (
    Mapping[str, ParameterValue | Sequence[ParameterValue]] | Sequence[tuple[str, ParameterValue]]
)

_LOOPBACK_IPV4: Final = re.compile(r"127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}", re.ASCII)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_URL_SAFE: Final = "!$%&'()*+,/:;=?@[]~"
_AUTHORITY: Final = re.compile(r"[A-Za-z0-9._:\[\]-]+")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]*")
# What URLs, base64 and what is encoded already consist of.
_FEW_SIGNS: Final = re.compile(r"[A-Za-z0-9._~%&:/+=-]*")
_QUOTED: Final = re.compile(rf"[A-Za-z0-9._{re.escape(_URL_SAFE)}-]*")


def percent_encode(text: str | bytes) -> str:
    """Encode all but the unreserved characters (RFC 3986 2.3, RFC 5849 3.6)."""
    if isinstance(text, str):  # quick ways to what quote() gives
        if _UNRESERVED.fullmatch(text):
            return text
        if _FEW_SIGNS.fullmatch(text):
            text = text.replace("%", "%25").replace("&", "%26").replace("=", "%3D")
            return text.replace(":", "%3A").replace("/", "%2F").replace("+", "%2B")
    return quote(text, safe="~")


def form_encode(parameters: Iterable[tuple[str, str]]) -> str:
    """Write a query or form, a space as ``%20``."""
    return "&".join(
        [f"{percent_encode(name)}={percent_encode(value)}" for name, value in parameters]
    )


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Decode a query or form, empty values included, in order."""
    return parse_qsl(query, keep_blank_values=True) if query else []


def text(value: object) -> str:
    """Write one value as it is sent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        if isinstance(value, bytes):
            return value.decode()
        # A text that is a member of an enumeration is its value, not its name.
        written = str.__str__(value) if isinstance(value, str) else str(value)
        written.encode()
        return written
    except UnicodeError:
        pass
    # Not in the handler: the first error holds the value.
    raise ConfigurationError("a parameter holds bytes or characters that are not UTF-8")


def pairs(parameters: Parameters) -> list[tuple[str, str]]:
    """Flatten parameters into pairs; ``None`` values are left out."""
    items: Iterable[tuple[str, ParameterValue | Sequence[ParameterValue]]] = (
        parameters.items() if isinstance(parameters, Mapping) else parameters
    )
    flat: list[tuple[str, str]] = []
    for item in items:
        if not _is_pair(item):
            raise ConfigurationError(
                "parameters are a dict, or a list of pairs of a name and a value"
            )
        name, value = item
        if isinstance(value, list | tuple):
            flat.extend((text(name), text(one)) for one in value if one is not None)
        elif value is not None:
            flat.append((text(name), text(value)))
    return flat


def _is_pair(item: object) -> bool:
    return isinstance(item, list | tuple) and len(item) == 2  # pyright: ignore[reportUnknownArgumentType] counted only


def split(url: str) -> SplitResult:
    """Split a URL; a broken one is a :class:`ConfigurationError`."""
    try:
        parts = urlsplit(url)
        host_and_port(parts)
        return parts
    except ValueError:
        pass
    # Not in the handler: the first error quotes the URL, which may hold a password.
    raise ConfigurationError("not a valid URL: its host or port cannot be read")


def host_and_port(parts: SplitResult) -> tuple[str, int | None]:
    """``hostname``, empty where there is none, and ``port``, which take long to work out.

    Raises:
        ValueError: The port is none.
    """
    # A password is not kept; those hosts are refused anyway.
    read = _host_and_port.__wrapped__ if "@" in parts.netloc else _host_and_port
    return read(parts.netloc)


@lru_cache(maxsize=256)
def _host_and_port(netloc: str) -> tuple[str, int | None]:
    parts = SplitResult("", netloc, "", "", "")
    return parts.hostname or "", parts.port


def join(base: str, url: str) -> str:
    """Resolve *url* against *base* (RFC 3986 5); a broken one is a :class:`ConfigurationError`."""
    try:
        return urljoin(base, url)
    except ValueError:
        pass
    raise ConfigurationError("not a valid URL: its host or port cannot be read")


def add_query(url: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Append parameters to the query of *url*; what is there stays as it is."""
    if not parameters:
        return url
    parts = split(url)
    added = form_encode(parameters)
    query = f"{parts.query}&{added}" if parts.query else added
    return urlunsplit(parts._replace(query=query))


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    raise ConfigurationError("not a valid URL: its host is no name (RFC 3490)")


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of *url* (RFC 6454 4); the host in ASCII."""
    parts = split(url)
    scheme = parts.scheme.lower()
    host, port = host_and_port(parts)
    return scheme, _ascii_host(host), _DEFAULT_PORTS.get(scheme, 0) if port is None else port


def clean(url: str) -> str:
    """Write a web address so that everybody reads it alike.

    What no URL may hold is percent-encoded, the host is in ASCII, and the
    fragment is gone. A user or password, and what one reader takes for the end of
    the host and another does not, is refused: credentials could go elsewhere.
    """
    parts = split(url.strip())
    netloc = parts.netloc
    if not netloc.isascii():
        port = "" if parts.port is None else f":{parts.port}"
        netloc = f"{netloc.rpartition('@')[0]}{_ascii_host(parts.hostname or '')}{port}"
    if not _AUTHORITY.fullmatch(netloc):
        raise ConfigurationError(
            f"{without_query(url)!r} is no web address that can be called: "
            "scheme, host and port, without user and password"
        )
    path, query = (_quoted(one) for one in (parts.path, parts.query))
    return urlunsplit((parts.scheme.lower(), netloc, path, query, ""))


def _quoted(component: str) -> str:
    if _QUOTED.fullmatch(component):
        return component
    return quote(component, safe=_URL_SAFE, errors="surrogatepass")


def without_query(url: str) -> str:
    """The part of *url* that is safe to show: no user, query or fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if ":" in host:
            host = f"[{host}]"
        if parts.port is not None:
            host = f"{host}:{parts.port}"
    except ValueError:
        return "(invalid URL)"
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine by its very name (RFC 8252 7.3, RFC 6761 6.3)."""
    host = host.lower().rstrip(".")
    if host in ("localhost", "::1") or host.endswith(".localhost"):
        return True
    return _LOOPBACK_IPV4.fullmatch(host) is not None


def require_secure(
    url: str, what: str, *, allow_http: bool = False, allow_loopback: bool = True
) -> str:
    """Refuse a URL that is not absolute, or not ``https`` outside loopback."""
    parts = split(url)
    scheme = parts.scheme.lower()
    host, _ = host_and_port(parts)
    if scheme not in _DEFAULT_PORTS or not host or not url.isprintable():
        raise ConfigurationError(f"{what} is to be an absolute https URL: {_shown(url)!r}")
    if "@" in parts.netloc:
        raise ConfigurationError(f"{what} is to be without user and password: they would be shown")
    if scheme == "http" and not (allow_http or (allow_loopback and is_loopback(host))):
        raise InsecureTransportError(
            f"{what} ({_shown(url)}) is http, which shows tokens to the network; "
            "use https, or say allow_insecure_transport=True"
        )
    return url


def _shown(url: str) -> str:
    return printable(without_query(url), longest=200)  # it may be a server's
