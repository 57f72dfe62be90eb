"""What comes of each service's answers: the user's standard claims."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from flask import Flask

from tests.providers.catalogue import CATALOGUE, sample
from typedoauth.claims import StandardClaims
from typedoauth.errors import MalformedResponseError
from typedoauth.flask import OAuth, OAuth1App, OAuth2App
from typedoauth.oidc.claims import read_claims
from typedoauth.providers import OAuth1Provider, OAuth2Provider, OpenIDProvider, Provider
from typedoauth.providers.profiles import Endpoint, Introspection
from typedoauth.transports import Headers, Response, StubTransport

JSON = Headers({"Content-Type": "application/json"})
OAUTH = {
    name: one for name, one in CATALOGUE.items() if isinstance(one, OAuth1Provider | OAuth2Provider)
}
OPENID = {name: one for name, one in CATALOGUE.items() if isinstance(one, OpenIDProvider)}


def asked(
    provider: Provider, given: dict[str, Any]
) -> tuple[dict[str, Any], StubTransport]:  # any: JSON
    """Ask a replica of the service, which answers as *given* says."""
    stub = StubTransport(
        {
            url: Response(200, JSON, json.dumps(body).encode())
            for url, body in given["answers"].items()
        }
    )
    app = Flask("test")
    oauth = OAuth(app, transport=stub)
    client = oauth.register_provider(provider, client_id="a-client", client_secret="a-secret")
    assert isinstance(client, OAuth1App | OAuth2App)
    claims = client.userinfo(given["token"])
    return cast("dict[str, Any]", claims), stub  # any: claims, compared only


@pytest.mark.parametrize("provider", OAUTH.values(), ids=OAUTH)
def test_answers_become_claims(provider: Provider) -> None:
    """The sample's answers give the sample's claims, and every one is asked for."""
    given = sample(provider)
    claims, stub = asked(provider, given)
    assert claims == given["claims"]
    stub.assert_all_used()


@pytest.mark.parametrize("provider", OAUTH.values(), ids=OAUTH)
def test_claims_are_standard(provider: Provider) -> None:
    """No name that OpenID Connect does not have, no value of another type."""
    claims = sample(provider)["claims"]
    assert set(claims) <= set(StandardClaims.__annotations__)
    assert read_claims(claims) == claims


def _places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a document, the deep ones too."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, one in cast("dict[str, object]", value).items():  # JSON
            yield from _places(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(cast("list[object]", value)):  # likewise
            yield from _places(one, (*path, number))


def _at(given: dict[str, Any], path: tuple[str | int, ...]) -> object:  # any: JSON
    found: Any = given["answers"]  # any: likewise
    for step in path:
        found = found[step]
    value: object = found
    return value


def _changed(
    given: dict[str, Any], path: tuple[str | int, ...], how: str
) -> dict[str, Any]:  # any: JSON
    changed = copy.deepcopy(given)
    holder: Any = changed["answers"]  # any: likewise
    for step in path[:-1]:
        holder = holder[step]
    if how == "missing":
        del holder[path[-1]]
    else:
        holder[path[-1]] = {"null": None, "empty": "", "other": {"some": ["thing"]}}[how]
    return changed


@pytest.mark.parametrize("how", ["missing", "null", "empty", "other"])
@pytest.mark.parametrize("provider", OAUTH.values(), ids=OAUTH)
def test_every_member_is_optional_but_whose_it_is(provider: Provider, how: str) -> None:
    """Without a member, a claim is missing or another one stands for it; the rest stays."""
    assert isinstance(provider, OAuth1Provider | OAuth2Provider)
    given = sample(provider)
    complete = given["claims"]
    for path in _places(given["answers"]):
        if len(path) == 1:
            continue
        try:
            claims, _ = asked(provider, _changed(given, path, how))
        except MalformedResponseError:
            lost = json.dumps(_at(given, path))
            assert complete["sub"] in lost or isinstance(provider.profile, Introspection), path
            continue
        assert claims["sub"] == complete["sub"], path
        assert set(claims) <= set(complete), path
        assert read_claims(claims) == claims, path
        assert not any(str(one) in ("None", "") for one in claims.values()), path


@pytest.mark.parametrize("provider", OPENID.values(), ids=OPENID)
def test_claims_of_an_openid_provider(provider: OpenIDProvider) -> None:
    """They stay as they are, and what has another name is found."""
    given = sample(provider)
    assert provider.normalise(given["id_token"]) == {**given["id_token"], **given["claims"]}


@pytest.mark.parametrize("provider", OPENID.values(), ids=OPENID)
def test_every_claim_of_an_openid_provider_is_optional(provider: OpenIDProvider) -> None:
    """But ``sub``."""
    claims = sample(provider)["id_token"]
    for name in set(claims) - {"sub"}:
        rest = {key: value for key, value in claims.items() if key != name}
        assert provider.normalise(rest)["sub"] == claims["sub"]


@pytest.mark.parametrize("provider", OAUTH.values(), ids=OAUTH)
def test_token_is_sent_as_declared(provider: Provider) -> None:
    """In the header, in the query, or where the service's own quirk has it; once."""
    given = sample(provider)
    _, stub = asked(provider, given)
    if not isinstance(provider, OAuth2Provider) or not isinstance(provider.profile, Endpoint):
        return
    placed = {"vk": "query", "instagram": "query", "mailru": "query", "wechat": "query"}
    placed |= {"foursquare": "query", "stackoverflow": "query", "shopify": "own header"}
    for request in stub.requests:
        found = {
            "header": request.headers.get("Authorization") == "Bearer a-token",
            "query": "token=a-token" in request.url,
            "own header": request.headers.get("X-Shopify-Access-Token") == "a-token",
        }
        assert [name for name, there in found.items() if there] == [
            placed.get(provider.name, "header")
        ]


SENT = {
    "bungie": ("X-API-Key", "an-api-key"),
    "notion": ("Notion-Version", "2022-06-28"),
    "dropbox": ("Content-Type", "application/json"),
}


@pytest.mark.parametrize("name", SENT)
def test_header_of_every_call(name: str) -> None:
    """Some services want a header with every call."""
    provider = next(one for one in OAUTH.values() if one.name == name)
    _, stub = asked(provider, sample(provider))
    field, value = SENT[name]
    assert [request.headers[field] for request in stub.requests] == [value]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("stackoverflow", "site=stackoverflow&key=a-key"),
        ("vk", "v=5.131"),
        ("foursquare", "v=20230131"),
        ("wechat", "openid=oLVPpjqs9BhvzwPj5A-vTYAX3GLc"),
        ("twitter", "include_email=true"),
        ("facebook", "fields=id"),
    ],
)
def test_query_of_the_profile(name: str, query: str) -> None:
    """Some services want parameters with it."""
    provider = next(one for one in OAUTH.values() if one.name == name)
    _, stub = asked(provider, sample(provider))
    assert query in stub.requests[0].url
