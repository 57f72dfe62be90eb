"""The algorithms that a provider may sign by (Core 3.1.3.7 rules 7 and 8)."""

from __future__ import annotations

import pytest

from typedoauth.errors import ConfigurationError
from typedoauth.oidc import signature_algorithms


@pytest.mark.parametrize(
    ("registered", "advertised", "expected"),
    [
        (None, None, {"RS256"}),
        ("ES256", None, {"ES256"}),
        ("HS256", ["RS256"], {"HS256"}),
        (None, ["RS256", "ES256"], {"RS256", "ES256"}),
        (None, ["none", "HS256", "RS256"], {"RS256"}),
        (None, ["RS256", "ES256K", "ML-DSA-44"], {"RS256"}),
        (None, ["Ed25519", "EdDSA"], {"Ed25519", "EdDSA"}),
    ],
)
def test_algorithms_registered_then_advertised(
    registered: str | None, advertised: list[str] | None, expected: set[str]
) -> None:
    """The registered one; else what is advertised, but never a secret or ``none`` unasked."""
    assert signature_algorithms(registered, advertised) == expected


@pytest.mark.parametrize("advertised", [[], ["none"], ["HS256"], ["none", "HS512", "ES256K"]])
def test_algorithms_none_usable_refused(advertised: list[str]) -> None:
    """Nothing safe is advertised: the client has to be told."""
    with pytest.raises(ConfigurationError, match="id_token_signed_response_alg"):
        signature_algorithms(None, advertised)


@pytest.mark.parametrize("registered", ["none", "rs256", "RS1", ""])
def test_algorithms_unknown_registered_refused(registered: str) -> None:
    """A misspelt algorithm, or ``none``, is answered with those there are."""
    with pytest.raises(ConfigurationError, match=r"userinfo_signed_response_alg: .* RS256, RS384"):
        signature_algorithms(registered, option="userinfo_signed_response_alg")
