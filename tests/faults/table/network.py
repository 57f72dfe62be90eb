"""Expected of a broken network, wherever the client sends a request."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import NetworkCase, Place
from tests.faults.network import NetworkFault
from typedoauth.errors import (
    CredentialRequestError,
    HTTPStatusError,
    IdTokenError,
    MalformedResponseError,
    OAuthError,
    ResponseTooLargeError,
    TokenEndpointError,
    TooManyRedirectsError,
    TransportError,
    TransportTimeoutError,
)

_BROKEN: Final[dict[NetworkFault, type[OAuthError]]] = {
    NetworkFault.RESET_MID_BODY: TransportError,
    NetworkFault.CLOSE_MID_BODY: TransportError,
    NetworkFault.ONE_BYTE_A_SECOND: TransportTimeoutError,
    NetworkFault.SILENT: TransportTimeoutError,
    NetworkFault.GZIP_BOMB: ResponseTooLargeError,
    NetworkFault.HUGE_BODY: ResponseTooLargeError,
    NetworkFault.HEADER_FLOOD: TransportError,
    NetworkFault.LONG_HEADER_LINE: TransportError,
    NetworkFault.GARBAGE_STATUS_LINE: TransportError,
    NetworkFault.HTTP_0_9: TransportError,
    NetworkFault.BROKEN_CHUNK_SIZE: TransportError,
    NetworkFault.TWO_CONTENT_LENGTHS: TransportError,
    NetworkFault.TLS_WRONG_CERTIFICATE: TransportError,
}
"""Whoever asked: no complete answer came."""

_REDIRECTED: Final[dict[Place, type[OAuthError]]] = {
    Place.DISCOVERY: MalformedResponseError,
    Place.JWKS: MalformedResponseError,
    Place.TOKEN: TokenEndpointError,
    Place.REFRESH: TokenEndpointError,
    Place.USERINFO: HTTPStatusError,
    Place.TEMPORARY: CredentialRequestError,
    Place.CREDENTIALS: CredentialRequestError,
}
"""What a protocol request makes of a redirect, which it does not follow."""

_PEERS: Final[dict[NetworkFault, str]] = {
    NetworkFault.ONE_BYTE_A_SECOND: "hangs",
    NetworkFault.SILENT: "hangs",
    NetworkFault.GZIP_BOMB: "takes a gigabyte, and logs in",
    NetworkFault.HUGE_BODY: "reads it all",
}


def _redirect(place: Place, fault: NetworkFault, status: int) -> NetworkCase:
    error = _REDIRECTED[place]
    known = None if error is MalformedResponseError else status
    return NetworkCase(fault, place, error, known)


def _negative(place: Place) -> NetworkCase:
    fault, why = NetworkFault.CONTENT_LENGTH_NEGATIVE, "it counts as none; the answer is whole"
    match place:
        case Place.TOKEN:
            return NetworkCase(fault, place, IdTokenError, None, "whole, but without an ID Token")
        case Place.TEMPORARY | Place.CREDENTIALS:
            return NetworkCase(fault, place, MalformedResponseError, None, "whole, but no form")
        case _:
            return NetworkCase(fault, place, why=why)


_API: Final = (
    NetworkCase(NetworkFault.ENDLESS_REDIRECT, Place.API, TooManyRedirectsError),
    NetworkCase(
        NetworkFault.REDIRECT_TO_OTHER_HOST,
        Place.API,
        why="an API call follows, and leaves the token behind",
    ),
)

ROWS: Final = (
    *(
        NetworkCase(fault, place, error, peer=_PEERS.get(fault, ""))
        for place in Place
        for fault, error in _BROKEN.items()
    ),
    *(_redirect(place, NetworkFault.ENDLESS_REDIRECT, 302) for place in _REDIRECTED),
    *(_redirect(place, NetworkFault.REDIRECT_TO_OTHER_HOST, 307) for place in _REDIRECTED),
    *map(_negative, Place),
    *_API,
)
