"""Requests for which a client authenticates itself: for tokens, and about tokens."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from typedoauth import oidc
from typedoauth._names import one_of
from typedoauth.client.exchange import Exchange
from typedoauth.client.hooks import (
    FormRequestHook,
    HookTable,
    ResponseHook,
    mend_form_request,
    mend_response,
)
from typedoauth.client.options import OAuth2Options
from typedoauth.client.parameters import HTTPKeywords, split_http_keywords
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Request, Response
from typedoauth.oauth2 import (
    ClientSecretBasic,
    TokenIntrospection,
    client_authentication_method,
    parse_introspection_response,
    parse_token_response,
    token_query_request,
    token_request,
)
from typedoauth.oauth2.token_endpoint import as_get, raise_for_refusal, secrets_of
from typedoauth.protocols import ClientAuthentication, Clock, Grant
from typedoauth.tokens import OAuth2Token

__all__ = ["Authentications", "TokenRequests", "choose_authentications"]

_BASIC: Final = ClientSecretBasic("raw")
_PLAIN: Final = frozenset({"client_secret_basic", "client_secret_post", "none"})
_SIGNING_OPTIONS: Final = frozenset({"private_key", "token_endpoint_auth_signing_alg"})
_OTHER_ENDPOINTS: Final = ("revocation_endpoint_auth_method", "introspection_endpoint_auth_method")
_SYMMETRIC: Final = ("HS256", "HS384", "HS512")


@dataclass(frozen=True, slots=True)
class Authentications:
    """How a client authenticates itself at each of its server's endpoints."""

    token: ClientAuthentication
    revocation: ClientAuthentication
    introspection: ClientAuthentication


def choose_authentications(
    options: OAuth2Options,
    client: ClientCredentials,
    own: Sequence[ClientAuthentication],
    clock: Clock,
) -> Authentications:
    """Choose the client authentication methods that the options name.

    Args:
        options: The client's options.
        client: The client's credentials: with a private key ``private_key_jwt`` is
            the default, with a secret ``client_secret_basic``, without one ``none``.
        own: The user's own methods.
        clock: Tells the time.

    Raises:
        ConfigurationError: A method is unknown, or the key is wrong.
    """
    encoding = options.get("basic_auth_encoding", "rfc6749")
    default = "client_secret_basic" if client.client_secret else "none"
    if options.get("private_key") is not None:
        default = "private_key_jwt"
    token = options.get("token_endpoint_auth_method", default)
    names = {token, *(options.get(option, token) for option in _OTHER_ENDPOINTS)}
    signs = not names <= _PLAIN or not _SIGNING_OPTIONS.isdisjoint(options)
    methods = [*_with_keys(options, clock), *own] if signs else own

    def choose(
        option: Literal[
            "token_endpoint_auth_method",
            "revocation_endpoint_auth_method",
            "introspection_endpoint_auth_method",
        ],
    ) -> ClientAuthentication:
        name = options.get(option, token)
        if name == "private_key_jwt" and "private_key_jwt" not in [one.name for one in methods]:
            raise ConfigurationError(f"{option}: private_key_jwt needs private_key=")
        return client_authentication_method(name, encoding=encoding, own=methods, option=option)

    return Authentications(
        choose("token_endpoint_auth_method"),
        choose("revocation_endpoint_auth_method"),
        choose("introspection_endpoint_auth_method"),
    )


def _with_keys(options: OAuth2Options, clock: Clock) -> list[ClientAuthentication]:
    """The methods that sign assertions (OpenID Connect Core 9)."""
    audience = options.get("client_assertion_audience")
    algorithm = options.get("token_endpoint_auth_signing_alg")
    key = options.get("private_key")
    if key is None:
        if algorithm is not None:
            one_of("token_endpoint_auth_signing_alg without a private_key", algorithm, _SYMMETRIC)
        return [oidc.ClientSecretJWT(clock, _jti, audience, algorithm or "HS256")]
    loaded = oidc.load_signing_key(
        key,
        password=options.get("private_key_password"),
        kid=options.get("private_key_id"),
        algorithm=algorithm,
    )
    return [
        oidc.ClientSecretJWT(clock, _jti, audience),
        oidc.PrivateKeyJWT(loaded, clock, _jti, audience),
    ]


