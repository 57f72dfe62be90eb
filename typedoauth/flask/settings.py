"""From keywords of ``register`` and ``app.config`` to a client."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from typing_extensions import TypedDict

from typedoauth.client import (
    ClientAuthMethod,
    ComplianceFix,
    OAuth1Client,
    OAuth1Options,
    OAuth2Client,
    OAuth2Options,
)
from typedoauth.client.callbacks import UpdateToken, adapt_fetch, adapt_save, adapt_update
from typedoauth.client.options import check_option_names, option_names
from typedoauth.errors import ConfigurationError, UnknownOptionError
from typedoauth.oauth2 import ServerMetadata
from typedoauth.protocols import Clock, Transport
from typedoauth.tokens import AnyToken, OAuth1Token, OAuth2Token

if TYPE_CHECKING:
    from typedoauth.flask.remote_app import OAuth1App, OAuth2App

__all__ = [
    "AnyRegistration",
    "ConfiguredRegistration",
    "Kind",
    "OAuth1Registration",
    "OAuth2Registration",
    "Registration",
    "is_oauth1",
    "make_client",
]

Kind: TypeAlias = "type[OAuth1App | OAuth2App]"
SaveRequestToken: TypeAlias = Callable[[OAuth1Token], object]
FetchRequestToken: TypeAlias = Callable[[], OAuth1Token | None]


class _Common(TypedDict, total=False):
    """Keywords of both protocols."""

    client_id: str | None
    client_secret: str | None
    access_token_params: Mapping[str, object] | None
    authorize_url: str | None
    authorize_params: Mapping[str, object] | None
    api_base_url: str | None
    user_agent: str | None


class _OAuth1Only(_Common, total=False):
    """And those of OAuth 1.0, of one type only."""

    request_token_params: Mapping[str, object] | None
    save_request_token: SaveRequestToken | None
    fetch_request_token: FetchRequestToken | None


class _OAuth2Only(_Common, ServerMetadata, total=False):
    """And those of OAuth 2.0, of one type only."""

    refresh_token_url: str | None
    refresh_token_params: Mapping[str, object] | None
    update_token: UpdateToken | None
    compliance_fix: ComplianceFix | None
    client_auth_methods: Sequence[ClientAuthMethod] | None
    code_challenge_method: Literal["S256", "none"] | None


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
    token. Members of :class:`ServerMetadata` spare asking the server. ``None``
    means "not given"; config then has its say.
    """

    client_kwargs: OAuth2Options | None
    fetch_token: Callable[[], OAuth2Token | None] | None
    request_token_params: None


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


_CONFIG_KEYS: Final = (
    "client_id",
    "client_secret",
    "request_token_url",
    "request_token_params",
    "access_token_url",
    "access_token_params",
    "refresh_token_url",
    "refresh_token_params",
    "authorize_url",
    "authorize_params",
    "api_base_url",
    "client_kwargs",
    "server_metadata_url",
    "code_challenge_method",
)
_TEXTS: Final = frozenset(key for key in _CONFIG_KEYS if not key.endswith(("_params", "_kwargs")))
_METADATA: Final = frozenset(option_names(ServerMetadata))
_OAUTH1: Final = frozenset(
    {*option_names(_OAuth1Only), "request_token_url", "access_token_url", "client_kwargs"}
    | {"fetch_token"}
)
_OAUTH2: Final = frozenset(
    {*option_names(_OAuth2Only), "access_token_url", "server_metadata_url", "client_kwargs"}
    | {"fetch_token"}
)
_KEYWORDS: Final = _OAUTH1 | _OAUTH2


