"""A JWT just before it is signed: where faults come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from typedoauth.testing.jws import PrivateKey, b64, b64_json, sign
from typedoauth.testing.keys import KeyRing

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A JWT that is about to be signed.

    Attributes:
        header: The members of its header.
        claims: Its claims.
        algorithm: How it is signed, whatever the header says.
        key: The private key, or the client secret.
        client_secret: The client secret; empty where there is none.
        keys: All keys of the provider.
    """

    header: Mapping[str, object]
    claims: Mapping[str, object]
    algorithm: str
    key: PrivateKey | bytes = field(repr=False)
    client_secret: bytes = field(repr=False)
    keys: KeyRing = field(repr=False)

    def compact(self, *, header: str | None = None, payload: str | bytes | None = None) -> str:
        """Sign it.

        Args:
            header: What stands in place of the encoded header.
            payload: What stands in place of the claims: text, or bytes.

        Returns:
            The three parts (RFC 7515 7.1).
        """
        first = b64_json(self.header) if header is None else header
        content = payload.encode() if isinstance(payload, str) else payload
        second = b64_json(self.claims) if content is None else b64(content)
        message = f"{first}.{second}"
        return f"{message}.{b64(sign(self.algorithm, self.key, message.encode()))}"
