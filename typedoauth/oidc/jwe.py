"""JSON Web Encryption in compact form (RFC 7516): decrypt, with the extra ``jwe``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast, final

from typedoauth._json import parse_object
from typedoauth._names import one_of
from typedoauth._words import printable
from typedoauth.errors import (
    ConfigurationError,
    IdTokenError,
    MalformedResponseError,
    MissingExtraError,
)
from typedoauth.oidc._base64url import decode, decode_text
from typedoauth.oidc.decryption_keys import JWE_ENCRYPTIONS, DecryptionKey, check_jwe_algorithm
from typedoauth.oidc.jws import MOST_BYTES

if TYPE_CHECKING:
    from joserfc.jwk import Key

__all__ = ["Decryption", "decrypt_jwe"]

_LONGEST_HEADER: Final = 4096
# base64url of the longest JWS, and of everything around it.
_LONGEST_TOKEN: Final = MOST_BYTES * 4 // 3 + 2 * _LONGEST_HEADER
_LONGEST_SHOWN: Final = 40
# What inflates, changes the meaning, or brings or names a key that nobody trusts
# (RFC 7516 4.1, 11; RFC 8725 3.6, 3.10).
_REFUSED: Final = ("zip", "crit", "jwk", "jku", "x5u", "x5c")
_COORDINATE_SIZES: Final = {"P-256": 32, "P-384": 48, "P-521": 66, "X25519": 32, "X448": 56}
_GCM_IV_SIZE: Final = 12
_GCM_TAG_SIZE: Final = 16


@final
@dataclass(frozen=True, slots=True)
class Decryption:
    """How a client's ID Tokens, or its UserInfo responses, are encrypted.

    Args:
        keys: The client's keys; several while one replaces another.
        algorithm: The only ``alg``: ``id_token_encrypted_response_alg`` or
            ``userinfo_encrypted_response_alg`` of the registration.
        encryption: The only ``enc``: the ``..._enc`` of the registration.

    Attributes:
        keys: The keys.
        algorithm: The only ``alg``.
        encryption: The only ``enc``.

    Raises:
        ConfigurationError: No such algorithm, or no key for it.
        MissingExtraError: The extra ``jwe`` is not installed.

    Spec: OpenID Connect Dynamic Client Registration 2.
    """

    keys: tuple[DecryptionKey, ...]
    algorithm: str
    encryption: str = "A128CBC-HS256"

    def __post_init__(self) -> None:
        check_jwe_algorithm(self.algorithm)
        one_of("the enc of encrypted tokens", self.encryption, JWE_ENCRYPTIONS)
        if not self._suitable():
            raise ConfigurationError(
                f"no decryption key is for {self.algorithm} with {self.encryption}; its type, "
                "its length or its alg is another, or none was given"
            )
        try:
            import joserfc.jwe as _  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                "encrypted tokens need joserfc: pip install 'typedoauth[jwe]'"
            ) from error

    def _suitable(self) -> list[DecryptionKey]:
        return [key for key in self.keys if key.fits(self.algorithm, self.encryption)]

    def candidates(self, kid: str | None) -> list[DecryptionKey]:
        """List the keys that a JWE may have been made for.

        Args:
            kid: Its ``kid``, if it has one.

        Returns:
            The keys with that ``kid``, or else those without one; without a ``kid``, all.

        Spec: RFC 7516 4.1.6.
        """
        keys = self._suitable()
        if kid is None:
            return keys
        return [key for key in keys if key.kid == kid] or [key for key in keys if key.kid is None]


def _shown(value: object) -> str:
    return repr(printable(value, longest=_LONGEST_SHOWN)) if isinstance(value, str) else "nothing"


def _not_compact(token: str) -> IdTokenError:
    if len(token) > _LONGEST_TOKEN:
        return IdTokenError(f"the JWE is longer than {_LONGEST_TOKEN} characters")
    if token.count(".") == 2:
        return IdTokenError(
            "this is a signed token (JWS) that is not encrypted; registered is an encrypted one"
        )
    return IdTokenError("this is no JWE, which has five parts (RFC 7516 7.1)")


def _read_header(encoded: bytes) -> Mapping[str, object]:
    content = decode(encoded)
    if not content:
        raise IdTokenError(
            "this is no JWE: its header is not base64url without padding (RFC 7516 2)"
        )
    try:
        members = parse_object(content, "the JWE header")
    except MalformedResponseError as error:
        raise IdTokenError(error.description) from None  # that one is of no more use
    found = [name for name in _REFUSED if name in members]
    if found:
        raise IdTokenError(
            f"the JWE header has {found[0]!r}, which is refused; keys and rules are those "
            "that are registered"
        )
    if not all(isinstance(members.get(name), str | None) for name in ("kid", "typ", "cty")):
        raise IdTokenError("kid, typ or cty of the JWE header is not a text")
    return members


def _is_ephemeral_key(value: object, key: DecryptionKey) -> bool:
    """Whether it is a public key of the same curve (RFC 7518 4.6.1.1)."""
    if not isinstance(value, Mapping):
        return False
    members = cast("Mapping[str, object]", value)  # JSON has no other keys than text
    lengths = {
        len(decode_text(members.get(name)) or b"")
        for name in (("x", "y") if key.kty == "EC" else ("x",))
    }
    return (
        members.get("kty") == key.kty
        and members.get("crv") == key.crv
        and lengths == {_COORDINATE_SIZES.get(key.crv or "")}
        and "d" not in members
    )


def _fits_algorithm(header: Mapping[str, object], algorithm: str, key: DecryptionKey) -> bool:
    """Whether the parameters of the algorithm have the form they are to have."""
    if algorithm.startswith("ECDH-ES"):
        parties = [header.get(name, "") for name in ("apu", "apv")]
        return _is_ephemeral_key(header.get("epk"), key) and all(
            decode_text(party) is not None for party in parties
        )
    if algorithm.endswith("GCMKW"):
        sizes = [len(decode_text(header.get(name)) or b"") for name in ("iv", "tag")]
        return sizes == [_GCM_IV_SIZE, _GCM_TAG_SIZE]
    return True


def _recipient(key: DecryptionKey) -> Key:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from joserfc import jwk

    private = key.private
    if isinstance(private, bytes):
        return jwk.OctKey.import_key(private)
    if isinstance(private, RSAPrivateKey):
        return jwk.RSAKey.import_key(private)
    if isinstance(private, EllipticCurvePrivateKey):
        return jwk.ECKey.import_key(private)
    return jwk.OKPKey.import_key(private)


def _decrypt(token: str, key: DecryptionKey, decryption: Decryption) -> str | None:
    from joserfc import jwe

    registry = jwe.JWERegistry(
        algorithms=(decryption.algorithm, decryption.encryption), strict_check_header=False
    )
    registry.max_protected_header_length = registry.max_encrypted_key_length = _LONGEST_HEADER
    registry.max_ciphertext_length = _LONGEST_TOKEN
    try:
        found = jwe.decrypt_compact(token, _recipient(key), registry=registry)
        return (found.plaintext or b"").decode()
    except Exception:  # noqa: BLE001 - whatever went wrong: telling it apart would help to decrypt
        return None


def decrypt_jwe(token: str, decryption: Decryption) -> str:
    """Decrypt a compact JWE.

    Args:
        token: The JWE.
        decryption: How it is encrypted, as registered.

    Returns:
        What was encrypted: a compact JWS that is still to be verified, or, in an encrypted
        UserInfo response that is not signed, JSON.

    Raises:
        IdTokenError: It is no JWE, is not encrypted as registered, or cannot be
            decrypted. The last is one message, whatever the reason.

    Spec: RFC 7516 5.2, 11.5; OpenID Connect Core 3.1.3.7, 5.3.2, 10.2.
    """
    parts = token.encode("utf-8", "replace").split(b".") if len(token) <= _LONGEST_TOKEN else []
    if len(parts) != 5 or len(parts[0]) > _LONGEST_HEADER:
        raise _not_compact(token)
    header = _read_header(parts[0])
    named = (header.get("alg"), header.get("enc"))
    if named != (decryption.algorithm, decryption.encryption):
        raise IdTokenError(
            f"encrypted by {_shown(named[0])} and {_shown(named[1])}; registered are "
            f"{decryption.algorithm} and {decryption.encryption}"
        )
    if any(decode(part) is None for part in parts[1:]):
        raise IdTokenError("a part of the JWE is not base64url without padding (RFC 7516 2)")
    kid = cast("str | None", header.get("kid"))  # checked with the header
    keys = decryption.candidates(kid)
    if not keys:
        raise IdTokenError(
            f"encrypted for the key {_shown(kid)}, which the client does not have; it is "
            "to keep a replaced key until the provider has its successor"
        )
    for key in keys:
        if _fits_algorithm(header, decryption.algorithm, key):
            found = _decrypt(token, key, decryption)
            if found is not None:
                return found
    raise IdTokenError(
        "the JWE cannot be decrypted: it was made for another key, or changed on the way"
    )
