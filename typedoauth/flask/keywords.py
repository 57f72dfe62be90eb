"""The keywords of ``register``, each with its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from typing_extensions import TypedDict

from typedoauth.client import ClientAuthMethod, ComplianceFix, OAuth1Options, OAuth2Options
from typedoauth.client.callbacks import UpdateToken
from typedoauth.client.options import option_names
from typedoauth.oauth2.metadata import KnownMetadata
from typedoauth.tokens import AnyToken, OAuth1Token, OAuth2Token

__all__ = [
    "AnyRegistration",
    "ConfiguredRegistration",
    "FetchRequestToken",
    "METADATA",
    "OAUTH1",
    "OAUTH2",
    "OAuth1ProviderRegistration",
    "OAuth1Registration",
    "OAuth2ProviderRegistration",
    "OAuth2Registration",
    "ProviderRegistration",
    "SaveRequestToken",
]

SaveRequestToken: TypeAlias = Callable[[OAuth1Token], object]
"""Keeps the temporary credentials of a login; what it returns is ignored."""
FetchRequestToken: TypeAlias = Callable[[], OAuth1Token | None]
"""Gives them back."""


class ProviderRegistration(TypedDict, total=False):
    """Keywords of both protocols: those of ``register_provider`` for any service."""

    client_id: str | None
    client_secret: str | None
    access_token_params: Mapping[str, object] | None
    authorize_url: str | None
    authorize_params: Mapping[str, object] | None
    api_base_url: str | None
    user_agent: str | None


class _OAuth1Only(ProviderRegistration, total=False):
    """And those of OAuth 1.0, of one type only."""

    request_token_params: Mapping[str, object] | None
    save_request_token: SaveRequestToken | None
    fetch_request_token: FetchRequestToken | None


class _OAuth2Only(ProviderRegistration, KnownMetadata, total=False):
    """And those of OAuth 2.0, of one type only."""

    refresh_token_url: str | None
    refresh_token_params: Mapping[str, object] | None
    update_token: UpdateToken | None
    compliance_fix: ComplianceFix | None
    client_auth_methods: Sequence[ClientAuthMethod] | None
    code_challenge_method: Literal["S256", "none"] | None
    jwks: Mapping[str, object] | None


class OAuth1Registration(_OAuth1Only, total=False):
    """Keywords of ``register`` for an OAuth 1.0 service.

    ``save_request_token`` is called with the temporary credentials of a login, as
    a dict, and ``fetch_request_token`` gives them back. ``fetch_token`` is called
    without arguments. ``None`` means "not given"; config then has its say.
    """

    access_token_url: str | None
    client_kwargs: OAuth1Options | None
    fetch_token: Callable[[], OAuth1Token | None] | None
    refresh_token_url: None
    refresh_token_params: None


class OAuth2Registration(_OAuth2Only, total=False):
    """Keywords of ``register`` for an OAuth 2.0 service.

    ``fetch_token`` is called without arguments, ``update_token`` with each renewed
    token. Members of :class:`KnownMetadata` and ``jwks``, the provider's JWK set,
    spare asking the server. ``None`` means "not given"; config then has its say.
    """

    client_kwargs: OAuth2Options | None
    fetch_token: Callable[[], OAuth2Token | None] | None
    request_token_params: None


class OAuth1ProviderRegistration(OAuth1Registration, total=False):
    """Keywords of ``register_provider`` for an OAuth 1.0 service: they win over its declaration."""

    request_token_url: str | None


class OAuth2ProviderRegistration(OAuth2Registration, total=False):
    """Keywords of ``register_provider`` for an OAuth 2.0 service: they win over its declaration."""

    access_token_url: str | None
    server_metadata_url: str | None


class _Either(_OAuth1Only, _OAuth2Only, total=False):
    """Keywords where it is not clear which protocol it is."""

    client_kwargs: OAuth1Options | OAuth2Options | None
    fetch_token: Callable[[], AnyToken | None] | None


class AnyRegistration(_Either, total=False):
    """Keywords of ``register`` for a class of app of one's own."""

    request_token_url: str | None
    access_token_url: str | None
    server_metadata_url: str | None


class ConfiguredRegistration(_Either, total=False):
    """Keywords of ``register`` where only config tells which protocol it is."""

    request_token_url: None
    access_token_url: None
    server_metadata_url: None


_BOTH: Final = frozenset(
    {*option_names(ProviderRegistration), "access_token_url", "client_kwargs", "fetch_token"}
)
METADATA: Final[frozenset[str]] = option_names(KnownMetadata)
"""Keywords that are server metadata."""
OAUTH1: Final[frozenset[str]] = _BOTH | option_names(_OAuth1Only) | {"request_token_url"}
"""Keywords of OAuth 1.0."""
OAUTH2: Final[frozenset[str]] = _BOTH | option_names(_OAuth2Only) | {"server_metadata_url"}
"""Keywords of OAuth 2.0."""
