"""Renewal of tokens in an application: once, told to whoever keeps them, in any context."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask, current_app

from tests.flask.site import Site, register_two
from typedoauth import OAuth2Token
from typedoauth.errors import MissingTokenError, TokenExpiredError
from typedoauth.flask import OAuth2App, token_update


@pytest.fixture
def expired(site: Site) -> OAuth2Token:
    """A token of Ada's that has expired and can be renewed."""
    token = site.two.fetch_access_token(username="ada", password="ada-password")
    site.clock.now += 4000
    return token


def refreshes(site: Site) -> int:
    """How often the service renewed a token."""
    return site.provider.counts["refresh_token"]


def test_context_holds_the_renewed_token(site: Site, expired: OAuth2Token) -> None:
    """Two calls of one request cause one refresh, and the second uses its result."""
    with site.app.test_request_context():
        site.two.token = expired
        assert site.two.get("me").status_code == 200
        assert site.two.get("me").status_code == 200
        renewed = site.two.token
    assert renewed is not None
    assert renewed["access_token"] != expired["access_token"]
    assert refreshes(site) == 1


def test_token_renewed_by_another_request_is_held(site: Site, expired: OAuth2Token) -> None:
    """A request that came with a stale copy does not go on with it."""
    held: list[OAuth2Token | None] = []
    for _ in range(2):
        with site.app.test_request_context():
            site.two.token = expired
            site.two.get("me")
            held.append(site.two.token)
    assert held[0] == held[1]
    assert held[0] != expired
    assert refreshes(site) == 1


def test_token_of_a_call_does_not_replace_the_contexts(site: Site, expired: OAuth2Token) -> None:
    """What was passed for one call is another user's, perhaps."""
    with site.app.test_request_context():
        site.two.token = {"access_token": "of somebody else"}
        assert site.two.get("me", token=expired).status_code == 200
        assert site.two.token == {"access_token": "of somebody else"}


@pytest.mark.parametrize("contexts", [True, False])
def test_threads_cause_one_refresh(site: Site, expired: OAuth2Token, contexts: bool) -> None:
    """Eight threads with the same token: one refresh, eight answers."""
    start = Barrier(8)
    told: list[str] = []
    site.oauth.update_token = lambda _name, token: told.append(token["access_token"])

    def call(_: int) -> int:
        start.wait(10)
        if not contexts:
            return site.two.get("me", token=expired).status_code
        with site.app.test_request_context():
            site.two.token = expired
            return site.two.get("me").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(call, range(8))) == {200}
    assert refreshes(site) == 1
    assert len(told) == 1


def shapes(told: list[tuple[object, ...]]) -> dict[str, Callable[..., object]]:
    """Every shape of a registry's ``update_token`` (migration table 4.3)."""

    def plain(name: str, token: OAuth2Token) -> None:
        told.append((name, token["access_token"], None))

    def full(
        name: str,
        token: OAuth2Token,
        refresh_token: str | None = None,
        access_token: str | None = None,
    ) -> None:
        told.append((name, token["access_token"], (refresh_token, access_token)))

    def keywords(name: str, token: OAuth2Token, **old: str | None) -> str:
        told.append((name, token["access_token"], (old["refresh_token"], old["access_token"])))
        return "ignored"

    return {"plain": plain, "full": full, "keywords": keywords}


@pytest.mark.parametrize("shape", ["plain", "full", "keywords"])
@pytest.mark.parametrize("own", [True, False])
def test_update_token_is_called_in_its_shape(
    site: Site, expired: OAuth2Token, shape: str, own: bool
) -> None:
    """Of a registry with the name first, of a client without it; with or without the old ones."""
    told: list[tuple[object, ...]] = []
    function: Any = shapes(told)[shape]  # any: its shape is what is tested
    if own:
        site.oauth.update_token = lambda _name, _token: pytest.fail("the client has its own")
        site.oauth.register(
            "two", update_token=_without_name(function, shape), **_settings(site.two)
        )
    else:
        site.oauth.update_token = function
    new = site.two.refresh_token(expired)
    old = (expired.get("refresh_token"), expired["access_token"])
    assert told == [("two", new["access_token"], None if shape == "plain" else old)]


def _settings(two: OAuth2App) -> Any:  # any: keywords
    names = ("client_id", "client_secret", "access_token_url", "authorize_url", "api_base_url")
    return {name: getattr(two, name) for name in names}


def _without_name(function: Callable[..., object], shape: str) -> Any:  # any: shapes are the point
    def plain(token: OAuth2Token) -> object:
        return function("two", token)

    def full(token: OAuth2Token, refresh_token: str | None, access_token: str | None) -> object:
        return function("two", token, refresh_token=refresh_token, access_token=access_token)

    def keywords(token: OAuth2Token, **old: str | None) -> object:
        return function("two", token, **old)

    own: dict[str, Callable[..., object]] = {"plain": plain, "full": full, "keywords": keywords}
    return own[shape]


