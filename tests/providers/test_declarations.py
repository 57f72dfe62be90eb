"""What holds for the declaration of every service."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.providers.catalogue import CATALOGUE, SAMPLES
from typedoauth import providers
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, OpenIDApp
from typedoauth.providers import OAuth1Provider, OAuth2Provider, OpenIDProvider, Provider
from typedoauth.providers.profiles import Endpoint
from typedoauth.transports import StubTransport

EVERY = pytest.mark.parametrize("provider", CATALOGUE.values(), ids=CATALOGUE)


def _addresses(provider: Provider) -> Iterator[tuple[str, str]]:
    for name, value in provider.settings().items():
        if isinstance(value, str) and name.endswith(("_url", "_endpoint", "_uri", "issuer")):
            yield name, value


def test_sixty_services_are_there() -> None:
    """One of them has a client of OAuth 1.0a and one of 2.0, and one goes by two names."""
    assert len(set(CATALOGUE) - {"X", "Azure"}) == 60


def test_names_are_unique() -> None:
    """No two services have a client, or the config keys of one, in common."""
    names = [one.name for one in CATALOGUE.values()]
    assert len({*names}) == len(names)
    assert [one for one in names if any(two.startswith(f"{one}_client") for two in names)] == []


def test_every_service_has_a_sample() -> None:
    """And every sample its service."""
    assert {path.stem for path in SAMPLES.glob("*.json")} == {
        one.name for one in CATALOGUE.values()
    }


def test_a_name_that_is_no_service_is_an_attribute_error() -> None:
    """The package's own names are found, others are not."""
    assert set(providers.SERVICES) <= {*dir(providers)}
    with pytest.raises(AttributeError, match="no attribute 'GitHob'"):
        getattr(providers, "GitHob")  # noqa: B009  a checker would see it


@EVERY
def test_addresses_are_https(provider: Provider) -> None:
    """Without user, query and fragment, on hosts with a domain."""
    addresses = [*_addresses(provider)]
    assert addresses
    for name, address in addresses:
        parts = urlsplit(address.replace("{tenantid}", "a"))
        assert parts.scheme == "https", name
        assert parts.hostname, name
        assert "." in parts.hostname, name
        assert parts.geturl() == f"https://{parts.hostname}{parts.path}", name


@EVERY
def test_name_is_a_config_prefix(provider: Provider) -> None:
    """Small letters, digits and underscores."""
    assert provider.name.isidentifier()
    assert provider.name == provider.name.lower()
    assert provider.title


@EVERY
def test_endpoints_are_those_of_the_kind(provider: Provider) -> None:
    """Discovery for OpenID Providers, and both endpoints for the others."""
    if isinstance(provider, OpenIDProvider):
        assert provider.server_metadata_url.endswith("/.well-known/openid-configuration")
        assert "openid" in str(provider.client_kwargs.get("scope")).split()
    else:
        assert provider.authorize_url
        assert provider.access_token_url
        assert provider.api_base_url
        assert provider.api_base_url.endswith("/")


@EVERY
def test_profile_is_under_the_api(provider: Provider) -> None:
    """A relative address: the token goes nowhere else."""
    if isinstance(provider, OAuth1Provider | OAuth2Provider):
        source = provider.profile
        if isinstance(source, Endpoint):
            assert not source.url.startswith(("/", "http"))


@EVERY
def test_config_keys_alone_suffice(provider: Provider) -> None:
    """Every option is known, every hook can be registered, and the client is of its kind."""
    app = Flask("test")
    prefix = provider.name.upper()
    app.config[f"{prefix}_CLIENT_ID"] = "a-client"
    app.config[f"{prefix}_CLIENT_SECRET"] = "a-secret-of-at-least-32-bytes-for-HS256"
    oauth = OAuth(app, transport=StubTransport({}))
    client = oauth.register_provider(provider)
    assert client.client_id == "a-client"
    kinds = {"OAuth 1.0a": OAuth1App, "OAuth 2.0": OAuth2App, "OpenID Connect": OpenIDApp}
    assert type(client) is kinds[provider.kind]
    assert oauth.create_client(provider.name) is client


@EVERY
def test_declaration_speaks_for_itself(provider: Provider) -> None:
    """Its repr is short, and holds no key."""
    assert repr(provider) == f"<{type(provider).__name__} {provider.name!r}>"
