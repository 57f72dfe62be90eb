"""Authorization server metadata (RFC 8414)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from typing_extensions import TypedDict

from typedoauth._json import parse_object
from typedoauth._urls import require_secure, without_query
from typedoauth.errors import (
    ConfigurationError,
    InsecureTransportError,
    MalformedResponseError,
)
from typedoauth.messages import Headers, Request, Response

__all__ = ["ServerMetadata", "fetch_server_metadata", "read_server_metadata"]

_WELL_KNOWN: Final = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
)


class ServerMetadata(TypedDict, total=False):
    """What a server says about itself; nothing in it changes a client's settings.

    ``revocation_endpoint`` is that of RFC 7009, ``introspection_endpoint`` of
    RFC 7662, ``userinfo_endpoint``, ``jwks_uri`` and ``end_session_endpoint`` of
    OpenID Connect. Other members of a document are left out.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str


def read_server_metadata(
    members: Mapping[str, object], *, allow_http: bool = False
) -> ServerMetadata:
    """Take the known members of a document.

    Args:
        members: The document.
        allow_http: Whether endpoints may be plain http off loopback.

    Returns:
        The metadata.

    Raises:
        MalformedResponseError: A known member is not a text.
        InsecureTransportError: An endpoint is http.
        ConfigurationError: An endpoint is no absolute URL.
    """
    known: dict[str, str] = {}
    for name in ServerMetadata.__annotations__:
        value = members.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise MalformedResponseError(f"server metadata: {name} is not a text")
        if name != "issuer":
            require_secure(value, name, allow_http=allow_http)
        known[name] = value
    return cast("ServerMetadata", known)  # its names are those of the type


def expected_issuer(url: str) -> str | None:
    """The issuer whose metadata lies at *url* (RFC 8414 3, OpenID Connect Discovery 4)."""
    parts = urlsplit(url)
    for suffix in _WELL_KNOWN:
        if parts.path.endswith(suffix):
            return parts._replace(path=parts.path.removesuffix(suffix), query="").geturl()
        if parts.path.startswith(f"{suffix}/"):
            return parts._replace(path=parts.path.removeprefix(suffix), query="").geturl()
    return None


def fetch_server_metadata(
    url: str, *, allow_http: bool = False
) -> Generator[Request, Response, ServerMetadata]:
    """Ask a server for its metadata: a flow of one request.

    Args:
        url: The address of the document.
        allow_http: Whether endpoints may be plain http off loopback.

    Yields:
        The request; send its response in.

    Returns:
        The metadata.

    Raises:
        MalformedResponseError: The server answered with another status than 200,
            or the document is not metadata of this issuer.
        InsecureTransportError: An endpoint is http.
        TransportError: The body could not be read.

    Spec: RFC 8414 3, 3.3.
    """
    response = yield Request("GET", url, Headers({"Accept": "application/json"}))
    where = without_query(url)
    if response.status_code != 200:
        advice = "try again later" if response.status_code >= 500 else "check server_metadata_url"
        raise MalformedResponseError(
            f"server metadata: {where} answered status {response.status_code}, not 200; {advice}"
        )
    members = parse_object(response.content, f"the server metadata of {where}")
    try:
        metadata = read_server_metadata(members, allow_http=allow_http)
    except InsecureTransportError:
        raise
    except ConfigurationError as error:
        # It is the server that is mistaken, and not this application.
        raise MalformedResponseError(f"server metadata of {where}: {error.description}") from None
    expected, issuer = expected_issuer(url), metadata.get("issuer")
    if issuer is None or expected not in (None, issuer, issuer.removesuffix("/")):
        raise MalformedResponseError(
            f"the server metadata of {where} is not that of issuer {expected!r}, "
            "as RFC 8414 3.3 requires"
        )
    return metadata
