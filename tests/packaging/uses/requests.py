"""The extra ``requests``: a request to a server on loopback."""

from __future__ import annotations

from typedoauth.testing import LocalProvider, serve
from typedoauth.transports import Request, RequestsTransport

with serve(LocalProvider()) as base:
    transport = RequestsTransport()
    assert transport.send(Request("GET", f"{base}/oauth2/jwks")).ok
print("requests works")
