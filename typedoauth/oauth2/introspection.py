"""Token introspection (RFC 7662)."""

from __future__ import annotations

from typing import Required, cast

from typing_extensions import TypedDict

from typedoauth.errors import MalformedResponseError
from typedoauth.messages import Response, read_document
from typedoauth.oauth2.token_endpoint import raise_for_refusal

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


def parse_introspection_response(response: Response, secret: str) -> TokenIntrospection:
    """Read the introspection response.

    Args:
        response: The response.
        secret: The token, which must not reach an error message.

    Returns:
        The server's answer; only ``active`` is certain to be there.

    Raises:
        TokenEndpointError: The server refused.
        MalformedResponseError: There is no ``active``, a boolean.
        TransportError: The body could not be read.

    Spec: RFC 7662 2.2, 2.3.
    """
    raise_for_refusal(response, [secret])
    document = read_document(response, "the introspection response")
    if not isinstance(document.get("active"), bool):
        raise MalformedResponseError("the introspection response has no active, true or false")
    return cast("TokenIntrospection", document)  # the one member it needs was checked
