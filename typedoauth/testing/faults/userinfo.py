"""What can be wrong with a UserInfo response (OpenID Connect Core 5.3)."""

from __future__ import annotations

import json
from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing.faults.edits import (
    BROKEN_BODIES,
    OTHER,
    Row,
    answer_faults,
    doubled,
    members,
    redirect,
    replaced,
    status,
    text,
    typed,
    without,
)
from typedoauth.testing.faults.kinds import Fault, TokenFault
from typedoauth.testing.faults.signing import (
    TokenRow,
    attacker_key,
    claims,
    header,
    signed_by_attacker,
    unsigned,
)
from typedoauth.testing.jws import b64, b64_json, from_b64, sign

__all__ = ["FAULTS"]


def _signed_by_anybody(found: str) -> str:
    message = f"{b64_json({'alg': 'RS256'})}.{b64(found.encode())}"
    return f"{message}.{b64(sign('RS256', attacker_key(), message.encode()))}"


def _signed(request: Request, response: Response) -> Response:
    return typed("application/jwt")(request, text(_signed_by_anybody)(request, response))


def _unsigned(request: Request, response: Response) -> Response:
    claims_of = text(lambda found: from_b64(found.split(".")[1]))
    return typed("application/json")(request, claims_of(request, response))


_PLAIN: Final[tuple[Row, ...]] = (
    ("sub_other", "Core 5.3.2", "another subject", members(replaced("sub", "eve"))),
    ("sub_missing", "Core 5.3.2", "no subject", members(without("sub"))),
    ("sub_number", "Core 5.1", "the subject is a number", members(replaced("sub", 1))),
    ("sub_empty", "Core 5.1", "an empty subject", members(replaced("sub", ""))),
    ("sub_null", "Core 5.3.2", "the subject is null", members(replaced("sub", None))),
    ("sub_twice", "RFC 8259 4", "sub twice", text(doubled("sub", "eve"))),
    ("claim_null", "Core 5.3.2", "a claim that is null", members(replaced("email", None))),
    ("claim_of_wrong_type", "Core 5.1", "an email that is a list", members(replaced("email", []))),
    ("status_201", "Core 5.3.2", "status 201, with claims", status(201)),
    ("status_401", "RFC 6750 3.1", "status 401, with claims", status(401)),
    ("status_403", "RFC 6750 3.1", "status 403, with claims", status(403)),
    ("redirect_307", "RFC 9700 4.12", "redirects to another host, for now", redirect(307)),
    ("signed_unasked", "Core 5.3.2", "a JWT, signed by somebody", _signed),
)

_INSTEAD_OF_SIGNED: Final[tuple[Row, ...]] = (
    ("unsigned", "Core 5.3.2", "plain JSON (needs a client with signed UserInfo)", _unsigned),
    (
        "called_json",
        "Core 5.3.2",
        "a JWT that is called JSON (likewise)",
        typed("application/json"),
    ),
)

_SIGNED: Final[tuple[TokenRow, ...]] = (
    ("jwt_iss_other", "Core 5.3.2", "another issuer", claims(replaced("iss", OTHER))),
    ("jwt_iss_missing", "Core 5.3.2", "no issuer", claims(without("iss"))),
    ("jwt_aud_other", "Core 5.3.2", "for another client", claims(replaced("aud", "other-client"))),
    ("jwt_aud_missing", "Core 5.3.2", "for nobody", claims(without("aud"))),
    ("jwt_sub_other", "Core 5.3.2", "another subject", claims(replaced("sub", "eve"))),
    ("jwt_exp_past", "RFC 7519 4.1.4", "expired long ago", claims(replaced("exp", 1))),
    ("jwt_alg_none", "RFC 8725 3.2", "unsigned, by alg none", unsigned("none")),
    ("jwt_other_key", "RFC 7515 5.2", "signed by another key, of the same kid", signed_by_attacker),
    (
        "jwt_crit",
        "RFC 7515 4.1.11",
        "an extension to be understood",
        header(replaced("crit", ["x"])),
    ),
    (
        "jwt_not_json",
        "RFC 7519 7.2",
        "claims that end too early",
        lambda draft: draft.compact(payload=json.dumps(dict(draft.claims))[:-1]),
    ),
)

_PATHS: Final = ("/oauth2/userinfo",)

FAULTS: Final[tuple[Fault, ...]] = (
    *answer_faults("userinfo", _PATHS, BROKEN_BODIES),
    *answer_faults("userinfo", _PATHS, _PLAIN),
    *answer_faults("userinfo", _PATHS, _INSTEAD_OF_SIGNED),
    *(
        TokenFault(f"userinfo_{name}", "userinfo", rule, f"{what} (signed UserInfo)", change)
        for name, rule, what, change in _SIGNED
    ),
)
"""The faults of the UserInfo endpoint."""
