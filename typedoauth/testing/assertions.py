"""JWTs that clients sign: as client authentication and as a grant (RFC 7523)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NoReturn, TypeAlias, cast

from werkzeug.wrappers import Request

from typedoauth.testing.hints import read_object, unverified
from typedoauth.testing.jws import ASYMMETRIC, SYMMETRIC, PublicKey, from_b64, verify
from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.state import State
from typedoauth.testing.web import base_url

__all__ = ["ASSERTION_TYPE", "JWT_BEARER", "Refuse", "issuer_of", "verified"]

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""The value of ``client_assertion_type``."""

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""The value of ``grant_type``."""

Refuse: TypeAlias = Callable[[str], NoReturn]
"""Ends the request; gets what was wrong."""

_LONGEST: Final = 3600
_LEEWAY: Final = 60


def issuer_of(assertion: str) -> str:
    """Tell who claims to have made an assertion.

    Args:
        assertion: The JWT.

    Returns:
        Its ``iss``; empty where there is none.
    """
    issuer = unverified(assertion).get("iss")
    return issuer if isinstance(issuer, str) else ""


def verified(
    state: State,
    request: Request,
    client: RegisteredClient,
    assertion: str,
    refuse: Refuse,
    *,
    symmetric: bool = False,
) -> dict[str, object]:
    """Check everything that makes an assertion good (RFC 7523 3).

    Args:
        state: The provider's memory.
        request: The request that carried it.
        client: Who has to have signed it.
        assertion: The JWT.
        refuse: Called where anything is wrong.
        symmetric: Whether the key is the client secret.

    Returns:
        Its claims.
    """
    protected, _, rest = assertion.partition(".")
    payload, _, encoded = rest.partition(".")
    try:
        header, claims, signature = read_object(protected), read_object(payload), from_b64(encoded)
    except ValueError:
        refuse("the assertion is no signed JWT (RFC 7519 7.2)")
    if "crit" in header:
        refuse("the assertion has critical header members, which are unknown (RFC 7515 4.1.11)")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in (SYMMETRIC if symmetric else ASYMMETRIC):
        refuse("the assertion is not signed by an algorithm of the registered method")
    keys = _secret(client, algorithm) if symmetric else _public(client, algorithm, kid)
    message = f"{protected}.{payload}".encode()
    if not any(verify(algorithm, key, message, signature) for key in keys):
        refuse("no registered key of the client has signed the assertion")
    if claims.get("iss") != client.client_id:
        refuse("iss of the assertion is not the client")
    issuer = base_url(request)
    audience = claims.get("aud")
    audiences = cast("list[object]", audience) if isinstance(audience, list) else [audience]
    if not {issuer, f"{issuer.removesuffix('/')}/oauth2/token", request.base_url}.intersection(
        map(str, audiences)
    ):
        refuse("aud of the assertion is neither the issuer nor the endpoint")
    _check_times(state, claims, refuse)
    return claims


def _secret(client: RegisteredClient, algorithm: str) -> Iterable[bytes]:
    secret = (client.client_secret or "").encode()
    return [secret] if len(secret) * 8 >= int(algorithm[-3:]) else []


def _public(client: RegisteredClient, algorithm: str, kid: object) -> Iterable[PublicKey]:
    kind = ASYMMETRIC[algorithm]
    return [
        one.key
        for one in client.keys
        if one.kind == kind and (kid is None or one.kid in (None, kid))
    ]


def _check_times(state: State, claims: dict[str, object], refuse: Refuse) -> None:
    now = state.clock()
    for name in ("exp", "iat", "nbf"):
        value = claims.get(name)
        if value is None and name != "exp":
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            refuse(f"{name} of the assertion is no number of seconds")
        if name == "exp" and not now < value <= now + _LONGEST + _LEEWAY:
            refuse("the assertion has expired, or is good for more than an hour")
        if name != "exp" and value > now + _LEEWAY:
            refuse(f"{name} of the assertion lies in the future")
    jti = claims.get("jti")
    if jti is None:
        return
    if not isinstance(jti, str) or not state.use_jti(str(claims["iss"]), jti, now + _LONGEST):
        refuse("this assertion was used before (jti)")
