"""The extra ``jwe``: what was encrypted for a client, it decrypts."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from typedoauth.oidc import Decryption, decrypt_jwe, load_decryption_key


def b64(octets: bytes) -> str:
    """Encode as the parts of a JWE are."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


KEY, NONCE, ID_TOKEN = b"sixteen bytes -k", b"twelve bytes", "header.claims.signature"
header = b64(b'{"alg":"dir","enc":"A128GCM","cty":"JWT"}')
sealed = AESGCM(KEY).encrypt(NONCE, ID_TOKEN.encode(), header.encode())
encrypted = ".".join([header, "", b64(NONCE), b64(sealed[:-16]), b64(sealed[-16:])])

decryption = Decryption((load_decryption_key({"kty": "oct", "k": b64(KEY)}),), "dir", "A128GCM")
assert decrypt_jwe(encrypted, decryption) == ID_TOKEN
print("jwe works")
