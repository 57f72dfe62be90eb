"""What Authlib's OAuth 2.0 server remembers, in memory, in the shapes that Authlib asks for."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from typing_extensions import override

from tests.real_servers.clients import (
    ACCENTED,
    OAUTH2_CLIENTS,
    REDIRECT_URIS,
    SCOPES,
    OAuth2Registration,
)

_GRANTS: frozenset[str] = frozenset(
    {"authorization_code", "refresh_token", "client_credentials", "password"}
)
_CODE_SECONDS: float = 60.0


@dataclass(frozen=True)
class Client(ClientMixin):
    """A registered client; it authenticates in its one way, at every endpoint."""

    registration: OAuth2Registration

    @override
    def get_client_id(self) -> str:
        return self.registration.client_id

    @override
    def get_default_redirect_uri(self) -> str | None:
        return None

    @override
    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(word for word in (scope or "profile").split() if word in SCOPES)

    @override
    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in REDIRECT_URIS

    @override
    def check_client_secret(self, client_secret: str) -> bool:
        expected = self.registration.client_secret
        return expected is not None and hmac.compare_digest(
            expected.encode(), client_secret.encode()
        )

    @override
    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.registration.authentication

    @override
    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    @override
    def check_grant_type(self, grant_type: str) -> bool:
        public = self.registration.authentication == "none"
        return grant_type in _GRANTS and not (public and grant_type == "client_credentials")


@dataclass(frozen=True)
class AuthorizationCode(AuthorizationCodeMixin):
    """An authorization code and what it was issued for."""

    client_id: str
    redirect_uri: str | None
    scope: str | None
    user: str
    code_challenge: str = field(repr=False)
    code_challenge_method: str
    issued_at: float = field(default_factory=time.time)

    @override
    def get_redirect_uri(self) -> str | None:
        return self.redirect_uri

    @override
    def get_scope(self) -> str | None:
        return self.scope

    def is_expired(self) -> bool:
        return time.time() > self.issued_at + _CODE_SECONDS


@dataclass
class Token(TokenMixin):
    """An access token with its refresh token."""

    client_id: str
    user: str | None
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    scope: str
    expires_in: int
    issued_at: float = field(default_factory=time.time)
    revoked: bool = False

    @override
    def check_client(self, client: ClientMixin) -> bool:
        return self.client_id == client.get_client_id()

    @override
    def get_scope(self) -> str:
        return self.scope

    @override
    def get_expires_in(self) -> int:
        return self.expires_in

    @override
    def is_expired(self) -> bool:
        return time.time() > self.issued_at + self.expires_in

    @override
    def is_revoked(self) -> bool:
        return self.revoked


class Tokens:
    """Every token that was issued."""

    def __init__(self) -> None:
        self._issued: list[Token] = []

    def save(self, token: dict[str, Any], client_id: str, user: str | None) -> None:
        # Any: Authlib's token dict holds text and numbers.
        access, refresh = token["access_token"], token.get("refresh_token")
        record = Token(
            client_id, user, access, refresh, token.get("scope", ""), token["expires_in"]
        )
        self._issued.append(record)

    def find(self, value: str, hint: str | None = None) -> Token | None:
        """The token with this value; *hint* is a ``token_type_hint`` that binds."""
        for token in self._issued:
            if (hint != "refresh_token" and token.access_token == value) or (
                hint != "access_token" and token.refresh_token == value
            ):
                return token
        return None


CLIENTS: dict[str, Client] = {
    known.client_id: Client(known) for known in (*OAUTH2_CLIENTS, ACCENTED)
}
CODES: dict[str, AuthorizationCode] = {}
TOKENS: Tokens = Tokens()
