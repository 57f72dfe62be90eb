"""Claims of OpenID Connect (Core 2, 5.1): dicts at run time, TypedDicts to the checker."""

from __future__ import annotations

from typing import Required

from typing_extensions import TypedDict

__all__ = ["Address", "IdTokenClaims", "StandardClaims", "UserInfo"]


class Address(TypedDict, total=False):
    """The ``address`` claim (OpenID Connect Core 5.1.1)."""

    formatted: str
    street_address: str
    locality: str
    region: str
    postal_code: str
    country: str


class StandardClaims(TypedDict, total=False):
    """What a provider says about an End-User (OpenID Connect Core 5.1).

    Other claims are there as the provider sent them. Those of this type that came
    with another one are left out, but for a flag written as text, which is read:
    ``"false"`` would count as true.
    """

    sub: Required[str]
    name: str
    given_name: str
    family_name: str
    middle_name: str
    nickname: str
    preferred_username: str
    profile: str
    picture: str
    website: str
    email: str
    email_verified: bool
    gender: str
    birthdate: str
    zoneinfo: str
    locale: str
    phone_number: str
    phone_number_verified: bool
    address: Address
    updated_at: float | str


class UserInfo(StandardClaims, total=False):
    """The answer of a UserInfo endpoint (OpenID Connect Core 5.3.2)."""


class IdTokenClaims(StandardClaims, total=False):
    """The claims of an ID Token (OpenID Connect Core 2); times in seconds since the epoch."""

    iss: Required[str]
    aud: Required[str | list[str]]
    exp: Required[float]
    iat: Required[float]
    nbf: float
    auth_time: float
    nonce: str
    acr: str
    amr: list[str]
    azp: str
    at_hash: str
    c_hash: str
    sid: str
    jti: str
