"""Clients that drive the protocols over a transport; they need no web framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.client.authentication import ClientAuthMethod
    from typedoauth.client.base import Callback, OAuthClient
    from typedoauth.client.oauth1 import OAuth1Client
    from typedoauth.client.oauth2 import ComplianceFix, OAuth2Client
    from typedoauth.client.options import CallOptions, OAuth1Options, OAuth2Options

__all__ = [
    "CallOptions",
    "Callback",
    "ClientAuthMethod",
    "ComplianceFix",
    "OAuth1Client",
    "OAuth1Options",
    "OAuth2Client",
    "OAuth2Options",
    "OAuthClient",
]

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.client.authentication": "ClientAuthMethod",
            "typedoauth.client.base": "Callback OAuthClient",
            "typedoauth.client.oauth1": "OAuth1Client",
            "typedoauth.client.oauth2": "ComplianceFix OAuth2Client",
            "typedoauth.client.options": "CallOptions OAuth1Options OAuth2Options",
        },
    )
