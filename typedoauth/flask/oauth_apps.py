"""Remote apps of a known protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Response, redirect
from typing_extensions import override
from werkzeug.wrappers import Response as WerkzeugResponse

from typedoauth.claims import IdTokenClaims, UserInfo
from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.credentials import TemporaryCredentials
from typedoauth.errors import ConfigurationError, MissingTokenError
from typedoauth.flask import logout
from typedoauth.flask.context import context_token
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.oauth2 import ServerMetadata, TokenIntrospection
from typedoauth.oidc import ClaimOptions, FrontChannelLogout, JWKSet, LogoutToken
from typedoauth.protocols import Grant
from typedoauth.tokens import OAuth1Token, OAuth2Token, OpenIDToken, is_openid_token

__all__ = ["OAuth1App", "OAuth2App", "OpenIDApp", "app_class"]


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
        request_token: TemporaryCredentials | Mapping[str, object] | None = None,
        *,
        verifier: str | None = None,
        **parameters: object,
    ) -> OAuth1Token:
        """Trade temporary credentials; see :meth:`OAuth1Client.fetch_access_token`.

        Calls use the token only where it is given to them or assigned to :attr:`token`.
        """
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

        Calls use the token only where it is given to them or assigned to :attr:`token`:
        it may be the client's own, not the user's.
        """
        return self._oauth2.fetch_access_token(
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

    # OpenID Connect

    def userinfo(self, token: OAuth2Token | None = None, *, sub: str | None = None) -> UserInfo:
        """Ask the provider about the user; see :meth:`OAuth2Client.userinfo`.

        Args:
            token: The token; that of this application context when left out.
            sub: Whom the answer has to be about; the subject of the token's ID
                Token when left out.

        Returns:
            The claims.
        """
        return self._oauth2.userinfo(self.token if token is None else token, sub=sub)

    def parse_id_token(
        self,
        token: OAuth2Token,
        nonce: str | None,
        *,
        claims_options: Mapping[str, ClaimOptions] | None = None,
        leeway: float | None = None,
    ) -> IdTokenClaims:
        """Validate the ID Token of a token; see :meth:`OAuth2Client.parse_id_token`."""
        return self._oauth2.parse_id_token(
            token, nonce, claims_options=claims_options, leeway=leeway
        )

    def fetch_jwk_set(self, force: bool = False) -> JWKSet:
        """Return the provider's public keys; see :meth:`OAuth2Client.fetch_jwk_set`."""
        return self._oauth2.fetch_jwk_set(force)

    def logout_redirect(
        self,
        post_logout_redirect_uri: str | None = None,
        id_token_hint: str | None = None,
        *,
        data: Mapping[str, object] | None = None,
        logout_hint: str | None = None,
        ui_locales: str | Sequence[str] | None = None,
        **parameters: object,
    ) -> WerkzeugResponse:
        """Send the browser to the provider to log out there.

        End the application's own session first: what this remembers lies in it.

        Args:
            post_logout_redirect_uri: Where to come back to; registered with the
                provider. The view there calls :meth:`validate_logout_response`.
            id_token_hint: The ID Token of the session that is to end.
            data: The caller's own data, for when the browser is back: JSON values.
            logout_hint: Who is to be signed out, as the provider knows them.
            ui_locales: Languages (BCP 47), the preferred one first.
            parameters: Further parameters.

        Returns:
            The redirect, for the view to return.

        Raises:
            ConfigurationError: The endpoint is not known, or there is no session.
            OAuthError: The metadata could not be had, or the way back not be kept.

        Spec: OpenID Connect RP-Initiated Logout 2.
        """
        state = None if post_logout_redirect_uri is None else logout.new_state()
        response = redirect(
            self._oauth2.logout_url(
                post_logout_redirect_uri,
                id_token_hint,
                state=state,
                logout_hint=logout_hint,
                ui_locales=ui_locales,
                **parameters,
            )
        )
        if state is not None and post_logout_redirect_uri is not None:
            logout.begin(self._resolve(), state, post_logout_redirect_uri, data)
        response.headers["Cache-Control"] = "no-store"
        return response

    def validate_logout_response(self) -> Mapping[str, object]:
        """Check, where the browser is back from :meth:`logout_redirect`, that it left from here.

        Returns:
            The caller's own data.

        Raises:
            StateMismatchError: There is no ``state``, or it belongs to no logout of
                this browser.
            CallbackError: There are two.
            StoreError: What was remembered could not be had.

        Spec: OpenID Connect RP-Initiated Logout 3.
        """
        return logout.finish(self._resolve())

    def backchannel_logout_view(
        self,
        on_logout: Callable[[LogoutToken], object],
        *,
        require_typ: bool = False,
        require_sid: bool = False,
    ) -> Callable[[], Response]:
        """Make the view that the provider posts logout tokens to.

        Give it to ``app.add_url_rule(path, view_func=…, methods=["POST"])``, and
        exempt it from CSRF protection: the request comes from the provider. A token
        counts once: its ``jti`` is remembered in the cache, or else in this process.

        Args:
            on_logout: Called with the validated token; ends the sessions of its
                ``sid``, or of its ``sub`` where that is ``None``. Where it fails, the
                provider may try again.
            require_typ: Whether ``typ`` has to be ``logout+jwt``, which not all send.
            require_sid: Whether the token has to name a session.

        Returns:
            The view. It answers 200, 400 to a token that cannot be trusted, or 503
            where that could not be found out.

        Spec: OpenID Connect Back-Channel Logout 2.5 to 2.8.
        """

        def view() -> Response:
            return logout.backchannel(
                self._resolve(),
                self._oauth2,
                on_logout,
                require_typ=require_typ,
                require_sid=require_sid,
            )

        view.__name__ = f"{self.name}_backchannel_logout"
        return view

    def frontchannel_logout_view(
        self,
        on_logout: Callable[[FrontChannelLogout], object],
        *,
        session_required: bool = False,
    ) -> Callable[[], Response]:
        """Make the view that the provider's page opens in a frame when the user logs out there.

        Nothing in that request is signed. The browser sends the application's cookie
        along only where its ``SameSite`` is ``None``.

        Args:
            on_logout: Called with what the request says; ends the session of this
                browser, if its ``sid`` is the one that is named, or none is.
            session_required: Whether the request has to name the session.

        Returns:
            The view, for GET. It answers 200, 400 or 503.

        Spec: OpenID Connect Front-Channel Logout 2, 3.
        """

        def view() -> Response:
            return logout.frontchannel(self._oauth2, on_logout, session_required=session_required)

        view.__name__ = f"{self.name}_frontchannel_logout"
        return view

    def refresh_token(self, token: OAuth2Token | None = None) -> OAuth2Token:
        """Renew a token now; see :meth:`OAuth2Client.refresh_token`.

        Args:
            token: The token; that of this application context when left out, or else
                that of the token store, which has the new one then.

        Returns:
            The new token.

        Raises:
            MissingTokenError: There is none.
            OAuthError: It cannot be renewed, or renewing it failed.
        """
        resolved = self._resolve()
        used = token or context_token(resolved.key) or resolved.fetch_token()
        if used is None and resolved.state.shared.token_store is not None:
            key = resolved.token_key()
            if key is not None:
                return self._oauth2.refresh_stored_token(key)
        if used is None:
            raise MissingTokenError(f"client {self.name!r} has no token to refresh; give token=")
        return self._oauth2.refresh_token(self._oauth2.check_token(used))

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


class OpenIDApp(OAuth2App):
    """A registered OpenID Provider: each of its logins ends with claims.

    ``register(…, client_cls=OpenIDApp)``, or an attribute annotated with it, says to
    a type checker that ``token["userinfo"]`` is there, and at run time that a login
    without it is none. An :class:`OAuth2App` has the claims in the same place, where
    its scope holds ``openid``.
    """

    @override
    def authorize_access_token(
        self,
        *,
        claims_options: Mapping[str, ClaimOptions] | None = None,
        leeway: float | None = None,
        **parameters: object,
    ) -> OpenIDToken:
        """Finish a login; see :meth:`RemoteApp.authorize_access_token`.

        Raises:
            ConfigurationError: The login had not ``openid`` in its scope.
        """
        token = super().authorize_access_token(
            claims_options=claims_options, leeway=leeway, **parameters
        )
        if not is_openid_token(token):
            raise ConfigurationError(
                f"client {self.name!r} is an OpenIDApp, and its login did not ask for openid; "
                'put it into client_kwargs={"scope": …}'
            )
        return token


def app_class(*, oauth1: bool) -> type[OAuth1App | OAuth2App]:
    """The class of apps of a protocol.

    Args:
        oauth1: Whether it is OAuth 1.0.

    Returns:
        The class.
    """
    return OAuth1App if oauth1 else OAuth2App
