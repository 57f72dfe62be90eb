"""JWK sets, as authorization servers publish them (RFC 7517 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast, final

from typing_extensions import override

from typedoauth._json import parse_object
from typedoauth._words import printable
from typedoauth.errors import InvalidSignatureError, MalformedResponseError, UnknownKeyError
from typedoauth.oidc._material import UnusableKey
from typedoauth.oidc._members import key_from_members
from typedoauth.oidc.jwk import JSONWebKey

__all__ = ["JWKSet", "parse_jwk_set", "read_jwk_set"]

MOST_BYTES: Final = 1 << 19
MOST_KEYS: Final = 200
_LONGEST_KID: Final = 60
_REASONS_SHOWN: Final = 3


@final
class JWKSet:
    """The public keys of a server, built and indexed.

    Args:
        keys: The keys, for verifying.
        refused: Why others of the published ones were left out.

    Attributes:
        keys: The keys.
        refused: Why others were left out: a sentence for each.
    """

    __slots__ = ("_index", "keys", "refused")

    keys: tuple[JSONWebKey, ...]
    refused: tuple[str, ...]
    _index: dict[tuple[str | None, str], JSONWebKey | None]

    def __init__(self, keys: tuple[JSONWebKey, ...], refused: tuple[str, ...] = ()) -> None:
        self.keys = keys
        self.refused = refused
        self._index = {}
        for key in keys:
            for algorithm in key.algorithms:
                for kid in {None, key.kid}:
                    # None marks what several keys could have signed.
                    again = (kid, algorithm) in self._index
                    self._index[kid, algorithm] = None if again else key

    @override
    def __repr__(self) -> str:
        return f"<JWKSet of {len(self.keys)} keys>"

    def choose(self, algorithm: str, kid: str | None = None) -> JSONWebKey:
        """Choose the key of a signature.

        Args:
            algorithm: Its ``alg``.
            kid: Its ``kid``; without one, there must be exactly one suitable key.

        Returns:
            The key.

        Raises:
            UnknownKeyError: There is none; the set may be out of date.
            InvalidSignatureError: Several would do.

        Spec: OpenID Connect Core 10.1, RFC 7515 6.
        """
        key = self._index.get((kid, algorithm))
        if key is not None:
            return key
        shown = "no kid" if kid is None else f"kid {printable(kid, longest=_LONGEST_KID)!r}"
        if (kid, algorithm) in self._index:
            raise InvalidSignatureError(
                f"several keys of the JWK set could have made this {algorithm} signature, which "
                f"has {shown}; the server must give each key a kid of its own and send it",
                keys_may_be_old=True,
            )
        why = "; ".join(self.refused[:_REASONS_SHOWN])
        raise UnknownKeyError(
            f"the JWK set has no usable key for this {algorithm} signature, which has {shown}"
            + (f" (left out: {why})" if why else "")
        )


def _read_key(entry: object) -> JSONWebKey:
    if not isinstance(entry, Mapping):
        raise UnusableKey("it is no JSON object")
    if "d" in entry:
        # Not built first: to find the prime numbers of a made-up key may take for ever.
        raise UnusableKey("its private part is public")
    key = key_from_members(cast("Mapping[str, object]", entry))  # JSON has no other keys than text
    if key.kty == "oct":
        raise UnusableKey("a published secret is none")
    if not key.can_verify:
        raise UnusableKey("its key_ops do not list 'verify'")
    return key


def _name(entry: object, position: int) -> str:
    if isinstance(entry, Mapping):
        kid: object = cast("Mapping[str, object]", entry).get("kid")  # as above
        if isinstance(kid, str) and kid:
            return f"key {printable(kid, longest=_LONGEST_KID)!r}"
    return f"key {position}"


def read_jwk_set(document: Mapping[str, object]) -> JWKSet:
    """Take the usable keys of a JWK set.

    Keys that are broken, too weak, symmetric, or not for signatures are left out:
    a set may hold such for others (RFC 7517 5), and no signature counts by them.

    Args:
        document: The parsed document.

    Returns:
        The set, which may be empty.

    Raises:
        MalformedResponseError: ``keys`` is no list, or too long.
    """
    entries = document.get("keys")
    if not isinstance(entries, list):
        raise MalformedResponseError("the JWK set has no list of keys (RFC 7517 5.1)")
    listed = cast("list[object]", entries)  # each is looked at
    if len(listed) > MOST_KEYS:
        raise MalformedResponseError(f"the JWK set has more than {MOST_KEYS} keys")
    keys: list[JSONWebKey] = []
    refused: list[str] = []
    for position, entry in enumerate(listed, 1):
        try:
            keys.append(_read_key(entry))
        except UnusableKey as error:
            refused.append(f"{_name(entry, position)}: {error}")
    return JWKSet(tuple(keys), tuple(refused))


def parse_jwk_set(content: bytes) -> JWKSet:
    """Parse a JWK set.

    Args:
        content: The document, at most half a megabyte of it.

    Returns:
        The set.

    Raises:
        MalformedResponseError: It is too large, not strict JSON, or no JWK set.
    """
    if len(content) > MOST_BYTES:
        raise MalformedResponseError(f"the JWK set is larger than {MOST_BYTES} bytes")
    return read_jwk_set(parse_object(content, "the JWK set"))
