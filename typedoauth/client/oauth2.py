"""A client of an OAuth 2.0 service, usable without any web framework."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, TypeAlias, Unpack

from typing_extensions import override

from typedoauth._names import one_of
from typedoauth._urls import pairs
from typedoauth.client.authentication import ClientAuthMethod, adapt_auth_methods
from typedoauth.client.authorization_requests import AuthorizationRequests
from typedoauth.client.base import OAuthClient
from typedoauth.client.callbacks import AdaptedUpdate, UpdateToken, adapt_update
from typedoauth.client.hooks import ComplianceHooks, mend_protected_request
from typedoauth.client.metadata import MetadataSource
from typedoauth.client.option_values import given_options
from typedoauth.client.options import OAuth2Options, option_names
from typedoauth.client.parameters import (
    Callback,
    callback_pairs,
    form_parameters,
    split_http_keywords,
)
from typedoauth.client.renewal import Renewal
from typedoauth.client.runner import run
from typedoauth.client.token_management import EndpointName, TokenManagement
from typedoauth.client.token_requests import TokenRequests, choose_authentications
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError, StateMismatchError
from typedoauth.messages import Request
from typedoauth.oauth2 import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    PasswordGrant,
    RefreshTokenGrant,
    ServerMetadata,
    add_bearer_token,
    authorization_request_url,
    check_authorization_response,
    fetch_server_metadata,
    parse_authorization_response,
)
from typedoauth.oauth2.bearer import TokenPlacement, token_placement
from typedoauth.oauth2.metadata import read_server_metadata
from typedoauth.oauth2.token_endpoint import merge_refreshed
from typedoauth.protocols import Clock, Grant, Transport
from typedoauth.tokens import OAuth2Token, check_oauth2_token

__all__ = ["ComplianceFix", "OAuth2Client"]

logger: Final = logging.getLogger("typedoauth.client")

ComplianceFix: TypeAlias = "Callable[[OAuth2Client], object]"
"""Gets the client once, when it is made, to register its compliance hooks."""

_OPTIONS: Final = option_names(OAuth2Options)
_PKCE: Final = ("S256", "none")
_GRANT_TYPES: Final = ("authorization_code", "client_credentials")
_AUTHORIZE_OPTIONS: Final = ("response_mode", "prompt", "login_hint")


class OAuth2Client(
    OAuthClient[OAuth2Token], AuthorizationRequests, TokenManagement, ComplianceHooks
):
    """A client of an OAuth 2.0 service.

    One instance serves any number of users and threads. ``token=`` is for
    scripts that act for one user.

    Args:
        client_id: The client identifier.
        client_secret: The client secret; left out for a public client.
        name: What the client is called in messages and logs.
        access_token_url: The token endpoint.
        access_token_params: Further parameters of token requests.
        refresh_token_url: The endpoint for refreshing, where it is another one.
        refresh_token_params: Further parameters of refresh requests.
        authorize_url: The authorization endpoint.
        authorize_params: Further parameters of authorization requests; they win
            over those of a call.
        api_base_url: What relative URLs are resolved against.
        server_metadata_url: Where the server's metadata lies (RFC 8414); asked
            when an endpoint is first needed that is not given here.
        metadata: Server metadata that is known beforehand.
        compliance_fix: Called once with this client.
        client_auth_methods: The user's own client authentication methods.
        token: The token of API calls that are given none.
        fetch_token: Called without arguments for the token of such calls.
        update_token: Called with every renewed token.
        transport: Sends requests; a pooled ``Urllib3Transport`` when left out.
        clock: Tells the time; ``time.time`` when left out.
        options: See :class:`OAuth2Options`.

    Raises:
        ConfigurationError: A setting is wrong; the message says which.
    """

    token: OAuth2Token | None
    _own_hint: ClassVar[str] = 'grant_type="client_credentials" for a token of its own, '

    def __init__(
        self,
        client_id: str,
        client_secret: str | None = None,
        *,
        name: str = "oauth2",
        access_token_url: str | None = None,
        access_token_params: Mapping[str, object] | None = None,
        refresh_token_url: str | None = None,
        refresh_token_params: Mapping[str, object] | None = None,
        authorize_url: str | None = None,
        authorize_params: Mapping[str, object] | None = None,
        api_base_url: str | None = None,
        server_metadata_url: str | None = None,
        metadata: ServerMetadata | None = None,
        compliance_fix: ComplianceFix | None = None,
        client_auth_methods: Sequence[ClientAuthMethod] | None = None,
        token: OAuth2Token | None = None,
        fetch_token: Callable[[], OAuth2Token | None] | None = None,
        update_token: UpdateToken | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
        **options: Unpack[OAuth2Options],
    ) -> None:
        options = given_options(options, _OPTIONS, f"client {name!r}", OAuth2Client)
        ComplianceHooks.__init__(self)
        super().__init__(
            client_id,
            client_secret,
            options,
            name=name,
            access_token_url=access_token_url,
            access_token_params=access_token_params,
            authorize_url=authorize_url,
            authorize_params=authorize_params,
            api_base_url=api_base_url,
            token=None if token is None else check_oauth2_token(token),
            fetch_token=fetch_token,
            transport=transport,
            clock=clock,
        )
        self._exchange.secure(refresh_token_url, "refresh_token_url")
        self._exchange.secure(server_metadata_url, "server_metadata_url")
        self.refresh_token_url: str | None = refresh_token_url
        self.refresh_token_params: Mapping[str, object] = dict(refresh_token_params or {})
        for given in (self.access_token_params, self.refresh_token_params):
            split_http_keywords(given)  # what stands there is refused now
        self.server_metadata_url: str | None = server_metadata_url
        self._metadata: MetadataSource = MetadataSource(
            read_server_metadata(metadata or {}, allow_http=self._exchange.allow_http),
            self._fetch_metadata if server_metadata_url else None,
            self._clock,
        )
        self._separator: str = options.get("scope_separator", " ")
        self.scope: str | None = self._joined(options.get("scope"))
        method = options.get("code_challenge_method", "S256")
        self.code_challenge_method: str = one_of("code_challenge_method", method, _PKCE)
        one_of("response_type", options.get("response_type", "code"), ["code"])
        grant_type = options.get("grant_type", "authorization_code")
        self.grant_type: str = one_of("grant_type", grant_type, _GRANT_TYPES)
        self._placement: TokenPlacement = token_placement(options.get("token_placement", "header"))
        self._authorize_options: Mapping[str, object] = {
            key: value for key, value in options.items() if key in _AUTHORIZE_OPTIONS
        }
        authentications = choose_authentications(
            options, self.credentials, adapt_auth_methods(client_auth_methods, self)
        )
        self.token_endpoint_auth_method: str = authentications.token.name
        self._token_requests: TokenRequests = TokenRequests(
            self._exchange, self.credentials, authentications, self._hooks, self._clock
        )
        self._update_token: AdaptedUpdate | None = (
            None if update_token is None else adapt_update(update_token, "update_token")
        )
        self._renewal: Renewal = Renewal(
            name=name,
            clock=self._clock,
            margin=options.get("leeway", 60),
            wait=self._exchange.timeout.total + 5,
            refresh=self._refresh,
            fetch_own=lambda: self._fetch_own(ClientCredentialsGrant(self.scope), {}),
            updated=self._token_updated,
            always_own=self.grant_type == "client_credentials",
        )
        if authorize_url is not None:  # what stands on it is refused now, not at a login
            fixed = form_parameters({**self.authorize_params, "scope": None})
            authorization_request_url(
                authorize_url, client_id=client_id, state="", extra=pairs(fixed)
            )
        if compliance_fix is not None:
            compliance_fix(self)

    # Authorization

    @override
    def authorization_key(self, callback: Callback) -> str:
        """The ``state`` of a callback."""
        response = parse_authorization_response(callback_pairs(callback))
        if response.state is None:
            response.raise_for_error()
            raise StateMismatchError(
                "the callback carries no state, so it answers no login of ours; log in again",
                reason="missing_state",
            )
        return response.state

    @override
    def finish_authorization(
        self, callback: Callback, pending: PendingAuthorization, **parameters: object
    ) -> OAuth2Token:
        """Trade what a callback brings; see :meth:`OAuthClient.finish_authorization`."""
        response = parse_authorization_response(callback_pairs(callback))
        # Without iss there is nothing to compare, and no need to ask the server.
        issuer = None if response.iss is None else self._metadata.load().get("issuer")
        code = check_authorization_response(response, pending, issuer=issuer)
        grant = AuthorizationCodeGrant(code, pending.redirect_uri, pending.code_verifier)
        return self._fetch(grant, parameters)

    # Tokens

    @override
    def check_token(self, token: object, /) -> OAuth2Token:
        """Check that *token* is one of OAuth 2.0."""
        return check_oauth2_token(token)

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
            grant: A grant of one's own.
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

        Spec: RFC 6749 4.1.3, 4.3.2, 4.4.2.
        """
        joined = self._joined(scope) or self.scope
        if grant_type is not None:
            parameters["grant_type"] = grant_type
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

    @override
    def _usable_token(self, token: OAuth2Token | None) -> OAuth2Token | None:
        usable = super()._usable_token(token)
        if usable is not None:
            return self._renewal.ensure_active(usable)
        return self._renewal.own() if self.grant_type == "client_credentials" else None

    def _token_updated(self, new: OAuth2Token, old: OAuth2Token) -> None:
        # First: where it fails, the client goes on with the old token and tries again.
        if self._update_token is not None:
            self._update_token(new, old)
        if self.token is not None and self.token["access_token"] == old["access_token"]:
            self.token = new

    def _refresh(self, old: OAuth2Token) -> OAuth2Token:
        url = self.refresh_token_url or self._token_endpoint()
        grant = RefreshTokenGrant(old.get("refresh_token") or "")
        refreshed = self._token_requests.refresh(url, grant, self.refresh_token_params)
        logger.info("%s: token refreshed", self.name)
        return merge_refreshed(old, refreshed)

    def _fetch(self, grant: Grant, parameters: Mapping[str, object]) -> OAuth2Token:
        extra = {**self.access_token_params, **parameters}
        token = self._token_requests.fetch(self._token_endpoint(), grant, extra)
        logger.info("%s: token received for grant %s", self.name, grant.grant_type)
        return token

    def _fetch_own(
        self, grant: ClientCredentialsGrant, parameters: Mapping[str, object]
    ) -> OAuth2Token:
        token = self._fetch(grant, parameters)
        # Another one is to be like it, whatever the client's own scope is.
        self._renewal.is_own(token, lambda: self._fetch_own(grant, parameters))
        return token

    # API calls

    @override
    def _authorized(self, request: Request, token: OAuth2Token) -> Request:
        request = add_bearer_token(request, token, self._placement)
        return mend_protected_request(request, self._hooks.protected_requests)

    # Server metadata

    def load_server_metadata(self) -> ServerMetadata:
        """Return the server's metadata, fetched at first use and kept for an hour.

        Returns:
            What the server says, under what was given beforehand.

        Raises:
            OAuthError: It could not be had; the next call tries again.

        Spec: RFC 8414.
        """
        return self._metadata.load()

    def _fetch_metadata(self) -> ServerMetadata:
        url = self._need(self.server_metadata_url, "server_metadata_url")
        flow = fetch_server_metadata(url, allow_http=self._exchange.allow_http)
        return run(flow, self._exchange.protocol)

    def _token_endpoint(self) -> str:
        return self._endpoint(self.access_token_url, "token_endpoint", "access_token_url")

    @override
    def _endpoint(self, given: str | None, name: EndpointName, setting: str | None = None) -> str:
        self._exchange.secure(given, name)
        found = given or self._metadata.known.get(name) or self._metadata.load().get(name)
        if found is None and setting is None:
            raise ConfigurationError(
                f"client {self.name!r} has no {name}; give url=, or metadata={{{name!r}: …}} "
                f"(OAuth.register: {name}=)"
            )
        return self._need(found, setting or name)
