"""Logout: RP-initiated, back-channel and front-channel (three OpenID Connect specifications)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from typedoauth._urls import add_query
from typedoauth.errors import (
    CallbackError,
    DuplicateParameterError,
    IdTokenError,
    InvalidSignatureError,
)
from typedoauth.oidc._checks import (
    TrustedIssuer,
    check_audience,
    check_issuer,
    check_subject,
    check_times,
    required_moment,
    text,
    typ_of,
)
from typedoauth.oidc.claims import parse_claims
from typedoauth.oidc.jws import Keys, verify_jws

__all__ = [
    "FrontChannelLogout",
    "LogoutToken",
    "logout_request_url",
    "parse_backchannel_logout",
    "parse_frontchannel_logout",
    "verify_logout_token",
]

_WHAT: Final = "the logout token"
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


def logout_request_url(
    end_session_endpoint: str,
    *,
    id_token_hint: str | None = None,
    logout_hint: str | None = None,
    client_id: str | None = None,
    post_logout_redirect_uri: str | None = None,
    state: str | None = None,
    ui_locales: str | Sequence[str] | None = None,
    extra: Sequence[tuple[str, str]] = (),
) -> str:
    """Make the URL to which the user agent goes to sign out at the provider.

    Args:
        end_session_endpoint: The endpoint, from the provider's metadata.
        id_token_hint: The ID Token of the session that is to end.
        logout_hint: Who is to be signed out, as the provider knows them.
        client_id: The client identifier; providers ask for it without *id_token_hint*.
        post_logout_redirect_uri: Where to come back to; registered with the provider.
        state: What comes back unchanged, to recognize the answer.
        ui_locales: Languages (BCP 47), the preferred one first.
        extra: Further parameters.

    Returns:
        The URL.

    Raises:
        ConfigurationError: The endpoint is not a valid URL.

    Spec: OpenID Connect RP-Initiated Logout 2, 3.
    """
    locales = ui_locales if isinstance(ui_locales, str | None) else " ".join(ui_locales)
    parameters = {
        "id_token_hint": id_token_hint,
        "logout_hint": logout_hint,
        "client_id": client_id,
        "post_logout_redirect_uri": post_logout_redirect_uri,
        "state": state,
        "ui_locales": locales,
    }
    given = [(name, value) for name, value in parameters.items() if value is not None]
    return add_query(end_session_endpoint, [*given, *extra])


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """A validated logout token.

    Attributes:
        iss: The issuer.
        sub: The End-User whose sessions end, or ``None``.
        sid: The session that ends, or ``None`` for all of *sub*.
        jti: Its identifier: a second token with the same one is a replay.
        iat: When it was issued, seconds since the epoch.
        exp: Until when *jti* has to be remembered (leeway not counted).
        claims: All claims.
    """

    iss: str
    sub: str | None
    sid: str | None
    jti: str
    iat: float
    exp: float
    claims: Mapping[str, object] = field(repr=False)


def verify_logout_token(
    logout_token: str,
    keys: Keys,
    trust: TrustedIssuer,
    *,
    now: float,
    require_typ: bool = False,
    require_sid: bool = False,
) -> LogoutToken:
    """Validate a logout token. Whether its ``jti`` was seen before is for the caller to know.

    Args:
        logout_token: The JWT.
        keys: The issuer's JWK set, or the client secret's key.
        trust: Who may have issued it, for whom, and how it is signed.
        now: The present time, seconds since the epoch.
        require_typ: Whether ``typ`` has to be ``logout+jwt``, which not all providers send.
        require_sid: Whether ``sid`` has to be there (``backchannel_logout_session_required``).

    Returns:
        The token.

    Raises:
        UnknownKeyError: No key fits; the JWK set may be out of date.
        InvalidSignatureError: It is not signed as agreed, or another kind of token.
        IdTokenError: A claim is missing, wrong or forbidden; ``claim`` says which.

    Spec: OpenID Connect Back-Channel Logout 2.4, 2.6.
    """
    jws = verify_jws(logout_token, keys, trust.algorithms)
    if typ_of(jws) not in ({"logout+jwt"} if require_typ else {"logout+jwt", "jwt", ""}):
        raise InvalidSignatureError("typ of the logout token is not 'logout+jwt'")
    claims = parse_claims(jws.payload, _WHAT)
    check_issuer(claims, trust, jws, _WHAT)
    check_audience(claims, trust, _WHAT)
    check_times(claims, now, trust.leeway, _WHAT)
    _check_events(claims)
    sub = check_subject(claims, _WHAT) if "sub" in claims else None
    sid, jti = text(claims, "sid", _WHAT), text(claims, "jti", _WHAT)
    if not jti:
        raise IdTokenError(f"{_WHAT} has no jti", claim="jti")
    if sid == "" or (sid is None and (require_sid or sub is None)):
        raise IdTokenError(f"{_WHAT} does not say which session ends", claim="sid")
    exp, iat = (required_moment(claims, name, _WHAT) for name in ("exp", "iat"))
    return LogoutToken(str(claims["iss"]), sub, sid, jti, iat, exp, claims)


def _check_events(claims: Mapping[str, object]) -> None:
    listed = claims.get("events")
    # JSON has no other keys than text.
    events = cast("dict[str, object]", listed) if isinstance(listed, dict) else {}
    if not isinstance(events.get(_EVENT), dict):
        raise IdTokenError(f"{_WHAT} lists no logout among its events", claim="events")
    if "nonce" in claims:
        # So that no ID Token passes for a logout token (2.4).
        raise IdTokenError(f"{_WHAT} has a nonce, which is forbidden", claim="nonce")


def _once(parameters: Sequence[tuple[str, str]], name: str, what: str) -> str | None:
    values = [value for found, value in parameters if found == name]
    if len(values) > 1:
        raise DuplicateParameterError(f"{what} carries {name} twice")
    return values[0] if values else None


def parse_backchannel_logout(parameters: Sequence[tuple[str, str]]) -> str:
    """Read a back-channel logout request.

    Args:
        parameters: The form, as pairs in the order of the request.

    Returns:
        The logout token, for :func:`verify_logout_token`.

    Raises:
        DuplicateParameterError: There are two.
        CallbackError: There is none.

    Spec: OpenID Connect Back-Channel Logout 2.5.
    """
    token = _once(parameters, "logout_token", "the back-channel logout request")
    if not token:
        raise CallbackError("the back-channel logout request carries no logout_token")
    return token


@dataclass(frozen=True, slots=True)
class FrontChannelLogout:
    """A front-channel logout request.

    Attributes:
        iss: The issuer, or ``None`` when the request names no session.
        sid: The session that ends, or ``None`` for that of the browser.
    """

    iss: str | None = None
    sid: str | None = None


def parse_frontchannel_logout(
    parameters: Sequence[tuple[str, str]], issuer: str, *, session_required: bool = False
) -> FrontChannelLogout:
    """Read a front-channel logout request. Nothing in it is signed: end no other session.

    Args:
        parameters: The query, as pairs in the order of the request.
        issuer: Who may ask for it.
        session_required: Whether it has to name the session
            (``frontchannel_logout_session_required``).

    Returns:
        What is to end.

    Raises:
        DuplicateParameterError: A parameter came twice.
        CallbackError: ``iss`` is another one, or comes without ``sid``, or the
            other way round.

    Spec: OpenID Connect Front-Channel Logout 2, 3.
    """
    what = "the front-channel logout request"
    iss, sid = _once(parameters, "iss", what), _once(parameters, "sid", what)
    if (iss is None) != (sid is None):
        raise CallbackError(f"{what} carries only one of iss and sid")
    if session_required and not sid:
        raise CallbackError(f"{what} does not name the session")
    if iss not in (None, issuer):
        raise CallbackError(f"{what} is from another issuer than {issuer!r}")
    return FrontChannelLogout(iss, sid)
