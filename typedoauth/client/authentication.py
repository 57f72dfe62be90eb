"""Client authentication methods of the user's own, in the shapes that exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from typedoauth.client.hooks import mend_form_request
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Request
from typedoauth.protocols import ClientAuthentication

if TYPE_CHECKING:
    from typedoauth.client.oauth2 import OAuth2Client

__all__ = ["AuthenticationFunction", "ClientAuthMethod", "NamedAuthenticationFunction"]

AuthenticationFunction: TypeAlias = Callable[
    ["OAuth2Client", str, str, dict[str, str], str], tuple[str, dict[str, str], str]
]
"""Gets client, method, URL, headers and the encoded form; returns the last three."""


class NamedAuthenticationFunction(Protocol):
    """An object that is called like an :data:`AuthenticationFunction` and has a name."""

    @property
    def name(self) -> str:
        """The name that ``token_endpoint_auth_method`` gives."""
        ...

    def __call__(
        self, client: OAuth2Client, method: str, url: str, headers: dict[str, str], body: str, /
    ) -> tuple[str, dict[str, str], str]:
        """Add the client's authentication."""
        ...


ClientAuthMethod: TypeAlias = (
    ClientAuthentication | NamedAuthenticationFunction | tuple[str, AuthenticationFunction]
)
"""What ``client_auth_methods`` may list."""


@dataclass(frozen=True, slots=True)
class _Adapted:
    name: str
    function: AuthenticationFunction
    owner: OAuth2Client

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        def hook(url: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
            return self.function(self.owner, request.method, url, headers, body)

        return mend_form_request(request, [hook], f"the client_auth_method {self.name!r}")


def adapt_auth_methods(methods: object, owner: OAuth2Client) -> list[ClientAuthentication]:
    """Bring every method of a list into the shape of the Protocol.

    Raises:
        ConfigurationError: It is no list, or one has none of the shapes.
    """
    if methods is None:
        return []
    # A single (name, function) pair is a tuple, too, and no list of methods.
    if not isinstance(methods, list | tuple) or (methods and isinstance(methods[0], str)):
        raise ConfigurationError("client_auth_methods is a list; put the method into one")
    return [adapt_auth_method(one, owner) for one in cast("list[ClientAuthMethod]", methods)]


def adapt_auth_method(method: ClientAuthMethod, owner: OAuth2Client) -> ClientAuthentication:
    """Bring a method into the shape of the Protocol.

    Raises:
        ConfigurationError: It has none of the shapes.
    """
    entry: object = method
    if isinstance(entry, tuple):
        match cast("tuple[object, ...]", entry):
            case (str() as name, function) if callable(function):
                # What it takes and returns shows when it is called.
                return _Adapted(name, cast("AuthenticationFunction", function), owner)
            case _:
                pass
    elif isinstance(getattr(entry, "name", None), str):
        if hasattr(entry, "authenticate"):
            return cast("ClientAuthentication", entry)  # by its two members
        if callable(entry):
            return _Adapted(str(getattr(entry, "name")), entry, owner)  # noqa: B009  a name, as seen
    raise ConfigurationError(
        "client_auth_methods lists objects with name and authenticate(request, client), named "
        "objects called with (client, method, url, headers, body), or (name, function) pairs"
    )
