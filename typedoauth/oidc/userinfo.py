"""The UserInfo response (OpenID Connect Core 5.3)."""

from __future__ import annotations

from typing import Final, cast

from typedoauth._json import parse_object
from typedoauth._urls import without_query
from typedoauth.claims import UserInfo
from typedoauth.errors import ConfigurationError, HTTPStatusError, IdTokenError
from typedoauth.messages import Response
from typedoauth.oidc._checks import (
    TrustedIssuer,
    check_audience,
    check_issuer,
    check_subject,
    moment,
)
from typedoauth.oidc.claims import parse_claims, read_claims
from typedoauth.oidc.jws import Keys, verify_jws

__all__ = ["parse_userinfo", "verify_userinfo"]

_WHAT: Final = "the UserInfo response"


def _checked(claims: dict[str, object], sub: str | None) -> UserInfo:
    if check_subject(claims, _WHAT) != sub and sub is not None:
        raise IdTokenError(
            f"{_WHAT} is about another End-User than the ID Token; it must not be used",
            claim="sub",
        )
    return cast("UserInfo", claims)  # its members have been checked


def verify_userinfo(
    token: str, keys: Keys, trust: TrustedIssuer, *, now: float, sub: str | None
) -> UserInfo:
    """Validate a signed UserInfo response.

    Args:
        token: The JWT.
        keys: The issuer's JWK set, or the client secret's key.
        trust: Who has to have signed it; *algorithms* are those registered as
            ``userinfo_signed_response_alg``.
        now: The present time, seconds since the epoch.
        sub: The ``sub`` of the ID Token; ``None`` when there is none to compare with.

    Returns:
        The claims.

    Raises:
        UnknownKeyError: No key fits; the JWK set may be out of date.
        InvalidSignatureError: It is not signed as agreed.
        IdTokenError: It is about somebody else, or from or for somebody else.

    Spec: OpenID Connect Core 5.3.2, 5.3.4.
    """
    jws = verify_jws(token.strip(), keys, trust.algorithms)
    claims = parse_claims(jws.payload, _WHAT)
    check_issuer(claims, trust, jws, _WHAT)
    check_audience(claims, trust, _WHAT)
    expiry = moment(claims, "exp", _WHAT)
    if expiry is not None and now >= expiry + trust.leeway:
        raise IdTokenError(f"{_WHAT} has expired", claim="exp")
    return _checked(claims, sub)


def parse_userinfo(
    response: Response,
    *,
    sub: str | None,
    now: float,
    keys: Keys | None = None,
    trust: TrustedIssuer | None = None,
) -> UserInfo:
    """Read the answer of a UserInfo endpoint.

    Args:
        response: The answer.
        sub: The ``sub`` of the ID Token; ``None`` when there is none to compare with.
        now: The present time, seconds since the epoch.
        keys: For a signed response, see :func:`verify_userinfo`.
        trust: For a signed response. When it is given, an unsigned one is refused:
            ``userinfo_signed_response_alg`` is registered.

    Returns:
        The claims.

    Raises:
        ConfigurationError: *trust* is given without *keys*.
        HTTPStatusError: The endpoint answered with another status than 200.
        MalformedResponseError: The answer is not JSON.
        UnknownKeyError: No key fits; the JWK set may be out of date.
        InvalidSignatureError: It is not signed as agreed.
        IdTokenError: It is about somebody else, or from or for somebody else.
        TransportError: The body could not be read.

    Spec: OpenID Connect Core 5.3.2, 5.3.3, 5.3.4.
    """
    where = without_query(response.url)
    if response.status_code != 200:
        raise HTTPStatusError(
            None,
            f"the UserInfo endpoint {where} answered status {response.status_code}",
            status=response.status_code,
        )
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if trust is not None:
        if keys is None:
            raise ConfigurationError("a signed UserInfo response needs keys to verify it with")
        if kind != "application/jwt":
            raise IdTokenError(f"{_WHAT} is not signed, and userinfo_signed_response_alg is set")
        return verify_userinfo(response.text, keys, trust, now=now, sub=sub)
    if kind == "application/jwt":
        raise IdTokenError(
            f"{_WHAT} is signed or encrypted, which needs userinfo_signed_response_alg "
            "to be set for this client"
        )
    return _checked(read_claims(parse_object(response.content, _WHAT)), sub)
