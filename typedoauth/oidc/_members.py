"""What the members of a JWK say about it (RFC 7517 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from typedoauth.oidc._base64url import decode_text
from typedoauth.oidc._material import UnusableKey, build_private, build_public
from typedoauth.oidc.jwk import JSONWebKey, suitable_algorithms

if TYPE_CHECKING:
    from typedoauth.oidc.algorithms import PrivateKey, PublicKey

_CURVES: Final = {
    "RSA": (None,),
    "EC": ("P-256", "P-384", "P-521"),
    "OKP": ("Ed25519", "Ed448"),
}


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    if not isinstance(value, str | None):
        raise UnusableKey(f"{name} is not a text")
    return value


def _operations(members: Mapping[str, object]) -> frozenset[str]:
    """Which of ``sign`` and ``verify`` the key is for (RFC 7517 4.2, 4.3)."""
    both = frozenset({"sign", "verify"})
    if _text(members, "use") not in (None, "sig"):
        raise UnusableKey("its use is not 'sig'")
    listed = members.get("key_ops")
    if listed is None:
        return both
    operations = cast("list[object]", listed) if isinstance(listed, list) else []  # any list
    texts = [one for one in operations if isinstance(one, str)]
    if len(set(texts)) != len(operations) or not both & set(texts):
        raise UnusableKey("its key_ops list neither 'verify' nor 'sign'")
    return both & set(texts)


def _curve(members: Mapping[str, object], kty: str) -> str | None:
    if kty not in _CURVES:
        raise UnusableKey("its kty is not RSA, EC, OKP or oct")
    curve = None if kty == "RSA" else _text(members, "crv")
    if curve not in _CURVES[kty]:
        raise UnusableKey("its curve is not one for signatures that is supported")
    return curve


def _pinned(suitable: tuple[str, ...], algorithm: str | None) -> tuple[str, ...]:
    if algorithm is None:
        return suitable
    if algorithm not in suitable:
        raise UnusableKey("its alg is none for signatures with a key of this type and length")
    return (algorithm,)


def key_from_members(members: Mapping[str, object]) -> JSONWebKey:
    """Build a key from the members of its JWK, without choosing an error for the caller.

    Args:
        members: The JWK: public, private or symmetric.

    Returns:
        The key.

    Raises:
        UnusableKey: It is broken, too weak, or not for signatures.
    """
    kty, algorithm = _text(members, "kty") or "", _text(members, "alg")
    kid, issuer = _text(members, "kid"), _text(members, "issuer")
    operations = _operations(members)
    public: PublicKey | bytes
    private: PrivateKey | bytes | None
    if kty == "oct":
        curve, secret = None, decode_text(members.get("k")) or b""
        algorithms = suitable_algorithms(kty, None, secret)
        if not algorithms:
            raise UnusableKey("k is missing, not base64url without padding, or under 256 bits")
        public = private = secret
    else:
        curve = _curve(members, kty)
        algorithms = suitable_algorithms(kty, curve)
        private = build_private(kty, curve, members) if "d" in members else None
        public = private.public_key() if private else build_public(kty, curve, members)
    return JSONWebKey(
        kty,
        _pinned(algorithms, algorithm),
        curve,
        kid,
        issuer,
        public if "verify" in operations else None,
        private if "sign" in operations else None,
    )
