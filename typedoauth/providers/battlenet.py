"""Battle.net."""

from __future__ import annotations

from typing import Final, Literal

from typedoauth._names import one_of
from typedoauth.providers.declarations import OpenIDProvider

__all__ = ["BattleNet"]

_ISSUERS: Final = {
    "us": "https://us.battle.net/oauth",
    "eu": "https://eu.battle.net/oauth",
    "kr": "https://kr.battle.net/oauth",
    "tw": "https://tw.battle.net/oauth",
    "cn": "https://www.battlenet.com.cn/oauth",
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
        unconfirmed=("whether oauth.battle.net has taken the place of the regions' hosts",),
    )
