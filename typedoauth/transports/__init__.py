"""How requests get to a server: the transports, and the values that they take and give.

A transport of one's own is any object with ``send(request) -> Response``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.messages import ConnectionSettings, Headers, Request, Response, Timeout
    from typedoauth.protocols import ClosableTransport, Transport
    from typedoauth.transports.httpx import HttpxTransport
    from typedoauth.transports.recording import RecordingTransport, ReplayTransport
    from typedoauth.transports.requests import RequestsTransport
    from typedoauth.transports.stub import StubTransport
    from typedoauth.transports.urllib3 import Urllib3Transport
    from typedoauth.transports.wsgi import WSGITransport

__all__ = [
    "ClosableTransport",
    "ConnectionSettings",
    "Headers",
    "HttpxTransport",
    "RecordingTransport",
    "ReplayTransport",
    "Request",
    "RequestsTransport",
    "Response",
    "StubTransport",
    "Timeout",
    "Transport",
    "Urllib3Transport",
    "WSGITransport",
]

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.messages": "ConnectionSettings Headers Request Response Timeout",
            "typedoauth.protocols": "ClosableTransport Transport",
            "typedoauth.transports.httpx": "HttpxTransport",
            "typedoauth.transports.recording": "RecordingTransport ReplayTransport",
            "typedoauth.transports.requests": "RequestsTransport",
            "typedoauth.transports.stub": "StubTransport",
            "typedoauth.transports.urllib3": "Urllib3Transport",
            "typedoauth.transports.wsgi": "WSGITransport",
        },
    )