def _jti() -> str:
    return secrets.token_urlsafe(24)


class TokenRequests:
    """Sends token, revocation and introspection requests and reads what comes back.

    Args:
        exchange: Sends them.
        client: The client's credentials.
        authentications: How it authenticates itself.
        hooks: Its compliance hooks.
        clock: Tells the time.
    """

    __slots__ = ("_authentications", "_client", "_clock", "_exchange", "_hooks")

    def __init__(
        self,
        exchange: Exchange,
        client: ClientCredentials,
        authentications: Authentications,
        hooks: HookTable,
        clock: Callable[[], float],
    ) -> None:
        self._exchange = exchange
        self._client = client
        self._authentications = authentications
        self._hooks = hooks
        self._clock = clock

    def fetch(self, url: str, grant: Grant, extra: Mapping[str, object]) -> OAuth2Token:
        """Trade a grant for a token (RFC 6749 4.1.3, 4.3.2, 4.4.2, 4.5).

        Args:
            url: The token endpoint.
            grant: What is traded.
            extra: Further parameters, and HTTP keywords.

        Raises:
            OAuthError: The server refused, or gave no usable token.
        """
        return self._token(url, grant, extra, (), self._hooks.responses["access_token_response"])

    def refresh(self, url: str, grant: Grant, extra: Mapping[str, object]) -> OAuth2Token:
        """Trade a refresh token for a token (RFC 6749 6).

        Args:
            url: The token endpoint, or the one for refreshing.
            grant: The refresh token.
            extra: Further parameters, and HTTP keywords.

        Raises:
            OAuthError: The server refused, or gave no usable token.
        """
        hooks = self._hooks
        return self._token(
            url,
            grant,
            extra,
            hooks.form_requests["refresh_token_request"],
            hooks.responses["refresh_token_response"],
        )

    def revoke(self, url: str, token: str, hint: str | None) -> None:
        """Revoke a token (RFC 7009 2.1).

        Raises:
            OAuthError: The server refused, or did not answer.
        """
        request = self._authenticated(
            token_query_request(url, token, hint),
            self._hooks.form_requests["revoke_token_request"],
            self._authentications.revocation,
        )
        response = self._exchange.protocol(request)
        raise_for_refusal(response, self._secrets(request))

    def introspect(self, url: str, token: str, hint: str | None) -> TokenIntrospection:
        """Ask about a token (RFC 7662 2.1).

        Raises:
            OAuthError: The server refused, or gave no usable answer.
        """
        request = self._authenticated(
            token_query_request(url, token, hint),
            self._hooks.form_requests["introspect_token_request"],
            self._authentications.introspection,
        )
        response = self._exchange.protocol(request)
        return parse_introspection_response(response, self._secrets(request))

    def _token(
        self,
        url: str,
        grant: Grant,
        extra: Mapping[str, object],
        request_hooks: Sequence[FormRequestHook],
        response_hooks: Sequence[ResponseHook],
    ) -> OAuth2Token:
        http, parameters = split_http_keywords(extra)
        one_of("method", http.method, ("POST", "GET"))
        request = self._authenticated(
            token_request(url, grant, parameters),
            request_hooks,
            self._authentications.token,
            http.auth,
        )
        hidden = self._secrets(request)
        response = self._send(request, http)
        return parse_token_response(mend_response(response, response_hooks), self._clock(), hidden)

    def _send(self, request: Request, http: HTTPKeywords) -> Response:
        return self._exchange.protocol(as_get(request) if http.method == "GET" else request, http)

    def _authenticated(
        self,
        request: Request,
        hooks: Sequence[FormRequestHook],
        authentication: ClientAuthentication,
        basic: ClientCredentials | None = None,
    ) -> Request:
        request = mend_form_request(request, hooks)
        if basic is not None:
            return _BASIC.authenticate(request, basic)
        return authentication.authenticate(request, self._client)

    def _secrets(self, request: Request) -> Iterator[str]:
        # Made where they are asked for: a success needs none.
        yield self._client.client_secret or ""
        yield from secrets_of(request)
