"""WeChat."""

from __future__ import annotations

from typing import Final, Literal

from typedoauth._names import one_of
from typedoauth.providers.claims import coded
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import NamedCredentials, client_id_parameter

__all__ = ["WeChat"]

_PLATFORMS: Final = {
    "website": ("qrconnect", "snsapi_login"),
    "official_account": ("oauth2/authorize", "snsapi_userinfo"),
}


def WeChat(
    platform: Literal["website", "official_account"] = "website", *, name: str = "wechat"
) -> OAuth2Provider:
    """WeChat.

    Args:
        platform: A website, where people scan a code; or an official account, whose
            pages are opened in WeChat.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: There is no such platform.
    """
    path, scope = _PLATFORMS[one_of("platform", platform, _PLATFORMS)]
    return OAuth2Provider(
        name=name,
        title="WeChat",
        authorize_url=f"https://open.weixin.qq.com/connect/{path}",
        access_token_url="https://api.weixin.qq.com/sns/oauth2/access_token",
        access_token_params={"method": "GET"},
        refresh_token_url="https://api.weixin.qq.com/sns/oauth2/refresh_token",
        refresh_token_params={"method": "GET"},
        api_base_url="https://api.weixin.qq.com/sns/",
        client_kwargs={
            "scope": scope,
            "scope_separator": ",",
            "token_endpoint_auth_method": "named_credentials",
            "token_placement": "query",
            "code_challenge_method": "none",
        },
        client_auth_methods=(NamedCredentials("appid", "secret"),),
        compliance_fix=client_id_parameter("appid"),
        profile=Endpoint("userinfo", params={"openid": "{openid}", "lang": "en"}),
        claims={
            "sub": "openid",
            "nickname": "nickname",
            "name": "nickname",
            "picture": "headimgurl",
            "gender": coded("sex", {1: "male", 2: "female"}),
        },
        unconfirmed=("whether the address needs the fragment #wechat_redirect",),
    )
