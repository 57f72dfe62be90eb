"""Credentials of a client, and what a login remembers until its callback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ClientCredentials", "PendingAuthorization", "TemporaryCredentials"]


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What identifies a client to its server (RFC 5849 1.1, RFC 6749 2.2, 2.3.1).

    Attributes:
        client_id: The client identifier; ``oauth_consumer_key`` in OAuth 1.0.
        client_secret: The shared secret, or ``None`` for a public client.
    """

    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TemporaryCredentials:
    """OAuth 1.0 temporary credentials, the "request token" (RFC 5849 2.1).

    Attributes:
        oauth_token: The identifier, which also comes back in the callback.
        oauth_token_secret: The shared secret; may be empty.
    """

    oauth_token: str
    oauth_token_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PendingAuthorization:
    """An authorization request that waits for its callback.

    Attributes:
        state: What identifies it in the callback: ``state`` of OAuth 2.0, the
            temporary credentials' ``oauth_token`` of OAuth 1.0.
        redirect_uri: What was sent as the redirection URI, or ``None``.
        code_verifier: The PKCE code verifier (RFC 7636 4.1), or ``None``.
        nonce: The OpenID Connect nonce, or ``None``; with one, an ID Token has to come.
        max_age: How many seconds ago the End-User may have signed in, or ``None``.
        acr_values: What the ``acr`` of the ID Token has to be one of; empty for any.
        temporary_credentials: The OAuth 1.0 temporary credentials, or ``None``.
        data: The caller's own data: JSON values, such as where to return to.
        url: Where to send the user agent; empty once the redirect has been made.
    """

    state: str
    redirect_uri: str | None = None
    code_verifier: str | None = field(default=None, repr=False)
    nonce: str | None = field(default=None, repr=False)
    max_age: int | None = None
    acr_values: tuple[str, ...] = ()
    temporary_credentials: TemporaryCredentials | None = None
    data: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    url: str = field(default="", repr=False)
