"""Token introspection (RFC 7662)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Required, cast

from typing_extensions import TypedDict

from typedoauth.errors import MalformedResponseError
from typedoauth.messages import Response
from typedoauth.oauth2.token_endpoint import read_success

__all__ = ["TokenIntrospection", "parse_introspection_response"]


class TokenIntrospection(TypedDict, total=False):
    """What a server says about a token (RFC 7662 2.2); servers may add members.

    ``exp``, ``iat`` and ``nbf`` are in seconds since the epoch.
    """

    active: Required[bool]
    scope: str
    client_id: str
    username: str
    token_type: str
    exp: int
    iat: int
    nbf: int
    sub: str
    aud: str | list[str]
    iss: str
    jti: str


_TEXTS: Final = ("scope", "client_id", "username", "token_type", "sub", "iss", "jti")
_TIMES: Final = ("exp", "iat", "nbf")


def parse_introspection_response(
    response: Response, secrets: Iterable[str] = ()
) -> TokenIntrospection:
    """Read the introspection response.

    Args:
        response: The response.
        secrets: Texts, such as the token, that must not reach an error message.

    Returns:
        The server's answer; only ``active`` is certain to be there. Members that
        are ``null`` are left out.

    Raises:
        TokenEndpointError: The server refused.
        MalformedResponseError: There is no ``active``, a boolean, or another
            member has not the type that RFC 7662 gives it.
        TransportError: The body could not be read.

    Spec: RFC 7662 2.2, 2.3.
    """
    document = read_success(response, "the introspection response", secrets)
    document = {name: value for name, value in document.items() if value is not None}
    if not isinstance(document.get("active"), bool):
        raise MalformedResponseError("the introspection response has no active, true or false")
    for name in _TIMES:
        value = document.get(name, 0)
        if isinstance(value, float) and value.is_integer():
            document[name] = int(value)
        elif not isinstance(value, int) or isinstance(value, bool):
            raise MalformedResponseError(f"{name} of the introspection response is no time")
    for name in _TEXTS:
        if not isinstance(document.get(name, ""), str):
            raise MalformedResponseError(f"{name} of the introspection response is not a text")
    if not _is_audience(document.get("aud", "")):
        raise MalformedResponseError("aud of the introspection response is no text or list of them")
    return cast("TokenIntrospection", document)  # its members were checked


def _is_audience(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) for one in cast("list[object]", value))  # any list
    return isinstance(value, str)
