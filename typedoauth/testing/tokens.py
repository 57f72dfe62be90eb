"""The JWTs that the provider signs: ID Tokens, UserInfo responses, logout tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from typedoauth.testing import claims
from typedoauth.testing.drafts import Draft
from typedoauth.testing.faults.kinds import TokenFault
from typedoauth.testing.jws import ASYMMETRIC, SYMMETRIC, token_hash
from typedoauth.testing.records import Authentication, Grant, RegisteredClient, User
from typedoauth.testing.state import State
from typedoauth.testing.web import TENANT

__all__ = ["ALGORITHMS", "id_token", "mint"]

ALGORITHMS: Final[tuple[str, ...]] = (*ASYMMETRIC, *SYMMETRIC)
"""Whatever the provider can sign with."""


def mint(
    state: State,
    family: str,
    client: RegisteredClient,
    algorithm: str,
    members: Mapping[str, object],
    *,
    typ: str = "JWT",
) -> str:
    """Sign claims for a client.

    Args:
        state: The provider's memory.
        family: Which faults are for it: ``id_token``, ``userinfo`` or ``logout_token``.
        client: Whom they are for.
        algorithm: One of :data:`ALGORITHMS`.
        members: The claims.
        typ: What kind of JWT it is.

    Returns:
        The JWT.
    """
    secret = (client.client_secret or "").encode()
    if algorithm in SYMMETRIC:
        header = {"alg": algorithm, "typ": typ}
        draft = Draft(header, members, algorithm, secret, secret, state.keys)
    else:
        key = state.in_use(state.keys.current(algorithm))
        header = {"alg": algorithm, "kid": key.kid, "typ": typ}
        draft = Draft(header, members, algorithm, key.private, secret, state.keys)
    fault = state.fault(family, TokenFault)
    return state.noted("a JWT", draft.compact() if fault is None else fault.change(draft))


def id_token(
    state: State, grant: Grant, login: Authentication, user: User, access_token: str, *, first: bool
) -> str:
    """Make an ID Token (OpenID Connect Core 2, 3.1.3.6, 12.2).

    Args:
        state: The provider's memory.
        grant: What it comes from.
        login: The login that it tells of.
        user: Who logged in.
        access_token: The access token beside it.
        first: Whether it answers a code; with a refresh there is no ``nonce``.

    Returns:
        The ID Token.
    """
    client = state.clients[grant.client_id]
    algorithm = client.id_token_signed_response_alg
    now = int(state.clock())
    told = {
        "iss": login.session.issuer,
        "sub": user.user_id,
        "aud": client.client_id,
        "exp": now + int(state.lifetimes.id_token),
        "iat": now,
        "auth_time": int(login.auth_time),
        "nonce": login.nonce if first else None,
        "acr": login.acr,
        "at_hash": token_hash(algorithm, access_token),
        "sid": login.session.sid,
        "tid": TENANT if TENANT in login.session.issuer else None,
    }
    state.counts["id_tokens"] += 1
    return mint(
        state,
        "id_token",
        client,
        algorithm,
        {
            **claims.released(user, grant.scope, login.id_token_claims),
            **{name: value for name, value in told.items() if value is not None},
        },
    )
