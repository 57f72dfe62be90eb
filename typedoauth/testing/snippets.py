"""Settings of a client, to paste into an application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = ["CLIENT_ID", "Snippet", "snippets"]

CLIENT_ID: Final = "my-app"
"""The identifier of the client in what is pasted."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A registration.

    Attributes:
        title: The protocol.
        code: A call of ``register``.
    """

    title: str
    code: str = field(repr=False)


def snippets(base_url: str, client_secret: str) -> tuple[Snippet, ...]:
    """Write the registration of a client, for each protocol.

    Args:
        base_url: Where the provider is.
        client_secret: The client's secret.

    Returns:
        OpenID Connect, OAuth 2.0, OAuth 1.0a.
    """
    return (
        Snippet(
            "OpenID Connect",
            _register(
                client_secret,
                f'server_metadata_url="{base_url}/.well-known/openid-configuration"',
                'client_kwargs={"scope": "openid profile email"}',
            ),
        ),
        Snippet(
            "OAuth 2.0",
            _register(
                client_secret,
                f'access_token_url="{base_url}/oauth2/token"',
                f'authorize_url="{base_url}/oauth2/authorize"',
                f'api_base_url="{base_url}/api/"',
                'client_kwargs={"scope": "profile email"}',
            ),
        ),
        Snippet(
            "OAuth 1.0a",
            _register(
                client_secret,
                f'request_token_url="{base_url}/oauth1/initiate"',
                f'access_token_url="{base_url}/oauth1/token"',
                f'authorize_url="{base_url}/oauth1/authorize"',
                f'api_base_url="{base_url}/api/"',
            ),
        ),
    )


def _register(client_secret: str, *settings: str) -> str:
    lines = (
        '"provider"',
        f'client_id="{CLIENT_ID}"',
        f'client_secret="{client_secret}"',
        *settings,
    )
    return "oauth.register(\n" + "".join(f"    {line},\n" for line in lines) + ")"
