"""The provider in the place of the services that a Flask application is registered with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Protocol, cast
from urllib.parse import urlsplit

from typing_extensions import override

from typedoauth.errors import ConfigurationError
from typedoauth.testing.addresses import Addresses
from typedoauth.testing.visits import Detour

if TYPE_CHECKING:
    from flask import Flask

    from typedoauth.testing.provider import LocalProvider

__all__ = ["Registered", "StandIn", "add_addresses", "is_web_address", "option"]

_WELL_KNOWN: Final = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
)
# What a client calls an endpoint, and the provider's own path that answers in its place.
_OAUTH1: Final = {
    "request_token_url": "/oauth1/initiate",
    "authorize_url": "/oauth1/authorize",
    "access_token_url": "/oauth1/token",
}
_OAUTH2: Final = {
    "authorize_url": "/oauth2/authorize",
    "access_token_url": "/oauth2/token",
    "refresh_token_url": "/oauth2/token",
    "server_metadata_url": "/.well-known/openid-configuration",
}
_METADATA: Final = {
    "authorization_endpoint": "/oauth2/authorize",
    "token_endpoint": "/oauth2/token",
    "revocation_endpoint": "/oauth2/revoke",
    "introspection_endpoint": "/oauth2/introspect",
    "userinfo_endpoint": "/oauth2/userinfo",
    "jwks_uri": "/oauth2/jwks",
    "end_session_endpoint": "/oauth2/logout",
}


class Registered(Protocol):
    """A client, as it is registered: plain ones and remote apps tell this, and more."""

    @property
    def client_id(self) -> str:
        """The client identifier."""
        ...

    @property
    def client_secret(self) -> str | None:
        """The client secret."""
        ...


def is_web_address(uri: str) -> bool:
    """Tell whether a browser could be sent to a URI, and its query be read there.

    Args:
        uri: The URI.

    Returns:
        Whether it is absolute, of http or https, and has no fragment (RFC 6749 3.1.2).
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "#" not in uri


def option(client: Registered, name: str) -> str | None:
    """Read what a client tells beyond its credentials.

    Args:
        client: The client.
        name: The option; one of ``client_kwargs`` too.

    Returns:
        Its text, or ``None`` where it has none.
    """
    value: object = getattr(client, name, None)
    if value is None:
        value = _mapping(getattr(client, "client_kwargs", None)).get(name)
    return value if isinstance(value, str) and value else None


def _mapping(value: object) -> Mapping[str, object]:
    # Settings have names for keys; each value is looked at.
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def add_addresses(addresses: Addresses, client: Registered) -> None:
    """Answer at every address that a client is registered with.

    Args:
        addresses: Where the provider answers.
        client: The client.

    Raises:
        ConfigurationError: One of them is no absolute URL.
    """
    metadata = _mapping(getattr(client, "server_metadata", None))
    given = {name: option(client, name) for name in {**_OAUTH1, **_OAUTH2}}
    issuer = _issuer(metadata.get("issuer"), given)
    paths = _OAUTH1 if given["request_token_url"] else _OAUTH2
    for name, path in paths.items():
        if (url := given[name]) is not None:
            addresses.add(url, path, issuer)
    for name, path in _METADATA.items():
        if isinstance(endpoint := metadata.get(name), str):
            addresses.add(endpoint, path, issuer)
    if given["server_metadata_url"] is not None:
        addresses.add_issuer(issuer)


def _issuer(known: object, given: Mapping[str, str | None]) -> str:
    if isinstance(known, str):
        return known
    metadata_url = given["server_metadata_url"]
    if metadata_url is not None:
        for suffix in _WELL_KNOWN:
            base, found, rest = metadata_url.partition(suffix)
            if found:
                return base + rest
    parts = urlsplit(metadata_url or given["authorize_url"] or given["access_token_url"] or "")
    return f"{parts.scheme}://{parts.netloc}"


class StandIn:
    """The time for which the provider stands in for an application's services.

    It has begun already. It ends with its block, with :meth:`close`, or with the
    provider's own.

    Args:
        provider: The provider.
        app: The application.

    Raises:
        ConfigurationError: No registry serves it, or a client lacks a setting.
    """

    def __init__(self, provider: LocalProvider, app: Flask) -> None:
        # Only who tests a Flask application needs these.
        from typedoauth.flask import registries
        from typedoauth.transports import WSGITransport

        self._provider: LocalProvider = provider
        found = registries(app)
        if not found:
            raise ConfigurationError(
                f"no registry serves the application {app.name!r}; call oauth.init_app(app) first"
            )
        with ExitStack() as stack:
            for oauth in found:
                for name in oauth:
                    provider.add_registered(oauth.create_client(name))
                stack.enter_context(
                    oauth.override(transport=WSGITransport(provider), clock=provider.clock)
                )
            detour = Detour(app.wsgi_app, provider, provider.is_page)
            setattr(app, "wsgi_app", detour)  # noqa: B010  to a checker it is a method
            stack.callback(_take_away, app, detour)
            self._stack: ExitStack = stack.pop_all()

    @override
    def __repr__(self) -> str:
        return "<StandIn>"

    def __enter__(self) -> LocalProvider:
        """Return the provider."""
        return self._provider

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the application as it was."""
        self._stack.close()


def _take_away(app: Flask, detour: Detour) -> None:
    if app.wsgi_app == detour:
        setattr(app, "wsgi_app", detour.app)  # noqa: B010  likewise
    detour.end()
