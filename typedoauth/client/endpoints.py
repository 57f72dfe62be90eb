"""Where a server's endpoints are: as registered, or as its metadata says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from typedoauth.client.exchange import Exchange
from typedoauth.client.fetched import Fetched
from typedoauth.client.runner import run
from typedoauth.errors import ConfigurationError, MalformedResponseError
from typedoauth.oauth2 import ServerMetadata, fetch_server_metadata
from typedoauth.oauth2.metadata import read_server_metadata

__all__ = ["EndpointName", "Endpoints"]

EndpointName: TypeAlias = Literal[
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "end_session_endpoint",
]
"""The endpoints of an authorization server, as its metadata calls them (RFC 8414 2)."""

_PLACEHOLDER: Final = "{tenantid}"


class Endpoints:
    """Knows the metadata of one client's server.

    Args:
        name: The client's name.
        exchange: Sends its requests.
        url: Where the metadata lies, or ``None``.
        given: Metadata that is known beforehand; it wins over what is fetched.
        clock: Tells the time.

    Attributes:
        name: The client's name.
        exchange: Sends its requests.
        url: Where the metadata lies, or ``None``.
        issuer_template: Whether the registered issuer holds ``{tenantid}``.

    Raises:
        ConfigurationError: What is given is no metadata, or *url* no URL.
        InsecureTransportError: A URL is http.
    """

    __slots__ = ("_fetched", "_given", "exchange", "issuer_template", "name", "url")

    def __init__(
        self,
        name: str,
        exchange: Exchange,
        url: str | None,
        given: ServerMetadata | None,
        clock: Callable[[], float],
    ) -> None:
        exchange.secure(url, "server_metadata_url")
        self.name: str = name
        self.exchange: Exchange = exchange
        self.url: str | None = url
        try:
            self._given: ServerMetadata = read_server_metadata(
                given or {}, allow_http=exchange.allow_http
            )
        except MalformedResponseError as error:
            # It is the application's own.
            raise ConfigurationError(f"client {name!r}: {error.description}") from None
        self.issuer_template: bool = _PLACEHOLDER in self._given.get("issuer", "")
        self._fetched: Fetched[ServerMetadata] | None = (
            None if url is None else Fetched(lambda: self._fetch(url), clock)
        )

    @property
    def known(self) -> ServerMetadata:
        """The metadata that is known without asking anybody."""
        return (self._fetched.held if self._fetched else None) or self._given

    def metadata(self) -> ServerMetadata:
        """Return the metadata, asking the server where there is one.

        Raises:
            OAuthError: The server could not be asked; the next call tries again.
        """
        return self._given if self._fetched is None else self._fetched.get()

    def renewed(self) -> ServerMetadata | None:
        """Fetch the metadata anew, since what is there does not serve.

        Returns:
            The metadata; ``None`` where it was fetched anew a moment ago, or there
            is nobody to ask.

        Raises:
            OAuthError: The server could not be asked.
        """
        return None if self._fetched is None else self._fetched.newer(self._fetched.get())

    def find(self, given: str | None, name: EndpointName, setting: str | None = None) -> str:
        """Find an endpoint.

        Args:
            given: What was registered, or given to the call.
            name: What the metadata calls it.
            setting: The keyword that registers it, where that is another one.

        Raises:
            InsecureTransportError: It is http.
            ConfigurationError: Nobody knows it.
            OAuthError: The server could not be asked.
        """
        self.exchange.secure(given, name)
        found = given or self._given.get(name) or self.metadata().get(name)
        if found is None:
            found = (self.renewed() or {}).get(name)
        if found is not None:
            return found
        if setting is not None:
            advice = f"give {setting}= (in a Flask application, config can give it, too)"
        else:
            url = "" if name in ("jwks_uri", "userinfo_endpoint") else "url=, or "
            advice = f"give {url}metadata={{{name!r}: …}} (OAuth.register: {name}=)"
        raise ConfigurationError(f"client {self.name!r} has no {setting or name}; {advice}")

    def _fetch(self, url: str) -> ServerMetadata:
        flow = fetch_server_metadata(
            url, issuer=self._given.get("issuer"), allow_http=self.exchange.allow_http
        )
        return {**run(flow, self.exchange.protocol), **self._given}
