"""Battle.net."""

from __future__ import annotations

from typing import Final, Literal

from typedoauth._names import one_of
from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["BattleNet"]

_WORLD: Final = "https://oauth.battle.net"
# Accounts of all regions but one are the same; the APIs of the games are not.
_ISSUERS: Final = {
    "us": _WORLD,
    "eu": _WORLD,
    "kr": _WORLD,
    "tw": _WORLD,
    "cn": "https://oauth.battlenet.com.cn",
}


def BattleNet(
    region: Literal["us", "eu", "kr", "tw", "cn"] = "eu", *, name: str = "battlenet"
) -> OpenIDProvider:
    """Battle.net.

    Args:
        region: The region of the accounts.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: There is no such region.
    """
    issuer = _ISSUERS[one_of("region", region, _ISSUERS)]
    return OpenIDProvider(
        name=name,
        title="Battle.net",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid"},
        claims={"sub": "sub", "preferred_username": "battle_tag"},
        unconfirmed=("the host for China",),
    )
