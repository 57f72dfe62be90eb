"""The Flask registry: ``OAuth`` and the remote apps it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.errors import OAuthError
    from typedoauth.flask.applications import registries
    from typedoauth.flask.authorization import AuthorizationData, AuthorizationRequest
    from typedoauth.flask.blueprint import HandleAuthorize, HandleError, create_flask_blueprint
    from typedoauth.flask.keywords import (
        AnyRegistration,
        ConfiguredRegistration,
        OAuth1ProviderRegistration,
        OAuth1Registration,
        OAuth2ProviderRegistration,
        OAuth2Registration,
        ProviderRegistration,
    )
    from typedoauth.flask.linked_accounts import LinkedAccount
    from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, OpenIDApp
    from typedoauth.flask.pages.blueprint import create_account_pages
    from typedoauth.flask.pages.errors import error_page
    from typedoauth.flask.registry import OAuth
    from typedoauth.flask.remote_app import RemoteApp
    from typedoauth.flask.returning import own_path, return_to
    from typedoauth.flask.revoking import Revocation
    from typedoauth.flask.signals import (
        EventSignal,
        LoggedOut,
        LoginBegun,
        LoginFailed,
        LoginSucceeded,
        TokenRevoked,
        logged_out,
        login_begun,
        login_failed,
        login_succeeded,
        token_revoked,
        token_update,
    )

__all__ = [
    "AnyRegistration",
    "AuthorizationData",
    "AuthorizationRequest",
    "ConfiguredRegistration",
    "EventSignal",
    "HandleAuthorize",
    "HandleError",
    "LinkedAccount",
    "LoggedOut",
    "LoginBegun",
    "LoginFailed",
    "LoginSucceeded",
    "OAuth",
    "OAuth1App",
    "OAuth1ProviderRegistration",
    "OAuth1Registration",
    "OAuth2App",
    "OAuth2ProviderRegistration",
    "OAuth2Registration",
    "OAuthError",
    "OpenIDApp",
    "ProviderRegistration",
    "RemoteApp",
    "Revocation",
    "TokenRevoked",
    "create_account_pages",
    "create_flask_blueprint",
    "error_page",
    "logged_out",
    "login_begun",
    "login_failed",
    "login_succeeded",
    "own_path",
    "registries",
    "return_to",
    "token_revoked",
    "token_update",
]

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.errors": "OAuthError",
            "typedoauth.flask.applications": "registries",
            "typedoauth.flask.authorization": "AuthorizationData AuthorizationRequest",
            "typedoauth.flask.blueprint": "HandleAuthorize HandleError create_flask_blueprint",
            "typedoauth.flask.keywords": (
                "AnyRegistration ConfiguredRegistration OAuth1ProviderRegistration "
                "OAuth1Registration OAuth2ProviderRegistration OAuth2Registration "
                "ProviderRegistration"
            ),
            "typedoauth.flask.linked_accounts": "LinkedAccount",
            "typedoauth.flask.oauth_apps": "OAuth1App OAuth2App OpenIDApp",
            "typedoauth.flask.pages.blueprint": "create_account_pages",
            "typedoauth.flask.pages.errors": "error_page",
            "typedoauth.flask.registry": "OAuth",
            "typedoauth.flask.remote_app": "RemoteApp",
            "typedoauth.flask.returning": "own_path return_to",
            "typedoauth.flask.revoking": "Revocation",
            "typedoauth.flask.signals": (
                "EventSignal LoggedOut LoginBegun LoginFailed LoginSucceeded TokenRevoked "
                "logged_out login_begun login_failed login_succeeded token_revoked token_update"
            ),
        },
    )
