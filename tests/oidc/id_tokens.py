"""A right ID Token, and ways to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.oidc.minting import mint, public_jwk, rsa_key
from typedoauth.oidc import IdTokenClaims, TrustedIssuer, read_jwk_set, verify_id_token

NOW = 1_800_000_000
NONCE = "n-0S6_WzA2Mj"
TRUST = TrustedIssuer("https://op.example", "client", leeway=10)
KEYS = read_jwk_set({"keys": [public_jwk(rsa_key(), kid="k")]})
CLAIMS: dict[str, object] = {
    "iss": "https://op.example",
    "sub": "248289761001",
    "aud": "client",
    "exp": NOW + 300,
    "iat": NOW - 5,
    "nonce": NONCE,
}
ABSENT = object()


def claims_with(changes: Mapping[str, object]) -> dict[str, object]:
    """The right claims with some changed, or taken away."""
    changed = {**CLAIMS, **changes}
    return {name: value for name, value in changed.items() if value is not ABSENT}


def verify(
    changes: Mapping[str, object] | None = None,
    trust: TrustedIssuer = TRUST,
    **expected: Any,  # any: keywords of the function
) -> IdTokenClaims:
    """Validate the right token with some claims changed."""
    expected = {"now": NOW, "nonce": NONCE, **expected}
    return verify_id_token(mint(claims_with(changes or {})), KEYS, trust, **expected)
