"""How a client begins a login: the authorization request of OAuth 2.0."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from typedoauth._urls import pairs
from typedoauth.client.parameters import absolute_uri, form_parameters
from typedoauth.client.token_management import EndpointName
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError
from typedoauth.oauth2 import authorization_request_url

__all__ = ["AuthorizationRequests"]


class AuthorizationRequests(ABC):
    """Begins logins by authorization code.

    Attributes:
        client_id: The client identifier.
        authorize_url: The authorization endpoint, or ``None`` where metadata has it.
        authorize_params: Further parameters; they win over those of a call.
        scope: The scope that is asked for, joined.
        code_challenge_method: ``S256``, or ``none``, which gives up PKCE.
    """

    client_id: str
    authorize_url: str | None
    authorize_params: Mapping[str, object]
    scope: str | None
    code_challenge_method: str
    _authorize_options: Mapping[str, object]
    _separator: str

    @abstractmethod
    def _endpoint(self, given: str | None, name: EndpointName, setting: str | None = None) -> str:
        """Return *given*, or what the server's metadata says."""

    def _joined(self, scope: object) -> str | None:
        if scope is None or isinstance(scope, str):
            return scope or None
        if isinstance(scope, list | tuple):
            parts = [one for one in cast("Sequence[object]", scope) if isinstance(one, str)]
            if len(parts) == len(cast("Sequence[object]", scope)):  # any members, counted
                return self._separator.join(parts) or None
        raise ConfigurationError("scope is a text or a list of texts")

    def start_authorization(
        self,
        redirect_uri: str | None = None,
        *,
        state: str | None = None,
        nonce: str | None = None,
        code_verifier: str | None = None,
        scope: str | Sequence[str] | None = None,
        data: Mapping[str, object] | None = None,
        make_secret: Callable[[str], str] | None = None,
        **parameters: object,
    ) -> PendingAuthorization:
        """Begin a login: compose the authorization request.

        Args:
            redirect_uri: The redirection URI.
            state: A value of one's own; 192 random bits when left out.
            nonce: A value of one's own; made where the scope has ``openid``.
            code_verifier: A PKCE verifier of one's own; made when left out.
            scope: Another scope than the client's.
            data: The caller's own data, kept until the callback: JSON values.
            make_secret: Makes the ``code_verifier`` or ``nonce`` that it is asked
                for by name, where they are not to be random.
            parameters: Further parameters; ``authorize_params`` win over them.

        Returns:
            Where to send the user agent, and what to remember until it is back.

        Raises:
            ConfigurationError: There is no authorization endpoint, *redirect_uri*
                is not absolute, or a parameter cannot be sent.
            OAuthError: The server's metadata could not be had.

        Spec: RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1.
        """
        if redirect_uri is not None:
            absolute_uri(redirect_uri)
        make_secret = make_secret or _random_secret
        merged = {**self._authorize_options, **parameters, **self.authorize_params}
        joined = self._joined(merged.pop("scope", scope)) or self.scope
        if self.code_challenge_method == "S256":
            code_verifier = code_verifier or make_secret("code_verifier")
        else:
            code_verifier = None
        if nonce is None and "openid" in (joined or "").replace(self._separator, " ").split():
            nonce = make_secret("nonce")
        state = state or secrets.token_urlsafe(24)
        url = authorization_request_url(
            self._endpoint(self.authorize_url, "authorization_endpoint", "authorize_url"),
            client_id=self.client_id,
            state=state,
            redirect_uri=redirect_uri,
            scope=joined,
            code_verifier=code_verifier,
            nonce=nonce,
            extra=pairs(form_parameters(merged)),
        )
        return PendingAuthorization(
            state=state,
            redirect_uri=redirect_uri,
            code_verifier=code_verifier,
            nonce=nonce,
            data=dict(data or {}),
            url=url,
        )


def _random_secret(name: str) -> str:
    return secrets.token_urlsafe(48 if name == "code_verifier" else 24)
