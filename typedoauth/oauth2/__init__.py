"""OAuth 2.0: RFC 6749 and its family, as values in and values out."""

from __future__ import annotations

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
    client_authentication,
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
    "client_authentication",
    "code_challenge",
    "fetch_server_metadata",
    "parse_authorization_response",
    "parse_introspection_response",
    "parse_token_response",
    "token_query_request",
    "token_request",
]
