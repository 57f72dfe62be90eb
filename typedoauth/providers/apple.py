"""Apple."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from typedoauth.oidc import JWTClientSecret, load_signing_key
from typedoauth.providers.declarations import OpenIDProvider

if TYPE_CHECKING:
    from typedoauth.oidc.algorithms import PrivateKey

__all__ = ["Apple"]


def Apple(
    *,
    team_id: str,
    key_id: str,
    private_key: str | bytes | Mapping[str, object] | PrivateKey,
    name: str = "apple",
) -> OpenIDProvider:
    """Apple. It knows no client secret: each token request carries one that is signed then.

    At somebody's first login it posts their name beside the code: JSON that nobody signed,
    in ``request.form["user"]``.

    Args:
        team_id: The team's identifier.
        key_id: The identifier of the key.
        private_key: The key that Apple gave: PEM, the content of the ``.p8`` file.
        name: What its client is called; ``client_id`` is the Services ID.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: The key cannot be used.
    """
    key = load_signing_key(private_key, kid=key_id, algorithm="ES256")
    return OpenIDProvider(
        name=name,
        title="Apple",
        server_metadata_url="https://appleid.apple.com/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid name email",
            "token_endpoint_auth_method": "client_secret_post",
            # Asked for name or email, it answers in no other way.
            "response_mode": "form_post",
        },
        client_auth_methods=(
            JWTClientSecret(key, team_id, "https://appleid.apple.com", clock=time.time),
        ),
    )
