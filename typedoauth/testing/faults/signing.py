"""What can be wrong with the signature of a JWT (RFC 7515, RFC 8725)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from typedoauth.testing.drafts import Draft
from typedoauth.testing.faults.edits import OTHER, Edit, appended, doubled, replaced, without
from typedoauth.testing.faults.kinds import Fault, KeyFault
from typedoauth.testing.jws import PrivateKey, b64, b64_json, sign
from typedoauth.testing.keys import SigningKey, make_key, public_jwk

__all__ = [
    "FAULTS",
    "PUBLISHED",
    "TOKEN_ROWS",
    "TokenChange",
    "TokenRow",
    "attacker_key",
    "claims",
    "header",
    "payload_text",
    "signed_by_attacker",
    "unsigned",
]

TokenChange: TypeAlias = Callable[[Draft], str]
"""Gets what is about to be signed, and returns the JWT."""

PUBLISHED: Final = b"published" * 8
"""A secret that everybody knows, where the JWK set has it."""

TokenRow: TypeAlias = tuple[str, str, str, TokenChange]
"""Name without family, rule, description, change."""


# Fits into the headers that are read at all.
_DEEP: Final = "[" * 1_400 + "]" * 1_400


@cache
def attacker_key(kind: str = "RSA") -> PrivateKey:
    """Make a key that is not the provider's, once.

    Args:
        kind: ``RSA``, or the name of a curve.

    Returns:
        The key.
    """
    return make_key(kind)


@cache
def _weak_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  the fault


def claims(edit: Edit) -> TokenChange:
    """Sign other claims.

    Args:
        edit: What changes them.

    Returns:
        The change.
    """
    return lambda draft: replace(draft, claims=edit(draft.claims)).compact()


def header(edit: Edit) -> TokenChange:
    """Sign with another header.

    Args:
        edit: What changes it.

    Returns:
        The change.
    """
    return lambda draft: replace(draft, header=edit(draft.header)).compact()


def payload_text(change: Callable[[str], str]) -> TokenChange:
    """Sign another payload.

    Args:
        change: Gets the claims as JSON.

    Returns:
        The change.
    """
    return lambda draft: draft.compact(payload=change(json.dumps(dict(draft.claims))))


def unsigned(algorithm: str, end: str = ".") -> TokenChange:
    """Leave the signature out.

    Args:
        algorithm: What the header says.
        end: What stands in its place.

    Returns:
        The change.
    """

    def change(draft: Draft) -> str:
        first = b64_json({**draft.header, "alg": algorithm})
        return f"{first}.{b64_json(draft.claims)}{end}"

    return change


def signed_by_attacker(draft: Draft) -> str:
    """Sign with a key that the provider does not have, under the same ``kid``.

    Args:
        draft: What is about to be signed.

    Returns:
        The JWT.
    """
    if isinstance(draft.key, bytes):
        return replace(draft, key=b"a secret of the attacker's own, long enough for all").compact()
    kind = str(public_jwk(draft.key.public_key()).get("crv", "RSA"))
    return replace(draft, key=attacker_key(kind)).compact()


def _with_embedded_key(draft: Draft) -> str:
    jwk = public_jwk(attacker_key().public_key())
    members = {**draft.header, "alg": "RS256", "jwk": jwk}
    return replace(draft, header=members, algorithm="RS256", key=attacker_key()).compact()


def _with_public_key_as_secret(draft: Draft) -> str:
    if isinstance(draft.key, bytes):
        return signed_by_attacker(draft)
    pem = draft.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    members = {**draft.header, "alg": "HS256"}
    return replace(draft, header=members, algorithm="HS256", key=pem).compact()


def _with_client_secret(draft: Draft) -> str:
    members = {"alg": "HS256", "typ": "JWT"}
    secret = draft.client_secret
    return replace(draft, header=members, algorithm="HS256", key=secret).compact()


def _with_published_secret(draft: Draft) -> str:
    members = {"alg": "HS256", "kid": "secret", "typ": "JWT"}
    return replace(draft, header=members, algorithm="HS256", key=PUBLISHED).compact()


def _by(algorithm: str) -> TokenChange:
    def change(draft: Draft) -> str:
        key = draft.keys.current(algorithm)
        members = {**draft.header, "alg": algorithm, "kid": key.kid}
        return replace(draft, header=members, algorithm=algorithm, key=key.private).compact()

    return change


def _called(algorithm: str) -> TokenChange:
    return header(replaced("alg", algorithm))


def _parts(change: Callable[[list[str]], list[str]]) -> TokenChange:
    return lambda draft: ".".join(change(draft.compact().split(".")))


def _tampered(part: str) -> str:
    return ("B" if part[0] == "A" else "A") + part[1:]


def _other_payload(parts: list[str], draft: Draft) -> list[str]:
    return [parts[0], b64_json({**draft.claims, "sub": "eve"}), parts[2]]


def _encrypted(_: Draft) -> str:
    first = b64_json({"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"})
    return ".".join((first, *(b64(b"x" * size) for size in (256, 12, 400, 16))))


def _padded(draft: Draft) -> str:
    first, second, _ = (f"{one}{'=' * (-len(one) % 4)}" for one in draft.compact().split("."))
    message = f"{first}.{second}"
    signature = base64.urlsafe_b64encode(sign(draft.algorithm, draft.key, message.encode()))
    return f"{message}.{signature.decode()}"


def _raw_header(change: Callable[[str], str]) -> TokenChange:
    def compact(draft: Draft) -> str:
        text = change(json.dumps(dict(draft.header)))
        return draft.compact(header=b64(text.encode()))

    return compact


TOKEN_ROWS: Final[tuple[TokenRow, ...]] = (
    ("alg_none", "RFC 8725 3.2", "unsigned, by alg none", unsigned("none")),
    ("alg_none_capitals", "RFC 8725 3.1", "unsigned, by alg NonE", unsigned("NonE")),
    ("two_parts", "RFC 7515 7.1", "unsigned, without the last dot", unsigned("none", "")),
    ("signature_missing", "RFC 7515 5.2", "an empty signature", _parts(lambda p: [p[0], p[1], ""])),
    (
        "signature_tampered",
        "RFC 7515 5.2",
        "another signature",
        _parts(lambda p: [p[0], p[1], _tampered(p[2])]),
    ),
    (
        "signature_short",
        "RFC 7515 5.2",
        "half a signature",
        _parts(lambda p: [p[0], p[1], p[2][: len(p[2]) // 2]]),
    ),
    (
        "payload_tampered",
        "RFC 7515 5.2",
        "another subject under the same signature",
        lambda draft: ".".join(_other_payload(draft.compact().split("."), draft)),
    ),
    ("other_key", "RFC 7515 5.2", "signed by another key, of the same kid", signed_by_attacker),
    ("kid_unknown", "Core 10.1", "a kid that is not published", header(replaced("kid", "unknown"))),
    ("kid_missing", "RFC 7515 4.1.4", "no kid", header(without("kid"))),
    ("kid_number", "RFC 7515 4.1.4", "the kid is a number", header(replaced("kid", 1))),
    (
        "kid_path",
        "RFC 8725 3.10",
        "a kid that is a path and a query",
        header(replaced("kid", "../../dev/null' OR 1=1 --")),
    ),
    ("embedded_jwk", "RFC 8725 3.10", "signed by a key that it brings along", _with_embedded_key),
    (
        "jku",
        "RFC 8725 3.10",
        "says where its key is, on another host",
        header(replaced("jku", f"{OTHER}/jwks")),
    ),
    (
        "x5u",
        "RFC 8725 3.10",
        "says where its certificate is, on another host",
        header(replaced("x5u", f"{OTHER}/certificate")),
    ),
    ("x5c", "RFC 8725 3.10", "brings certificates along", header(replaced("x5c", ["MIIB"]))),
    (
        "crit",
        "RFC 7515 4.1.11",
        "an extension that has to be understood",
        header(lambda found: {**found, "crit": ["x"], "x": 1}),
    ),
    ("crit_empty", "RFC 7515 4.1.11", "an empty list of extensions", header(replaced("crit", []))),
    (
        "b64_false",
        "RFC 7797 3",
        "a payload that is not encoded, it says",
        header(replaced("b64", False)),
    ),
    (
        "alg_hs256_with_public_key",
        "RFC 8725 3.1",
        "signed with the public key as a secret",
        _with_public_key_as_secret,
    ),
    (
        "alg_hs256_with_client_secret",
        "Core 3.1.3.7 rule 7",
        "signed with the client secret, not as registered",
        _with_client_secret,
    ),
    (
        "alg_hs256_with_published_secret",
        "RFC 8725 3.1",
        "signed with a secret that the JWK set may publish",
        _with_published_secret,
    ),
    ("alg_es256", "Core 3.1.3.7 rule 7", "signed by ES256, rightly", _by("ES256")),
    ("alg_ps256", "Core 3.1.3.7 rule 7", "signed by PS256, rightly", _by("PS256")),
    ("alg_wrong", "RFC 8725 3.1", "called ES256, signed otherwise", _called("ES256")),
    ("alg_unknown", "RFC 7518 3.1", "an algorithm that nobody knows", _called("ROT13")),
    ("alg_missing", "RFC 7515 4.1.1", "no algorithm", header(without("alg"))),
    ("alg_number", "RFC 7515 4.1.1", "the algorithm is a number", header(replaced("alg", 1))),
    ("alg_twice", "RFC 7515 4", "two algorithms", _raw_header(doubled("alg", "none"))),
    ("header_deep", "RFC 7515 4", "a header nested deep", _raw_header(appended(_DEEP))),
    ("header_huge", "RFC 7515 4", "a header of 10 KB", header(replaced("x", "x" * 10_000))),
    (
        "header_not_json",
        "RFC 7515 5.2",
        "a header that ends too early",
        _raw_header(lambda h: h[:-1]),
    ),
    ("header_array", "RFC 7515 5.2", "the header in a list", _raw_header(lambda h: f"[{h}]")),
    ("extra_part", "RFC 7515 7.1", "a fourth part", lambda draft: f"{draft.compact()}.x"),
    ("encrypted", "RFC 7516 7.1", "encrypted, which was not asked for", _encrypted),
    ("padded", "RFC 7515 2", "base64url with padding", _padded),
    ("line_break", "RFC 7515 2", "a line break at its end", lambda draft: f"{draft.compact()}\n"),
    (
        "space_inside",
        "RFC 7515 2",
        "spaces around the dots",
        lambda draft: draft.compact().replace(".", " . "),
    ),
    ("not_a_jwt", "RFC 7519 7.2", "words in place of a token", lambda _: "not a token"),
)
"""What can be wrong with any JWT of the provider."""


def _weakened(key: SigningKey) -> SigningKey:
    return replace(key, private=_weak_key()) if key.algorithm[:2] in ("RS", "PS") else key


FAULTS: Final[tuple[Fault, ...]] = (
    KeyFault("keys_rsa_1024", "keys", "RFC 7518 3.3", "RSA keys of 1024 bits sign", _weakened),
)
"""The faults of the keys themselves."""
