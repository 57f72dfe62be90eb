"""Every service of the package, with parameters where it has any, and its sample answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from typedoauth import providers
from typedoauth.providers import (
    Apple,
    Auth0,
    Authentik,
    Azure,
    AzureB2C,
    BattleNet,
    Bungie,
    Cognito,
    EntraID,
    Gitea,
    GitLab,
    Hydra,
    Keycloak,
    Mastodon,
    Okta,
    ORCiD,
    PayPal,
    Ping,
    Provider,
    Salesforce,
    Shopify,
    StackOverflow,
    WeChat,
    WorkOS,
)

SAMPLES: Final = Path(__file__).parent / "samples"
DIRECTORY: Final = "8f2f2f36-57a1-4a8e-8dd0-4bd3f8d4a4c2"

_MADE: Final[dict[str, Provider]] = {
    "Apple": Apple(
        team_id="T1815", key_id="K1815", private_key=ec.generate_private_key(ec.SECP256R1())
    ),
    "Auth0": Auth0("engines.eu.auth0.com"),
    "Authentik": Authentik("id.example", "engines"),
    "Azure": Azure(),
    "AzureB2C": AzureB2C("engines", DIRECTORY, "B2C_1_signin"),
    "BattleNet": BattleNet(),
    "Bungie": Bungie("an-api-key"),
    "Cognito": Cognito("eu-central-1", "eu-central-1_AbCdEfGhI"),
    "EntraID": EntraID("common"),
    "GitLab": GitLab(),
    "Gitea": Gitea(),
    "Hydra": Hydra("id.example"),
    "Keycloak": Keycloak("id.example", "engines"),
    "Mastodon": Mastodon("mastodon.example"),
    "ORCiD": ORCiD(),
    "Okta": Okta("engines.okta.com"),
    "PayPal": PayPal(),
    "Ping": Ping("1815"),
    "Salesforce": Salesforce(),
    "Shopify": Shopify("engines"),
    "StackOverflow": StackOverflow("a-key"),
    "WeChat": WeChat(),
    "WorkOS": WorkOS(organization="org_01"),
}


def _declared(name: str) -> Provider:
    found: object = getattr(providers, name)
    return found if isinstance(found, Provider) else _MADE[name]


CATALOGUE: Final[dict[str, Provider]] = {name: _declared(name) for name in providers.SERVICES}
"""Each service by the name that it is imported by."""


def sample(provider: Provider) -> dict[str, Any]:  # any: JSON
    """What the service answers about an invented person, and the claims of it."""
    found: dict[str, Any] = json.loads(
        (SAMPLES / f"{provider.name}.json").read_text("utf-8")
    )  # any: JSON
    return found
