"""Authlib's grants and endpoints, told where to keep things and to be strict."""

from __future__ import annotations

import hmac
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationCodeMixin,
    ClientMixin,
    InvalidRequestError,
    OAuth2Request,
    TokenMixin,
    grants,
)
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from typing_extensions import override

from tests.real_servers.authlib_oauth2_records import CODES, TOKENS, AuthorizationCode, Token
from tests.real_servers.clients import PEOPLE

_CONFIDENTIAL = ["client_secret_basic", "client_secret_post"]
_ALL = [*_CONFIDENTIAL, "none"]
_METHODS = ["S256"]


class Pkce(CodeChallenge):
    """S256 for everybody: ``required=True`` alone binds public clients only."""

    SUPPORTED_CODE_CHALLENGE_METHOD = _METHODS

    @override
    def validate_code_challenge(
        self, grant: grants.AuthorizationCodeGrant, redirect_uri: str
    ) -> None:
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("This server wants PKCE with S256.")
        super().validate_code_challenge(grant, redirect_uri)


class Code(grants.AuthorizationCodeGrant):
    """Authorization code (RFC 6749 4.1)."""

    TOKEN_ENDPOINT_AUTH_METHODS = _ALL

    @override
    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        data = request.payload.data
        CODES[code] = AuthorizationCode(
            request.client.get_client_id(),
            request.payload.redirect_uri,
            request.scope,
            request.user,
            data["code_challenge"],
            data["code_challenge_method"],
        )

    @override
    def query_authorization_code(self, code: str, client: ClientMixin) -> AuthorizationCode | None:
        # Taken out at once: a code is good for one attempt.
        found = CODES.pop(code, None)
        if found is None or found.is_expired() or found.client_id != client.get_client_id():
            return None
        return found

    @override
    def delete_authorization_code(self, authorization_code: AuthorizationCodeMixin) -> None:
        pass

    @override
    def authenticate_user(self, authorization_code: AuthorizationCodeMixin) -> str:
        assert isinstance(authorization_code, AuthorizationCode)
        return authorization_code.user


class Refresh(grants.RefreshTokenGrant):
    """Refresh (RFC 6749 6); each refresh token works once."""

    TOKEN_ENDPOINT_AUTH_METHODS = _ALL
    INCLUDE_NEW_REFRESH_TOKEN = True

    @override
    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        found = TOKENS.find(refresh_token, "refresh_token")
        return None if found is None or found.revoked else found

    @override
    def authenticate_user(self, refresh_token: TokenMixin) -> str | None:
        assert isinstance(refresh_token, Token)
        return refresh_token.user

    @override
    def revoke_old_credential(self, refresh_token: TokenMixin) -> None:
        assert isinstance(refresh_token, Token)
        refresh_token.revoked = True


class ClientCredentials(grants.ClientCredentialsGrant):
    """Client credentials (RFC 6749 4.4)."""

    TOKEN_ENDPOINT_AUTH_METHODS = _CONFIDENTIAL


class Password(grants.ResourceOwnerPasswordCredentialsGrant):
    """Password (RFC 6749 4.3)."""

    TOKEN_ENDPOINT_AUTH_METHODS = _ALL

    @override
    def authenticate_user(self, username: str, password: str) -> str | None:
        expected = PEOPLE.get(username, "")
        right = hmac.compare_digest(expected.encode(), password.encode())
        return username if expected and right else None


class Revocation(RevocationEndpoint):
    """Revocation (RFC 7009): both halves of a token go together."""

    CLIENT_AUTH_METHODS = _ALL

    @override
    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        return TOKENS.find(token_string)

    @override
    def revoke_token(self, token: TokenMixin, request: OAuth2Request) -> None:
        assert isinstance(token, Token)
        token.revoked = True


class Introspection(IntrospectionEndpoint):
    """Introspection (RFC 7662), of a client's own tokens."""

    CLIENT_AUTH_METHODS = _CONFIDENTIAL

    @override
    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        return TOKENS.find(token_string)

    @override
    def check_permission(
        self, token: TokenMixin, client: ClientMixin, request: OAuth2Request
    ) -> bool:
        return token.check_client(client)

    @override
    def introspect_token(self, token: TokenMixin) -> dict[str, Any]:  # Any: as Authlib has it
        assert isinstance(token, Token)
        return {
            "client_id": token.client_id,
            "username": token.user,
            "scope": token.scope,
            "token_type": "Bearer",
            "exp": int(token.issued_at + token.expires_in),
        }
