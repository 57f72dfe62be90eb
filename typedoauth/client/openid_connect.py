"""What a client does at an OpenID Provider: ID Tokens, UserInfo, keys and logout."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final, cast

from typedoauth import oidc
from typedoauth._urls import pairs
from typedoauth.claims import IdTokenClaims, UserInfo
from typedoauth.client.endpoints import Endpoints
from typedoauth.client.exchange import Exchange
from typedoauth.client.parameters import absolute_uri, checked_texts, form_parameters
from typedoauth.client.signed_tokens import ID_TOKEN, LOGOUT_TOKEN, USERINFO, SignedTokens
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError, IdTokenError, MissingTokenError
from typedoauth.messages import Headers, Request
from typedoauth.oauth2 import TokenPlacement
from typedoauth.protocols import Clock
from typedoauth.tokens import OAuth2Token, OpenIDToken, check_oauth2_token

__all__ = ["OpenIDConnect"]

_LOGOUT_MISTAKES: Final = {
    "client_id": "it is sent as it is registered",
    "redirect_uri": "give post_logout_redirect_uri=",
}
# What an ID Token says about itself and the login, and not about the user (Core 2).
_PROTOCOL_CLAIMS: Final = frozenset(
    {"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "sid"}
    | {"auth_time", "acr", "amr", "at_hash", "c_hash"}
)


class OpenIDConnect(ABC):
    """Validates what an OpenID Provider says about a login and its user.

    Attributes:
        name: What the client is called in messages and logs.
        client_id: The client identifier.
        clock_skew: By how many seconds the provider's clock may differ.
        scope: The scope that is asked for, joined.
    """

    name: str
    client_id: str
    clock_skew: float
    scope: str | None
    _exchange: Exchange
    _endpoints: Endpoints
    _signed: SignedTokens
    _clock: Clock
    _placement: TokenPlacement
    _accept_missing_nonce: bool
    _accept_other_acr: bool

    @abstractmethod
    def _usable_token(self, token: OAuth2Token | None) -> OAuth2Token | None:
        """The token to send: *token*, or what the client has or can fetch."""

    @abstractmethod
    def _authorized(self, request: Request, token: OAuth2Token) -> Request:
        """Add *token* to a request."""

    def parse_id_token(
        self,
        token: OAuth2Token,
        nonce: str | None,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
    ) -> IdTokenClaims:
        """Validate the ID Token of a token.

        A login does this itself; its claims are in ``token["userinfo"]``.

        Args:
            token: A token with ``id_token``.
            nonce: What the authorization request carried; ``None`` when there was
                none to compare with.
            claims_options: What else the claims have to be.
            leeway: By how many seconds the clocks may differ, where it is not
                ``clock_skew``.

        Returns:
            The claims.

        Raises:
            IdTokenError: There is none, or it cannot be trusted; ``claim`` says why.
            ConfigurationError: Issuer or keys are not known.
            OAuthError: Metadata or JWK set could not be had.

        Spec: OpenID Connect Core 3.1.3.7.
        """
        return self._claims(
            check_oauth2_token(token), PendingAuthorization("", nonce=nonce), claims_options, leeway
        )

    def userinfo(self, token: OAuth2Token | None = None, *, sub: str | None = None) -> UserInfo:
        """Ask the provider about the user.

        Args:
            token: The token; that of the client when left out.
            sub: Whom the answer has to be about; the subject of the token's ID
                Token when left out.

        Returns:
            The claims.

        Raises:
            MissingTokenError: There is no token.
            IdTokenError: The answer is about somebody else, or not signed or
                encrypted as registered.
            HTTPStatusError: The provider refused.
            ConfigurationError: The endpoint is not known.
            OAuthError: No usable answer came.

        Spec: OpenID Connect Core 5.3.
        """
        usable = self._usable_token(token)
        if usable is None:
            raise MissingTokenError(f"client {self.name!r} has no token to ask with; give token=")
        expected = sub or _subject(usable)
        signed = self._signed.signs(USERINFO)
        protected = signed or self._signed.encrypts(USERINFO)
        accept = Headers({"Accept": "application/jwt" if protected else "application/json"})
        url = self._endpoints.find(None, "userinfo_endpoint")
        method = "POST" if self._placement == "body" else "GET"  # Core 5.3.1 knows both
        request = self._authorized(Request(method, url, accept), usable)
        content = oidc.userinfo_content(self._exchange.protocol(request), protected=protected)
        if not protected:
            return oidc.read_userinfo(content, sub=expected)
        jwt = content.decode("utf-8", "replace").strip()
        if not signed:
            return oidc.read_userinfo(self._signed.decrypted(USERINFO, jwt).encode(), sub=expected)

        def check(text: str, keys: oidc.Keys, trust: oidc.TrustedIssuer) -> UserInfo:
            return oidc.verify_userinfo(text, keys, trust, now=self._clock(), sub=expected)

        return self._signed.validate(USERINFO, jwt, check)

    def fetch_jwk_set(self, force: bool = False) -> oidc.JWKSet:
        """Return the provider's public keys, fetched at first use and kept for an hour.

        Args:
            force: Whether to ask again, unless that was done a moment ago.

        Returns:
            The JWK set.

        Raises:
            ConfigurationError: Its address is not known.
            OAuthError: It could not be had.

        Spec: RFC 7517 5.
        """
        return self._signed.jwk_set(force=force)

    def logout_url(
        self,
        post_logout_redirect_uri: str | None = None,
        id_token_hint: str | None = None,
        *,
        state: str | None = None,
        logout_hint: str | None = None,
        ui_locales: str | Sequence[str] | None = None,
        **parameters: object,
    ) -> str:
        """Make the URL at which the user signs out of the provider as well.

        Args:
            post_logout_redirect_uri: Where to come back to; registered with the provider.
            id_token_hint: The ID Token of the session that is to end.
            state: What comes back unchanged.
            logout_hint: Who is to be signed out, as the provider knows them.
            ui_locales: Languages (BCP 47), the preferred one first.
            parameters: Further parameters.

        Returns:
            The URL.

        Raises:
            ConfigurationError: The endpoint is not known, or a parameter cannot be sent.
            OAuthError: The server's metadata could not be had.

        Spec: OpenID Connect RP-Initiated Logout 2.
        """
        for name, advice in _LOGOUT_MISTAKES.items():
            if name in parameters:
                raise ConfigurationError(f"a logout has no {name}=; {advice}")
        if post_logout_redirect_uri is not None:
            absolute_uri(post_logout_redirect_uri, "post_logout_redirect_uri")
        return oidc.logout_request_url(
            self._endpoints.find(None, "end_session_endpoint"),
            id_token_hint=id_token_hint,
            logout_hint=logout_hint,
            client_id=self.client_id,
            post_logout_redirect_uri=post_logout_redirect_uri,
            state=state,
            ui_locales=checked_texts(ui_locales, "ui_locales") or None,
            extra=pairs(form_parameters(parameters)),
        )

    def parse_logout_token(
        self, logout_token: str, *, require_typ: bool = False, require_sid: bool = False
    ) -> oidc.LogoutToken:
        """Validate the logout token of a back-channel logout.

        Whether its ``jti`` was seen before is for the caller to know.

        Args:
            logout_token: The JWT.
            require_typ: Whether ``typ`` has to be ``logout+jwt``.
            require_sid: Whether ``sid`` has to be there.

        Returns:
            Whose session ends.

        Raises:
            IdTokenError: It cannot be trusted; ``claim`` says why.
            ConfigurationError: Issuer or keys are not known.
            OAuthError: Metadata or JWK set could not be had.

        Spec: OpenID Connect Back-Channel Logout 2.6.
        """

        def check(text: str, keys: oidc.Keys, trust: oidc.TrustedIssuer) -> oidc.LogoutToken:
            return oidc.verify_logout_token(
                text,
                keys,
                trust,
                now=self._clock(),
                require_typ=require_typ,
                require_sid=require_sid,
            )

        return self._signed.validate(LOGOUT_TOKEN, logout_token, check)

    def _logged_in(
        self,
        token: OAuth2Token,
        pending: PendingAuthorization,
        code: str,
        iss: str | None,
        claims_options: Mapping[str, oidc.ClaimOptions] | None,
        leeway: float | None,
    ) -> OAuth2Token:
        """Add the validated claims of a login that asked for an ID Token."""
        if pending.nonce is None:
            return token
        claims = self._claims(token, pending, claims_options, leeway, code=code)
        if iss is not None and claims["iss"] != iss:
            raise IdTokenError(
                "the ID Token is of another issuer than the callback (RFC 9207)", claim="iss"
            )
        with_claims: OpenIDToken = {**token, "userinfo": claims}
        return with_claims

    def _prepare_to_verify(self, old: OAuth2Token) -> None:
        # Before the refresh token is spent: a JWK set out of reach must not cost the new one.
        if self._was_openid(old):
            self._signed.prepare()

    def _was_openid(self, token: OAuth2Token) -> bool:
        """Whether the login of a token asked for ``openid``, as far as can be known."""
        scope = f"{token.get('scope') or ''} {self.scope or ''}".replace(",", " ").split()
        return self._signed.possible and ("openid" in scope or bool(_kept_claims(token)))

    def _still_logged_in(self, old: OAuth2Token, new: OAuth2Token) -> OAuth2Token:
        """Check the ID Token that came with a refresh, if one did (Core 12.2)."""
        subject = _subject(old)
        if not new.get("id_token") or not self._was_openid(old):
            return new
        before = _kept_claims(old)
        claims = self._claims(new, PendingAuthorization(""), None, None, sub=subject)
        found = cast("Mapping[str, object]", claims)  # read by name
        for name, what in (("iss", "issuer"), ("nonce", "login")):
            if name in found and found[name] != before.get(name, found[name]):
                raise IdTokenError(f"the refreshed ID Token is of another {what}", claim=name)
        if claims.keys() - _PROTOCOL_CLAIMS:
            # It speaks of the user anew; an old claim beside a new one may say what nobody said.
            before = {name: before[name] for name in _PROTOCOL_CLAIMS & before.keys()}
        merged = cast("IdTokenClaims", {**before, **claims})  # both are claims
        with_claims: OpenIDToken = {**new, "userinfo": merged}
        return with_claims

    def _claims(
        self,
        token: OAuth2Token,
        pending: PendingAuthorization,
        claims_options: Mapping[str, oidc.ClaimOptions] | None,
        leeway: float | None,
        *,
        code: str | None = None,
        sub: str | None = None,
    ) -> IdTokenClaims:
        id_token = token.get("id_token")
        if not id_token:
            raise IdTokenError(
                "no ID Token came with the token; the scope has to hold openid, and the "
                "server has to be an OpenID Provider"
            )
        acr_values = None if self._accept_other_acr else pending.acr_values or None

        def check(text: str, keys: oidc.Keys, trust: oidc.TrustedIssuer) -> IdTokenClaims:
            return oidc.verify_id_token(
                text,
                keys,
                trust,
                now=self._clock(),
                nonce=pending.nonce,
                nonce_optional=self._accept_missing_nonce,
                access_token=token["access_token"],
                code=code,
                sub=sub,
                max_age=pending.max_age,
                acr_values=acr_values,
            )

        claims = self._signed.validate(ID_TOKEN, id_token, check, leeway)
        oidc.check_claim_options(claims, claims_options)
        return claims


def _kept_claims(token: OAuth2Token) -> Mapping[str, object]:
    """The claims of a token's login, as the application has kept them."""
    claims = cast("Mapping[str, object]", token).get("userinfo")  # whatever lies there
    return cast("Mapping[str, object]", claims) if isinstance(claims, Mapping) else {}  # likewise


def _subject(token: OAuth2Token) -> str | None:
    """Whom a token is about, as far as its login told."""
    subject = _kept_claims(token).get("sub")
    if isinstance(subject, str) and subject:
        return subject
    # It was verified when it came.
    return oidc.unverified_subject(token.get("id_token") or "")