def test_signal_is_sent_by_the_application(site: Site, expired: OAuth2Token) -> None:
    """``token_update``: the Flask application, the name, the new token and the old ones."""
    seen: list[tuple[object, dict[str, object]]] = []

    def receive(sender: object, **keywords: object) -> None:
        seen.append((sender, keywords))

    with token_update.connected_to(receive, sender=site.app):
        new = site.two.refresh_token(expired)
    assert seen == [
        (
            site.app,
            {
                "name": "two",
                "token": new,
                "refresh_token": expired.get("refresh_token"),
                "access_token": expired["access_token"],
            },
        )
    ]


def test_refresh_works_outside_of_any_context(site: Site, expired: OAuth2Token) -> None:
    """What keeps the token may need the application, and finds it."""
    names: list[str] = []
    site.oauth.update_token = lambda _name, _token: names.append(current_app.name)
    assert site.two.get("me", token=expired).status_code == 200
    assert names == ["site"]


def test_refresh_for_a_bound_application_runs_in_its_context(
    site: Site, expired: OAuth2Token
) -> None:
    """Inside of another application's context."""
    names: list[str] = []
    site.oauth.update_token = lambda _name, _token: names.append(current_app.name)
    other = Flask("other")
    with other.app_context():
        site.oauth.bind(site.app).two.get("me", token=expired)
    assert names == ["site"]


def test_update_token_that_fails_is_tried_again(site: Site, expired: OAuth2Token) -> None:
    """A database that is away for a moment does not lose the renewed token."""
    told: list[str] = []

    def keep(_: str, token: OAuth2Token) -> None:
        told.append(token["access_token"])
        if len(told) == 1:
            raise LookupError("no database")

    site.oauth.update_token = keep
    with pytest.raises(LookupError):
        site.two.get("me", token=expired)
    assert site.two.get("me", token=expired).status_code == 200
    assert told[0] == told[1]
    assert refreshes(site) == 1


def test_token_without_refresh_token_says_that_it_expired(site: Site, expired: OAuth2Token) -> None:
    """The user has to log in again."""
    gone: OAuth2Token = {"access_token": expired["access_token"], "expires_at": 1}
    with site.app.test_request_context():
        site.two.token = gone
        with pytest.raises(TokenExpiredError, match="log in again"):
            site.two.get("me")
        assert site.two.token == gone


@pytest.mark.parametrize("expires_at", [0, None])
def test_no_known_expiry_is_no_expiry(
    site: Site, expired: OAuth2Token, expires_at: int | None
) -> None:
    """The page's table has ``default=0`` for tokens that do not expire."""
    fresh = site.two.refresh_token(expired)
    fresh["expires_at"] = expires_at
    assert site.two.get("me", token=fresh).status_code == 200
    assert refreshes(site) == 1


def test_refresh_uses_the_token_at_hand(site: Site, expired: OAuth2Token) -> None:
    """And says so where there is none."""
    with site.app.test_request_context():
        with pytest.raises(MissingTokenError, match="token="):
            site.two.refresh_token()
        site.two.token = expired
        new = site.two.refresh_token()
        assert site.two.token == new


def test_client_credentials_are_fetched_and_renewed(site: Site) -> None:
    """A client of its own needs nobody's login (RFC 6749 4.4)."""
    own = register_two(site.oauth, client_kwargs={"grant_type": "client_credentials"})
    for _ in range(2):
        assert own.get("echo").json()["user"] is None
    site.clock.now += 4000
    assert own.get("echo").status_code == 200
    assert site.provider.counts["client_credentials"] == 2


def test_token_of_another_grant_is_used_where_it_is_given(site: Site) -> None:
    """It may be the client's own, so calls for the user do not pick it up by themselves."""
    with site.app.test_request_context():
        two = site.two.fetch_access_token(username="ada", password="ada-password")
        begun = site.one.create_authorization_url("http://localhost/authorize/one")
        verifier = site.decide(begun["url"]).rpartition("=")[2]
        one = site.one.fetch_access_token(begun.get("request_token"), verifier=verifier)
        assert (site.one.token, site.two.token) == (None, None)
        assert site.one.get("me", token=one).json()["sub"] == "ada"
        assert site.two.get("me", token=two).json()["sub"] == "ada"


def test_token_is_revoked_and_introspected(site: Site) -> None:
    """By its text, as a whole, or as the one at hand (RFC 7009, RFC 7662)."""
    url = site.two.access_token_url
    assert url is not None
    introspect, revoke = (url.replace("token", one) for one in ("introspect", "revoke"))
    with site.app.test_request_context():
        with pytest.raises(MissingTokenError, match="token="):
            site.two.revoke_token(url=revoke)
        token = site.two.fetch_access_token(username="ada", password="ada-password")
        site.two.token = token
        assert site.two.introspect_token(url=introspect)["active"] is True
        assert site.two.introspect_token(token["access_token"], url=introspect)["active"] is True
        site.two.revoke_token(url=revoke, token_type_hint="access_token")
        assert site.two.introspect_token(token, url=introspect)["active"] is False
        assert site.two.get("me").status_code == 401
