"""Google."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["Google"]

Google: Final[OpenIDProvider] = OpenIDProvider(
    name="google",
    title="Google",
    server_metadata_url="https://accounts.google.com/.well-known/openid-configuration",
    api_base_url="https://www.googleapis.com/",
    client_kwargs={"scope": "openid email profile"},
)
