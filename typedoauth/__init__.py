"""typedoauth: a strictly typed, layered client of OAuth 1.0a, OAuth 2.0 and OpenID Connect.

These are the names for everybody. A Flask application starts at
:mod:`typedoauth.flask`, a script at :class:`OAuth1Client` or :class:`OAuth2Client`;
what to write to put a part of one's own in its place stands in
:mod:`typedoauth.protocols`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.claims import Address, IdTokenClaims, StandardClaims, UserInfo
    from typedoauth.client import OAuth1Client, OAuth2Client
    from typedoauth.credentials import ClientCredentials, PendingAuthorization, TemporaryCredentials
    from typedoauth.errors import (
        AuthorizationDeniedError,
        AuthorizationResponseError,
        CallbackError,
        ConfigurationError,
        ContextError,
        CredentialRequestError,
        DuplicateParameterError,
        HTTPStatusError,
        IdTokenError,
        InsecureTransportError,
        InvalidGrantError,
        InvalidSignatureError,
        InvalidTokenError,
        KeyRotationError,
        LoginRequiredError,
        MalformedResponseError,
        MissingCodeError,
        MissingExtraError,
        MissingRequestTokenError,
        MissingTokenError,
        MissingVerifierError,
        OAuthError,
        ResponseTooLargeError,
        StateMismatchError,
        StoreError,
        TokenEndpointError,
        TokenExpiredError,
        TooManyRedirectsError,
        TransportError,
        TransportTimeoutError,
        UnknownClientError,
        UnknownKeyError,
        UnknownOptionError,
        UnsupportedTokenTypeError,
        UntrustedOriginError,
    )
    from typedoauth.messages import ConnectionSettings, Headers, Request, Response, Timeout
    from typedoauth.tokens import (
        AnyToken,
        OAuth1Token,
        OAuth2Token,
        OpenIDToken,
        TokenKey,
        expires_at,
        is_expired,
        is_oauth1_token,
        is_oauth2_token,
        is_openid_token,
    )

__all__ = [
    "Address",
    "AnyToken",
    "AuthorizationDeniedError",
    "AuthorizationResponseError",
    "CallbackError",
    "ClientCredentials",
    "ConfigurationError",
    "ConnectionSettings",
    "ContextError",
    "CredentialRequestError",
    "DuplicateParameterError",
    "HTTPStatusError",
    "Headers",
    "IdTokenClaims",
    "IdTokenError",
    "InsecureTransportError",
    "InvalidGrantError",
    "InvalidSignatureError",
    "InvalidTokenError",
    "KeyRotationError",
    "LoginRequiredError",
    "MalformedResponseError",
    "MissingCodeError",
    "MissingExtraError",
    "MissingRequestTokenError",
    "MissingTokenError",
    "MissingVerifierError",
    "OAuth1Client",
    "OAuth1Token",
    "OAuth2Client",
    "OAuth2Token",
    "OAuthError",
    "OpenIDToken",
    "PendingAuthorization",
    "Request",
    "Response",
    "ResponseTooLargeError",
    "StandardClaims",
    "StateMismatchError",
    "StoreError",
    "TemporaryCredentials",
    "Timeout",
    "TokenEndpointError",
    "TokenExpiredError",
    "TokenKey",
    "TooManyRedirectsError",
    "TransportError",
    "TransportTimeoutError",
    "UnknownClientError",
    "UnknownKeyError",
    "UnknownOptionError",
    "UnsupportedTokenTypeError",
    "UntrustedOriginError",
    "UserInfo",
    "__version__",
    "expires_at",
    "is_expired",
    "is_oauth1_token",
    "is_oauth2_token",
    "is_openid_token",
]

__version__ = "0.1.0"

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.claims": "Address IdTokenClaims StandardClaims UserInfo",
            "typedoauth.client": "OAuth1Client OAuth2Client",
            "typedoauth.credentials": "ClientCredentials PendingAuthorization TemporaryCredentials",
            "typedoauth.errors": (
                "AuthorizationDeniedError AuthorizationResponseError CallbackError "
                "ConfigurationError ContextError CredentialRequestError DuplicateParameterError "
                "HTTPStatusError IdTokenError InsecureTransportError InvalidGrantError "
                "InvalidSignatureError InvalidTokenError KeyRotationError LoginRequiredError "
                "MalformedResponseError MissingCodeError MissingExtraError "
                "MissingRequestTokenError MissingTokenError MissingVerifierError OAuthError "
                "ResponseTooLargeError StateMismatchError StoreError TokenEndpointError "
                "TokenExpiredError TooManyRedirectsError TransportError TransportTimeoutError "
                "UnknownClientError UnknownKeyError UnknownOptionError "
                "UnsupportedTokenTypeError UntrustedOriginError"
            ),
            "typedoauth.messages": "ConnectionSettings Headers Request Response Timeout",
            "typedoauth.tokens": (
                "AnyToken OAuth1Token OAuth2Token OpenIDToken TokenKey expires_at is_expired "
                "is_oauth1_token is_oauth2_token is_openid_token"
            ),
        },
    )
