"""What a provider is: a declaration, one for each of the three protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, cast

from typing_extensions import override

from typedoauth.claims import UserInfo
from typedoauth.client import ClientAuthMethod, ComplianceFix, OAuth1Options, OAuth2Options
from typedoauth.client.verbs import APICalls
from typedoauth.oauth2.metadata import KnownMetadata
from typedoauth.providers.claims import ClaimSources, normalise, without_false_links
from typedoauth.providers.profiles import ProfileSource
from typedoauth.tokens import AnyToken, OAuth1Token, OAuth2Token

__all__ = ["OAuth1Provider", "OAuth2Provider", "OpenIDProvider", "Provider"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Provider:
    """What is known of a service before an application registers there.

    Everything is data: what ``register`` would be given, in the same words, and where
    the user's claims are found.

    Attributes:
        name: What its client is called, unless ``register_provider`` is told another
            name; and the prefix of its config keys, in capitals.
        title: What people call the service.
        authorize_url: The authorization endpoint.
        authorize_params: Further parameters of authorization requests.
        access_token_url: The token endpoint.
        access_token_params: Further parameters of token requests.
        api_base_url: What relative URLs are resolved against.
        unconfirmed: What the sources of this declaration, catalogues of other libraries
            above all, leave open or tell in two ways.
    """

    kind: ClassVar[str]
    """``OAuth 1.0a``, ``OAuth 2.0`` or ``OpenID Connect``."""

    name: str
    title: str
    authorize_url: str | None = None
    authorize_params: Mapping[str, object] = field(default_factory=dict[str, object])
    access_token_url: str | None = None
    access_token_params: Mapping[str, object] = field(default_factory=dict[str, object])
    api_base_url: str | None = None
    unconfirmed: tuple[str, ...] = ()

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    def settings(self) -> dict[str, object]:
        """Return what is declared, as keywords of ``register``.

        Returns:
            The keywords that are not empty.
        """
        found = {name: getattr(self, name) for name in self._settings()}
        return {name: value for name, value in found.items() if value}

    def is_same_service(self, other: Provider) -> bool:
        """Tell whether another declaration is of the same service.

        ``GitLab(host=…)`` makes a declaration at each call, and each has functions of its
        own: what counts is the protocol and the addresses.

        Args:
            other: The other declaration.

        Returns:
            Whether it has the same protocol and the same addresses.
        """
        return self is other or (self.kind, self._texts()) == (other.kind, other._texts())

    def _texts(self) -> dict[str, object]:
        return {name: value for name, value in self.settings().items() if isinstance(value, str)}

    @staticmethod
    def _settings() -> tuple[str, ...]:
        return (
            "authorize_url",
            "authorize_params",
            "access_token_url",
            "access_token_params",
            "api_base_url",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OAuth1Provider(Provider):
    """A service of OAuth 1.0a.

    Attributes:
        request_token_url: The Temporary Credential Request endpoint.
        client_kwargs: Options of the client.
        profile: How it is asked who the user is.
        claims: Where the standard claims are found in its answer.
    """

    kind: ClassVar[str] = "OAuth 1.0a"

    request_token_url: str
    client_kwargs: OAuth1Options = field(default_factory=OAuth1Options)
    profile: ProfileSource
    claims: ClaimSources

    def userinfo(self, client: APICalls[OAuth1Token], token: OAuth1Token) -> UserInfo:
        """Ask the service about the user.

        Args:
            client: A client or remote app of the service.
            token: The user's token.

        Returns:
            The profile as standard claims.

        Raises:
            MalformedResponseError: What came is no profile.
            HTTPStatusError: The service refused.
            OAuthError: It could not be asked.
        """
        return self.normalise(self.profile.fetch(_calls(client), token))

    def normalise(self, profile: Mapping[str, object]) -> UserInfo:
        """Make standard claims of a profile.

        Args:
            profile: The profile, as the service sent it.

        Returns:
            The claims.

        Raises:
            MalformedResponseError: It does not say whose it is.
        """
        return normalise(profile, self.claims, self.title)

    @staticmethod
    @override
    def _settings() -> tuple[str, ...]:
        return (*Provider._settings(), "request_token_url", "client_kwargs")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class _OAuth2(Provider):
    """What services of OAuth 2.0 have in common with OpenID Providers."""

    client_kwargs: OAuth2Options = field(default_factory=OAuth2Options)
    refresh_token_url: str | None = None
    refresh_token_params: Mapping[str, object] = field(default_factory=dict[str, object])
    compliance_fix: ComplianceFix | None = None
    client_auth_methods: tuple[ClientAuthMethod, ...] = ()
    metadata: KnownMetadata = field(default_factory=KnownMetadata)

    @override
    def settings(self) -> dict[str, object]:
        """Return what is declared; see :meth:`Provider.settings`."""
        return {**Provider.settings(self), **self.metadata}

    @staticmethod
    @override
    def _settings() -> tuple[str, ...]:
        return (
            *Provider._settings(),
            "client_kwargs",
            "refresh_token_url",
            "refresh_token_params",
            "compliance_fix",
            "client_auth_methods",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OAuth2Provider(_OAuth2):
    """A service of OAuth 2.0.

    Attributes:
        client_kwargs: Options of the client: scope, client authentication, token
            placement, PKCE, …
        refresh_token_url: The endpoint for refreshing, where it is another one.
        refresh_token_params: Further parameters of refresh requests.
        compliance_fix: Registers compliance hooks.
        client_auth_methods: Client authentication methods that only this service has.
        metadata: Further endpoints.
        profile: How it is asked who the user is.
        claims: Where the standard claims are found in its answer.
    """

    kind: ClassVar[str] = "OAuth 2.0"

    profile: ProfileSource
    claims: ClaimSources

    def userinfo(self, client: APICalls[OAuth2Token], token: OAuth2Token) -> UserInfo:
        """Ask the service about the user.

        Args:
            client: A client or remote app of the service.
            token: The user's token.

        Returns:
            The profile as standard claims.

        Raises:
            MalformedResponseError: What came is no profile.
            HTTPStatusError: The service refused.
            OAuthError: It could not be asked.
        """
        return self.normalise(self.profile.fetch(_calls(client), token))

    def normalise(self, profile: Mapping[str, object]) -> UserInfo:
        """Make standard claims of a profile.

        Args:
            profile: The profile, as the service sent it.

        Returns:
            The claims.

        Raises:
            MalformedResponseError: It does not say whose it is.
        """
        return normalise(profile, self.claims, self.title)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OpenIDProvider(_OAuth2):
    """An OpenID Provider: its ID Token says who the user is.

    Attributes:
        client_kwargs: Options of the client: scope, client authentication, …
        refresh_token_url: The endpoint for refreshing, where it is another one.
        refresh_token_params: Further parameters of refresh requests.
        compliance_fix: Registers compliance hooks.
        client_auth_methods: Client authentication methods that only this provider has.
        server_metadata_url: Where its metadata lies (OpenID Connect Discovery).
        metadata: Metadata that is known beforehand, such as an issuer that the address
            does not tell.
        ask_userinfo: Whether its ID Token says less than its UserInfo endpoint, which
            is asked then.
        claims: Where standard claims are found that it has under other names.
    """

    kind: ClassVar[str] = "OpenID Connect"

    server_metadata_url: str
    ask_userinfo: bool = False
    claims: ClaimSources | None = None

    def normalise(self, claims: Mapping[str, object]) -> UserInfo:
        """Bring claims into standard ones.

        Args:
            claims: The claims of an ID Token, or a UserInfo response.

        Returns:
            The claims, with those that the provider has under other names, and without
            what should be a web address and is none.

        Raises:
            MalformedResponseError: They do not say whose they are.
        """
        own: Mapping[str, object] = {}
        if self.claims is not None:
            own = cast("Mapping[str, object]", normalise(claims, self.claims, self.title))
        return cast("UserInfo", without_false_links({**claims, **own}))  # validated by the client

    @staticmethod
    @override
    def _settings() -> tuple[str, ...]:
        return (*_OAuth2._settings(), "server_metadata_url")


def _calls(client: APICalls[OAuth1Token] | APICalls[OAuth2Token]) -> APICalls[AnyToken]:
    return cast("APICalls[AnyToken]", client)  # it is given tokens of its own kind only
