"""Remote apps: one registered service, seen from a Flask application."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Unpack, cast

from flask import has_app_context, redirect
from typing_extensions import override
from werkzeug.wrappers import Response as WerkzeugResponse

from typedoauth import oidc
from typedoauth.client import CallOptions, OAuth1Client, OAuth2Client
from typedoauth.errors import ConfigurationError, ContextError, MissingTokenError
from typedoauth.flask import authorization
from typedoauth.flask.authorization import AuthorizationData, AuthorizationRequest
from typedoauth.flask.context import context_data, context_token, keep_token, replace_token
from typedoauth.flask.state import Resolved
from typedoauth.flask.stored_tokens import StoredTokens
from typedoauth.flask.telling import watched
from typedoauth.messages import Response
from typedoauth.tokens import AnyToken, TokenT_co

if TYPE_CHECKING:
    from typedoauth.flask.keywords import AnyRegistration

__all__ = ["RemoteApp"]


class RemoteApp(StoredTokens[TokenT_co]):
    """A registered service, whichever protocol it speaks.

    The registry makes these. They hold no settings: whose apply is decided at
    each use, by the Flask application at hand.

    Args:
        name: The client's name.
        resolve: Finds the client of that name for the Flask application at hand.
    """

    OAUTH_APP_CONFIG: ClassVar[AnyRegistration] = {}
    """Settings of a subclass: what ``register`` gets where it is given nothing."""

    DEFAULT_USER_AGENT: ClassVar[str | None] = None
    """The ``User-Agent`` of a subclass, where ``user_agent`` is not given."""

    _openid: ClassVar[bool] = False  # whether a login without an ID Token is none

    name: str

    def __init__(self, name: str, resolve: Callable[[str], Resolved]) -> None:
        self.name = name
        self._find: Callable[[str], Resolved] = resolve

    @override
    def _resolve(self) -> Resolved:
        return self._find(self.name)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    if not TYPE_CHECKING:  # pragma: no branch

        def __getattr__(self, name: str) -> object:
            # What register answers before config can tell the protocol has the
            # methods of both, as soon as they are used.
            if type(self) is not RemoteApp or name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            from typedoauth.flask.oauth_apps import app_class

            oauth1 = isinstance(self._client, OAuth1Client)
            return getattr(app_class(oauth1=oauth1)(self.name, self._find), name)

    @property
    def _client(self) -> OAuth1Client | OAuth2Client:
        return self._resolve().client

    @property
    def title(self) -> str:
        """What people call the service: what its declaration says, or its name."""
        provider = self._resolve().registration.provider
        return self.name.replace("_", " ").title() if provider is None else provider.title

    # Settings

    @property
    def client_id(self) -> str:
        """The client identifier."""
        return self._client.client_id

    @property
    def client_secret(self) -> str | None:
        """The client secret."""
        return self._client.client_secret

    @property
    def access_token_url(self) -> str | None:
        """The token endpoint, as registered."""
        return self._client.access_token_url

    @property
    def access_token_params(self) -> Mapping[str, object]:
        """Further parameters of token requests."""
        return self._client.access_token_params

    @property
    def authorize_url(self) -> str | None:
        """The authorization endpoint, as registered."""
        return self._client.authorize_url

    @property
    def authorize_params(self) -> Mapping[str, object]:
        """Further parameters of authorization requests."""
        return self._client.authorize_params

    @property
    def api_base_url(self) -> str | None:
        """What relative URLs are resolved against."""
        return self._client.api_base_url

    @property
    def client_kwargs(self) -> Mapping[str, object]:
        """``client_kwargs``, from keyword and config."""
        return self._resolve().client_kwargs

    # Authorization

    def create_authorization_url(
        self,
        redirect_uri: str | None = None,
        *,
        state: str | None = None,
        nonce: str | None = None,
        code_verifier: str | None = None,
        scope: str | Sequence[str] | None = None,
        data: Mapping[str, object] | None = None,
        **parameters: object,
    ) -> AuthorizationRequest:
        """Begin a login without redirecting; give the result to :meth:`save_authorize_data`.

        Args:
            redirect_uri: The redirection URI.
            state: A value of one's own; random when left out.
            nonce: A value of one's own; made where the scope has ``openid``.
            code_verifier: A PKCE verifier of one's own; made when left out.
            scope: Another scope than the registered one.
            data: The caller's own data, kept until the callback: JSON values.
            parameters: Further parameters; ``authorize_params`` win over them.

        Returns:
            Where to send the browser, and what to remember.

        Raises:
            ConfigurationError: A setting is missing or wrong.
            OAuthError: The service refused, or did not answer.
        """
        given = {
            "state": state,
            "nonce": nonce,
            "code_verifier": code_verifier,
            "scope": scope,
            "data": data,
            **parameters,
        }
        resolved = self._resolve()
        with watched(resolved, "begin"):
            return authorization.written(authorization.begin(resolved, redirect_uri, given))

    def save_authorize_data(self, **request: Unpack[AuthorizationData]) -> None:
        """Remember a login until its callback, bound to this browser.

        Args:
            request: What :meth:`create_authorization_url` gave; see :class:`AuthorizationData`.

        Raises:
            ConfigurationError: There is no ``state``, or no session.
            StoreError: It could not be kept.
        """
        resolved = self._resolve()
        with watched(resolved, "begin"):
            authorization.save(resolved, authorization.answered(request))

    def authorize_redirect(
        self,
        redirect_uri: str | None = None,
        *,
        state: str | None = None,
        nonce: str | None = None,
        code_verifier: str | None = None,
        scope: str | Sequence[str] | None = None,
        data: Mapping[str, object] | None = None,
        **parameters: object,
    ) -> WerkzeugResponse:
        """Send the browser to the service to log in.

        Args:
            redirect_uri: Where the service sends it back to: the view that calls
                :meth:`authorize_access_token`.
            state: A value of one's own; random when left out.
            nonce: A value of one's own; made where the scope has ``openid``.
            code_verifier: A PKCE verifier of one's own; made when left out.
            scope: Another scope than the registered one.
            data: The caller's own data, such as where to return to: JSON values.
                :attr:`authorization_data` has it in the callback.
            parameters: Further parameters of the request to the service;
                ``authorize_params`` win over them.

        Returns:
            The redirect, for the view to return.

        Raises:
            ConfigurationError: A setting is missing or wrong, or there is no session.
            StoreError: The login could not be remembered.
            OAuthError: The service refused, or did not answer.

        Spec: RFC 6749 4.1.1, RFC 5849 2.1, 2.2.
        """
        resolved = self._resolve()
        given = {
            "state": state,
            "nonce": nonce,
            "code_verifier": code_verifier,
            "scope": scope,
            "data": data,
            **parameters,
        }
        with watched(resolved, "begin"):
            login = authorization.begin_and_save(resolved, redirect_uri, given)
        response = redirect(login.url)
        response.headers["Cache-Control"] = "no-store"
        return response

    def authorize_access_token(
        self,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
        **parameters: object,
    ) -> TokenT_co:
        """Finish a login: check the callback and trade what it brings for a token.

        A callback that was posted across sites and came without the session's cookie
        is answered with a page that posts it again: an ``HTTPException`` that holds
        the page is raised, and Flask sends it.

        Args:
            claims_options: What the claims of the ID Token have to be, besides what
                the specifications ask (OpenID Connect only).
            leeway: By how many seconds the provider's clock may differ, where it is
                not ``clock_skew`` (OpenID Connect only).
            parameters: Further parameters of the token request, and HTTP keywords
                (``headers``, ``timeout``, …).

        Returns:
            The token; calls in the same application context use it. Where ``openid``
            was asked for, ``token["userinfo"]`` holds the validated claims.

        Raises:
            StateMismatchError: The callback belongs to no login of this browser.
            AuthorizationDeniedError: The user refused.
            AuthorizationResponseError: The service sent another error.
            CallbackError: The callback is incomplete or ambiguous.
            TokenEndpointError: The service refused to trade (OAuth 2.0).
            IdTokenError: The ID Token is missing or cannot be trusted.
            CredentialRequestError: The same in OAuth 1.0.
            MalformedResponseError: Its answer holds no usable token.
            TransportError: It did not answer.
            StoreError: What was remembered could not be had.

        Spec: RFC 6749 4.1.2-4.1.4, RFC 5849 2.2, 2.3, OpenID Connect Core 3.1.3.7.
        """
        resolved = self._resolve()
        with watched(resolved, "callback"):
            token = authorization.finish(
                resolved, claims_options, leeway, parameters, openid=self._openid
            )
        return cast("TokenT_co", token)  # the kind of the client is that of the app

    @property
    def authorization_data(self) -> Mapping[str, object]:
        """The caller's own data of the login that this request answered; empty without one."""
        return context_data(self._resolve().key)

    # Calls

    @property
    def token(self) -> TokenT_co | None:
        """The token of this application context: of the login it finished, or fetched.

        Assigning one makes the calls of this application context use it.

        Raises:
            ContextError: One is assigned where there is no application context.
            InvalidTokenError: It is of the wrong kind.
        """
        resolved = self._resolve()
        return cast("TokenT_co | None", self._token_at_hand(resolved))  # of the app's kind

    @token.setter
    def token(self, token: TokenT_co | None) -> None:
        resolved = self._resolve()
        if not has_app_context():
            raise ContextError(
                "there is no application context to hold a token; give token= with each call"
            )
        keep_token(resolved.key, None if token is None else resolved.client.check_token(token))

    def _token_at_hand(self, resolved: Resolved, *, renewed: bool = True) -> AnyToken | None:
        held = context_token(resolved.key)
        if held is not None:
            return held
        # Asked anew for each call: the next one may be for another user.
        fetched = resolved.fetch_token()
        if fetched is not None:
            return resolved.client.check_token(fetched)
        shared = resolved.state.shared
        if shared.token_store is None:
            return None
        if shared.owner is None:
            raise ConfigurationError(
                f"client {self.name!r}: there is a token store, and no owner= that tells whose "
                "tokens a request is about; give OAuth(…, owner=function), or token="
            )
        key = resolved.token_key()
        if key is None:
            return None
        return resolved.client.stored_token(key) if renewed else self._kept_token(resolved, key)

    @override
    def request(
        self,
        method: str,
        url: str,
        *,
        token: TokenT_co | None = None,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Call an API as :meth:`OAuth1Client.request` or :meth:`OAuth2Client.request`.

        Without ``token=`` the token of this application context is sent, or what
        ``fetch_token`` gives.
        """
        resolved = self._resolve()
        client = resolved.client
        used: object = token
        if used is None and not options.get("withhold_token"):
            used = self._token_at_hand(resolved)
            if used is None and resolved.state.shared.token_store is not None:
                return self._request_unsaved(client, method, url, options)
        if isinstance(client, OAuth1Client):
            token1 = None if used is None else client.check_token(used)
            return client.request(method, url, token=token1, **options)
        token2 = None if used is None else client.check_token(used)
        if token2 is not None and token is None:
            # Another request may have renewed it, so that nobody told this one.
            active = client.ensure_active_token(token2)
            replace_token(resolved.key, token2["access_token"], active)
            token2 = active
        return client.request(method, url, token=token2, **options)

    def _request_unsaved(
        self, client: OAuth1Client | OAuth2Client, method: str, url: str, options: CallOptions
    ) -> Response:
        """Call with a token of the client's own, or say why the store has none."""
        try:
            return client.request(method, url, **options)
        except MissingTokenError:
            pass
        raise MissingTokenError(
            f"the token store has no token of client {self.name!r} for this user: nobody is logged "
            "in, or save_token(token) was not called when the login ended"
        )
