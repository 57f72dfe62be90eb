"""Keys of ``cryptography`` built from the members of a JWK (RFC 7518 6, RFC 8037 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from typedoauth.oidc._base64url import decode_text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
        EllipticCurvePublicNumbers,
    )
    from cryptography.hazmat.primitives.asymmetric.rsa import (
        RSAPrivateKey,
        RSAPublicKey,
        RSAPublicNumbers,
    )

    from typedoauth.oidc.algorithms import PrivateKey, PublicKey

Members = Mapping[str, object]

FEWEST_BITS: Final = 2048
_MOST_BITS: Final = 16384
_MOST_EXPONENT_BITS: Final = 64
_COORDINATE_SIZES: Final = {"P-256": 32, "P-384": 48, "P-521": 66}
_OKP_SIZES: Final = {"Ed25519": 32, "Ed448": 57}
_PRIMES: Final = tuple(
    n for n in range(3, 168, 2) if all(n % divisor for divisor in range(3, n, 2))
)


class UnusableKey(Exception):
    """A JWK that is broken or too weak; its text says why and quotes nothing of it."""


def _octets(members: Members, name: str) -> bytes:
    content = decode_text(members.get(name))
    if not content:
        raise UnusableKey(f"{name} is missing or not base64url without padding")
    return content


def _number(members: Members, name: str) -> int:
    return int.from_bytes(_octets(members, name), "big")


@cache
def _roca_residues() -> tuple[tuple[int, frozenset[int]], ...]:
    return tuple(
        (prime, frozenset(pow(65537, power, prime) for power in range(prime))) for prime in _PRIMES
    )


def check_rsa(modulus: int, exponent: int) -> None:
    """Refuse RSA keys that are too short, too long or known to be factored."""
    bits = modulus.bit_length()
    if not FEWEST_BITS <= bits <= _MOST_BITS:
        raise UnusableKey(f"RSA with {bits} bits; it is to have {FEWEST_BITS} to {_MOST_BITS}")
    if exponent < 3 or not exponent & 1 or exponent.bit_length() > _MOST_EXPONENT_BITS:
        raise UnusableKey("RSA with a public exponent that is even, 1 or huge")
    # The prime numbers of CVE-2017-15361 ("ROCA") leave a trace in the modulus.
    if not modulus & 1 or all(modulus % prime in found for prime, found in _roca_residues()):
        raise UnusableKey("RSA with a modulus that can be factored")


def _rsa_numbers(members: Members) -> RSAPublicNumbers:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    modulus, exponent = _number(members, "n"), _number(members, "e")
    check_rsa(modulus, exponent)
    return RSAPublicNumbers(exponent, modulus)


def _ec_numbers(members: Members, curve: str) -> EllipticCurvePublicNumbers:
    from cryptography.hazmat.primitives.asymmetric import ec

    x, y = _octets(members, "x"), _octets(members, "y")
    if not len(x) == len(y) == _COORDINATE_SIZES[curve]:
        raise UnusableKey(f"coordinates of another length than {curve} has")
    kinds: dict[str, Callable[[], ec.EllipticCurve]] = {
        "P-256": ec.SECP256R1,
        "P-384": ec.SECP384R1,
        "P-521": ec.SECP521R1,
    }
    return ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), kinds[curve]()
    )


def _rsa_public(members: Members) -> RSAPublicKey:
    return _rsa_numbers(members).public_key()


def _ec_public(members: Members, curve: str) -> EllipticCurvePublicKey:
    return _ec_numbers(members, curve).public_key()


def _rsa_private(members: Members) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa

    if "oth" in members:
        raise UnusableKey("RSA with more than two prime numbers")
    public, d = _rsa_numbers(members), _number(members, "d")
    if "p" in members:
        p, q = _number(members, "p"), _number(members, "q")
        dp, dq, qi = (_number(members, name) for name in ("dp", "dq", "qi"))
    else:
        p, q = rsa.rsa_recover_prime_factors(public.n, public.e, d)
        dp, dq, qi = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key()


def _ec_private(members: Members, curve: str) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateNumbers

    d = _octets(members, "d")
    if len(d) != _COORDINATE_SIZES[curve]:
        raise UnusableKey(f"d of another length than {curve} has")
    numbers = _ec_numbers(members, curve)
    return EllipticCurvePrivateNumbers(int.from_bytes(d, "big"), numbers).private_key()


def _okp_octets(members: Members, name: str, curve: str) -> bytes:
    content = _octets(members, name)
    if len(content) != _OKP_SIZES[curve]:
        raise UnusableKey(f"{name} of another length than {curve} has")
    return content


def _okp_public(members: Members, curve: str) -> PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    kind = Ed25519PublicKey if curve == "Ed25519" else Ed448PublicKey
    return kind.from_public_bytes(_okp_octets(members, "x", curve))


def _okp_private(members: Members, curve: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    kind = Ed25519PrivateKey if curve == "Ed25519" else Ed448PrivateKey
    key = kind.from_private_bytes(_okp_octets(members, "d", curve))
    if key.public_key().public_bytes_raw() != _octets(members, "x"):
        raise UnusableKey("d and x are not of one key")
    return key


def build_public(kty: str, curve: str | None, members: Members) -> PublicKey:
    """Build a public key of a known type and curve.

    Raises:
        UnusableKey: A member is missing or wrong, or the key is too weak.
    """
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        if curve is None:
            return _rsa_public(members)
        return _ec_public(members, curve) if kty == "EC" else _okp_public(members, curve)
    except (ValueError, UnsupportedAlgorithm):
        # No cause: its text may quote the key.
        raise UnusableKey(f"no valid {curve or kty} key, or not for this system") from None


def build_private(kty: str, curve: str | None, members: Members) -> PrivateKey:
    """Build a private key of a known type and curve.

    Raises:
        UnusableKey: A member is missing or wrong, or the key is too weak.
    """
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        if curve is None:
            return _rsa_private(members)
        return _ec_private(members, curve) if kty == "EC" else _okp_private(members, curve)
    except (ValueError, UnsupportedAlgorithm):
        # No cause: its text may quote the key.
        raise UnusableKey(f"no valid {curve or kty} private key, or not for this system") from None
