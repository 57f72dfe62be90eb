"""What a client can do with a token it has: revoke it, ask about it."""

from __future__ import annotations

from typedoauth.client.endpoints import Endpoints
from typedoauth.client.token_requests import TokenRequests
from typedoauth.errors import InvalidTokenError
from typedoauth.oauth2 import TokenIntrospection
from typedoauth.tokens import OAuth2Token, check_oauth2_token

__all__ = ["TokenManagement"]


class TokenManagement:
    """Revocation and introspection of tokens."""

    _endpoints: Endpoints
    _token_requests: TokenRequests

    def revoke_token(
        self,
        token: OAuth2Token | str,
        *,
        token_type_hint: str | None = None,
        url: str | None = None,
    ) -> None:
        """Revoke a token (RFC 7009).

        Args:
            token: The text of a token; of a whole token the refresh token is
                revoked, or else the access token, or what *token_type_hint* says.
            token_type_hint: ``access_token`` or ``refresh_token``.
            url: The endpoint, where the client does not know it.

        Raises:
            TokenEndpointError: The server refused.
            TransportError: No answer came.
            InvalidTokenError: *token* is none, or has no such part.
            ConfigurationError: The endpoint is not known.
        """
        text, hint = _one_token(token, token_type_hint)
        self._token_requests.revoke(self._endpoints.find(url, "revocation_endpoint"), text, hint)

    def introspect_token(
        self,
        token: OAuth2Token | str,
        *,
        token_type_hint: str | None = None,
        url: str | None = None,
    ) -> TokenIntrospection:
        """Ask the server about a token (RFC 7662).

        Args:
            token: The text of a token; of a whole token its access token, or what
                *token_type_hint* says.
            token_type_hint: ``access_token`` or ``refresh_token``.
            url: The endpoint, where the client does not know it.

        Returns:
            The server's answer.

        Raises:
            TokenEndpointError: The server refused.
            MalformedResponseError: The answer has no ``active``.
            TransportError: No answer came.
            InvalidTokenError: *token* is none, or has no such part.
            ConfigurationError: The endpoint is not known.
        """
        hint = token_type_hint or (None if isinstance(token, str) else "access_token")
        text, hint = _one_token(token, hint)
        endpoint = self._endpoints.find(url, "introspection_endpoint")
        return self._token_requests.introspect(endpoint, text, hint)


def _one_token(token: OAuth2Token | str, hint: str | None) -> tuple[str, str | None]:
    if isinstance(token, str):
        if not token:
            raise InvalidTokenError("the token is an empty text")
        return token, hint
    checked = check_oauth2_token(token)
    refresh_token = checked.get("refresh_token")
    if refresh_token and hint != "access_token":
        return refresh_token, "refresh_token"
    if hint == "refresh_token":
        raise InvalidTokenError("the token has no refresh_token; leave token_type_hint out")
    return checked["access_token"], "access_token"
