"""Authorization server metadata (RFC 8414)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlsplit

from typedoauth._json import parse_object
from typedoauth._urls import require_secure, without_query
from typedoauth.errors import MalformedResponseError, TokenEndpointError
from typedoauth.messages import Headers, Request, Response

__all__ = ["ServerMetadata", "fetch_server_metadata"]

_WELL_KNOWN: Final = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
)


@dataclass(frozen=True, slots=True)
class ServerMetadata:
    """What a server says about itself; nothing in it changes a client's settings.

    Attributes:
        issuer: The issuer identifier.
        authorization_endpoint: Where the user agent is sent.
        token_endpoint: Where grants are traded.
        revocation_endpoint: RFC 7009.
        introspection_endpoint: RFC 7662.
        userinfo_endpoint: OpenID Connect Core 5.3.
        jwks_uri: The server's JWK set.
        end_session_endpoint: OpenID Connect RP-Initiated Logout.
    """

    issuer: str | None = None
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    revocation_endpoint: str | None = None
    introspection_endpoint: str | None = None
    userinfo_endpoint: str | None = None
    jwks_uri: str | None = None
    end_session_endpoint: str | None = None

    @classmethod
    def from_members(
        cls, members: Mapping[str, object], *, allow_http: bool = False
    ) -> ServerMetadata:
        """Take the known members of a document; the others are left out.

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
        for name in (one.name for one in fields(cls)):
            value = members.get(name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise MalformedResponseError(f"server metadata: {name} is not a text")
            if name != "issuer":
                require_secure(value, name, allow_http=allow_http)
            known[name] = value
        return cls(**known)


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
        TokenEndpointError: The server answered with another status than 200.
        MalformedResponseError: The document is not metadata of this issuer.
        InsecureTransportError: An endpoint is http.
        TransportError: The body could not be read.

    Spec: RFC 8414 3, 3.3.
    """
    response = yield Request("GET", url, Headers({"Accept": "application/json"}))
    where = without_query(url)
    if response.status_code != 200:
        raise TokenEndpointError(
            None,
            f"server metadata: {where} answered status {response.status_code}",
            status=response.status_code,
        )
    members = parse_object(response.content, f"the server metadata of {where}")
    metadata = ServerMetadata.from_members(members, allow_http=allow_http)
    expected = expected_issuer(url)
    if metadata.issuer is None or expected not in (
        None,
        metadata.issuer,
        metadata.issuer.rstrip("/"),
    ):
        raise MalformedResponseError(
            f"the server metadata of {where} is not that of issuer {expected!r}, "
            "as RFC 8414 3.3 requires"
        )
    return metadata
