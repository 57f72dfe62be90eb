"""JSON Web Keys (RFC 7517 4): read, checked and built once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from typedoauth._names import one_of
from typedoauth.errors import (
    ConfigurationError,
    InvalidSignatureError,
    UnknownKeyError,
)
from typedoauth.oidc.algorithms import ALGORITHMS, Signer, Verifier, make_signer, make_verifier

if TYPE_CHECKING:
    from typedoauth.oidc.algorithms import PrivateKey, PublicKey

__all__ = ["JSONWebKey", "secret_key", "suitable_algorithms"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class JSONWebKey:
    """A key for signatures, ready to use.

    Attributes:
        kty: Its type: ``RSA``, ``EC``, ``OKP`` or ``oct``.
        crv: Its curve, or ``None``.
        kid: Its identifier, or ``None``.
        algorithms: What it may be used with; the first is its own choice.
        issuer: The issuer that it signs for, where the JWK says so (Microsoft).
    """

    kty: str
    algorithms: tuple[str, ...]
    crv: str | None = None
    kid: str | None = None
    issuer: str | None = None
    _public: PublicKey | bytes | None = field(default=None, repr=False)
    _private: PrivateKey | bytes | None = field(default=None, repr=False)
    _verifiers: dict[str, Verifier] = field(default_factory=dict[str, Verifier], repr=False)
    _signers: dict[str, Signer] = field(default_factory=dict[str, Signer], repr=False)

    @property
    def can_verify(self) -> bool:
        """Whether its ``key_ops`` allow it to verify."""
        return self._public is not None

    def choose(self, algorithm: str, kid: str | None = None) -> JSONWebKey:
        """Return this key, if it fits.

        Args:
            algorithm: The ``alg`` of a signature.
            kid: Its ``kid``, if it has one.

        Returns:
            The key.

        Raises:
            UnknownKeyError: The signature names another key.
            InvalidSignatureError: The key is not for that algorithm.
        """
        if None not in (kid, self.kid) and kid != self.kid:
            raise UnknownKeyError("signed with another key than the one that is registered")
        if algorithm not in self.algorithms:
            raise InvalidSignatureError(
                f"signed by {algorithm}; the registered key is for {', '.join(self.algorithms)}"
            )
        return self

    def verifier(self, algorithm: str) -> Verifier:
        """Return what verifies signatures with this key; it is made once.

        Args:
            algorithm: One of its algorithms.

        Returns:
            A function of a signature and its message.

        Raises:
            ConfigurationError: The key is not for that algorithm, or not for verifying.
        """
        verifier = self._verifiers.get(algorithm)
        if verifier is None:
            if self._public is None:
                raise ConfigurationError("this key is not for verifying; its key_ops say so")
            self._check(algorithm)
            verifier = make_verifier(ALGORITHMS[algorithm], self._public)
            self._verifiers[algorithm] = verifier
        return verifier

    def signer(self, algorithm: str) -> Signer:
        """Return what signs with this key; it is made once.

        Args:
            algorithm: One of its algorithms.

        Returns:
            A function of a message that gives its signature.

        Raises:
            ConfigurationError: The key is not for that algorithm, or not for signing.
        """
        signer = self._signers.get(algorithm)
        if signer is None:
            if self._private is None:
                raise ConfigurationError(
                    "this key cannot sign: it is a public key, or its use or key_ops forbid it"
                )
            self._check(algorithm)
            signer = make_signer(ALGORITHMS[algorithm], self._private)
            self._signers[algorithm] = signer
        return signer

    def _check(self, algorithm: str) -> None:
        if algorithm not in self.algorithms:
            raise ConfigurationError(
                f"a key for {', '.join(self.algorithms)} cannot be used for {algorithm}"
            )


def suitable_algorithms(kty: str, curve: str | None, secret: bytes = b"") -> tuple[str, ...]:
    """List what a key can be used with.

    Args:
        kty: Its type.
        curve: Its curve, or ``None``.
        secret: The octets of a symmetric key; it is not to be shorter than the hash.

    Returns:
        Names of algorithms, the first choice first.

    Spec: RFC 7518 3.1, 3.2.
    """
    return tuple(
        each.name
        for each in ALGORITHMS.values()
        if each.kty == kty
        and (curve is None or curve in each.curves)
        and (kty != "oct" or len(secret) >= each.shortest_secret)
    )


def secret_key(secret: str | bytes, algorithm: str | None = None) -> JSONWebKey:
    """Make the key of a shared secret, which ``HS256`` and its like need.

    Args:
        secret: The ``client_secret``.
        algorithm: The only algorithm it is for.

    Returns:
        The key.

    Raises:
        ConfigurationError: The secret is shorter than the hash, or the algorithm
            is not symmetric.

    Spec: OpenID Connect Core 10.1, RFC 7518 3.2.
    """
    octets = secret.encode() if isinstance(secret, str) else secret
    names = [each.name for each in ALGORITHMS.values() if each.kty == "oct"]
    wanted = one_of("the algorithm of a client_secret", algorithm or names[0], names)
    algorithms = suitable_algorithms("oct", None, octets)
    if wanted not in algorithms:
        raise ConfigurationError(
            f"{wanted} needs a client_secret of {ALGORITHMS[wanted].shortest_secret} bytes; "
            f"this one has {len(octets)}"
        )
    chosen = (algorithm,) if algorithm else algorithms
    return JSONWebKey("oct", chosen, _public=octets, _private=octets)
