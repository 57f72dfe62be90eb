"""The servers as tests see them: addresses, and who is registered there."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real_servers import nodejs
from tests.real_servers.clients import (
    OAUTH2_CLIENTS,
    PEOPLE,
    REDIRECT_URIS,
    SCOPES,
    OAuth2Registration,
)
from tests.real_servers.process import ServerProcess, running


@dataclass(frozen=True, slots=True)
class OAuth1Server:
    """An OAuth 1.0 server.

    Attributes:
        process: The process it runs in.
        rsa_key: The private key, in PEM, whose signatures it accepts.
    """

    process: ServerProcess
    request_token_url: str
    authorize_url: str
    access_token_url: str
    api_base_url: str
    rsa_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuth2Server:
    """An OAuth 2.0 server.

    Attributes:
        process: The process it runs in.
        issuer: As it names itself in answers (RFC 9207), where it does.
    """

    process: ServerProcess
    authorize_url: str
    access_token_url: str
    revocation_url: str
    introspection_url: str
    api_base_url: str
    issuer: str | None = None

    def token_requests(self) -> list[int]:
        """The statuses of the token requests it has answered, in order."""
        path = self.access_token_url.removeprefix(self.process.base_url)
        return [status for _, asked, status in self.process.requests() if asked == path]


@contextmanager
def authlib_oauth1_server(folder: Path) -> Generator[OAuth1Server]:
    """Run Authlib's OAuth 1.0 provider; its log goes to *folder*."""
    command = [sys.executable, "-m", "tests.real_servers.authlib_oauth1_server"]
    with running("authlib-oauth1", command, folder / "authlib-oauth1.log") as process:
        base = process.base_url
        yield OAuth1Server(
            process,
            f"{base}/oauth/request_token",
            f"{base}/oauth/authorize",
            f"{base}/oauth/access_token",
            f"{base}/api/",
            process.ready["rsa_key"],
        )


@contextmanager
def authlib_oauth2_server(folder: Path) -> Generator[OAuth2Server]:
    """Run Authlib's OAuth 2.0 server; its log goes to *folder*."""
    command = [sys.executable, "-m", "tests.real_servers.authlib_oauth2_server"]
    with running("authlib-oauth2", command, folder / "authlib-oauth2.log") as process:
        base = process.base_url
        yield OAuth2Server(
            process,
            f"{base}/oauth/authorize",
            f"{base}/oauth/token",
            f"{base}/oauth/revoke",
            f"{base}/oauth/introspect",
            f"{base}/api/",
        )


@contextmanager
def oidc_provider_server(folder: Path) -> Generator[OAuth2Server]:
    """Run oidc-provider, installing it first if need be; its log goes to *folder*."""
    node = nodejs.node()
    nodejs.install(node)
    command = [str(node), str(nodejs.FOLDER / "server.mjs")]
    settings = {
        "clients": [_oidc_client(known) for known in OAUTH2_CLIENTS],
        "people": list(PEOPLE),
        "scopes": list(SCOPES),
    }
    log = folder / "oidc-provider.log"
    with running("oidc-provider", command, log, settings=settings) as process:
        base = process.base_url
        yield OAuth2Server(
            process,
            f"{base}/auth",
            f"{base}/token",
            f"{base}/token/revocation",
            f"{base}/token/introspection",
            f"{base}/api/",
            base,
        )


def _oidc_client(known: OAuth2Registration) -> dict[str, object]:
    grants = ["authorization_code", "refresh_token"]
    if known.client_secret is not None:
        grants.append("client_credentials")
    client: dict[str, object] = {
        "client_id": known.client_id,
        "token_endpoint_auth_method": known.authentication,
        "redirect_uris": list(REDIRECT_URIS),
        "response_types": ["code"],
        "grant_types": grants,
        "scope": " ".join(SCOPES),
    }
    if known.client_secret is not None:
        client["client_secret"] = known.client_secret
    return client
