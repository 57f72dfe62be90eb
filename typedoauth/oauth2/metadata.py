"""Authorization server metadata (RFC 8414)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from typing_extensions import TypedDict

from typedoauth._json import parse_object
from typedoauth._urls import is_loopback, require_secure, without_query
from typedoauth._words import printable
from typedoauth.errors import (
    ConfigurationError,
    InsecureTransportError,
    MalformedResponseError,
)
from typedoauth.messages import Headers, Request, Response

__all__ = ["KnownMetadata", "ServerMetadata", "fetch_server_metadata", "read_server_metadata"]

_WELL_KNOWN: Final = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
)


class _Endpoints(TypedDict, total=False):
    """The members that are addresses, and the issuer."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str


class KnownMetadata(_Endpoints, total=False):
    """What a client can be told of its server, in the place of the server's own document."""

    id_token_signing_alg_values_supported: list[str]
    userinfo_signing_alg_values_supported: list[str]
    authorization_response_iss_parameter_supported: bool


class ServerMetadata(KnownMetadata, total=False):
    """What a server says about itself; nothing in it changes a client's settings.

    The members of RFC 8414 2, OpenID Connect Discovery 3, RFC 9207 3, and OpenID
    Connect RP-Initiated, Back-Channel and Front-Channel Logout. Other members of a
    document are left out.
    """

    scopes_supported: list[str]
    claims_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    acr_values_supported: list[str]
    subject_types_supported: list[str]
    prompt_values_supported: list[str]
    code_challenge_methods_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    id_token_encryption_alg_values_supported: list[str]
    id_token_encryption_enc_values_supported: list[str]
    userinfo_encryption_alg_values_supported: list[str]
    userinfo_encryption_enc_values_supported: list[str]
    claims_parameter_supported: bool
    backchannel_logout_supported: bool
    backchannel_logout_session_supported: bool
    frontchannel_logout_supported: bool
    frontchannel_logout_session_supported: bool


_FLAGS: Final = frozenset(
    {
        "authorization_response_iss_parameter_supported",
        "claims_parameter_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
    }
)


def _is_texts(value: object) -> bool:
    # Any list; each member is looked at.
    return isinstance(value, list) and all(
        isinstance(one, str) for one in cast("list[object]", value)
    )


def read_server_metadata(
    members: Mapping[str, object], *, allow_http: bool = False, allow_loopback: bool = True
) -> ServerMetadata:
    """Take the known members of a document.

    Args:
        members: The document.
        allow_http: Whether endpoints may be plain http.
        allow_loopback: Whether they may be so on this machine, all the same.

    Returns:
        The metadata.

    Raises:
        MalformedResponseError: A known member has another type.
        InsecureTransportError: An endpoint is http.
        ConfigurationError: An endpoint is no absolute URL.

    Spec: RFC 8414 2, OpenID Connect Discovery 3.
    """
    known: dict[str, object] = {}
    for name in ServerMetadata.__annotations__:
        value = members.get(name)
        if value is None:
            continue
        if name in _Endpoints.__annotations__:
            if not isinstance(value, str):
                raise MalformedResponseError(f"server metadata: {name} is not a text")
            if name != "issuer":
                require_secure(value, name, allow_http=allow_http, allow_loopback=allow_loopback)
        elif name in _FLAGS:
            if not isinstance(value, bool):
                raise MalformedResponseError(f"server metadata: {name} is neither true nor false")
        elif not _is_texts(value):
            raise MalformedResponseError(f"server metadata: {name} is not a list of texts")
        known[name] = value
    return cast("ServerMetadata", known)  # its names and types are those of the type


def _issuer_of(url: str) -> str | None:
    """The issuer whose metadata lies at *url* (RFC 8414 3, OpenID Connect Discovery 4)."""
    parts = urlsplit(url)
    for suffix in _WELL_KNOWN:
        if parts.path.endswith(suffix):
            return parts._replace(path=parts.path.removesuffix(suffix), query="").geturl()
        if parts.path.startswith(f"{suffix}/"):
            return parts._replace(path=parts.path.removeprefix(suffix), query="").geturl()
    return None


def _check_issuer(found: str | None, registered: str | None, url: str) -> None:
    where = f"the server metadata of {without_query(url)}"
    if found is None:
        raise MalformedResponseError(f"{where} has no issuer")
    expected = registered or _issuer_of(url)
    if expected is None:
        raise MalformedResponseError(
            f"{where} is of issuer {printable(found)!r}, and its address does not say whose it "
            "should be; if it is the right one, register it as issuer="
        )
    # A slash at the end of an issuer is not in the address of its metadata (Discovery 4.1).
    if found != expected and (registered is not None or found.removesuffix("/") != expected):
        advice = "; if it is the right one, register it as issuer="
        if registered is not None:
            slash = found.removesuffix("/") == expected.removesuffix("/")
            advice = "; only the slash at the end differs" if slash else ""
        raise MalformedResponseError(
            f"{where} is of issuer {printable(found)!r}, expected is {expected!r} "
            f"(RFC 8414 3.3){advice}"
        )


def fetch_server_metadata(
    url: str, *, issuer: str | None = None, allow_http: bool = False
) -> Generator[Request, Response, ServerMetadata]:
    """Ask a server for its metadata: a flow of one request.

    Args:
        url: The address of the document.
        issuer: The issuer that the document has to be of; the one that *url* is
            made of when left out.
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

    Spec: RFC 8414 3, 3.3; OpenID Connect Discovery 4.
    """
    response = yield Request("GET", url, Headers({"Accept": "application/json"}))
    where = without_query(url)
    if response.status_code != 200:
        advice = "try again later" if response.status_code >= 500 else "check server_metadata_url"
        raise MalformedResponseError(
            f"server metadata: {where} answered status {response.status_code}, not 200; {advice}"
        )
    try:
        members = parse_object(response.content, f"the server metadata of {where}")
    except MalformedResponseError as error:
        if "/.well-known/" in url:
            raise
        hint = "is server_metadata_url its address, such as …/.well-known/openid-configuration?"
        raise MalformedResponseError(f"{error.description}; {hint}") from None
    try:
        # A server elsewhere does not lead to the services of this machine.
        metadata = read_server_metadata(
            members,
            allow_http=allow_http,
            allow_loopback=is_loopback(urlsplit(url).hostname or ""),
        )
    except InsecureTransportError:
        raise
    except ConfigurationError as error:
        # It is the server that is mistaken, and not this application.
        raise MalformedResponseError(f"server metadata of {where}: {error.description}") from None
    _check_issuer(metadata.get("issuer"), issuer, url)
    return metadata
