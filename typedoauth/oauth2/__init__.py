"""OAuth 2.0: RFC 6749 and its family, as values in and values out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.oauth2.assertions import JWTBearerGrant
    from typedoauth.oauth2.authorization import (
        AuthorizationResponse,
        authorization_request_url,
        check_authorization_response,
        parse_authorization_response,
    )
    from typedoauth.oauth2.bearer import TokenPlacement, add_bearer_token
    from typedoauth.oauth2.client_authentication import (
        BasicEncoding,
        ClientSecretBasic,
        ClientSecretPost,
        NoClientAuthentication,
        client_authentication_method,
    )
    from typedoauth.oauth2.grants import (
        AuthorizationCodeGrant,
        ClientCredentialsGrant,
        PasswordGrant,
        RefreshTokenGrant,
    )
    from typedoauth.oauth2.introspection import TokenIntrospection, parse_introspection_response
    from typedoauth.oauth2.metadata import ServerMetadata, fetch_server_metadata
    from typedoauth.oauth2.pkce import code_challenge
    from typedoauth.oauth2.token_endpoint import (
        parse_token_response,
        token_query_request,
        token_request,
    )

__all__ = [
    "AuthorizationCodeGrant",
    "AuthorizationResponse",
    "BasicEncoding",
    "ClientCredentialsGrant",
    "ClientSecretBasic",
    "ClientSecretPost",
    "JWTBearerGrant",
    "NoClientAuthentication",
    "PasswordGrant",
    "RefreshTokenGrant",
    "ServerMetadata",
    "TokenIntrospection",
    "TokenPlacement",
    "add_bearer_token",
    "authorization_request_url",
    "check_authorization_response",
    "client_authentication_method",
    "code_challenge",
    "fetch_server_metadata",
    "parse_authorization_response",
    "parse_introspection_response",
    "parse_token_response",
    "token_query_request",
    "token_request",
]

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.oauth2.assertions": "JWTBearerGrant",
            "typedoauth.oauth2.authorization": (
                "AuthorizationResponse authorization_request_url check_authorization_response "
                "parse_authorization_response"
            ),
            "typedoauth.oauth2.bearer": "TokenPlacement add_bearer_token",
            "typedoauth.oauth2.client_authentication": (
                "BasicEncoding ClientSecretBasic ClientSecretPost NoClientAuthentication "
                "client_authentication_method"
            ),
            "typedoauth.oauth2.grants": (
                "AuthorizationCodeGrant ClientCredentialsGrant PasswordGrant RefreshTokenGrant"
            ),
            "typedoauth.oauth2.introspection": "TokenIntrospection parse_introspection_response",
            "typedoauth.oauth2.metadata": "ServerMetadata fetch_server_metadata",
            "typedoauth.oauth2.pkce": "code_challenge",
            "typedoauth.oauth2.token_endpoint": (
                "parse_token_response token_query_request token_request"
            ),
        },
    )
