"""typedoauth: a strictly typed, layered OAuth 1.0a and OAuth 2.0 client.

These are the names for everybody. A Flask application starts at
:mod:`typedoauth.flask`, a script at :class:`OAuth1Client` or :class:`OAuth2Client`;
what to write to put a part of one's own in its place stands in
:mod:`typedoauth.protocols`.
"""

from __future__ import annotations

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
    InsecureTransportError,
    InvalidGrantError,
    InvalidTokenError,
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
    UnknownOptionError,
    UnsupportedTokenTypeError,
    UntrustedOriginError,
)
from typedoauth.messages import ConnectionSettings, Headers, Request, Response, Timeout
from typedoauth.tokens import (
    AnyToken,
    OAuth1Token,
    OAuth2Token,
    TokenKey,
    expires_at,
    is_expired,
    is_oauth1_token,
    is_oauth2_token,
)

__all__ = [
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
    "InsecureTransportError",
    "InvalidGrantError",
    "InvalidTokenError",
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
    "PendingAuthorization",
    "Request",
    "Response",
    "ResponseTooLargeError",
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
    "UnknownOptionError",
    "UnsupportedTokenTypeError",
    "UntrustedOriginError",
    "__version__",
    "expires_at",
    "is_expired",
    "is_oauth1_token",
    "is_oauth2_token",
]

__version__ = "0.1.0"
