"""The service, and whose tokens its calls use."""

from __future__ import annotations

from flask_login import current_user

from typedoauth.flask import OAuth, OpenIDApp


class Registry(OAuth):
    """The annotation tells type checkers what ``oauth.service`` is."""

    service: OpenIDApp


def make_registry(provider_url: str) -> Registry:
    """Register the service; its id and secret come from the app's config."""
    oauth = Registry(owner=lambda: current_user.get_id())
    oauth.register(
        "service",
        server_metadata_url=f"{provider_url}/.well-known/openid-configuration",
        api_base_url=f"{provider_url}/api/",
        client_kwargs={"scope": "openid profile email"},
    )
    return oauth
