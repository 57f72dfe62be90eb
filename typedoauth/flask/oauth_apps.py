"""Remote apps of a known protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from typing_extensions import override

from typedoauth import oidc
from typedoauth.claims import UserInfo
from typedoauth.client import OAuth1Client
from typedoauth.credentials import TemporaryCredentials
from typedoauth.errors import ConfigurationError, MissingTokenError
from typedoauth.flask.context import context_token
from typedoauth.flask.openid_connect import OpenIDConnect
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.shared import Owner, owner_text
from typedoauth.flask.signals import TokenRevoked, token_revoked
from typedoauth.oauth2 import ServerMetadata, TokenIntrospection
from typedoauth.protocols import Grant
from typedoauth.tokens import OAuth1Token, OAuth2Token, OpenIDToken

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

    def userinfo(self, token: OAuth1Token | None = None) -> UserInfo:
        """Ask the service about the user.

        Args:
            token: The token; that of this application context when left out.

        Returns:
            The profile as standard claims.

        Raises:
            ConfigurationError: The service was not registered with ``register_provider``:
                OAuth 1.0 itself knows no profile.
            MissingTokenError: There is no token.
            HTTPStatusError: The service refused.
            MalformedResponseError: What came is no profile.
            OAuthError: It could not be asked.
        """
        from typedoauth.flask.provided import oauth1_userinfo

        provider = self._resolve().registration.provider
        used = self.token if token is None else token
        return oauth1_userinfo(provider, self, self.name, used)

    @property
    def _oauth1(self) -> OAuth1Client:
        client = self._client
        if not isinstance(client, OAuth1Client):
            raise ConfigurationError(f"client {self.name!r} is registered for OAuth 2.0")
        return client


class OAuth2App(OpenIDConnect):
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

    @property
    def server_metadata(self) -> ServerMetadata:
        """What is known of the server; see :attr:`OAuth2Client.server_metadata`."""
        return self._oauth2.server_metadata

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
        owner: Owner | None = None,
        account: str | None = None,
        token_type_hint: str | None = None,
        url: str | None = None,
    ) -> None:
        """Revoke a token; see :meth:`OAuth2Client.revoke_token`.

        A token store goes on to have it: :meth:`delete_token` comes next.

        Args:
            token: The token. When left out, that of this application context, or the
                one in the token store, expired or not.
            owner: Whose token of the token store is meant, or whose *token* is, for
                those who listen to ``token_revoked``.
            account: Which of the owner's accounts.
            token_type_hint: ``access_token`` or ``refresh_token``.
            url: The endpoint, where it was not registered.

        Raises:
            MissingTokenError: There is none, or nobody is logged in.
            StoreError: The token store failed.
            OAuthError: As :meth:`OAuth2Client.revoke_token` has it.
        """
        resolved = self._resolve()
        used: object = token
        if used is None:
            used = (
                self._token_at_hand(resolved, renewed=False)
                if owner is None and account is None
                else self._kept_token(resolved, self._key(resolved, owner, account))
            )
        client = self._oauth2
        client.revoke_token(
            self._one(used if isinstance(used, str | None) else client.check_token(used)),
            token_type_hint=token_type_hint,
            url=url,
        )
        revoked = TokenRevoked(client=client.name, owner=owner_text(owner), account=account)
        token_revoked.send(resolved.state.app, revoked)

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
            self._one(self.token if token is None else token),
            token_type_hint=token_type_hint,
            url=url,
        )

    def _one(self, token: OAuth2Token | str | None) -> OAuth2Token | str:
        if token is None:
            raise MissingTokenError(f"client {self.name!r} has no token at hand; give token=")
        return token


class OpenIDApp(OAuth2App):
    """A registered OpenID Provider: each of its logins ends with claims.

    ``register(…, client_cls=OpenIDApp)``, or an attribute annotated with it, says to
    a type checker that ``token["userinfo"]`` is there, and at run time that a login
    without it is none. An :class:`OAuth2App` has the claims in the same place, where
    its scope holds ``openid``.
    """

    _openid: ClassVar[bool] = True

    @override
    def authorize_access_token(
        self,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
        **parameters: object,
    ) -> OpenIDToken:
        """Finish a login; see :meth:`RemoteApp.authorize_access_token`.

        Raises:
            ConfigurationError: The login had not ``openid`` in its scope; nothing has
                been sent.
        """
        token = super().authorize_access_token(
            claims_options=claims_options, leeway=leeway, **parameters
        )
        return cast("OpenIDToken", token)  # finish refuses a login without claims


def app_class(*, oauth1: bool) -> type[OAuth1App | OAuth2App]:
    """The class of apps of a protocol.

    Args:
        oauth1: Whether it is OAuth 1.0.

    Returns:
        The class.
    """
    return OAuth1App if oauth1 else OAuth2App
