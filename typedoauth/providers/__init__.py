"""Services that are ready to use: each a declaration, in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.providers.amazon import Amazon
    from typedoauth.providers.apple import Apple
    from typedoauth.providers.atlassian import Atlassian
    from typedoauth.providers.auth0 import Auth0
    from typedoauth.providers.authentik import Authentik
    from typedoauth.providers.battlenet import BattleNet
    from typedoauth.providers.bitbucket import Bitbucket
    from typedoauth.providers.box import Box
    from typedoauth.providers.bungie import Bungie
    from typedoauth.providers.cognito import Cognito
    from typedoauth.providers.coinbase import Coinbase
    from typedoauth.providers.declarations import (
        OAuth1Provider,
        OAuth2Provider,
        OpenIDProvider,
        Provider,
    )
    from typedoauth.providers.discord import Discord
    from typedoauth.providers.dribbble import Dribbble
    from typedoauth.providers.dropbox import Dropbox
    from typedoauth.providers.facebook import Facebook
    from typedoauth.providers.figma import Figma
    from typedoauth.providers.fitbit import Fitbit
    from typedoauth.providers.foursquare import Foursquare
    from typedoauth.providers.gitea import Gitea
    from typedoauth.providers.github import GitHub
    from typedoauth.providers.gitlab import GitLab
    from typedoauth.providers.google import Google
    from typedoauth.providers.hubspot import HubSpot
    from typedoauth.providers.hydra import Hydra
    from typedoauth.providers.instagram import Instagram
    from typedoauth.providers.kakao import Kakao
    from typedoauth.providers.keycloak import Keycloak
    from typedoauth.providers.line import LINE
    from typedoauth.providers.linkedin import LinkedIn
    from typedoauth.providers.mailchimp import Mailchimp
    from typedoauth.providers.mailru import MailRu
    from typedoauth.providers.mastodon import Mastodon
    from typedoauth.providers.microsoft import Azure, AzureB2C, EntraID
    from typedoauth.providers.naver import Naver
    from typedoauth.providers.notion import Notion
    from typedoauth.providers.okta import Okta
    from typedoauth.providers.openstreetmap import OpenStreetMap
    from typedoauth.providers.orcid import ORCiD
    from typedoauth.providers.patreon import Patreon
    from typedoauth.providers.paypal import PayPal
    from typedoauth.providers.ping import Ping
    from typedoauth.providers.pinterest import Pinterest
    from typedoauth.providers.profiles import Endpoint, Introspection, TokenAnswer
    from typedoauth.providers.reddit import Reddit
    from typedoauth.providers.salesforce import Salesforce
    from typedoauth.providers.services import SERVICES
    from typedoauth.providers.shopify import Shopify
    from typedoauth.providers.slack import Slack
    from typedoauth.providers.spotify import Spotify
    from typedoauth.providers.stackoverflow import StackOverflow
    from typedoauth.providers.strava import Strava
    from typedoauth.providers.tiktok import TikTok
    from typedoauth.providers.twitch import Twitch
    from typedoauth.providers.twitter import Twitter, X
    from typedoauth.providers.vk import VK
    from typedoauth.providers.wechat import WeChat
    from typedoauth.providers.withings import Withings
    from typedoauth.providers.workos import WorkOS
    from typedoauth.providers.yahoo import Yahoo
    from typedoauth.providers.yandex import Yandex
    from typedoauth.providers.zoom import Zoom

__all__ = [
    "Amazon",
    "Apple",
    "Atlassian",
    "Auth0",
    "Authentik",
    "Azure",
    "AzureB2C",
    "BattleNet",
    "Bitbucket",
    "Box",
    "Bungie",
    "Cognito",
    "Coinbase",
    "Discord",
    "Dribbble",
    "Dropbox",
    "Endpoint",
    "EntraID",
    "Facebook",
    "Figma",
    "Fitbit",
    "Foursquare",
    "GitHub",
    "GitLab",
    "Gitea",
    "Google",
    "HubSpot",
    "Hydra",
    "Instagram",
    "Introspection",
    "Kakao",
    "Keycloak",
    "LINE",
    "LinkedIn",
    "MailRu",
    "Mailchimp",
    "Mastodon",
    "Naver",
    "Notion",
    "OAuth1Provider",
    "OAuth2Provider",
    "ORCiD",
    "Okta",
    "OpenIDProvider",
    "OpenStreetMap",
    "Patreon",
    "PayPal",
    "Ping",
    "Pinterest",
    "Provider",
    "Reddit",
    "SERVICES",
    "Salesforce",
    "Shopify",
    "Slack",
    "Spotify",
    "StackOverflow",
    "Strava",
    "TikTok",
    "TokenAnswer",
    "Twitch",
    "Twitter",
    "VK",
    "WeChat",
    "Withings",
    "WorkOS",
    "X",
    "Yahoo",
    "Yandex",
    "Zoom",
]

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.providers.amazon": "Amazon",
            "typedoauth.providers.apple": "Apple",
            "typedoauth.providers.atlassian": "Atlassian",
            "typedoauth.providers.auth0": "Auth0",
            "typedoauth.providers.authentik": "Authentik",
            "typedoauth.providers.battlenet": "BattleNet",
            "typedoauth.providers.bitbucket": "Bitbucket",
            "typedoauth.providers.box": "Box",
            "typedoauth.providers.bungie": "Bungie",
            "typedoauth.providers.cognito": "Cognito",
            "typedoauth.providers.coinbase": "Coinbase",
            "typedoauth.providers.declarations": (
                "OAuth1Provider OAuth2Provider OpenIDProvider Provider"
            ),
            "typedoauth.providers.discord": "Discord",
            "typedoauth.providers.dribbble": "Dribbble",
            "typedoauth.providers.dropbox": "Dropbox",
            "typedoauth.providers.facebook": "Facebook",
            "typedoauth.providers.figma": "Figma",
            "typedoauth.providers.fitbit": "Fitbit",
            "typedoauth.providers.foursquare": "Foursquare",
            "typedoauth.providers.gitea": "Gitea",
            "typedoauth.providers.github": "GitHub",
            "typedoauth.providers.gitlab": "GitLab",
            "typedoauth.providers.google": "Google",
            "typedoauth.providers.hubspot": "HubSpot",
            "typedoauth.providers.hydra": "Hydra",
            "typedoauth.providers.instagram": "Instagram",
            "typedoauth.providers.kakao": "Kakao",
            "typedoauth.providers.keycloak": "Keycloak",
            "typedoauth.providers.line": "LINE",
            "typedoauth.providers.linkedin": "LinkedIn",
            "typedoauth.providers.mailchimp": "Mailchimp",
            "typedoauth.providers.mailru": "MailRu",
            "typedoauth.providers.mastodon": "Mastodon",
            "typedoauth.providers.microsoft": "Azure AzureB2C EntraID",
            "typedoauth.providers.naver": "Naver",
            "typedoauth.providers.notion": "Notion",
            "typedoauth.providers.okta": "Okta",
            "typedoauth.providers.openstreetmap": "OpenStreetMap",
            "typedoauth.providers.orcid": "ORCiD",
            "typedoauth.providers.patreon": "Patreon",
            "typedoauth.providers.paypal": "PayPal",
            "typedoauth.providers.ping": "Ping",
            "typedoauth.providers.pinterest": "Pinterest",
            "typedoauth.providers.profiles": "Endpoint Introspection TokenAnswer",
            "typedoauth.providers.reddit": "Reddit",
            "typedoauth.providers.salesforce": "Salesforce",
            "typedoauth.providers.services": "SERVICES",
            "typedoauth.providers.shopify": "Shopify",
            "typedoauth.providers.slack": "Slack",
            "typedoauth.providers.spotify": "Spotify",
            "typedoauth.providers.stackoverflow": "StackOverflow",
            "typedoauth.providers.strava": "Strava",
            "typedoauth.providers.tiktok": "TikTok",
            "typedoauth.providers.twitch": "Twitch",
            "typedoauth.providers.twitter": "Twitter X",
            "typedoauth.providers.vk": "VK",
            "typedoauth.providers.wechat": "WeChat",
            "typedoauth.providers.withings": "Withings",
            "typedoauth.providers.workos": "WorkOS",
            "typedoauth.providers.yahoo": "Yahoo",
            "typedoauth.providers.yandex": "Yandex",
            "typedoauth.providers.zoom": "Zoom",
        },
    )
