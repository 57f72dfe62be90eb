"""Clients that drive the protocols over a transport; they need no web framework."""

from __future__ import annotations

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
