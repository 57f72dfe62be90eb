"""What a provider's metadata means for a client (Core 3.1.3.7 rules 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterable

from typedoauth._names import one_of
from typedoauth.errors import ConfigurationError
from typedoauth.oidc.algorithms import ALGORITHMS

__all__ = ["signature_algorithms"]


def signature_algorithms(
    registered: str | None = None,
    advertised: Iterable[str] | None = None,
    *,
    option: str = "id_token_signed_response_alg",
) -> frozenset[str]:
    """Decide by which algorithms a provider may sign.

    Args:
        registered: The one that the client is registered with; symmetric ones only
            count when they are named here.
        advertised: What the provider's metadata lists, if it does.
        option: What *registered* was given as, for the message.

    Returns:
        The registered one; else those advertised that need a key pair; else RS256.

    Raises:
        ConfigurationError: The registered one is unknown, or none of those advertised
            can be used.

    Spec: OpenID Connect Core 3.1.3.7 rules 7 and 8, Dynamic Client Registration 2.
    """
    if registered is not None:
        return frozenset({one_of(option, registered, ALGORITHMS)})
    if advertised is None:
        return frozenset({"RS256"})
    usable = {name for name, each in ALGORITHMS.items() if each.kty != "oct"}.intersection(
        advertised
    )
    if not usable:
        raise ConfigurationError(
            "the provider's metadata lists no signature algorithm that is safe to accept "
            f"unasked; name the one that this client is registered with as {option}"
        )
    return frozenset(usable)
