"""How a client comes by tokens: it trades grants for them and renews them."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final

from typedoauth.client.callbacks import AdaptedUpdate
from typedoauth.client.endpoints import Endpoints
from typedoauth.client.exchange import Exchange
from typedoauth.client.renewal import Renewal
from typedoauth.client.stored_tokens import SPARE, StoredRefresh, ask
from typedoauth.client.token_requests import TokenRequests
from typedoauth.errors import ConfigurationError, MissingTokenError
from typedoauth.oauth2 import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    JWTBearerGrant,
    PasswordGrant,
    RefreshTokenGrant,
)
from typedoauth.oauth2.token_endpoint import merge_refreshed
from typedoauth.protocols import Grant, TokenStore
from typedoauth.tokens import OAuth2Token, TokenKey, check_oauth2_token

__all__ = ["TokenFetching"]

logger: Final = logging.getLogger("typedoauth.client")


class TokenFetching(ABC):
    """Trades grants for tokens.

    Attributes:
        name: What the client is called in messages and logs.
        access_token_url: The token endpoint, or ``None`` where metadata has it.
        access_token_params: Further parameters of token requests.
        refresh_token_url: The endpoint for refreshing, where it is another one.
        refresh_token_params: Further parameters of refresh requests.
        scope: The scope that is asked for, joined.
        token: The token of calls that are given none.
    """

    name: str
    access_token_url: str | None
    access_token_params: Mapping[str, object]
    refresh_token_url: str | None
    refresh_token_params: Mapping[str, object]
    scope: str | None
    token: OAuth2Token | None
    _earlier: float
    _endpoints: Endpoints
    _exchange: Exchange
    _renewal: Renewal
    _token_requests: TokenRequests
    _update_token: AdaptedUpdate | None

    @abstractmethod
    def _store(self) -> TokenStore[OAuth2Token]:
        """The token store."""

    @abstractmethod
    def _joined(self, scope: object) -> str | None:
        """Write a scope as it is sent."""

    @abstractmethod
    def _prepare_to_verify(self, old: OAuth2Token) -> None:
        """See to it that an ID Token which comes with a refresh can be verified."""

    @abstractmethod
    def _still_logged_in(self, old: OAuth2Token, new: OAuth2Token) -> OAuth2Token:
        """Check the ID Token that came with a refresh, if one did."""

    def fetch_access_token(
        self,
        redirect_uri: str | None = None,
        *,
        grant: Grant | None = None,
        grant_type: str | None = None,
        code: str | None = None,
        code_verifier: str | None = None,
        username: str | None = None,
        password: str | None = None,
        scope: str | Sequence[str] | None = None,
        **parameters: object,
    ) -> OAuth2Token:
        """Trade a grant for a token.

        The grant follows from what is given: *grant* itself; a *code*; a
        *username* with its *password*; nothing, for the client's own credentials.

        Args:
            redirect_uri: The redirection URI of the authorization request.
            grant: A grant of one's own. A token for assertions that are made anew
                each time (:class:`JWTBearerGrant`) is renewed like the client's own.
            grant_type: Overrides the ``grant_type`` that is sent.
            code: An authorization code.
            code_verifier: The PKCE verifier of the authorization request.
            username: The resource owner's name.
            password: The resource owner's password.
            scope: Another scope than the client's.
            parameters: Further parameters of the request, and HTTP keywords.

        Returns:
            The token.

        Raises:
            TokenEndpointError: The server refused.
            MalformedResponseError: The answer holds no usable token.
            TransportError: No answer came.
            ConfigurationError: There is no token endpoint.

        Spec: RFC 6749 4.1.3, 4.3.2, 4.4.2; RFC 7523 2.1.
        """
        joined = self._joined(scope) or self.scope
        if grant_type is not None:
            parameters["grant_type"] = grant_type
        if isinstance(grant, JWTBearerGrant) and callable(grant.assertion):
            return self._fetch_own(grant, parameters)
        if grant is not None:
            return self._fetch(grant, parameters)
        if code is not None:
            grant = AuthorizationCodeGrant(code, redirect_uri, code_verifier)
            return self._fetch(grant, parameters)
        if redirect_uri is not None or code_verifier is not None:
            raise ConfigurationError(
                "redirect_uri and code_verifier belong to an authorization code; give code="
            )
        if username is not None and password is not None:
            return self._fetch(PasswordGrant(username, password, joined), parameters)
        if username is not None or password is not None:
            raise ConfigurationError("the password grant needs both username and password")
        if grant_type not in (None, "client_credentials"):
            return self._fetch(ClientCredentialsGrant(joined), parameters)
        return self._fetch_own(ClientCredentialsGrant(joined), parameters)

    def refresh_token(self, token: OAuth2Token) -> OAuth2Token:
        """Renew a token now, whether it has expired or not.

        Threads that do so with the same token at the same time cause one request.

        Args:
            token: A token with a ``refresh_token``.

        Returns:
            The new token; ``update_token`` has been called with it.

        Raises:
            TokenExpiredError: The token has no ``refresh_token``.
            InvalidGrantError: The refresh token is void: the user logs in again.
            OAuthError: The request failed in another way.

        Spec: RFC 6749 6.
        """
        return self._renewal.replace(check_oauth2_token(token))

    def refresh_stored_token(self, key: TokenKey) -> OAuth2Token:
        """Renew a token of the token store now, whether it has expired or not.

        Args:
            key: Whose token, of which client.

        Returns:
            The new token, which the store has by now.

        Raises:
            ConfigurationError: The client has no token store.
            LoginRequiredError: There is none, or it cannot be renewed.
            StoreError: The store failed.
            OAuthError: The request failed.
        """
        stored = self._stored(key)
        found = ask(stored.store, stored.store.get, key)
        if found is None:
            raise MissingTokenError(f"the token store has no token of client {key.client!r}")
        return self._renewal.replace(check_oauth2_token(found), stored)

    def ensure_active_token(self, token: OAuth2Token) -> OAuth2Token:
        """Return *token*, or what has replaced it: renewed if it has expired.

        Args:
            token: A token.

        Returns:
            A token that has not expired, as far as one can know.

        Raises:
            TokenExpiredError: It has expired and cannot be renewed.
            OAuthError: Renewing it failed.
        """
        checked = check_oauth2_token(token)
        active = self._renewal.ensure_active(checked)
        return token if active is checked else active

    def _stored(self, key: TokenKey) -> StoredRefresh:
        return StoredRefresh(
            self._store(),
            key,
            lambda token: self._renewal.active(token, self._earlier),
            self._exchange.timeout.total + SPARE,
        )

    def _token_updated(self, new: OAuth2Token, old: OAuth2Token) -> None:
        # First: where it fails, the client goes on with the old token and tries again.
        if self._update_token is not None:
            self._update_token(new, old)
        if self.token is not None and self.token["access_token"] == old["access_token"]:
            self.token = new

    def _token_endpoint(self) -> str:
        return self._endpoints.find(self.access_token_url, "token_endpoint", "access_token_url")

    def _refresh(self, old: OAuth2Token) -> OAuth2Token:
        url = self.refresh_token_url or self._token_endpoint()
        self._prepare_to_verify(old)
        grant = RefreshTokenGrant(old.get("refresh_token") or "")
        refreshed = self._token_requests.refresh(url, grant, self.refresh_token_params)
        logger.info("%s: token refreshed", self.name)
        return merge_refreshed(old, self._still_logged_in(old, refreshed))

    def _fetch(self, grant: Grant, parameters: Mapping[str, object]) -> OAuth2Token:
        extra = {**self.access_token_params, **parameters}
        token = self._token_requests.fetch(self._token_endpoint(), grant, extra)
        logger.info("%s: token received for grant %s", self.name, grant.grant_type)
        return token

    def _fetch_own(self, grant: Grant, parameters: Mapping[str, object]) -> OAuth2Token:
        token = self._fetch(grant, parameters)
        # Another one is to be like it, whatever the client's own scope is.
        self._renewal.is_own(token, lambda: self._fetch_own(grant, parameters))
        return token
