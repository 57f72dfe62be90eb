"""X, which was Twitter: with OAuth 1.0a under its old name, with OAuth 2.0 under the new one."""

from __future__ import annotations

from typing import Final

from typedoauth.providers.claims import ClaimSources, https, template
from typedoauth.providers.declarations import OAuth1Provider, OAuth2Provider
from typedoauth.providers.profiles import Endpoint

__all__ = ["Twitter", "X"]

Twitter: Final[OAuth1Provider] = OAuth1Provider(
    name="twitter",
    title="Twitter",
    request_token_url="https://api.twitter.com/oauth/request_token",
    authorize_url="https://api.twitter.com/oauth/authenticate",
    access_token_url="https://api.twitter.com/oauth/access_token",
    api_base_url="https://api.twitter.com/1.1/",
    profile=Endpoint(
        "account/verify_credentials.json",
        params={"include_email": "true", "skip_status": "true"},
    ),
    claims={
        "sub": "id_str",
        "name": "name",
        "preferred_username": "screen_name",
        "email": "email",
        "profile": template("https://twitter.com/{screen_name}"),
        "picture": https("profile_image_url_https"),
        "website": "url",
    },
    unconfirmed=("which API plans still answer account/verify_credentials",),
)

_CLAIMS: Final[ClaimSources] = {
    "sub": "id",
    "name": "name",
    "preferred_username": "username",
    "email": "confirmed_email",
    "profile": template("https://x.com/{username}"),
    "picture": "profile_image_url",
    "website": "url",
}

X: Final[OAuth2Provider] = OAuth2Provider(
    name="x",
    title="X",
    authorize_url="https://x.com/i/oauth2/authorize",
    access_token_url="https://api.x.com/2/oauth2/token",
    api_base_url="https://api.x.com/2/",
    # Without the second one it answers 403 to the profile.
    client_kwargs={"scope": "users.read tweet.read"},
    metadata={"revocation_endpoint": "https://api.x.com/2/oauth2/revoke"},
    profile=Endpoint(
        "users/me",
        params={"user.fields": "id,name,username,profile_image_url,url"},
        within="data",
    ),
    claims=_CLAIMS,
)
