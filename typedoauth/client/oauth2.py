"""A client of an OAuth 2.0 service, usable without any web framework."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, TypeAlias, Unpack, cast

from typing_extensions import override

from typedoauth import oidc
from typedoauth._names import one_of
from typedoauth._urls import pairs
from typedoauth.client.authentication import ClientAuthMethod, adapt_auth_methods
from typedoauth.client.authorization_requests import AuthorizationRequests
from typedoauth.client.base import OAuthClient
from typedoauth.client.callbacks import AdaptedUpdate, UpdateToken, adapt_update
from typedoauth.client.endpoints import Endpoints
from typedoauth.client.hooks import ComplianceHooks, mend_protected_request
from typedoauth.client.openid_connect import OpenIDConnect
from typedoauth.client.option_values import given_options
from typedoauth.client.options import OAuth2Options, option_names
from typedoauth.client.parameters import (
    Callback,
    callback_pairs,
    form_parameters,
    split_http_keywords,
)
from typedoauth.client.renewal import Renewal
from typedoauth.client.signed_tokens import SignedTokens
from typedoauth.client.token_fetching import TokenFetching
from typedoauth.client.token_management import TokenManagement
from typedoauth.client.token_requests import TokenRequests, choose_authentications
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError, StateMismatchError
from typedoauth.messages import Request
from typedoauth.oauth2 import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    ServerMetadata,
    add_bearer_token,
    authorization_request_url,
    check_authorization_response,
    parse_authorization_response,
)
from typedoauth.oauth2.bearer import TokenPlacement, token_placement
from typedoauth.protocols import Clock, TokenStore, Transport
from typedoauth.tokens import OAuth2Token, TokenKey, check_oauth2_token

__all__ = ["ComplianceFix", "OAuth2Client"]

ComplianceFix: TypeAlias = "Callable[[OAuth2Client], object]"
"""Gets the client once, when it is made, to register its compliance hooks."""

_OPTIONS: Final = option_names(OAuth2Options)
_PKCE: Final = ("S256", "none")
_GRANT_TYPES: Final = ("authorization_code", "client_credentials")
_AUTHORIZE_OPTIONS: Final = ("response_mode", "prompt", "login_hint")


class OAuth2Client(
    OAuthClient[OAuth2Token],
    AuthorizationRequests,
    OpenIDConnect,
    TokenFetching,
    TokenManagement,
    ComplianceHooks,
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
        server_metadata_url: Where the server's metadata lies (RFC 8414, OpenID
            Connect Discovery); asked when something is first needed that is not
            given here.
        metadata: Server metadata that is known beforehand. An ``issuer`` in it is what
            the server's metadata has to be of; it may hold ``{tenantid}``.
        jwks: The provider's JWK set, where it is known beforehand.
        compliance_fix: Called once with this client.
        client_auth_methods: The user's own client authentication methods.
        token: The token of API calls that are given none.
        fetch_token: Called without arguments for the token of such calls.
        token_store: Keeps tokens, for :meth:`stored_token` and :meth:`save_token`.
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
        jwks: Mapping[str, object] | None = None,
        compliance_fix: ComplianceFix | None = None,
        client_auth_methods: Sequence[ClientAuthMethod] | None = None,
        token: OAuth2Token | None = None,
        fetch_token: Callable[[], OAuth2Token | None] | None = None,
        token_store: TokenStore[OAuth2Token] | TokenStore | None = None,
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
            # What it gives is checked, whichever kind it keeps.
            token_store=cast("TokenStore[OAuth2Token] | None", token_store),
            transport=transport,
            clock=clock,
        )
        self._exchange.secure(refresh_token_url, "refresh_token_url")
        self.refresh_token_url: str | None = refresh_token_url
        self.refresh_token_params: Mapping[str, object] = dict(refresh_token_params or {})
        for given in (self.access_token_params, self.refresh_token_params):
            split_http_keywords(given)  # what stands there is refused now
        self.server_metadata_url: str | None = server_metadata_url
        self._endpoints: Endpoints = Endpoints(
            name, self._exchange, server_metadata_url, metadata, self._clock
        )
        self._signed: SignedTokens = SignedTokens(
            self.credentials, options, self._endpoints, jwks, self._clock
        )
        self.clock_skew: float = options.get("clock_skew", oidc.DEFAULT_LEEWAY)
        self._accept_missing_iss: bool = options.get("accept_missing_iss", False)
        self._accept_missing_nonce: bool = options.get("accept_missing_nonce", False)
        self._accept_other_acr: bool = options.get("accept_other_acr", False)
        self._separator: str = options.get("scope_separator", " ")
        self.scope: str | None = self._joined(options.get("scope"))
        method = options.get("code_challenge_method", "S256")
        self.code_challenge_method: str = one_of("code_challenge_method", method, _PKCE)
        one_of("response_type", options.get("response_type", "code"), ["code"])
        one_of("response_mode", options.get("response_mode", "query"), ["query", "form_post"])
        grant_type = options.get("grant_type", "authorization_code")
        self.grant_type: str = one_of("grant_type", grant_type, _GRANT_TYPES)
        self._placement: TokenPlacement = token_placement(options.get("token_placement", "header"))
        self._authorize_options: Mapping[str, object] = {
            key: value for key, value in options.items() if key in _AUTHORIZE_OPTIONS
        }
        authentications = choose_authentications(
            options, self.credentials, adapt_auth_methods(client_auth_methods, self), self._clock
        )
        self.token_endpoint_auth_method: str = authentications.token.name
        self._token_requests: TokenRequests = TokenRequests(
            self._exchange, self.credentials, authentications, self._hooks, self._clock
        )
        self._update_token: AdaptedUpdate | None = (
            None if update_token is None else adapt_update(update_token, "update_token")
        )
        # So that the processes of a fleet do not renew in step.
        self._earlier: float = random.uniform(0, options.get("leeway", 60) / 2)  # noqa: S311  no secret
        self._renewal: Renewal = Renewal(
            name=name,
            clock=self._clock,
            margin=options.get("leeway", 60),
            wait=self._exchange.timeout.total + 5,
            prepare=self._prepare_to_verify,
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
        self,
        callback: Callback,
        pending: PendingAuthorization,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
        **parameters: object,
    ) -> OAuth2Token:
        """Trade what a callback brings; see :meth:`OAuthClient.finish_authorization`."""
        if pending.nonce is None and (claims_options or leeway is not None):
            raise ConfigurationError(
                f"client {self.name!r}: the login did not ask for openid, so there is no ID Token "
                "for claims_options and leeway; put openid into the scope"
            )
        if "claims_cls" in parameters:
            raise ConfigurationError(
                "claims_cls is gone: claims are dicts, with types; leave it out"
            )
        response = parse_authorization_response(callback_pairs(callback))
        # A refusal without iss needs nothing of the server to be believed.
        unneeded = response.error is not None and response.iss is None
        metadata = self._endpoints.known if unneeded else self._endpoints.metadata()
        advertised = metadata.get("authorization_response_iss_parameter_supported", False)
        code = check_authorization_response(
            response,
            pending,
            issuer=metadata.get("issuer"),
            issuer_template=self._endpoints.issuer_template,
            issuer_required=advertised and not self._accept_missing_iss,
        )
        grant = AuthorizationCodeGrant(code, pending.redirect_uri, pending.code_verifier)
        token = self._fetch(grant, parameters)
        return self._logged_in(token, pending, code, response.iss, claims_options, leeway)

    @override
    def check_token(self, token: object, /) -> OAuth2Token:
        """Check that *token* is one of OAuth 2.0."""
        return check_oauth2_token(token)

    # API calls

    @override
    def _usable_token(self, token: OAuth2Token | None) -> OAuth2Token | None:
        usable = super()._usable_token(token)
        if usable is not None:
            return self._renewal.ensure_active(usable)
        return self._renewal.own() if self.grant_type == "client_credentials" else None

    @override
    def _current(self, token: OAuth2Token, key: TokenKey) -> OAuth2Token:
        return self._renewal.ensure_stored_active(token, self._stored(key))

    @override
    def _authorized(self, request: Request, token: OAuth2Token) -> Request:
        request = add_bearer_token(request, token, self._placement)
        return mend_protected_request(request, self._hooks.protected_requests)

    # Server metadata

    @property
    def server_metadata(self) -> ServerMetadata:
        """What is known of the server without asking it: as registered, and as fetched so far."""
        return self._endpoints.known

    def load_server_metadata(self) -> ServerMetadata:
        """Return the server's metadata, fetched at first use and kept for an hour.

        Returns:
            What the server says, under what was given beforehand.

        Raises:
            OAuthError: It could not be had; the next call tries again.

        Spec: RFC 8414, OpenID Connect Discovery 4.
        """
        return self._endpoints.metadata()
