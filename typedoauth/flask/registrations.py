"""Which names a registry may give to clients, and of which class their apps are."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, get_type_hints

from typedoauth.errors import ConfigurationError, ContextError, UnknownClientError
from typedoauth.flask.applications import Applications
from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, app_class
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.settings import Registration
from typedoauth.flask.state import Resolved

if TYPE_CHECKING:
    from typedoauth.providers.declarations import Provider

__all__ = [
    "Entry",
    "app_class_of",
    "check_name",
    "make_app",
    "make_entry",
    "stored_app",
    "unknown",
]

_KINDS: Final = (OAuth1App, OAuth2App)


@dataclass(frozen=True, slots=True)
class Entry:
    """A registration, and the class of its app where a keyword or an annotation tells.

    Attributes:
        registration: What was registered.
        kind: The class of its app.
    """

    registration: Registration
    kind: type[RemoteApp[Any]] | None  # any: of either kind of token


def make_entry(
    name: str,
    keywords: Mapping[str, object],
    *,
    overwrite: bool,
    kind: type[OAuth1App | OAuth2App] | None,
    provider: Provider | None = None,
) -> Entry:
    """Check what ``register`` was given, as far as it can be checked without config.

    Args:
        name: The client's name.
        keywords: The keywords of ``register``.
        overwrite: Whether config wins over keywords.
        kind: The class of its app, where it is given.
        provider: What is declared of the service.

    Returns:
        The entry.

    Raises:
        UnknownOptionError: A keyword does not exist, or is of the other protocol.
        ConfigurationError: A value is wrong; the message says which.
    """
    registration = Registration.of(
        name,
        keywords,
        overwrite=overwrite,
        oauth1=None if kind is None else issubclass(kind, OAuth1App),
        defaults=None if kind is None else _defaults(kind),
        provider=provider,
    )
    if kind is None and registration.oauth1 is not None:
        kind = app_class(oauth1=registration.oauth1)
    registration.check({})
    return Entry(registration, kind)


def check_name(name: object, registry: type[object], *, taken: bool) -> None:
    """Refuse a name that ``oauth.<name>`` or a config key could not have.

    Args:
        name: The client's name.
        registry: The class of the registry.
        taken: Whether the registry has an attribute of that name.

    Raises:
        ConfigurationError: It cannot be used; the message says why.
    """
    if not isinstance(name, str) or not name:
        raise ConfigurationError("a client's name is a text, such as 'github'")
    if not name.replace("-", "_").isidentifier():
        raise ConfigurationError(
            f"a client cannot be called {name!r}: its name is oauth.<name> and the prefix of "
            "its config keys, so it has to be a Python identifier, in which '-' counts as "
            "'_'; choose another name"
        )
    if name.startswith("_") or hasattr(registry, name) or taken:
        raise ConfigurationError(
            f"a client cannot be called {name!r}: oauth.{name} is something else already; "
            "choose another name"
        )


def app_class_of(
    name: str, client_cls: object, registry: type[object], base: type[object]
) -> type[OAuth1App | OAuth2App] | None:
    """The class of an app, where a keyword or an annotation tells it.

    Args:
        name: The client's name.
        client_cls: What ``register`` was given.
        registry: The class of the registry; it may annotate its attribute *name*.
        base: What that is a subclass of, or itself.

    Returns:
        The class, or ``None``.

    Raises:
        ConfigurationError: What was given is no class of apps.
    """
    if client_cls is None:
        return _annotated(name, registry.__mro__[: registry.__mro__.index(base)])
    if isinstance(client_cls, type) and issubclass(client_cls, _KINDS):
        return client_cls
    raise ConfigurationError("client_cls is a subclass of OAuth1App or OAuth2App")


def make_app(
    applications: Applications, entry: Entry, resolve: Callable[[str], Resolved]
) -> RemoteApp:
    """Make the app of an entry.

    Args:
        applications: The applications of the registry; the one at hand has config that
            may tell the protocol.
        entry: The entry.
        resolve: Finds the client of a name for the application at hand.

    Returns:
        The app.
    """
    kind = entry.kind
    if kind is None:
        with suppress(ContextError):
            kind = app_class(oauth1=applications.at_hand().is_oauth1(entry.registration))
    found: RemoteApp[Any] = (kind or RemoteApp)(entry.registration.name, resolve)  # any: as above
    return cast("RemoteApp", found)  # of either kind of token


def stored_app(
    applications: Applications,
    registered: Mapping[str, object],
    name: str,
    tenant: str | None,
) -> RemoteApp:
    """Ask the client store of the application at hand.

    Args:
        applications: The applications of the registry.
        registered: The registered clients, by name.
        name: The client's name.
        tenant: Whose it is.

    Returns:
        The app.

    Raises:
        UnknownClientError: There is none.
        StoreError: The client store failed.
        ConfigurationError: What it gave is no registration.
    """
    registration = None
    with suppress(ContextError):
        registration = applications.at_hand().stored_registration(name, tenant)
    if registration is None:
        asked = applications.shared.client_store is not None
        raise unknown(name, registered, tenant, asked=asked)
    kind = app_class(oauth1=registration.oauth1 is True)
    found = kind(name, lambda _: applications.at_hand().resolve(registration))
    return cast("RemoteApp", found)  # of either kind of token


def unknown(
    name: object,
    registered: Mapping[str, object],
    tenant: str | None = None,
    *,
    asked: bool = False,
) -> UnknownClientError:
    """Say that there is no client of a name, and which there are.

    Args:
        name: What was asked for.
        registered: The registered clients, by name.
        tenant: Whose it was to be.
        asked: Whether a client store was asked.

    Returns:
        The error to raise.
    """
    known = ", ".join(sorted(registered)) or "none yet"
    if asked:
        whose = "" if tenant is None else f" of tenant {tenant!r}"
        return UnknownClientError(
            f"the client store has no client {name!r}{whose}; registered are: {known}"
        )
    if tenant is not None:
        return UnknownClientError(
            f"client {name!r} of tenant {tenant!r} takes a client store; give client_store="
        )
    return UnknownClientError(f"no client {name!r} is registered; registered: {known}")


def _defaults(kind: type[OAuth1App | OAuth2App]) -> Mapping[str, object]:
    return {"user_agent": kind.DEFAULT_USER_AGENT, **kind.OAUTH_APP_CONFIG}


def _annotated(name: str, classes: Iterable[type[object]]) -> type[OAuth1App | OAuth2App] | None:
    for owner in classes:
        annotations = inspect.get_annotations(owner)
        if name in annotations:
            hint = _evaluated(annotations[name], owner)
            if isinstance(hint, type) and issubclass(hint, _KINDS):
                return hint
    return None


def _evaluated(hint: object, owner: type) -> object:
    """An annotation, which is a text under ``from __future__ import annotations``."""
    holder = type("_Holder", (), {"__annotations__": {"it": hint}, "__module__": owner.__module__})
    try:
        return get_type_hints(holder)["it"]
    except Exception:  # noqa: BLE001  a name that is not there, or whatever its evaluation raises
        return None
