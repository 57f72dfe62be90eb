"""Reading back the ID Tokens that the provider has signed, when they come as a hint."""

from __future__ import annotations

import json
from typing import cast

from typedoauth.testing.jws import SYMMETRIC, from_b64, verify
from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.state import State

__all__ = ["hinted", "read_object", "unverified"]


def read_object(part: str) -> dict[str, object]:
    """Read one part of a JWT.

    Args:
        part: base64url of a JSON object.

    Returns:
        The object.

    Raises:
        ValueError: It is none.
    """
    try:
        value: object = json.loads(from_b64(part))
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return cast("dict[str, object]", value)  # JSON has no other keys than text


def unverified(token: str) -> dict[str, object]:
    """Read the claims of a JWT without believing them.

    Args:
        token: The JWT.

    Returns:
        Its claims; empty where it cannot be read.
    """
    parts = token.split(".")
    try:
        return read_object(parts[1]) if len(parts) == 3 else {}
    except ValueError:
        return {}


def hinted(state: State, client: RegisteredClient, token: str) -> dict[str, object]:
    """Verify an ID Token that this provider issued; it may have expired.

    Args:
        state: The provider's memory.
        client: For whom.
        token: The ``id_token_hint``.

    Returns:
        Its claims; empty where it is none.
    """
    protected, _, rest = token.partition(".")
    payload, _, encoded = rest.partition(".")
    try:
        header, claims, signature = read_object(protected), read_object(payload), from_b64(encoded)
    except ValueError:
        return {}
    algorithm = client.id_token_signed_response_alg
    if header.get("alg") != algorithm or claims.get("aud") != client.client_id:
        return {}
    message = f"{protected}.{payload}".encode()
    if algorithm in SYMMETRIC:
        known = (client.client_secret or "").encode()
        return claims if verify(algorithm, known, message, signature) else {}
    kid = header.get("kid")
    key = state.keys.known.get(kid) if isinstance(kid, str) else None
    if key is None or key.algorithm != algorithm:
        return {}
    right = verify(algorithm, key.private.public_key(), message, signature)
    return claims if right else {}
