"""The checks that ID Tokens, logout tokens and signed UserInfo have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from typedoauth._words import printable
from typedoauth.errors import IdTokenError
from typedoauth.oidc._leeway import DEFAULT_LEEWAY
from typedoauth.oidc.jws import VerifiedJWS

_TENANT: Final = re.compile(r"[0-9A-Za-z.-]{1,64}")
_PLACEHOLDER: Final = "{tenantid}"
_LONGEST_SUBJECT: Final = 255
_FURTHEST: Final = 2**53  # what every JSON reader keeps exactly (RFC 8259 6)

_NUMBERS: Final = (int, float)  # made once; int | float would be made at each look

Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """What a client trusts one issuer to sign for it.

    Attributes:
        issuer: Its identifier, compared exactly.
        client_id: Who the client is there.
        algorithms: By which algorithms; see
            :func:`~typedoauth.oidc.metadata.signature_algorithms`.
        trusted_audiences: Who else a token may be for.
        issuer_template: Whether ``{tenantid}`` in *issuer* stands for the ``tid``
            of the token, as Microsoft's issuer for several tenants has it. Any
            tenant is then accepted: look at ``tid`` when only some are welcome.
        leeway: By how many seconds the clocks may differ.
    """

    issuer: str
    client_id: str
    algorithms: frozenset[str] = frozenset({"RS256"})
    trusted_audiences: frozenset[str] = frozenset()
    issuer_template: bool = False
    leeway: float = DEFAULT_LEEWAY


def _refusal(what: str, claim: str, problem: str) -> IdTokenError:
    return IdTokenError(f"{what}: {claim} {problem}", claim=claim)


def text(claims: Claims, name: str, what: str) -> str | None:
    """Read a claim that is a text, or absent."""
    value = claims.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _refusal(what, name, "is not a text")


def moment(claims: Claims, name: str, what: str) -> float | None:
    """Read a claim that is a NumericDate (RFC 7519 2), or absent."""
    value = claims.get(name)
    if value is None:
        return None
    # NaN and the infinities are not between the two.
    if (
        isinstance(value, _NUMBERS)
        and not isinstance(value, bool)
        and -_FURTHEST < value < _FURTHEST
    ):
        return value
    raise _refusal(what, name, "is no number of seconds")


def required_moment(claims: Claims, name: str, what: str) -> float:
    """Read a claim that is a NumericDate and has to be there."""
    value = moment(claims, name, what)
    if value is None:
        raise _refusal(what, name, "is missing")
    return value


def _resolved(template: str, claims: Claims, what: str) -> str:
    tenant = text(claims, "tid", what)
    if tenant is None or not _TENANT.fullmatch(tenant):
        raise _refusal(what, "tid", "is missing or no tenant id, which the issuer is made of")
    return template.replace(_PLACEHOLDER, tenant)


def check_issuer(claims: Claims, trust: TrustedIssuer, jws: VerifiedJWS, what: str) -> None:
    """Refuse another issuer, and a key that signs for another one (Core 3.1.3.7 rule 2)."""
    issuer, expected = text(claims, "iss", what), trust.issuer
    if trust.issuer_template and _PLACEHOLDER in expected:
        expected = _resolved(expected, claims, what)
        for_issuer = jws.key.issuer
        if for_issuer is not None and _resolved(for_issuer, claims, what) != expected:
            raise _refusal(what, "iss", "is not the issuer that the signing key is for")
    if issuer != expected:
        shown = "missing" if issuer is None else f"{printable(issuer)!r}"
        raise _refusal(what, "iss", f"is {shown}; expected is {expected!r}")


def check_audience(claims: Claims, trust: TrustedIssuer, what: str) -> list[str]:
    """Refuse tokens for others, and for unknown others as well (Core 3.1.3.7 rule 3)."""
    value = claims.get("aud")
    listed = cast("list[object]", value) if isinstance(value, list) else [value]  # any list
    audiences = [one for one in listed if isinstance(one, str)]
    if not audiences or len(audiences) != len(listed):
        raise _refusal(what, "aud", "is missing, empty, or not a text or list of texts")
    if trust.client_id not in audiences:
        raise _refusal(what, "aud", f"does not name this client, {trust.client_id!r}")
    if len(audiences) > 1 and not trust.trusted_audiences.issuperset(
        set(audiences) - {trust.client_id}
    ):
        raise _refusal(what, "aud", "names others than this client, which are not trusted")
    return audiences


def check_times(claims: Claims, now: float, leeway: float, what: str) -> None:
    """Refuse what has expired, or is from the future (Core 3.1.3.7 rules 9 and 10)."""
    expiry = required_moment(claims, "exp", what)
    issued = required_moment(claims, "iat", what)
    start = moment(claims, "nbf", what)
    if now >= expiry + leeway:
        raise _refusal(what, "exp", f"lies {now - expiry:.0f} seconds in the past")
    advice = "; is this clock right?"
    if issued > now + leeway:
        raise _refusal(what, "iat", f"lies {issued - now:.0f} seconds in the future{advice}")
    if start is not None and start > now + leeway:
        raise _refusal(what, "nbf", f"lies {start - now:.0f} seconds in the future{advice}")


def check_subject(claims: Claims, what: str) -> str:
    """Refuse a missing, empty or overlong subject (Core 2)."""
    subject = text(claims, "sub", what)
    if not subject or len(subject) > _LONGEST_SUBJECT:
        raise _refusal(what, "sub", f"is missing, empty or over {_LONGEST_SUBJECT} characters")
    return subject


def typ_of(jws: VerifiedJWS) -> str:
    """The ``typ`` of a header as it is compared (RFC 7515 4.1.9)."""
    return str(jws.header.get("typ") or "").lower().removeprefix("application/")
