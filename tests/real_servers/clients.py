"""Who is registered at the real servers; the servers and the tests both read it here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Authentication: TypeAlias = Literal["client_secret_basic", "client_secret_post", "none"]

REDIRECT_URIS: tuple[str, ...] = ("http://localhost/authorize", "http://127.0.0.1/authorize")
"""Where the tests' applications await callbacks; Flask's test client lives on ``localhost``."""

SCOPES: tuple[str, ...] = ("profile", "email", "write")
PEOPLE: dict[str, str] = {"ada": "correct horse & battery+staple %é", "grace": "nanoseconds"}
"""Passwords by user name."""


@dataclass(frozen=True, slots=True)
class OAuth1Registration:
    """A client of the OAuth 1.0 server; without a secret it signs with the server's RSA key."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OAuth2Registration:
    """A client of an OAuth 2.0 server, held to one way of authenticating."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    authentication: Authentication = "client_secret_basic"


HMAC = OAuth1Registration("hmac-client", "hmac s3cret&+%~é")
RSA = OAuth1Registration("rsa-client")
# Werkzeug tells Authlib URLs with characters decoded, and Authlib refuses a query
# that is not ASCII: hence no accents in the name.
PLAINTEXT = OAuth1Registration("plaintext client&%41", "plain&s3cret%20+ é")
OAUTH1_CLIENTS: tuple[OAuth1Registration, ...] = (HMAC, RSA, PLAINTEXT)

BASIC = OAuth2Registration("basic-client", "basic-secret")
POST = OAuth2Registration("post-client", "p+st %41:&=secret", "client_secret_post")
PUBLIC = OAuth2Registration("public-client", None, "none")
SPECIAL = OAuth2Registration("spe+cial:%41client", "p+s%20:&=/~%secret")
"""RFC 6749 2.3.1: a Basic header without form-encoding is read as something else."""
SPACES = OAuth2Registration("client with spaces", "secret with spaces")
"""A space written as ``+`` is one that Authlib's server does not decode."""
OAUTH2_CLIENTS: tuple[OAuth2Registration, ...] = (BASIC, POST, PUBLIC, SPECIAL, SPACES)
ACCENTED = OAuth2Registration("clé", "sécret+%é")
"""Outside of RFC 6749 A.1's characters: Authlib takes it, oidc-provider refuses to register it."""
