"""Where else the provider answers: at the addresses of the services that it stands in for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from werkzeug.wrappers import Request

from typedoauth.errors import ConfigurationError
from typedoauth.testing.records import User
from typedoauth.testing.web import ISSUER

__all__ = ["Addresses", "Document", "Resource", "address_of"]

Document: TypeAlias = Mapping[str, object] | Sequence[object]
"""What JSON can say."""

Resource: TypeAlias = Document | Callable[[User], Document]
"""What an API answers: a document, or what makes one for the user that the token is of."""

_PORTS = {"http": 80, "https": 443}


def address_of(url: str) -> str:
    """Write a URL as requests are looked up.

    Args:
        url: An absolute URL.

    Returns:
        Scheme, host, port where it is not the scheme's own, and path, decoded.

    Raises:
        ConfigurationError: It is not absolute.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigurationError(f"{url.partition('?')[0]!r} is no absolute http or https URL")
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{unquote(parts.path) or '/'}"


def _address(request: Request) -> str:
    return f"{request.scheme}://{request.host}{request.root_path}{request.path}"


class Addresses:
    """The addresses of other services, and what answers there."""

    def __init__(self) -> None:
        self._paths: dict[str, tuple[str, str]] = {}
        self._issuers: dict[str, str] = {}
        self._resources: dict[str, Resource] = {}

    def add(self, url: str, path: str, issuer: str) -> None:
        """Answer at an address of another service.

        Args:
            url: The address.
            path: The provider's own path that answers.
            issuer: The service's issuer.

        Raises:
            ConfigurationError: The address is not absolute.
        """
        self._paths[address_of(url)] = (path, issuer)

    def add_issuer(self, issuer: str) -> None:
        """Answer at every path below an issuer, as the provider's metadata names them.

        Args:
            issuer: The issuer.

        Raises:
            ConfigurationError: It is no absolute URL.
        """
        self._issuers[address_of(issuer).rstrip("/")] = issuer

    def add_resource(self, url: str, resource: Resource) -> None:
        """Answer calls of an API.

        Args:
            url: The address.
            resource: What to answer.

        Raises:
            ConfigurationError: The address is not absolute.
        """
        self._resources[address_of(url)] = resource

    def resource(self, request: Request) -> Resource | None:
        """Look up what an API answers.

        Args:
            request: The call.

        Returns:
            What was given for its address, or ``None``.
        """
        return self._resources.get(_address(request))

    def path(self, url: str, own: Collection[str]) -> tuple[str, str] | None:
        """Look up what answers at an address.

        Args:
            url: The address.
            own: The provider's own paths.

        Returns:
            The path of the provider's own, and the issuer; ``None`` where the
            address belongs to no service that the provider stands in for.
        """
        return self._path(address_of(url), own)

    def _path(self, address: str, own: Collection[str]) -> tuple[str, str] | None:
        found = self._paths.get(address)
        if found is not None:
            return found
        for base, issuer in self._issuers.items():
            rest = address.removeprefix(base)
            if rest != address and rest in own:
                return rest, issuer
        return None

    def locate(self, request: Request, own: Collection[str]) -> str:
        """Tell which of the provider's own paths answers a request, and note its issuer.

        Args:
            request: The request.
            own: The provider's own paths.

        Returns:
            The path.
        """
        found = self._path(_address(request), own)
        if found is None:
            return request.path
        path, request.environ[ISSUER] = found
        return path
