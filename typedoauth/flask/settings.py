"""From keywords of ``register`` and ``app.config`` to a client."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, cast

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
from typedoauth.flask.keywords import METADATA, OAUTH1, OAUTH2
from typedoauth.flask.shared import AnyTokenStore
from typedoauth.oauth2 import ServerMetadata
from typedoauth.protocols import Clock, TokenStore, Transport
from typedoauth.tokens import OAuth1Token, OAuth2Token

if TYPE_CHECKING:
    from typedoauth.providers.declarations import Provider

__all__ = ["Registration", "make_client"]

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
_CAPITALS: Final = {key.upper(): key for key in _CONFIG_KEYS}
_ANOTHER_CLIENTS: Final = tuple(f"_{key}" for key in _CAPITALS)
_TEXTS: Final = frozenset(key for key in _CONFIG_KEYS if not key.endswith(("_params", "_kwargs")))
_SPEAKS_OAUTH2: Final = METADATA | {"access_token_url", "server_metadata_url"}
_CLIENT_KWARGS: Final = option_names(OAuth1Options) | option_names(OAuth2Options)


@dataclass(frozen=True, slots=True)
class Registration:
    """What ``register`` was given, with names checked.

    Attributes:
        name: The client's name.
        overwrite: Whether config wins over keywords.
        given: The keywords that are not ``None``.
        oauth1: Whether it is of OAuth 1.0; ``None`` where only config tells.
        tenant: Whose it is, where it comes from a client store.
        stored: Whether it comes from a client store; config has no say then.
        provider: What is declared of the service: keywords and config win over it.
    """

    name: str
    overwrite: bool
    given: Mapping[str, object] = field(repr=False)
    oauth1: bool | None = None
    tenant: str | None = None
    stored: bool = False
    provider: Provider | None = None

    @property
    def identity(self) -> str:
        """What the client is called in messages and logs, and among open logins."""
        return self.name if self.tenant is None else f"{self.name}@{self.tenant}"

    @classmethod
    def of_store(cls, name: str, tenant: str | None, found: object) -> Registration:
        """Take what a client store gave.

        Args:
            name: The client's name.
            tenant: Whose it is.
            found: The keywords.

        Returns:
            The registration, with its values checked.

        Raises:
            ConfigurationError: It is no mapping, or a keyword or value is wrong.
        """
        if not isinstance(found, Mapping):
            raise ConfigurationError(
                f"the client store gave a {type(found).__name__} for {name!r}; it is to give the "
                "keywords of register, or None"
            )
        keywords = dict(cast("Mapping[str, object]", found))  # each is looked at
        made = replace(cls.of(name, keywords), tenant=tenant, stored=True)
        made = replace(made, oauth1=bool(made.given.get("request_token_url")))
        made.check({})
        return made

    @classmethod
    def of(
        cls,
        name: str,
        keywords: Mapping[str, object],
        *,
        overwrite: bool = False,
        oauth1: bool | None = None,
        defaults: Mapping[str, object] | None = None,
        provider: Provider | None = None,
    ) -> Registration:
        """Check the keywords' names.

        Args:
            name: The client's name.
            keywords: The keywords of ``register``.
            overwrite: Whether config wins over keywords.
            oauth1: The protocol, where the class of the app tells.
            defaults: What fills in keywords that are not given.
            provider: What is declared of the service.

        Returns:
            The registration; :meth:`check` looks at its values.

        Raises:
            UnknownOptionError: One does not exist, or is of the other protocol.
        """
        _check_keywords(keywords, f"register({name!r})")
        _check_keywords(defaults or {}, f"OAUTH_APP_CONFIG of {name!r}")
        merged = {**(defaults or {}), **_without_none(keywords)}
        given = _without_none(merged)
        if oauth1 is None:
            if given.get("request_token_url"):
                oauth1 = True
            elif any(given.get(key) for key in _SPEAKS_OAUTH2):
                oauth1 = False
        return cls(name, overwrite, given, oauth1, provider=provider)

    def check(self, config: Mapping[str, object]) -> None:
        """Check the values, as far as they are known by now.

        Args:
            config: The application's; empty where there is none yet.

        Raises:
            ConfigurationError: A value is wrong; the message says which.
        """
        given = self.given
        if ("save_request_token" in given) is not ("fetch_request_token" in given):
            raise ConfigurationError(
                f"register({self.name!r}): save_request_token and fetch_request_token go together"
            )
        for key, adapt in (
            ("fetch_token", adapt_fetch),
            ("update_token", adapt_update),
            ("save_request_token", adapt_save),
            ("fetch_request_token", adapt_fetch),
        ):
            if key in given:
                adapt(given[key], key)
        if not callable(given.get("compliance_fix", print)):
            raise ConfigurationError(f"compliance_fix of {self.name!r} is to be a function")
        self._warn_of_misspellings(config)
        settings = self.settings(config)
        if settings.get("request_token_url") or self.oauth1 is False:
            oauth1: bool | None = self.is_oauth1(settings)
        else:  # config may still come
            speaks_oauth2 = any(settings.get(key) for key in _SPEAKS_OAUTH2)
            oauth1 = self.oauth1 or (False if speaks_oauth2 else None)
        if oauth1 is None:
            kwargs = _mapping(self.name, settings, "client_kwargs") or {}
            check_option_names(kwargs, _CLIENT_KWARGS, f"client_kwargs of {self.name!r}")
        else:
            self._check_protocol(oauth1)
            make_client(self.name, settings, oauth1=oauth1, final=False)

    def settings(self, config: Mapping[str, object]) -> dict[str, object]:
        """Merge the keywords with the values of *config*.

        Args:
            config: The application's.

        Returns:
            The settings by keyword.

        Raises:
            ConfigurationError: A value is neither text nor dict where it should be.
        """
        merged = dict(self.given)
        for prefix in () if self.stored else self._prefixes():
            for capitals, key in _CAPITALS.items():
                value = config.get(prefix + capitals)
                if value is None:
                    continue
                expected, word = (str, "text") if key in _TEXTS else (Mapping, "dict")
                if not isinstance(value, expected):
                    raise ConfigurationError(
                        f"{prefix}{capitals} in app.config is to be a {word}, "
                        f"not {type(value).__name__}"
                    )
                own = merged.get(key)
                if own is None:
                    merged[key] = value
                elif self.overwrite and value:
                    merged[key] = _merged(own, cast("object", value))  # whatever config holds
        return merged if self.provider is None else _over(self.provider.settings(), merged)

    def is_oauth1(self, settings: Mapping[str, object]) -> bool:
        """Tell the protocol from the merged settings.

        Args:
            settings: What :meth:`settings` gave.

        Returns:
            Whether it is OAuth 1.0.

        Raises:
            ConfigurationError: They contradict what the keywords said.
        """
        found = bool(settings.get("request_token_url"))
        if self.oauth1 is not None and self.oauth1 is not found:
            raise ConfigurationError(
                f"client {self.name!r} was registered for OAuth {'1' if self.oauth1 else '2'}.0, "
                f"but its settings have {'a' if found else 'no'} request_token_url, which makes it "
                "the other; correct the config or the registration"
            )
        return found

    def misspellings(self, config: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """Find config keys that resemble a valid one of this client.

        Args:
            config: The application's.

        Yields:
            The key that is there, and the one that was meant.
        """
        for prefix in self._prefixes():
            for key in config:
                rest = key.removeprefix(prefix)
                # MY_APP_CLIENT_ID belongs to "my_app", also where there is a client "my".
                if rest == key or rest in _CAPITALS or rest.endswith(_ANOTHER_CLIENTS):
                    continue
                close = get_close_matches(rest, _CAPITALS, n=1, cutoff=0.85)
                if close:
                    yield key, prefix + close[0]

    def ignored(self, config: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """Find config keys that a keyword wins over.

        Args:
            config: The application's.

        Yields:
            The key, and the keyword that has another value.
        """
        for prefix in () if self.stored or self.overwrite else self._prefixes():
            for capitals, keyword in _CAPITALS.items():
                value, own = config.get(prefix + capitals), self.given.get(keyword)
                if value is not None and own is not None and value != own:
                    yield prefix + capitals, keyword

    def _prefixes(self) -> list[str]:
        capitals = f"{self.name.upper()}_"
        # A hyphen cannot stand in an environment variable.
        return [capitals] if "-" not in capitals else [capitals.replace("-", "_"), capitals]

    def _check_protocol(self, oauth1: bool) -> None:
        other = OAUTH2 - OAUTH1 if oauth1 else OAUTH1 - OAUTH2
        for key in other & set(self.given):
            if self.given[key]:
                raise UnknownOptionError(
                    f"register({self.name!r}): {key!r} is an option of OAuth "
                    f"{'2' if oauth1 else '1'}.0, and this client is of OAuth "
                    f"{'1' if oauth1 else '2'}.0"
                )

    def _warn_of_misspellings(self, config: Mapping[str, object]) -> None:
        for key, meant in self.misspellings(config):
            warnings.warn(
                f"app.config[{key!r}] is not read; did you mean {meant}?",
                UserWarning,
                stacklevel=_frames_of_the_package(),
            )


def _frames_of_the_package() -> int:
    """How far up the application's own line is: registering has several ways here."""
    frame, count = inspect.currentframe(), 0
    while frame is not None and str(frame.f_globals.get("__name__")).startswith("typedoauth."):
        frame, count = frame.f_back, count + 1
    return count


