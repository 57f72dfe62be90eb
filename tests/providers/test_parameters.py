"""Hosts, tenants and regions: typed, and refused where they cannot be right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.providers.catalogue import DIRECTORY
from typedoauth.errors import ConfigurationError
from typedoauth.providers import (
    Auth0,
    Authentik,
    AzureB2C,
    BattleNet,
    Cognito,
    EntraID,
    Gitea,
    GitLab,
    Hydra,
    Keycloak,
    Mastodon,
    Okta,
    OpenIDProvider,
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

WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("provider", "address"),
    [
        (Auth0("Engines.eu.auth0.com"), f"https://engines.eu.auth0.com{WELL_KNOWN}"),
        (
            Authentik("id.example:9443", "engines"),
            f"https://id.example:9443/application/o/engines{WELL_KNOWN}",
        ),
        (
            AzureB2C("engines", DIRECTORY, "B2C_1_signin"),
            f"https://engines.b2clogin.com/engines.onmicrosoft.com/B2C_1_signin/v2.0{WELL_KNOWN}",
        ),
        (BattleNet("us"), f"https://oauth.battle.net{WELL_KNOWN}"),
        (BattleNet("cn"), f"https://oauth.battlenet.com.cn{WELL_KNOWN}"),
        (
            Cognito("eu-central-1", "eu-central-1_AbC"),
            f"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC{WELL_KNOWN}",
        ),
        (EntraID("common"), f"https://login.microsoftonline.com/common/v2.0{WELL_KNOWN}"),
        (Keycloak("id.example", "engines"), f"https://id.example/realms/engines{WELL_KNOWN}"),
        (Okta("engines.okta.com"), f"https://engines.okta.com{WELL_KNOWN}"),
        (
            Okta("engines.okta.com", "default"),
            f"https://engines.okta.com/oauth2/default{WELL_KNOWN}",
        ),
        (ORCiD("sandbox"), f"https://sandbox.orcid.org{WELL_KNOWN}"),
        (Ping("1815", "eu"), f"https://auth.pingone.eu/1815/as{WELL_KNOWN}"),
        (Salesforce("test.salesforce.com"), f"https://test.salesforce.com{WELL_KNOWN}"),
    ],
)
def test_parameters_are_in_the_address(provider: OpenIDProvider, address: str) -> None:
    """Of an OpenID Provider's metadata."""
    assert provider.server_metadata_url == address


@pytest.mark.parametrize(
    ("provider", "address"),
    [
        (GitLab("git.example"), "https://git.example/oauth/authorize"),
        (Gitea("codeberg.org"), "https://codeberg.org/login/oauth/authorize"),
        (Mastodon("mastodon.social"), "https://mastodon.social/oauth/authorize"),
        (Shopify("engines"), "https://engines.myshopify.com/admin/oauth/authorize"),
        (PayPal("sandbox"), "https://www.sandbox.paypal.com/connect"),
        (WeChat("official_account"), "https://open.weixin.qq.com/connect/oauth2/authorize"),
    ],
)
def test_parameters_are_in_the_endpoints(provider: Provider, address: str) -> None:
    """Of the others."""
    assert provider.authorize_url == address


@pytest.mark.parametrize(
    ("tenant", "issuer"),
    [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        ("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"),
        (DIRECTORY.upper(), DIRECTORY),
    ],
)
def test_tenant_decides_the_issuer(tenant: str, issuer: str) -> None:
    """So that a token of another directory is refused, or is known to be of one."""
    expected = f"https://login.microsoftonline.com/{issuer}/v2.0"
    assert EntraID(tenant).metadata == {"issuer": expected}


def test_name_is_a_parameter() -> None:
    """Two hosts of one service in one application."""
    assert [GitLab().name, GitLab("git.example", name="work").name] == ["gitlab", "work"]


HOSTS: list[Callable[[str], Provider]] = [
    GitLab,
    Gitea,
    Mastodon,
    Auth0,
    Hydra,
    Okta,
    Salesforce,
    lambda host: Keycloak(host, "a"),
    lambda host: Authentik(host, "a"),
]
NO_HOSTS: list[Any] = [  # any: what a checker refuses, too
    "",
    "https://git.example",
    "git.example/path",
    "git.example?a=b",
    "git.example#a",
    "ada@git.example",
    "git.example:port",
    "git_lab.example",
    "-git.example",
    "git..example",
    "git.example\n",
    "git .example",
    "evil.example/\\git.example",
    None,
    7,
]


@pytest.mark.parametrize("host", NO_HOSTS)
@pytest.mark.parametrize("make", HOSTS)
def test_what_is_no_host_is_refused(
    make: Callable[[Any], Provider],
    host: Any,  # any: as above
) -> None:
    """A URL, a path, and whatever could lead elsewhere."""
    with pytest.raises(ConfigurationError, match="is a host, such as"):
        make(host)


WRONG: list[Callable[[], Provider]] = [
    lambda: EntraID("contoso.onmicrosoft.com"),
    lambda: EntraID("../common"),
    lambda: AzureB2C("engines.example", DIRECTORY, "B2C_1_signin"),
    lambda: AzureB2C("engines", "engines", "B2C_1_signin"),
    lambda: AzureB2C("engines", DIRECTORY, "B2C/1"),
    lambda: BattleNet("mars"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] on purpose
    lambda: ORCiD("test"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] likewise
    lambda: PayPal("test"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] likewise
    lambda: WeChat("app"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] likewise
    lambda: Ping("1815", "mars"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] likewise
    lambda: Ping("../1815"),
    lambda: Cognito("eu.evil", "pool"),
    lambda: Cognito("eu-central-1", "a/b"),
    lambda: Keycloak("id.example", ".."),
    lambda: Okta("engines.okta.com", "a/b"),
    lambda: Shopify("engines.example/"),
    lambda: StackOverflow("key", "a&b"),
    lambda: WorkOS(),
    lambda: WorkOS(connection="a", organization="b"),
]


@pytest.mark.parametrize("make", WRONG)
def test_wrong_parameter_is_refused(make: Callable[[], Provider]) -> None:
    """When the declaration is made, and not at somebody's login."""
    with pytest.raises(ConfigurationError):
        make()
