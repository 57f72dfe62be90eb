"""What a client tells of its registration, and what the provider makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Protocol, cast
from urllib.parse import urlsplit

from typedoauth.testing.addresses import Addresses
from typedoauth.testing.client_authentication import METHODS
from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.web import without_template

__all__ = ["Registered", "add_addresses", "is_web_address", "known_method", "opened", "option"]

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
}
_METADATA_PATH: Final = "/.well-known/openid-configuration"
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


def known_method(client: Registered) -> str | None:
    """Tell how a client is held to authenticate.

    Args:
        client: The client.

    Returns:
        The method; ``None`` for the usual ones, for one of the client's own, and where
        it makes a secret for each request.
    """
    method = option(client, "token_endpoint_auth_method")
    if method not in METHODS:
        return None
    return method if client.client_secret or not method.startswith("client_secret") else None


def opened(made: RegisteredClient, client: Registered) -> RegisteredClient:
    """Take away from a registration what is not known here.

    Args:
        made: The registration.
        client: What it was made of.

    Returns:
        It, with any redirection URI and scope, and any secret where it has none.
    """
    method = option(client, "token_endpoint_auth_method")
    public = method in (None, "none")
    held = made.token_endpoint_auth_method
    return replace(
        made,
        accepts=is_web_address,
        token_endpoint_auth_method=None if held == "none" and not public else held,
    )


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
    names = {"server_metadata_url", *_OAUTH1, *_OAUTH2}
    given = {name: option(client, name) for name in names}
    published = _issuer(metadata.get("issuer"), given)
    issuer = without_template(published)
    paths = _OAUTH1 if given["request_token_url"] else _OAUTH2
    for name, path in paths.items():
        if (url := given[name]) is not None:
            addresses.add(url, path, issuer)
    for name, path in _METADATA.items():
        if isinstance(endpoint := metadata.get(name), str):
            addresses.add(endpoint, path, issuer)
    if given["server_metadata_url"] is not None:
        addresses.add(given["server_metadata_url"], _METADATA_PATH, published)
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
