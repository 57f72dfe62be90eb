"""The ID Token (OpenID Connect Core 2) and its validation (3.1.3.7, 3.1.3.8, 12.2)."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from typing import Final, cast

from typedoauth.claims import IdTokenClaims
from typedoauth.errors import IdTokenError, InvalidSignatureError
from typedoauth.oidc._checks import (
    TrustedIssuer,
    check_audience,
    check_issuer,
    check_subject,
    check_times,
    moment,
    text,
    typ_of,
)
from typedoauth.oidc.algorithms import token_hash
from typedoauth.oidc.claims import parse_claims
from typedoauth.oidc.jws import Keys, VerifiedJWS, verify_jws

__all__ = ["TrustedIssuer", "verify_id_token"]

_WHAT: Final = "the ID Token"


def verify_id_token(
    id_token: str,
    keys: Keys,
    trust: TrustedIssuer,
    *,
    now: float,
    nonce: str | None,
    nonce_optional: bool = False,
    access_token: str | None = None,
    code: str | None = None,
    sub: str | None = None,
    max_age: float | None = None,
    acr_values: Collection[str] | None = None,
) -> IdTokenClaims:
    """Validate an ID Token: nothing of it is to be believed before.

    Args:
        id_token: The ID Token, signed and not (or no longer) encrypted.
        keys: The issuer's JWK set; the client secret's key where the algorithm is
            registered as ``HS256`` or its like.
        trust: Who may have issued it, for whom, and how it is signed.
        now: The present time, seconds since the epoch.
        nonce: What the authorization request carried. ``None`` when there was none,
            as with a refresh: the claim is then not looked at.
        nonce_optional: Whether a token without ``nonce`` passes all the same. This
            gives up the protection against replayed tokens; for providers that
            drop it.
        access_token: The access token that came with it; compared with ``at_hash``
            where that is there.
        code: The authorization code that came with it; compared with ``c_hash``
            where that is there.
        sub: Whom it has to be about, where that is known (a refresh, an
            ``id_token_hint``).
        max_age: The ``max_age`` of the authorization request, in seconds.
        acr_values: What ``acr`` has to be one of.

    Returns:
        The claims.

    Raises:
        UnknownKeyError: No key fits; the JWK set may be out of date.
        InvalidSignatureError: It is not signed as agreed.
        IdTokenError: A claim is missing or wrong; ``claim`` says which.

    Spec: OpenID Connect Core 3.1.3.7, 3.1.3.8, 3.3.2.11, 12.2.
    """
    jws = verify_jws(id_token, keys, trust.algorithms)
    kind = typ_of(jws)
    if kind.endswith("+jwt"):
        # Another kind of token of the same issuer (RFC 8725 3.11).
        raise InvalidSignatureError(f"typ {kind[:40]!r} is none of an ID Token, which is a JWT")
    claims = parse_claims(jws.payload, _WHAT)
    if "events" in claims:
        raise IdTokenError(f"{_WHAT} is a logout token or the like: it has events", claim="events")
    check_issuer(claims, trust, jws, _WHAT)
    audiences = check_audience(claims, trust, _WHAT)
    _check_authorized_party(claims, audiences, trust.client_id)
    check_times(claims, now, trust.leeway, _WHAT)
    _check_subject(claims, sub)
    _check_nonce(claims, nonce, nonce_optional)
    _check_hash(claims, "at_hash", access_token, jws)
    _check_hash(claims, "c_hash", code, jws)
    _check_authentication(claims, now, trust.leeway, max_age, acr_values)
    for name in ("sid", "jti"):
        text(claims, name, _WHAT)
    return cast("IdTokenClaims", claims)  # its members have been checked


def _check_authorized_party(
    claims: Mapping[str, object], audiences: list[str], client_id: str
) -> None:
    party = text(claims, "azp", _WHAT)
    if party is None and len(set(audiences)) > 1:
        raise IdTokenError(f"{_WHAT} has several audiences and no azp", claim="azp")
    if party not in (None, client_id):
        raise IdTokenError(f"{_WHAT} was issued to another client, says azp", claim="azp")


def _check_subject(claims: Mapping[str, object], sub: str | None) -> None:
    if check_subject(claims, _WHAT) != sub and sub is not None:
        raise IdTokenError(f"{_WHAT} is about another End-User than before", claim="sub")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _check_nonce(claims: Mapping[str, object], nonce: str | None, optional: bool) -> None:
    found = text(claims, "nonce", _WHAT)
    if nonce is None or (found is None and optional):
        return
    if found is None:
        raise IdTokenError(f"{_WHAT} has no nonce, and one was sent", claim="nonce")
    if not _same(found, nonce):
        raise IdTokenError(f"{_WHAT} belongs to another login: wrong nonce", claim="nonce")


def _check_hash(
    claims: Mapping[str, object], name: str, value: str | None, jws: VerifiedJWS
) -> None:
    found = text(claims, name, _WHAT)
    if found is None or value is None:
        return
    if not _same(found, token_hash(value, jws.algorithm, jws.key.crv)):
        raise IdTokenError(f"{_WHAT} came with another token or code: wrong {name}", claim=name)


def _check_authentication(
    claims: Mapping[str, object],
    now: float,
    leeway: float,
    max_age: float | None,
    acr_values: Collection[str] | None,
) -> None:
    when, acr = moment(claims, "auth_time", _WHAT), text(claims, "acr", _WHAT)
    if max_age is not None:
        if when is None:
            raise IdTokenError(f"{_WHAT} has no auth_time, and max_age was sent", claim="auth_time")
        if when > now + leeway:
            raise IdTokenError(
                f"{_WHAT}: auth_time lies {when - now:.0f} seconds in the future; is this clock "
                "right?",
                claim="auth_time",
            )
        if now - when > max_age + leeway:
            raise IdTokenError(
                f"the End-User signed in {now - when:.0f} seconds ago; at most {max_age:.0f} "
                "are accepted: send them to sign in again",
                claim="auth_time",
            )
    if acr_values is not None and acr not in acr_values:
        raise IdTokenError(f"{_WHAT}: acr is none of the requested values", claim="acr")
