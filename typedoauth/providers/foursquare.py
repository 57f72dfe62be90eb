"""Foursquare."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import joined, template
from typedoauth.providers.declarations import OAuth2Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.providers.quirks import every, query_of_calls, token_in_query

__all__ = ["Foursquare"]

Foursquare: Final[OAuth2Provider] = OAuth2Provider(
    name="foursquare",
    title="Foursquare",
    authorize_url="https://foursquare.com/oauth2/authenticate",
    access_token_url="https://foursquare.com/oauth2/access_token",
    api_base_url="https://api.foursquare.com/v2/",
    client_kwargs={"token_endpoint_auth_method": "client_secret_post"},
    compliance_fix=every(token_in_query("oauth_token"), query_of_calls(v="20230131")),
    profile=Endpoint("users/self", within="response.user"),
    claims={
        "sub": "id",
        "name": joined("firstName", "lastName"),
        "given_name": "firstName",
        "family_name": "lastName",
        "email": "contact.email",
        "profile": "canonicalUrl",
        "picture": template("{photo.prefix}original{photo.suffix}"),
        "gender": "gender",
    },
    unconfirmed=("client authentication",),
)
