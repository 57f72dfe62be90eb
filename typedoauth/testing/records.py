"""What the provider knows: clients, users, and what it has granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from typedoauth.testing.keys import ClientKey

__all__ = [
    "AccessToken",
    "Authentication",
    "AuthorizationCode",
    "Grant",
    "Lifetimes",
    "RefreshToken",
    "RegisteredClient",
    "Session",
    "TemporaryCredential",
    "TokenCredential",
    "User",
]


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long what the provider gives out is good for, in seconds.

    Attributes:
        access_token: OAuth 2.0 access tokens.
        refresh_token: OAuth 2.0 refresh tokens, each from its own issue.
        authorization_code: Authorization codes.
        id_token: ID Tokens, and other JWTs that say when they expire.
        temporary_credentials: OAuth 1.0 temporary credentials.
        timestamp_window: How far an OAuth 1.0 timestamp may be from the clock,
            in either direction.
    """

    access_token: float = 3600
    refresh_token: float = 30 * 24 * 3600
    authorization_code: float = 60
    id_token: float = 3600
    temporary_credentials: float = 600
    timestamp_window: float = 300


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A client of the provider, for both protocols (RFC 5849 1.1, RFC 6749 2).

    Attributes:
        client_id: The client identifier; ``oauth_consumer_key`` in OAuth 1.0.
        client_secret: The shared secret; ``None`` makes a public client.
        name: What the authorization page calls it.
        redirect_uris: Redirection URIs and OAuth 1.0 callbacks, compared exactly.
        scope: The scope values that it may ask for.
        grant_types: The values of ``grant_type`` that it may use.
        token_endpoint_auth_method: The only way it may authenticate, or ``None``
            for ``client_secret_basic`` and ``client_secret_post`` alike.
        require_pkce: Whether an authorization request needs an S256 challenge.
        rsa_public_key: What verifies its RSA signatures, or ``None``.
        keys: What verifies its assertions (RFC 7523).
        id_token_signed_response_alg: How its ID Tokens are signed.
        userinfo_signed_response_alg: How its UserInfo responses are signed, or
            ``None`` for plain JSON.
        post_logout_redirect_uris: Where logout may lead back to, compared exactly.
        backchannel_logout_uri: Where its logout tokens go, or ``None``.
        frontchannel_logout_uri: What the logout page opens in a frame, or ``None``.
        accepts: Tells which further URIs it may be sent back to; with it, a client may ask
            for any scope, too. ``None`` holds it to its lists.
        secret_optional: Whether it may come without its secret, as a public client.
    """

    client_id: str
    client_secret: str | None = field(repr=False)
    name: str
    redirect_uris: tuple[str, ...]
    scope: tuple[str, ...]
    grant_types: frozenset[str]
    token_endpoint_auth_method: str | None
    require_pkce: bool
    rsa_public_key: RSAPublicKey | None = field(repr=False)
    keys: tuple[ClientKey, ...] = ()
    id_token_signed_response_alg: str = "RS256"
    userinfo_signed_response_alg: str | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    frontchannel_logout_uri: str | None = None
    accepts: Callable[[str], bool] | None = field(default=None, repr=False)
    secret_optional: bool = False

    def returns_to(self, uri: str, listed: Iterable[str]) -> bool:
        """Tell whether a user agent may be sent to a URI.

        Args:
            uri: The URI.
            listed: Those that are registered for the purpose.

        Returns:
            Whether it is one of them, letter by letter, or :attr:`accepts` says so.
        """
        return uri in listed or (self.accepts is not None and self.accepts(uri))

    def may_ask_for(self, scope: Iterable[str]) -> bool:
        """Tell whether the client may ask for a scope.

        Args:
            scope: Its values.

        Returns:
            Whether each is ``openid``, or registered, or anything goes.
        """
        return self.accepts is not None or {"openid", *self.scope}.issuperset(scope)


@dataclass(frozen=True, slots=True)
class User:
    """A resource owner.

    Attributes:
        user_id: The stable identifier, ``sub`` of the profile.
        name: The full name.
        email: The email address, or ``None``.
        password: For the password grant, or ``None``.
        claims: Further claims (OpenID Connect Core 5.1), and what overrides the others.
    """

    user_id: str
    name: str
    email: str | None
    password: str | None = field(repr=False)
    claims: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)


@dataclass(slots=True)
class Session:
    """A user agent that a user has signed in with.

    Attributes:
        cookie: What the user agent shows.
        sid: What clients know it by (OpenID Connect Front-Channel Logout 3).
        user_id: Whose it is.
        issuer: Under which address the provider was seen.
        auth_time: When the user was last asked, seconds since the epoch.
        client_ids: Who has logged the user in from it.
        ended: Whether it has ended.
        told: Whether the clients have been told so.
    """

    cookie: str = field(repr=False)
    sid: str
    user_id: str
    issuer: str
    auth_time: float
    client_ids: set[str] = field(default_factory=set[str])
    ended: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Authentication:
    """What an OpenID Connect login was like, and what it asked for (Core 2, 3.1.2.1).

    Attributes:
        session: Where it took place.
        auth_time: When the user was authenticated, seconds since the epoch.
        nonce: The ``nonce`` of the request, or ``None``.
        acr: The authentication context class that was asked for, or ``None``.
        id_token_claims: The claims that were asked for one by one, for the ID Token.
        userinfo_claims: Those for the UserInfo response.
    """

    session: Session
    auth_time: float
    nonce: str | None = None
    acr: str | None = None
    id_token_claims: frozenset[str] = frozenset()
    userinfo_claims: frozenset[str] = frozenset()


@dataclass(slots=True)
class Grant:
    """What one authorization gave; revoking it ends every token that came of it.

    Attributes:
        client_id: To which client.
        user_id: By whom; ``None`` for client credentials.
        scope: For what.
        authentication: The login, where it is one of OpenID Connect.
        revoked: Whether it has ended.
    """

    client_id: str
    user_id: str | None
    scope: tuple[str, ...]
    authentication: Authentication | None = None
    revoked: bool = False


@dataclass(slots=True)
class AuthorizationCode:
    """An authorization code (RFC 6749 4.1.2) and all that it is bound to.

    Attributes:
        grant: What it stands for.
        redirect_uri: The ``redirect_uri`` of the request, ``None`` if it had none.
        code_challenge: The S256 challenge (RFC 7636 4.2), or ``None``.
        expires_at: Seconds since the epoch.
        used: Whether it has been presented.
    """

    grant: Grant
    redirect_uri: str | None
    code_challenge: str | None
    expires_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token (RFC 6749 1.4).

    Attributes:
        grant: Where it comes from.
        scope: What it is good for; never more than the grant.
        issued_at: Seconds since the epoch.
        expires_at: Seconds since the epoch.
    """

    grant: Grant
    scope: tuple[str, ...]
    issued_at: float
    expires_at: float


@dataclass(slots=True)
class RefreshToken:
    """A refresh token (RFC 6749 1.5), good for one use.

    Attributes:
        grant: Where it comes from.
        issued_at: Seconds since the epoch.
        expires_at: Seconds since the epoch.
        used: Whether it has been traded for another one.
    """

    grant: Grant
    issued_at: float
    expires_at: float
    used: bool = False


@dataclass(slots=True)
class TemporaryCredential:
    """OAuth 1.0 temporary credentials (RFC 5849 2.1).

    Attributes:
        client_id: Whose they are.
        secret: The shared secret.
        callback: The callback URI, or ``oob``.
        expires_at: Seconds since the epoch.
        user_id: Who authorized them, or ``None`` so far.
        verifier: The verification code, or ``None`` so far.
    """

    client_id: str
    secret: str = field(repr=False)
    callback: str
    expires_at: float
    user_id: str | None = None
    verifier: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TokenCredential:
    """OAuth 1.0 token credentials (RFC 5849 2.3); they do not expire.

    Attributes:
        client_id: Whose they are.
        secret: The shared secret.
        user_id: Who authorized them.
    """

    client_id: str
    secret: str = field(repr=False)
    user_id: str
