"""Remote apps: one registered service, seen from a Flask application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Unpack, cast

from flask import redirect, request
from typing_extensions import TypedDict, override
from werkzeug.wrappers import Response as WerkzeugResponse

from typedoauth.client import CallOptions, OAuth1Client, OAuth2Client
from typedoauth.client.verbs import APICalls
from typedoauth.credentials import PendingAuthorization, TemporaryCredentials
from typedoauth.errors import ConfigurationError, MissingRequestTokenError, MissingTokenError
from typedoauth.flask.state import (
    RequestBrowser,
    Resolved,
    Resolver,
    context_data,
    context_token,
    keep_data_in_context,
    keep_in_context,
)
from typedoauth.messages import Response
from typedoauth.oauth2 import ServerMetadata, TokenIntrospection
from typedoauth.protocols import Grant
from typedoauth.tokens import OAuth1Token, OAuth2Token, TokenT_co, check_oauth1_token

if TYPE_CHECKING:
    from typedoauth.flask.settings import AnyRegistration

__all__ = ["AuthorizationRequest", "OAuth1App", "OAuth2App", "RemoteApp"]


class AuthorizationRequest(TypedDict, total=False):
    """What ``create_authorization_url`` gives and ``save_authorize_data`` takes.

    ``url`` is where to send the browser, ``state`` what identifies the login;
    ``request_token`` is the temporary credentials of OAuth 1.0. ``data`` is the
    caller's own.
    """

    url: str
    state: str
    redirect_uri: str | None
    code_verifier: str | None
    nonce: str | None
    request_token: OAuth1Token | None
    data: Mapping[str, object]


class RemoteApp(APICalls[TokenT_co]):
    """A registered service, whichever protocol it speaks.

    The registry makes these. They hold no settings: whose apply is decided at
    each use, by the Flask application at hand.

    Args:
        registry: Where the client is registered.
        name: Its name.
    """

    OAUTH_APP_CONFIG: ClassVar[AnyRegistration] = {}
    """Settings of a subclass: what ``register`` gets where it is given nothing."""

    name: str

    def __init__(self, registry: Resolver, name: str) -> None:
        self._registry = registry
        self.name = name

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    def _resolve(self) -> Resolved:
        return self._registry.resolve(self.name)

    @property
    def _client(self) -> OAuth1Client | OAuth2Client:
        return self._resolve().client

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
        pending = self._begin(
            self._resolve(),
            redirect_uri,
            _given(
                state=state,
                nonce=nonce,
                code_verifier=code_verifier,
                scope=scope,
                data=data,
                **parameters,
            ),
        )
        result: AuthorizationRequest = {
            "url": pending.url,
            "state": pending.state,
            "redirect_uri": pending.redirect_uri,
            "data": pending.data,
        }
        if pending.code_verifier is not None:
            result["code_verifier"] = pending.code_verifier
        if pending.nonce is not None:
            result["nonce"] = pending.nonce
        if pending.temporary_credentials is not None:
            result["request_token"] = _as_token(pending.temporary_credentials)
        return result

    def save_authorize_data(self, **request: Unpack[AuthorizationRequest]) -> None:
        """Remember a login until its callback, bound to this browser.

        Args:
            request: What :meth:`create_authorization_url` gave.

        Raises:
            ConfigurationError: There is no ``state``, or no session.
            StoreError: It could not be kept.
        """
        state, temporary = request.get("state"), request.get("request_token")
        if not state:
            raise ConfigurationError(
                "save_authorize_data needs state=, as create_authorization_url gave it"
            )
        pending = PendingAuthorization(
            state=state,
            redirect_uri=request.get("redirect_uri"),
            code_verifier=request.get("code_verifier"),
            nonce=request.get("nonce"),
            temporary_credentials=None
            if temporary is None
            else TemporaryCredentials(temporary["oauth_token"], temporary["oauth_token_secret"]),
            data=request.get("data", {}),
        )
        self._save(self._resolve(), pending)

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
        given = _given(
            state=state,
            nonce=nonce,
            code_verifier=code_verifier,
            scope=scope,
            data=data,
            **parameters,
        )
        pending = self._begin(resolved, redirect_uri, given)
        self._save(resolved, pending)
        response = redirect(pending.url)
        response.headers["Cache-Control"] = "no-store"
        return response

    def authorize_access_token(self, **parameters: object) -> TokenT_co:
        """Finish a login: check the callback and trade what it brings for a token.

        Args:
            parameters: Further parameters of the token request, and HTTP keywords
                (``headers``, ``timeout``, …).

        Returns:
            The token; calls in the same application context use it.

        Raises:
            StateMismatchError: The callback belongs to no login of this browser.
            AuthorizationDeniedError: The user refused.
            AuthorizationResponseError: The service sent another error.
            CallbackError: The callback is incomplete or ambiguous.
            TokenEndpointError: The service refused to trade (OAuth 2.0).
            CredentialRequestError: The same in OAuth 1.0.
            MalformedResponseError: Its answer holds no usable token.
            TransportError: It did not answer.
            StoreError: What was remembered could not be had.

        Spec: RFC 6749 4.1.2-4.1.4, RFC 5849 2.2, 2.3.
        """
        resolved = self._resolve()
        client = resolved.client
        callback = list(request.args.items(multi=True))
        if request.method == "POST":
            callback.extend(request.form.items(multi=True))
        state = client.authorization_key(callback)
        browser = RequestBrowser.current(resolved.state.app)
        pending = resolved.state.pending().take(browser, self.name, state)
        if resolved.fetch_request_token is not None:
            temporary = _fetched_request_token(resolved.fetch_request_token(), state)
            pending = replace(pending, temporary_credentials=temporary)
        keep_data_in_context(resolved, pending.data)
        token = client.finish_authorization(callback, pending, **parameters)
        keep_in_context(resolved, token)
        return cast("TokenT_co", token)  # the kind of the client is that of the app

    @property
    def authorization_data(self) -> Mapping[str, object]:
        """The caller's own data of the login that this request finished; empty without one."""
        return context_data(self._resolve())

    def _begin(
        self, resolved: Resolved, redirect_uri: str | None, parameters: dict[str, Any]
    ) -> PendingAuthorization:
        client = resolved.client
        if isinstance(client, OAuth1Client):
            for name in ("state", "nonce", "code_verifier", "scope"):
                if name in parameters:
                    raise ConfigurationError(f"OAuth 1.0 knows no {name}; leave it out")
            return client.start_authorization(redirect_uri, **parameters)
        if "state" not in parameters:
            pending = resolved.state.pending()
            state = pending.new_state(RequestBrowser.current(resolved.state.app))

            def make_secret(purpose: str) -> str:
                return pending.make_secret(purpose, self.name, state)

            parameters = {**parameters, "state": state, "make_secret": make_secret}
        return client.start_authorization(redirect_uri, **parameters)

    def _save(self, resolved: Resolved, pending: PendingAuthorization) -> None:
        if resolved.save_request_token is not None and pending.temporary_credentials is not None:
            resolved.save_request_token(_as_token(pending.temporary_credentials))
            pending = replace(pending, temporary_credentials=None)
        browser = RequestBrowser.current(resolved.state.app)
        resolved.state.pending().put(browser, self.name, pending)

    # Calls

    @property
    def token(self) -> TokenT_co | None:
        """The token of this application context: of the login it finished, or fetched.

        Assigning one makes the calls of this application context use it.
        """
        resolved = self._resolve()
        return cast("TokenT_co | None", self._usable_token(resolved))  # of the app's kind

    @token.setter
    def token(self, token: TokenT_co | None) -> None:
        resolved = self._resolve()
        checked = None if token is None else resolved.client.check_token(token)
        keep_in_context(resolved, checked)

    def _usable_token(self, resolved: Resolved) -> OAuth1Token | OAuth2Token | None:
        held = context_token(resolved)
        if held is None and resolved.fetch is not None:
            fetched = resolved.fetch()
            if fetched is not None:
                held = resolved.client.check_token(fetched)
                keep_in_context(resolved, held)
        return held

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
        used: object = token
        if used is None and not options.get("withhold_token"):
            used = self._usable_token(resolved)
        client = resolved.client
        if isinstance(client, OAuth1Client):
            checked1 = None if used is None else client.check_token(used)
            return client.request(method, url, token=checked1, **options)
        checked2 = None if used is None else client.check_token(used)
        return client.request(method, url, token=checked2, **options)


