"""What a remote app does at an OpenID Provider: UserInfo, ID Tokens, keys, logout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from typedoauth import oidc
from typedoauth.claims import IdTokenClaims, UserInfo
from typedoauth.client import OAuth2Client
from typedoauth.client.callbacks import adapt_save
from typedoauth.errors import ConfigurationError
from typedoauth.flask import logout
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.tokens import OAuth2Token

__all__ = ["OpenIDConnect"]


class OpenIDConnect(RemoteApp[OAuth2Token]):
    """A registered OAuth 2.0 service, as far as it is an OpenID Provider."""

    def userinfo(self, token: OAuth2Token | None = None, *, sub: str | None = None) -> UserInfo:
        """Tell who the user is; see :meth:`OAuth2Client.userinfo`.

        A client of ``register_provider`` knows more: a service that is no OpenID Provider
        is asked in its own way, and the ID Token of one that puts all it knows in there
        is answer enough.

        Args:
            token: The token; that of this application context when left out.
            sub: Whom the answer has to be about; the subject of the token's ID
                Token when left out.

        Returns:
            The claims.

        Raises:
            MissingTokenError: There is no token.
            HTTPStatusError: The service refused.
            IdTokenError: The answer is about somebody else.
            OAuthError: No usable answer came.
        """
        provider = self._resolve().registration.provider
        used = self.token if token is None else token
        if provider is None:
            return self._oauth2.userinfo(used, sub=sub)
        from typedoauth.flask.provided import oauth2_userinfo

        return oauth2_userinfo(provider, self, self._oauth2, used, sub)

    def parse_id_token(
        self,
        token: OAuth2Token,
        nonce: str | None,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
    ) -> IdTokenClaims:
        """Validate the ID Token of a token; see :meth:`OAuth2Client.parse_id_token`."""
        return self._oauth2.parse_id_token(
            token, nonce, claims_options=claims_options, leeway=leeway
        )

    def fetch_jwk_set(self, force: bool = False) -> oidc.JWKSet:
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
        resolved = self._resolve()
        if state is not None and post_logout_redirect_uri is not None:
            logout.begin(resolved, state, post_logout_redirect_uri, data)
        logout.tell(resolved, "application")
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
        on_logout: Callable[[oidc.LogoutToken], object],
        *,
        require_typ: bool = False,
        require_sid: bool = False,
    ) -> Callable[[], Response]:
        """Make the view that the provider posts logout tokens to.

        Give it to ``app.add_url_rule(path, view_func=…)``, and exempt it from CSRF
        protection: the request comes from the provider. A token counts once: its
        ``jti`` is remembered in the cache, or else in this process.

        Args:
            on_logout: Called with the validated token; ends the sessions of its
                ``sid``, or of its ``sub`` where that is ``None``. Where it fails, the
                provider may try again.
            require_typ: Whether ``typ`` has to be ``logout+jwt``, which not all send.
            require_sid: Whether the token has to name a session.

        Returns:
            The view, for POST. It answers 200, 400 to a token that cannot be trusted,
            or 503 where that could not be found out.

        Raises:
            ConfigurationError: *on_logout* is no function of one argument.

        Spec: OpenID Connect Back-Channel Logout 2.5 to 2.8.
        """
        adapt_save(on_logout, "on_logout")

        def view() -> Response:
            return logout.backchannel(
                self._resolve(),
                self._oauth2,
                on_logout,
                require_typ=require_typ,
                require_sid=require_sid,
            )

        view.__name__ = f"{self.name}_backchannel_logout"
        setattr(view, "methods", ["POST"])  # noqa: B010  Flask reads it, and no type knows of it
        return view

    def frontchannel_logout_view(
        self,
        on_logout: Callable[[oidc.FrontChannelLogout], object],
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

        Raises:
            ConfigurationError: *on_logout* is no function of one argument.

        Spec: OpenID Connect Front-Channel Logout 2, 3.
        """
        adapt_save(on_logout, "on_logout")

        def view() -> Response:
            return logout.frontchannel(
                self._resolve(), self._oauth2, on_logout, session_required=session_required
            )

        view.__name__ = f"{self.name}_frontchannel_logout"
        return view

    @property
    def _oauth2(self) -> OAuth2Client:
        client = self._client
        if not isinstance(client, OAuth2Client):
            raise ConfigurationError(f"client {self.name!r} is registered for OAuth 1.0")
        return client
