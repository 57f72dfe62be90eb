"""The extra ``httpx``: a request to a server on loopback."""

from __future__ import annotations

from typedoauth.testing import LocalProvider, serve
from typedoauth.transports import HttpxTransport, Request

with serve(LocalProvider()) as base:
    transport = HttpxTransport()
    assert transport.send(Request("GET", f"{base}/oauth2/jwks")).ok
print("httpx works")