class OAuth1App(RemoteApp[OAuth1Token]):
    """A registered OAuth 1.0 service."""

    @property
    def request_token_url(self) -> str | None:
        """The Temporary Credential Request endpoint."""
        return self._oauth1.request_token_url

    @property
    def request_token_params(self) -> Mapping[str, object]:
        """Further parameters of requests for temporary credentials."""
        return self._oauth1.request_token_params

    def fetch_access_token(
        self,
        request_token: TemporaryCredentials | Mapping[str, str] | None = None,
        *,
        verifier: str | None = None,
        **parameters: object,
    ) -> OAuth1Token:
        """Trade temporary credentials; see :meth:`OAuth1Client.fetch_access_token`."""
        return self._oauth1.fetch_access_token(request_token, verifier=verifier, **parameters)

    @property
    def _oauth1(self) -> OAuth1Client:
        client = self._client
        if not isinstance(client, OAuth1Client):
            raise ConfigurationError(f"client {self.name!r} is registered for OAuth 2.0")
        return client


class OAuth2App(RemoteApp[OAuth2Token]):
    """A registered OAuth 2.0 service."""

    @property
    def refresh_token_url(self) -> str | None:
        """The endpoint for refreshing, where it is another one."""
        return self._oauth2.refresh_token_url

    @property
    def refresh_token_params(self) -> Mapping[str, object]:
        """Further parameters of refresh requests."""
        return self._oauth2.refresh_token_params

    @property
    def server_metadata_url(self) -> str | None:
        """Where the server's metadata lies."""
        return self._oauth2.server_metadata_url

    @property
    def scope(self) -> str | None:
        """The registered scope, joined."""
        return self._oauth2.scope

    def load_server_metadata(self) -> ServerMetadata:
        """Return the server's metadata; see :meth:`OAuth2Client.load_server_metadata`."""
        return self._oauth2.load_server_metadata()

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
        """Trade a grant for a token; see :meth:`OAuth2Client.fetch_access_token`.

        Calls in the same application context use the token.
        """
        resolved = self._resolve()
        token = self._oauth2.fetch_access_token(
            redirect_uri,
            grant=grant,
            grant_type=grant_type,
            code=code,
            code_verifier=code_verifier,
            username=username,
            password=password,
            scope=scope,
            **parameters,
        )
        keep_in_context(resolved, token)
        return token

    def refresh_token(self, token: OAuth2Token | None = None) -> OAuth2Token:
        """Renew a token now; see :meth:`OAuth2Client.refresh_token`.

        Args:
            token: The token; that of this application context when left out.

        Returns:
            The new token.

        Raises:
            MissingTokenError: There is none.
            OAuthError: It cannot be renewed, or renewing it failed.
        """
        used = token if token is not None else self.token
        if used is None:
            raise MissingTokenError(f"client {self.name!r} has no token to refresh; give token=")
        return self._oauth2.refresh_token(used)

    def revoke_token(
        self,
        token: OAuth2Token | str | None = None,
        *,
        token_type_hint: str | None = None,
        url: str | None = None,
    ) -> None:
        """Revoke a token; see :meth:`OAuth2Client.revoke_token`.

        Args:
            token: The token; that of this application context when left out.
            token_type_hint: ``access_token`` or ``refresh_token``.
            url: The endpoint, where it was not registered.
        """
        self._oauth2.revoke_token(self._one(token), token_type_hint=token_type_hint, url=url)

    def introspect_token(
        self,
        token: OAuth2Token | str | None = None,
        *,
        token_type_hint: str | None = None,
        url: str | None = None,
    ) -> TokenIntrospection:
        """Ask the service about a token; see :meth:`OAuth2Client.introspect_token`.

        Args:
            token: The token; that of this application context when left out.
            token_type_hint: ``access_token`` or ``refresh_token``.
            url: The endpoint, where it was not registered.
        """
        return self._oauth2.introspect_token(
            self._one(token), token_type_hint=token_type_hint, url=url
        )

    def _one(self, token: OAuth2Token | str | None) -> OAuth2Token | str:
        used = token if token is not None else self.token
        if used is None:
            raise MissingTokenError(f"client {self.name!r} has no token at hand; give token=")
        return used

    @property
    def _oauth2(self) -> OAuth2Client:
        client = self._client
        if not isinstance(client, OAuth2Client):
            raise ConfigurationError(f"client {self.name!r} is registered for OAuth 1.0")
        return client


def _given(**parameters: object) -> dict[str, Any]:  # any: the client's signature checks them
    return {name: value for name, value in parameters.items() if value is not None}


def _as_token(temporary: TemporaryCredentials) -> OAuth1Token:
    return {
        "oauth_token": temporary.oauth_token,
        "oauth_token_secret": temporary.oauth_token_secret,
    }


def _fetched_request_token(found: object, state: str) -> TemporaryCredentials:
    if found is None:
        raise MissingRequestTokenError(
            "fetch_request_token gave None: the temporary credentials are gone; log in again"
        )
    token = check_oauth1_token(found)
    if token["oauth_token"] != state:
        raise MissingRequestTokenError(
            "fetch_request_token gave the temporary credentials of another login; log in again"
        )
    return TemporaryCredentials(token["oauth_token"], token["oauth_token_secret"])