@dataclass(frozen=True, slots=True)
class Registration:
    """What ``register`` was given, checked as far as it goes without config.

    Attributes:
        name: The client's name.
        overwrite: Whether config wins over keywords.
        given: The keywords that are not ``None``.
        kind: The class of the app, where a keyword or an annotation tells.
    """

    name: str
    overwrite: bool
    given: Mapping[str, object] = field(repr=False)
    kind: Kind | None = None

    @classmethod
    def of(
        cls, name: str, overwrite: bool, keywords: Mapping[str, object], kind: Kind | None
    ) -> Registration:
        """Check the keywords' names.

        Raises:
            UnknownOptionError: One does not exist, or is of the other protocol.
        """
        check_option_names(keywords, _KEYWORDS, f"register({name!r})")
        defaults: Mapping[str, object] = getattr(kind, "OAUTH_APP_CONFIG", None) or {}
        check_option_names(defaults, _KEYWORDS, f"OAUTH_APP_CONFIG of {name!r}")
        given = {key: value for key, value in defaults.items() if value is not None}
        given.update((key, value) for key, value in keywords.items() if value is not None)
        return cls(name, overwrite, given, kind)

    def check(self) -> None:
        """Check the keywords alone, where they tell the protocol.

        Raises:
            ConfigurationError: A value is wrong.
        """
        if self.kind is not None:
            make_client(self.name, self.given, oauth1=is_oauth1(self.kind), final=False)
        for key, adapt in (
            ("fetch_token", adapt_fetch),
            ("update_token", adapt_update),
            ("save_request_token", adapt_save),
            ("fetch_request_token", adapt_fetch),
        ):
            if key in self.given:
                adapt(self.given[key], key)

    def settings(self, config: Mapping[str, object]) -> dict[str, object]:
        """Merge the keywords with the values of *config*.

        Args:
            config: The application's.

        Returns:
            The settings by keyword.

        Raises:
            ConfigurationError: A value is neither text nor dict where it should be.
        """
        prefix = f"{self.name.upper().replace('-', '_')}_"
        self._warn_of_misspellings(config, prefix)
        merged = dict(self.given)
        for key in _CONFIG_KEYS:
            value = config.get(prefix + key.upper())
            if value is None:
                continue
            expected, word = (str, "text") if key in _TEXTS else (Mapping, "dict")
            if not isinstance(value, expected):
                raise ConfigurationError(f"{prefix}{key.upper()} in app.config is to be a {word}")
            own = merged.get(key)
            if own is None:
                merged[key] = value
            elif self.overwrite and value:
                merged[key] = _merged(own, cast("object", value))  # whatever config holds
        return merged

    def resolved_kind(self, settings: Mapping[str, object]) -> Kind:
        """Tell the protocol from the merged settings.

        Raises:
            ConfigurationError: They contradict what the keywords said.
        """
        from typedoauth.flask.remote_app import OAuth1App, OAuth2App

        kind = OAuth1App if settings.get("request_token_url") else OAuth2App
        if self.kind is None:
            return kind
        if is_oauth1(self.kind) is not is_oauth1(kind):
            said = "OAuth 1.0" if is_oauth1(self.kind) else "OAuth 2.0"
            raise ConfigurationError(
                f"client {self.name!r} was registered for {said}, but its settings "
                f"{'have a' if is_oauth1(kind) else 'have no'} request_token_url, which makes it "
                "the other; correct the config or the registration"
            )
        return self.kind

    def _warn_of_misspellings(self, config: Mapping[str, object], prefix: str) -> None:
        known = [key.upper() for key in _CONFIG_KEYS]
        for key in config:
            rest = key.removeprefix(prefix)
            if rest == key or rest in known:
                continue
            close = get_close_matches(rest, known, n=1, cutoff=0.85)
            if close:
                warnings.warn(
                    f"app.config[{key!r}] is not read; did you mean {prefix}{close[0]}?",
                    UserWarning,
                    stacklevel=2,
                )


def is_oauth1(kind: Kind) -> bool:
    """Tell whether apps of that class speak OAuth 1.0."""
    from typedoauth.flask.remote_app import OAuth1App

    return issubclass(kind, OAuth1App)


