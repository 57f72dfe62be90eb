"""JSON Web Signatures in compact form (RFC 7515): verify and sign."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from typing_extensions import override

from typedoauth._json import parse_object
from typedoauth._words import printable
from typedoauth.errors import InvalidSignatureError, MalformedResponseError
from typedoauth.oidc._base64url import decode, encode
from typedoauth.oidc.algorithms import ALGORITHMS
from typedoauth.oidc.jwk import JSONWebKey
from typedoauth.oidc.jwk_set import JWKSet

__all__ = ["Keys", "VerifiedJWS", "sign_jws", "verify_jws"]

Keys: TypeAlias = JSONWebKey | JWKSet
"""One registered key (such as a client secret), or the set that a server publishes."""

MOST_BYTES: Final = 1 << 17
_LONGEST_HEADER: Final = 4096
_LONGEST_SHOWN: Final = 40
_DOT: Final = ord(".")
# What changes the meaning of a JWS, or brings or names a key that nobody trusts
# (RFC 7515 4.1, 10.7; RFC 7797 3).
_REFUSED: Final = ("crit", "b64", "jwk", "jku", "x5u", "x5c")


class VerifiedJWS(NamedTuple):
    """A JWS whose signature is right.

    Attributes:
        algorithm: Its ``alg``.
        header: The members of its header.
        payload: What was signed.
        key: The key that verified it.
    """

    algorithm: str
    header: Mapping[str, object]
    payload: bytes
    key: JSONWebKey

    @override
    def __repr__(self) -> str:
        return f"<VerifiedJWS by {self.algorithm}>"


class _Header(NamedTuple):
    algorithm: str
    kid: str | None
    members: Mapping[str, object]


# A server's headers differ by their kid only: each is parsed once.
@lru_cache(maxsize=128)
def _read_header(encoded: bytes) -> _Header:
    content = decode(encoded)
    if not content:
        raise InvalidSignatureError(
            "this is no JWS: its header is not base64url without padding (RFC 7515 2)"
        )
    try:
        members = parse_object(content, "the JWS header")
    except MalformedResponseError as error:
        raise InvalidSignatureError(error.description) from None  # that one is of no more use
    found = [name for name in _REFUSED if name in members]
    if found:
        raise InvalidSignatureError(
            f"the JWS header has {found[0]!r}, which is refused; keys and rules are those "
            "that are registered"
        )
    algorithm, kid = members.get("alg"), members.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        shown = printable(algorithm, longest=_LONGEST_SHOWN) if isinstance(algorithm, str) else ""
        raise InvalidSignatureError(f"alg {shown!r} of the JWS header is no signature algorithm")
    if not isinstance(kid, str | None) or not isinstance(members.get("typ"), str | None):
        raise InvalidSignatureError("kid or typ of the JWS header is not a text")
    return _Header(algorithm, kid, MappingProxyType(members))


def _not_compact(token: str) -> InvalidSignatureError:
    if len(token) > MOST_BYTES:
        return InvalidSignatureError(f"the JWS is longer than {MOST_BYTES} characters")
    if token.count(".") == 4:
        return InvalidSignatureError("this is an encrypted token (JWE); expected is a signed one")
    return InvalidSignatureError("this is no JWS, which has three parts (RFC 7515 7.1)")


def verify_jws(token: str, keys: Keys, algorithms: Collection[str]) -> VerifiedJWS:
    """Verify a compact JWS.

    Args:
        token: The JWS.
        keys: Who may have signed it.
        algorithms: By which algorithms; ``none`` is never one, whatever is said here.

    Returns:
        What was signed.

    Raises:
        UnknownKeyError: No key fits; a JWK set may be out of date.
        InvalidSignatureError: It is no JWS, or not signed by one of *algorithms* and *keys*.

    Spec: RFC 7515 5.2, 7.1; RFC 8725 3.1, 3.2.
    """
    message, _, encoded_signature = token.encode("utf-8", "replace").rpartition(b".")
    protected, separator, body = message.partition(b".")
    if not separator or _DOT in body or len(protected) > _LONGEST_HEADER or len(token) > MOST_BYTES:
        raise _not_compact(token)
    header = _read_header(protected)
    algorithm = header.algorithm
    if algorithm not in algorithms:
        raise InvalidSignatureError(
            f"signed by {algorithm}; expected is {', '.join(sorted(algorithms)) or 'nothing'}"
        )
    payload, signature = decode(body), decode(encoded_signature)
    if payload is None or not signature:
        raise InvalidSignatureError(
            "payload or signature of the JWS is not base64url without padding (RFC 7515 2)"
        )
    key = keys.choose(algorithm, header.kid)
    if not key.verifier(algorithm)(signature, message):
        raise InvalidSignatureError(
            f"the {algorithm} signature is wrong: made with another key, or for another text",
            keys_may_be_old=True,
        )
    return VerifiedJWS(algorithm, header.members, payload, key)


def sign_jws(
    payload: bytes, key: JSONWebKey, *, algorithm: str | None = None, typ: str | None = None
) -> str:
    """Make a compact JWS.

    Args:
        payload: What to sign.
        key: The key to sign with; its ``kid`` goes into the header.
        algorithm: One of its algorithms; the first when left out.
        typ: The ``typ`` of the header, if there is to be one.

    Returns:
        The JWS.

    Raises:
        ConfigurationError: The key is not for that algorithm, or not for signing.

    Spec: RFC 7515 5.1.
    """
    name = algorithm or key.algorithms[0]
    sign = key.signer(name)
    header = {"alg": name, "kid": key.kid, "typ": typ}
    members = {name: value for name, value in header.items() if value is not None}
    protected = encode(json.dumps(members, separators=(",", ":")).encode())
    message = protected + b"." + encode(payload)
    return (message + b"." + encode(sign(message))).decode("ascii")
