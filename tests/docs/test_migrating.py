"""What ``docs/migrating.md`` says is refused now, or different, is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from cachelib import NullCache
from flask import Flask

from tests.docs.pages import read
from typedoauth import (
    ConfigurationError,
    InsecureTransportError,
    InvalidTokenError,
    OAuth2Client,
    OAuth2Token,
    OAuthError,
    TokenExpiredError,
    UnknownClientError,
    UnknownOptionError,
    UntrustedOriginError,
)
from typedoauth.flask import OAuth
from typedoauth.transports import Request, Response, StubTransport

GOOD: dict[str, Any] = {  # any: keywords, right and wrong ones
    "client_id": "x",
    "client_secret": "y",
    "access_token_url": "https://as.example/token",
    "authorize_url": "https://as.example/authorize",
    "api_base_url": "https://api.example/",
}


def _good(**changes: Any) -> dict[str, Any]:  # any: as above
    return {**GOOD, **changes}


def _app() -> Flask:
    app = Flask("migrated")
    app.secret_key = "of the test"
    return app


def _no_arguments() -> None:
    """An ``update_token`` of the wrong shape."""


@pytest.mark.parametrize(
    ("name", "changes", "error"),
    [
        ("one", {"acess_token_url": "https://as.example/"}, UnknownOptionError),
        ("one", {"client_kwargs": {"scop": "profile"}}, UnknownOptionError),
        ("one", {"client_kwargs": {"timeout": 5}}, UnknownOptionError),
        ("one", {"scope": "profile"}, UnknownOptionError),
        ("cache", {}, ConfigurationError),
        ("my app", {}, ConfigurationError),
        ("a.b", {}, ConfigurationError),
        ("one", {"code_challenge_method": "plain"}, ConfigurationError),
        ("one", {"access_token_url": "http://as.example/token"}, InsecureTransportError),
        ("one", {"authorize_url": "https://as.example/?client_id=x"}, ConfigurationError),
        ("one", {"authorize_params": {"state": "s"}}, ConfigurationError),
        ("one", {"update_token": _no_arguments}, ConfigurationError),
    ],
)
def test_a_registration_is_refused(
    name: str,
    changes: dict[str, Any],  # any: as above
    error: type[OAuthError],
) -> None:
    """The mistake comes out where it is made."""
    with pytest.raises(error):
        OAuth(_app()).register(name, **_good(**changes))


def test_an_unknown_client_is_a_key_error() -> None:
    """Code that catches KeyError goes on working; ``in`` tells without raising."""
    oauth = OAuth(_app())
    assert "one" not in oauth
    with pytest.raises(KeyError) as caught:
        oauth.create_client("one")
    assert isinstance(caught.value, UnknownClientError)


def test_a_cache_that_keeps_nothing() -> None:
    """It is refused when the application starts."""
    with pytest.raises(ConfigurationError, match="NullCache"):
        OAuth(_app(), cache=NullCache())


def _called(stub: StubTransport) -> Callable[..., Response]:
    return OAuth2Client(transport=stub, **GOOD).get


def _everything(request: Request) -> Response:
    return Response(200, content=b'{"access_token": "new"}')


@pytest.mark.parametrize(
    ("url", "token", "error"),
    [
        ("https://elsewhere.example/", {"access_token": "a"}, UntrustedOriginError),
        ("me", ("a", "b"), InvalidTokenError),
        ("me", {"access_token": "a", "expires_at": 1}, TokenExpiredError),
        ("me", {"access_token": "a", "expires_at": 1}, InvalidTokenError),
    ],
)
def test_a_call_is_refused(url: str, token: object, error: type[OAuthError]) -> None:
    """Nothing is sent."""
    stub = StubTransport(_everything)
    with pytest.raises(error):
        _called(stub)(url, token=token)
    assert stub.requests == []


def test_no_known_expiry() -> None:
    """A token with an expires_at of 0 is sent as it is."""
    stub = StubTransport(_everything)
    _called(stub)("me", token={"access_token": "a", "refresh_token": "r", "expires_at": 0})
    assert [request.url for request in stub.requests] == ["https://api.example/me"]


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({"refresh_token_url": "https://as.example/refresh"}, "https://as.example/refresh"),
        ({}, "https://as.example/token"),
    ],
)
def test_where_a_token_is_refreshed(changes: dict[str, str], url: str) -> None:
    """At refresh_token_url, or else at the token endpoint, with refresh_token_params."""
    stub = StubTransport(_everything)
    client = OAuth2Client(
        transport=stub, refresh_token_params={"audience": "api"}, **_good(**changes)
    )
    old: OAuth2Token = {"access_token": "a", "refresh_token": "r", "expires_at": 1}
    client.get("me", token=old)
    assert [request.url for request in stub.requests] == [url, "https://api.example/me"]
    assert b"audience=api" in (stub.requests[0].body or b"")


def test_none_is_not_given() -> None:
    """Config fills in a keyword that is None."""
    app = _app()
    app.config["ONE_CLIENT_ID"] = "of config"
    one = OAuth(app).register("one", **_good(client_id=None))
    assert one.client_id == "of config"


def test_a_dict_of_the_caller_is_left_alone() -> None:
    """overwrite=True merges config into a copy."""
    app, own = _app(), {"scope": "profile"}
    app.config["ONE_CLIENT_KWARGS"] = {"scope": "email"}
    one = OAuth(app).register("one", overwrite=True, **_good(client_kwargs=own))
    assert (one.scope, own) == ("email", {"scope": "profile"})


def test_registering_again_replaces() -> None:
    """The second registration counts, also once the client has been used."""
    oauth = OAuth(_app())
    first = oauth.register("one", **GOOD)
    assert first.client_id == "x"
    oauth.register("one", **_good(client_id="z"))
    assert (oauth.create_client("one").client_id, first.client_id) == ("z", "z")


def test_what_responses_lack() -> None:
    """The page lists members of requests' responses: those that are there, and those not."""
    section = read("docs/migrating.md").partition("\n## Responses\n")[2].partition("\n## ")[0]
    there, _, missing = section.partition("the same: ")[2].partition("are missing: ")
    ours, theirs = dir(Response(200)), dir(requests.Response())

    def members(text: str) -> list[str]:
        names = re.findall(r"`(\w+)(?:\(\))?`", text.partition(". ")[0])
        assert [name for name in names if name not in theirs] == []
        return names

    assert [name for name in members(there) if name not in ours] == []
    assert [name for name in members(missing) if name in ours] == []
    assert (len(members(there)), len(members(missing))) == (13, 8)
