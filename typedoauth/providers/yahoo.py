"""Yahoo."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["Yahoo"]

Yahoo: Final[OpenIDProvider] = OpenIDProvider(
    name="yahoo",
    title="Yahoo",
    server_metadata_url="https://api.login.yahoo.com/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email"},
    ask_userinfo=True,
    unconfirmed=("which claims its ID Tokens have",),
)
