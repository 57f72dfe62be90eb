"""Which services there are."""

from __future__ import annotations

from typing import Final

from typedoauth import providers

__all__ = ["SERVICES"]

_PARTS: Final = frozenset(
    {"Endpoint", "Introspection", "TokenAnswer"}
    | {"OAuth1Provider", "OAuth2Provider", "OpenIDProvider", "Provider", "SERVICES"}
)

SERVICES: Final[tuple[str, ...]] = tuple(sorted(set(providers.__all__) - _PARTS))
"""The names of all services, as they are imported."""
