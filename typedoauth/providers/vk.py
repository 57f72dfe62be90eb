"""VK."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import coded, first, joined, template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import email_of_token, query_of_calls

__all__ = ["VK"]

VK: Final[OAuth2Provider] = OAuth2Provider(
    name="vk",
    title="VK",
    authorize_url="https://oauth.vk.com/authorize",
    access_token_url="https://oauth.vk.com/access_token",
    api_base_url="https://api.vk.com/method/",
    client_kwargs={
        "scope": "email",
        "scope_separator": ",",
        "token_endpoint_auth_method": "client_secret_post",
        "token_placement": "query",
        # It knows no PKCE for servers.
        "code_challenge_method": "none",
    },
    compliance_fix=query_of_calls(v="5.131"),
    profile=Endpoint(
        "users.get",
        params={"fields": "sex,bdate,screen_name,photo_max_orig,site,timezone"},
        within="response.0",
        then=(email_of_token,),
    ),
    claims={
        "sub": "id",
        "name": joined("first_name", "last_name"),
        "given_name": "first_name",
        "family_name": "last_name",
        "nickname": "nickname",
        "preferred_username": first("screen_name", "domain"),
        "email": "email",
        "profile": template("https://vk.com/id{id}"),
        "picture": first("photo_max_orig", "photo_200", "photo_100"),
        "website": "site",
        "gender": coded("sex", {1: "female", 2: "male"}),
    },
    unconfirmed=("how long oauth.vk.com lives beside id.vk.com",),
)