def make_client(
    name: str,
    settings: Mapping[str, object],
    *,
    oauth1: bool,
    transport: Transport | None = None,
    clock: Clock | None = None,
    update_token: UpdateToken | None = None,
    final: bool = True,
) -> OAuth1Client | OAuth2Client:
    """Make the client that merged settings describe.

    Args:
        name: The client's name.
        settings: Keywords and config, merged.
        oauth1: Which protocol it is.
        transport: The application's transport.
        clock: Tells the time.
        update_token: Told of renewed tokens.
        final: Whether the client will be used; otherwise it only serves to check
            the settings, and a missing ``client_id`` is let pass.

    Raises:
        ConfigurationError: A setting is wrong; the message says which.
    """
    other = _OAUTH2 - _OAUTH1 if oauth1 else _OAUTH1 - _OAUTH2
    for key in settings:
        if key in other and key not in _CONFIG_KEYS:
            raise UnknownOptionError(
                f"register({name!r}): {key!r} is an option of OAuth {'2' if oauth1 else '1'}.0, "
                f"and this client is of OAuth {'1' if oauth1 else '2'}.0"
            )
    kwargs = dict(cast("Mapping[str, object]", settings.get("client_kwargs") or {}))
    if not isinstance(settings.get("client_kwargs") or {}, Mapping):
        raise ConfigurationError(f"client_kwargs of {name!r} is to be a dict")
    if settings.get("user_agent"):
        kwargs["user_agent"] = settings["user_agent"]
    client_id = _text(name, settings, "client_id") or ("" if final else "unknown")
    client_secret = _text(name, settings, "client_secret")
    access_token_url = _text(name, settings, "access_token_url")
    access_token_params = _mapping(name, settings, "access_token_params")
    authorize_url = _text(name, settings, "authorize_url")
    authorize_params = _mapping(name, settings, "authorize_params")
    api_base_url = _text(name, settings, "api_base_url")
    if oauth1:
        return OAuth1Client(
            client_id,
            client_secret,
            name=name,
            request_token_url=_text(name, settings, "request_token_url"),
            request_token_params=_mapping(name, settings, "request_token_params"),
            access_token_url=access_token_url,
            access_token_params=access_token_params,
            authorize_url=authorize_url,
            authorize_params=authorize_params,
            api_base_url=api_base_url,
            transport=transport,
            clock=clock,
            **cast("OAuth1Options", kwargs),  # the client checks them
        )
    if settings.get("code_challenge_method") is not None:
        kwargs["code_challenge_method"] = settings["code_challenge_method"]
    metadata = {key: settings[key] for key in _METADATA if key in settings}
    fix = cast("ComplianceFix | None", settings.get("compliance_fix"))  # called only
    methods = cast("Sequence[ClientAuthMethod] | None", settings.get("client_auth_methods"))
    return OAuth2Client(
        client_id,
        client_secret,
        name=name,
        access_token_url=access_token_url,
        access_token_params=access_token_params,
        refresh_token_url=_text(name, settings, "refresh_token_url"),
        refresh_token_params=_mapping(name, settings, "refresh_token_params"),
        authorize_url=authorize_url,
        authorize_params=authorize_params,
        api_base_url=api_base_url,
        server_metadata_url=_text(name, settings, "server_metadata_url"),
        metadata=cast("ServerMetadata", metadata),  # the client checks it
        compliance_fix=fix if final else None,
        client_auth_methods=methods,
        update_token=update_token,
        transport=transport,
        clock=clock,
        **cast("OAuth2Options", kwargs),  # the client checks them
    )


def _merged(own: object, value: object) -> object:
    """What config says, over what a keyword said; dicts member by member."""
    if isinstance(own, Mapping) and isinstance(value, Mapping):
        both = cast("tuple[Mapping[str, object], Mapping[str, object]]", (own, value))
        return {**both[0], **both[1]}  # the client checks their values
    return value


def _text(name: str, settings: Mapping[str, object], key: str) -> str | None:
    value = settings.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise ConfigurationError(f"{key} of {name!r} is to be a text, not {type(value).__name__}")


def _mapping(name: str, settings: Mapping[str, object], key: str) -> Mapping[str, object] | None:
    value = settings.get(key)
    if value is None:
        return None
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)  # sent as text, whatever it holds
    raise ConfigurationError(f"{key} of {name!r} is to be a dict, not {type(value).__name__}")
