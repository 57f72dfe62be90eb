"""Grants: what is traded for an access token (RFC 6749 4.1.3, 4.3, 4.4, 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = [
    "AuthorizationCodeGrant",
    "ClientCredentialsGrant",
    "PasswordGrant",
    "RefreshTokenGrant",
]


def _given(**parameters: str | None) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value is not None}


@dataclass(frozen=True, slots=True)
class AuthorizationCodeGrant:
    """An authorization code (RFC 6749 4.1.3, RFC 7636 4.5).

    Attributes:
        code: The authorization code.
        redirect_uri: What the authorization request carried, or ``None``.
        code_verifier: The PKCE code verifier, or ``None``.
    """

    code: str = field(repr=False)
    redirect_uri: str | None = None
    code_verifier: str | None = field(default=None, repr=False)
    grant_type: Final = "authorization_code"

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the token request.

        Returns:
            ``code``, and ``redirect_uri`` and ``code_verifier`` where given.
        """
        return _given(
            code=self.code, redirect_uri=self.redirect_uri, code_verifier=self.code_verifier
        )


@dataclass(frozen=True, slots=True)
class RefreshTokenGrant:
    """A refresh token (RFC 6749 6).

    Attributes:
        refresh_token: The refresh token.
        scope: A narrower scope, or ``None`` for the same.
    """

    refresh_token: str = field(repr=False)
    scope: str | None = None
    grant_type: Final = "refresh_token"

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the token request.

        Returns:
            ``refresh_token``, and ``scope`` where given.
        """
        return _given(refresh_token=self.refresh_token, scope=self.scope)


@dataclass(frozen=True, slots=True)
class ClientCredentialsGrant:
    """The client's own credentials (RFC 6749 4.4).

    Attributes:
        scope: The scope to ask for, or ``None``.
    """

    scope: str | None = None
    grant_type: Final = "client_credentials"

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the token request.

        Returns:
            ``scope`` where given.
        """
        return _given(scope=self.scope)


@dataclass(frozen=True, slots=True)
class PasswordGrant:
    """The resource owner's password, for servers that know nothing better (RFC 6749 4.3).

    Attributes:
        username: The resource owner's name.
        password: The resource owner's password.
        scope: The scope to ask for, or ``None``.
    """

    username: str
    password: str = field(repr=False)
    scope: str | None = None
    grant_type: Final = "password"

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the token request.

        Returns:
            ``username``, ``password``, and ``scope`` where given.
        """
        return _given(username=self.username, password=self.password, scope=self.scope)
