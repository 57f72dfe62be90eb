"""The Flask registry: ``OAuth`` and the remote apps it makes."""

from __future__ import annotations

from typedoauth.errors import OAuthError
from typedoauth.flask.authorization import AuthorizationData, AuthorizationRequest
from typedoauth.flask.keywords import (
    AnyRegistration,
    ConfiguredRegistration,
    OAuth1Registration,
    OAuth2Registration,
)
from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, OpenIDApp
from typedoauth.flask.registry import OAuth
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.signals import token_update

__all__ = [
    "AnyRegistration",
    "AuthorizationData",
    "AuthorizationRequest",
    "ConfiguredRegistration",
    "OAuth",
    "OAuth1App",
    "OAuth1Registration",
    "OAuth2App",
    "OAuth2Registration",
    "OAuthError",
    "OpenIDApp",
    "RemoteApp",
    "token_update",
]
