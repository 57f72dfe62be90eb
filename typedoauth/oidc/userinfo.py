"""The UserInfo response (OpenID Connect Core 5.3)."""

from __future__ import annotations

from typing import Final, cast

from typedoauth._json import parse_object
from typedoauth._urls import without_query
from typedoauth.claims import UserInfo
from typedoauth.errors import HTTPStatusError, IdTokenError
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

__all__ = ["read_userinfo", "userinfo_content", "verify_userinfo"]

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


def read_userinfo(content: bytes, *, sub: str | None) -> UserInfo:
    """Read a UserInfo response that is not signed.

    Args:
        content: The JSON.
        sub: The ``sub`` of the ID Token; ``None`` when there is none to compare with.

    Returns:
        The claims.

    Raises:
        MalformedResponseError: It is not JSON.
        IdTokenError: It is about somebody else.

    Spec: OpenID Connect Core 5.3.2, 5.3.4.
    """
    return _checked(read_claims(parse_object(content, _WHAT)), sub)


def userinfo_content(response: Response, *, protected: bool = False) -> bytes:
    """Take what a UserInfo endpoint answered, if it is of the kind that is registered.

    Args:
        response: The answer.
        protected: Whether it has to be signed or encrypted.

    Returns:
        The JSON, for :func:`read_userinfo`; or the JWT, for :func:`verify_userinfo`.

    Raises:
        HTTPStatusError: The endpoint answered with another status than 200.
        IdTokenError: It is a JWT and should be none, or the other way round.
        TransportError: The body could not be read.

    Spec: OpenID Connect Core 5.3.2, 5.3.3.
    """
    where = without_query(response.url)
    if response.status_code != 200:
        raise HTTPStatusError(
            None,
            f"the UserInfo endpoint {where} answered status {response.status_code}",
            status=response.status_code,
        )
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if protected and kind != "application/jwt":
        raise IdTokenError(
            f"{_WHAT} is not signed or encrypted, and userinfo_signed_response_alg "
            "or userinfo_encrypted_response_alg is set"
        )
    if not protected and kind == "application/jwt":
        raise IdTokenError(
            f"{_WHAT} is signed or encrypted, which needs userinfo_signed_response_alg or "
            "userinfo_encrypted_response_alg to be set for this client"
        )
    return response.content
