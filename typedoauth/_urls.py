"""URLs: percent-encoding, queries with several values, origins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from typedoauth.errors import ConfigurationError, InsecureTransportError

ParameterValue = str | bytes | int | float | bool | None
Parameters = (
    Mapping[str, ParameterValue | Sequence[ParameterValue]] | Sequence[tuple[str, ParameterValue]]
)

_DEFAULT_PORTS = {"http": 80, "https": 443}


def percent_encode(text: str | bytes) -> str:
    """Encode all but the unreserved characters (RFC 3986 2.3, RFC 5849 3.6)."""
    return quote(text, safe="~")


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Decode a query or form, empty values included, in order."""
    return parse_qsl(query, keep_blank_values=True)


def text(value: ParameterValue) -> str:
    """Write one value as it is sent."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def pairs(parameters: Parameters) -> list[tuple[str, str]]:
    """Flatten parameters into pairs; ``None`` values are left out."""
    items: Iterable[tuple[str, ParameterValue | Sequence[ParameterValue]]] = (
        parameters.items() if isinstance(parameters, Mapping) else parameters
    )
    flat: list[tuple[str, str]] = []
    for name, value in items:
        if isinstance(value, list | tuple):
            flat.extend((name, text(one)) for one in value if one is not None)
        elif value is not None:
            flat.append((name, text(value)))  # type: ignore[arg-type]
    return flat


def split(url: str) -> SplitResult:
    """Split a URL; a broken one is a :class:`ConfigurationError`."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"not a valid URL: {error}") from None
    return parts


def add_query(url: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Append parameters to the query of *url*; what is there stays as it is."""
    if not parameters:
        return url
    parts = split(url)
    added = urlencode(parameters, quote_via=quote, safe="~")
    query = f"{parts.query}&{added}" if parts.query else added
    return urlunsplit(parts._replace(query=query))


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of *url* (RFC 6454 4)."""
    parts = split(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(scheme, 0)


def without_query(url: str) -> str:
    """The part of *url* that is safe to show: no user, query or fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.port:
            host = f"{host}:{parts.port}"
    except ValueError:
        return "(invalid URL)"
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine by its very name (RFC 8252 7.3, RFC 6761 6.3)."""
    host = host.lower().rstrip(".")
    return (
        host in ("localhost", "::1")
        or host.endswith(".localhost")
        or (host.startswith("127.") and host.replace(".", "").isdigit())
    )


def require_secure(url: str, what: str, *, allow_http: bool = False) -> str:
    """Refuse a URL that is not absolute, or not ``https`` outside loopback."""
    parts = split(url)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ConfigurationError(f"{what} is to be an absolute https URL: {without_query(url)!r}")
    if scheme == "http" and not allow_http and not is_loopback(parts.hostname):
        raise InsecureTransportError(
            f"{what} ({without_query(url)}) is http, which shows tokens to the network; "
            "use https, or say allow_insecure_transport=True"
        )
    return url
