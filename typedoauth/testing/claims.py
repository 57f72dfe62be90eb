"""What the provider tells about a user, by scope and by name (OpenID Connect Core 5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from typedoauth.testing.records import User

__all__ = ["BY_SCOPE", "released"]

BY_SCOPE: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": (
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
}
"""The claims that each scope value asks for (Core 5.4)."""


def released(user: User, scope: Collection[str], names: Collection[str]) -> dict[str, object]:
    """Collect the claims that a client may have.

    Args:
        user: Whom they are about.
        scope: What was granted.
        names: The claims that were asked for one by one (Core 5.5).

    Returns:
        Those that there are, without ``sub``.
    """
    known: dict[str, object] = {"name": user.name, "email": user.email, **user.claims}
    asked = {*names, *(name for value in scope for name in BY_SCOPE.get(value, ()))}
    return {name: value for name, value in known.items() if name in asked and value is not None}