def make_client(
    name: str,
    settings: Mapping[str, object],
    *,
    oauth1: bool,
    transport: Transport | None = None,
    clock: Clock | None = None,
    update_token: UpdateToken | None = None,
    token_store: AnyTokenStore | None = None,
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
        token_store: Keeps tokens.
        final: Whether the client will be used; otherwise it only serves to check
            the settings, and a missing ``client_id`` or secret is let pass.

    Returns:
        The client.

    Raises:
        ConfigurationError: A setting is wrong; the message says which.
    """
    kwargs = dict(_mapping(name, settings, "client_kwargs") or {})
    user_agent = _text(name, settings, "user_agent")
    if user_agent is not None:
        kwargs["user_agent"] = user_agent
    client_id = _text(name, settings, "client_id") or ("" if final else "unknown")
    if not client_id:
        key = f"{name.upper().replace('-', '_')}_CLIENT_ID"
        raise ConfigurationError(f"client {name!r} has no client_id; register it, or set {key}")
    client_secret = _text(name, settings, "client_secret")
    access_token_url = _text(name, settings, "access_token_url")
    access_token_params = _mapping(name, settings, "access_token_params")
    authorize_url = _text(name, settings, "authorize_url")
    authorize_params = _mapping(name, settings, "authorize_params")
    api_base_url = _text(name, settings, "api_base_url")
    if oauth1:
        return OAuth1Client(
            client_id,
            client_secret or ("" if not final or settings.get("client_secret") == "" else None),
            name=name,
            request_token_url=_text(name, settings, "request_token_url"),
            request_token_params=_mapping(name, settings, "request_token_params"),
            access_token_url=access_token_url,
            access_token_params=access_token_params,
            authorize_url=authorize_url,
            authorize_params=authorize_params,
            api_base_url=api_base_url,
            token_store=cast("TokenStore[OAuth1Token] | None", token_store),  # or it fails there
            transport=transport,
            clock=clock,
            **cast("OAuth1Options", kwargs),  # the client checks them
        )
    if settings.get("code_challenge_method") is not None:
        kwargs["code_challenge_method"] = settings["code_challenge_method"]
    metadata = {key: settings[key] for key in METADATA if key in settings}
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
        jwks=_mapping(name, settings, "jwks"),
        compliance_fix=fix if final else None,
        client_auth_methods=methods,
        update_token=update_token,
        token_store=cast("TokenStore[OAuth2Token] | None", token_store),  # likewise
        transport=transport,
        clock=clock,
        **cast("OAuth2Options", kwargs),  # the client checks them
    )


def _check_keywords(keywords: Mapping[str, object], what: str) -> None:
    valid = OAUTH1 | OAUTH2
    for key in keywords.keys() & (_CLIENT_KWARGS - valid):
        raise UnknownOptionError(
            f"{what} has no option {key!r}: {key!r} belongs in client_kwargs={{{key!r}: …}}"
        )
    check_option_names(keywords, valid, what)


def _without_none(keywords: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in keywords.items() if value is not None}


def _merged(own: object, value: object) -> object:
    """What config says, over what a keyword said; dicts member by member."""
    if isinstance(own, Mapping) and isinstance(value, Mapping):
        both = cast("tuple[Mapping[str, object], Mapping[str, object]]", (own, value))
        return {**both[0], **both[1]}  # the client checks their values
    return value


def _over(declared: Mapping[str, object], merged: Mapping[str, object]) -> dict[str, object]:
    """What an application says, over what is declared of the service."""
    found = dict(declared)
    for key, value in merged.items():
        own = found.get(key)
        if key == "compliance_fix" and own is not None:
            from typedoauth.providers.quirks import every

            fixes = (cast("ComplianceFix", own), cast("ComplianceFix", value))  # called only
            found[key] = every(*fixes)
        elif key == "client_auth_methods" and own is not None:
            methods = (cast("Sequence[object]", own), cast("Sequence[object]", value))  # likewise
            found[key] = [*methods[0], *methods[1]]
        else:
            found[key] = _merged(own, value)
    return found


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
