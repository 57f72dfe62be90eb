"""A client of an OAuth 2.0 service, usable without any web framework."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias, Unpack

from typing_extensions import override

from typedoauth._names import one_of
from typedoauth._urls import pairs, query_pairs
from typedoauth.client.authentication import ClientAuthMethod, adapt_auth_method
from typedoauth.client.base import Callback, OAuthClient, callback_pairs, split_http_keywords
from typedoauth.client.callbacks import AdaptedUpdate, UpdateToken, adapt_update
from typedoauth.client.hooks import (
    ComplianceHooks,
    FormRequestHook,
    ResponseHook,
    mend_form_request,
    mend_protected_request,
    mend_response,
)
from typedoauth.client.metadata import MetadataSource
from typedoauth.client.options import OAuth2Options, check_option_names, option_names
from typedoauth.client.renewal import Renewal
from typedoauth.client.runner import run
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError, StateMismatchError
from typedoauth.messages import Request, Response
from typedoauth.oauth2 import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    PasswordGrant,
    RefreshTokenGrant,
    ServerMetadata,
    TokenIntrospection,
    add_bearer_token,
    authorization_request_url,
    check_authorization_response,
    client_authentication,
    fetch_server_metadata,
    parse_authorization_response,
    parse_introspection_response,
    parse_token_response,
    token_query_request,
    token_request,
)
from typedoauth.oauth2.bearer import TokenPlacement, token_placement
from typedoauth.oauth2.metadata import read_server_metadata
from typedoauth.oauth2.token_endpoint import as_get, merge_refreshed, raise_for_refusal
from typedoauth.protocols import ClientAuthentication, Clock, Grant, Transport
from typedoauth.tokens import OAuth2Token, check_oauth2_token

__all__ = ["ComplianceFix", "OAuth2Client"]

logger: Final = logging.getLogger("typedoauth.client")

ComplianceFix: TypeAlias = "Callable[[OAuth2Client], object]"
"""Gets the client once, when it is made, to register its compliance hooks."""

_OPTIONS: Final = option_names(OAuth2Options)
_PKCE: Final = ("S256", "none")
_GRANT_TYPES: Final = ("authorization_code", "client_credentials")
_AUTHORIZE_OPTIONS: Final = ("response_mode", "prompt", "login_hint")

_EndpointName: TypeAlias = Literal[
    "authorization_endpoint", "token_endpoint", "revocation_endpoint", "introspection_endpoint"
]


class OAuth2Client(OAuthClient[OAuth2Token], ComplianceHooks):
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
        check_option_names(options, _OPTIONS, f"client {name!r}")
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
        self._secure(refresh_token_url, "refresh_token_url")
        self._secure(server_metadata_url, "server_metadata_url")
        self.refresh_token_url: str | None = refresh_token_url
        self.refresh_token_params: Mapping[str, object] = dict(refresh_token_params or {})
        self.server_metadata_url: str | None = server_metadata_url
        self._metadata: MetadataSource = MetadataSource(
            read_server_metadata(metadata or {}, allow_http=self._allow_http),
            self._fetch_metadata if server_metadata_url else None,
            self._clock,
        )
        self._separator: str = options.get("scope_separator", " ")
        self.scope: str | None = self._joined(options.get("scope"))
        one_of("code_challenge_method", options.get("code_challenge_method") or "S256", _PKCE)
        self.code_challenge_method: str = options.get("code_challenge_method") or "S256"
        one_of("response_type", options.get("response_type", "code"), ["code"])
        grant_type = options.get("grant_type", "authorization_code")
        self.grant_type: str = one_of("grant_type", grant_type, _GRANT_TYPES)
        self._placement: TokenPlacement = token_placement(options.get("token_placement", "header"))
        self._authorize_options: dict[str, object] = {
            key: value for key, value in options.items() if key in _AUTHORIZE_OPTIONS
        }
        own = [adapt_auth_method(method, self) for method in client_auth_methods or ()]
        encoding = options.get("basic_auth_encoding", "rfc6749")
        default = "client_secret_basic" if client_secret else "none"

        def authentication(option: str | None, otherwise: str) -> ClientAuthentication:
            return client_authentication(option or otherwise, encoding=encoding, own=own)

        token_method = options.get("token_endpoint_auth_method") or default
        self.token_endpoint_auth_method: str = token_method
        self._authentication: ClientAuthentication = authentication(None, token_method)
        self._revocation_auth: ClientAuthentication = authentication(
            options.get("revocation_endpoint_auth_method"), token_method
        )
        self._introspection_auth: ClientAuthentication = authentication(
            options.get("introspection_endpoint_auth_method"), token_method
        )
        self._update_token: AdaptedUpdate | None = (
            None if update_token is None else adapt_update(update_token, "update_token")
        )
        self._renewal: Renewal = Renewal(
            name=name,
            clock=self._clock,
            margin=options.get("leeway", 60),
            wait=self._timeout.total + 5,
            refresh=self._refresh,
            fetch_own=self.fetch_access_token,
            updated=self._token_updated,
            always_own=self.grant_type == "client_credentials",
        )
        if authorize_url is not None:  # what stands on it is refused now, not at a login
            authorization_request_url(
                authorize_url,
                client_id=client_id,
                state="",
                extra=pairs(split_http_keywords(self.authorize_params)[1]),
            )
        if compliance_fix is not None:
            compliance_fix(self)

    def _joined(self, scope: str | Sequence[str] | None) -> str | None:
        if scope is None or isinstance(scope, str):
            return scope or None
        return self._separator.join(scope) or None

    # Authorization

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
            ConfigurationError: There is no authorization endpoint, or a
                parameter cannot be sent.
            OAuthError: The server's metadata could not be had.

        Spec: RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1.
        """
        make_secret = make_secret or _random_secret
        merged = {**self._authorize_options, **parameters, **self.authorize_params}
        asked = merged.pop("scope", scope)
        if asked is not None and not isinstance(asked, str | list | tuple):
            raise ConfigurationError("scope is a text or a list of texts")
        joined = self._joined(asked) or self.scope  # pyright: ignore[reportUnknownArgumentType] checked above
        if self.code_challenge_method == "S256":
            code_verifier = code_verifier or make_secret("code_verifier")
        else:
            code_verifier = None
        if nonce is None and "openid" in (joined or "").split(self._separator):
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
            extra=pairs(split_http_keywords(merged)[1]),
        )
        return PendingAuthorization(
            state=state,
            redirect_uri=redirect_uri,
            code_verifier=code_verifier,
            nonce=nonce,
            data=dict(data or {}),
            url=url,
        )

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
        issuer = self._metadata.known.get("issuer")
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
        own = False
        if grant is None:
            if code is not None:
                grant = AuthorizationCodeGrant(code, redirect_uri, code_verifier)
            elif username is not None or password is not None:
                grant = PasswordGrant(username or "", password or "", joined)
            else:
                grant = ClientCredentialsGrant(joined)
                own = True
        if grant_type is not None:
            parameters["grant_type"] = grant_type
        token = self._fetch(grant, parameters)
        if own:
            self._renewal.is_own(token)
        return token

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
        old = check_oauth2_token(token)

        def usable(newer: OAuth2Token) -> bool:
            return newer["access_token"] != old["access_token"]

        return self._renewal.renew(old, usable)

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
        return self._renewal.ensure_active(token)

    @override
    def _usable_token(self, token: OAuth2Token | None) -> OAuth2Token | None:
        usable = super()._usable_token(token)
        if usable is not None:
            return self._renewal.ensure_active(usable)
        return self._renewal.own() if self.grant_type == "client_credentials" else None

    def _token_updated(self, new: OAuth2Token, old: OAuth2Token) -> None:
        if self.token is not None and self.token["access_token"] == old["access_token"]:
            self.token = new
        if self._update_token is not None:
            self._update_token(new, old)

    def _refresh(self, old: OAuth2Token) -> OAuth2Token:
        url = self.refresh_token_url or self._token_endpoint()
        refreshed = self._token_request(
            url,
            RefreshTokenGrant(old.get("refresh_token") or ""),
            self.refresh_token_params,
            self._form_request_hooks["refresh_token_request"],
            self._response_hooks["refresh_token_response"],
        )
        logger.info("%s: token refreshed", self.name)
        return merge_refreshed(old, refreshed)

    def _fetch(self, grant: Grant, parameters: Mapping[str, object]) -> OAuth2Token:
        token = self._token_request(
            self._token_endpoint(),
            grant,
            {**self.access_token_params, **parameters},
            [],
            self._response_hooks["access_token_response"],
        )
        logger.info("%s: token received for grant %s", self.name, grant.grant_type)
        return token

    def _token_request(
        self,
        url: str,
        grant: Grant,
        extra: Mapping[str, object],
        request_hooks: Sequence[FormRequestHook],
        response_hooks: Sequence[ResponseHook],
    ) -> OAuth2Token:
        http, parameters = split_http_keywords(extra)
        request = mend_form_request(token_request(url, grant, parameters), request_hooks)
        request = self._authentication.authenticate(request, self.credentials)
        hidden = [value for _, value in query_pairs((request.body or b"").decode())]
        if one_of("method", http.pop("method", "POST"), ["POST", "GET"]) == "GET":
            request = as_get(request)
        response = self._send(self._protocol_request(request, http))
        response = mend_response(response, response_hooks)
        if self.client_secret:
            hidden.append(self.client_secret)
        return parse_token_response(response, self._clock(), hidden)

    # Revocation and introspection

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
            ConfigurationError: The endpoint is not known.
        """
        text, hint = _one_token(token, token_type_hint)
        where = self._endpoint(url, "revocation_endpoint")
        request = token_query_request(where, text, hint)
        raise_for_refusal(
            self._query(
                request, self._form_request_hooks["revoke_token_request"], self._revocation_auth
            ),
            [text],
        )

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
            ConfigurationError: The endpoint is not known.
        """
        hint = token_type_hint or (None if isinstance(token, str) else "access_token")
        text, hint = _one_token(token, hint)
        where = self._endpoint(url, "introspection_endpoint")
        request = token_query_request(where, text, hint)
        response = self._query(
            request, self._form_request_hooks["introspect_token_request"], self._introspection_auth
        )
        return parse_introspection_response(response, text)

    def _query(
        self,
        request: Request,
        hooks: Sequence[FormRequestHook],
        authentication: ClientAuthentication,
    ) -> Response:
        request = mend_form_request(request, hooks)
        request = authentication.authenticate(request, self.credentials)
        return self._send(self._protocol_request(request, {}))

    # API calls

    @override
    def _authorized(self, request: Request, token: OAuth2Token) -> Request:
        request = add_bearer_token(request, token, self._placement)
        return mend_protected_request(request, self._protected_request_hooks)

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
        flow = fetch_server_metadata(url, allow_http=self._allow_http)
        return run(flow, lambda request: self._send(self._protocol_request(request, {})))

    def _token_endpoint(self) -> str:
        return self._endpoint(self.access_token_url, "token_endpoint", "access_token_url")

    def _endpoint(self, given: str | None, name: _EndpointName, setting: str | None = None) -> str:
        self._secure(given, name)
        found = given or self._metadata.known.get(name) or self._metadata.load().get(name)
        return self._need(found, setting or name)


def _random_secret(name: str) -> str:
    return secrets.token_urlsafe(48 if name == "code_verifier" else 24)


def _one_token(token: OAuth2Token | str, hint: str | None) -> tuple[str, str | None]:
    if isinstance(token, str):
        return token, hint
    checked = check_oauth2_token(token)
    refresh_token = checked.get("refresh_token")
    if refresh_token and hint != "access_token":
        return refresh_token, "refresh_token"
    return checked["access_token"], "access_token"
