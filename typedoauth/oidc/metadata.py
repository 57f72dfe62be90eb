"""OpenID Provider metadata (OpenID Connect Discovery 3), as a closed type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from typedoauth._names import one_of
from typedoauth.errors import ConfigurationError, MalformedResponseError
from typedoauth.oauth2.metadata import ServerMetadata, read_server_metadata
from typedoauth.oidc.algorithms import ALGORITHMS

__all__ = ["ProviderMetadata", "read_provider_metadata", "signature_algorithms"]


class ProviderMetadata(ServerMetadata, total=False):
    """What an OpenID Provider says about itself; nothing in it changes a client's settings.

    Besides OpenID Connect Discovery 3: RFC 8414 2, RFC 9207 3, OpenID Connect
    RP-Initiated, Back-Channel and Front-Channel Logout. Other members of a document
    are left out.
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
    id_token_signing_alg_values_supported: list[str]
    id_token_encryption_alg_values_supported: list[str]
    id_token_encryption_enc_values_supported: list[str]
    userinfo_signing_alg_values_supported: list[str]
    userinfo_encryption_alg_values_supported: list[str]
    userinfo_encryption_enc_values_supported: list[str]
    claims_parameter_supported: bool
    authorization_response_iss_parameter_supported: bool
    backchannel_logout_supported: bool
    backchannel_logout_session_supported: bool
    frontchannel_logout_supported: bool
    frontchannel_logout_session_supported: bool


_OWN: Final = tuple(
    name for name in ProviderMetadata.__annotations__ if name not in ServerMetadata.__annotations__
)
_FLAGS: Final = frozenset(
    name for name in _OWN if name.endswith(("_parameter_supported", "_logout_supported"))
) | {"backchannel_logout_session_supported", "frontchannel_logout_session_supported"}


def _list(name: str, value: object) -> list[str]:
    entries = cast("list[object]", value) if isinstance(value, list) else [None]  # any list
    texts = [one for one in entries if isinstance(one, str)]
    if len(texts) != len(entries):
        raise MalformedResponseError(f"provider metadata: {name} is not a list of texts")
    return texts


def read_provider_metadata(
    members: Mapping[str, object], *, allow_http: bool = False
) -> ProviderMetadata:
    """Take the known members of a document.

    Args:
        members: The document.
        allow_http: Whether endpoints may be plain http off loopback.

    Returns:
        The metadata.

    Raises:
        MalformedResponseError: A known member has another type.
        InsecureTransportError: An endpoint is http.
        ConfigurationError: An endpoint is no absolute URL.

    Spec: OpenID Connect Discovery 3, 4.2; RFC 8414 2.
    """
    known: dict[str, object] = {**read_server_metadata(members, allow_http=allow_http)}
    for name in _OWN:
        value = members.get(name)
        if value is None:
            continue
        if name not in _FLAGS:
            known[name] = _list(name, value)
        elif isinstance(value, bool):
            known[name] = value
        else:
            raise MalformedResponseError(f"provider metadata: {name} is neither true nor false")
    return cast("ProviderMetadata", known)  # its names and types are those of the type


def signature_algorithms(
    registered: str | None = None,
    advertised: Iterable[str] | None = None,
    *,
    option: str = "id_token_signed_response_alg",
) -> frozenset[str]:
    """Decide by which algorithms a provider may sign.

    Args:
        registered: The one that the client is registered with; symmetric ones only
            count when they are named here.
        advertised: What the provider's metadata lists, if it does.
        option: What *registered* was given as, for the message.

    Returns:
        The registered one; else those advertised that need a key pair; else RS256.

    Raises:
        ConfigurationError: The registered one is unknown, or none of those advertised
            can be used.

    Spec: OpenID Connect Core 3.1.3.7 rules 7 and 8, Dynamic Client Registration 2.
    """
    if registered is not None:
        return frozenset({one_of(option, registered, ALGORITHMS)})
    if advertised is None:
        return frozenset({"RS256"})
    usable = {name for name, each in ALGORITHMS.items() if each.kty != "oct"}.intersection(
        advertised
    )
    if not usable:
        raise ConfigurationError(
            "the provider's metadata lists no signature algorithm that is safe to accept "
            f"unasked; name the one that this client is registered with as {option}"
        )
    return frozenset(usable)
