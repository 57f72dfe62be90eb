"""The same logins with open ones kept in the session, in cachelib, Flask-Caching and Redis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from cachelib import FileSystemCache, SimpleCache
from flask_caching import Cache as FlaskCache

from tests.real_servers.clients import BASIC, HMAC
from tests.real_servers.login_app import LoginApp
from tests.real_servers.servers import OAuth1Server, OAuth2Server
from typedoauth.errors import StateMismatchError
from typedoauth.protocols import Cache

_Register = Callable[[LoginApp], object]


@pytest.fixture(params=["session", "cachelib", "files", "flask-caching", "redis"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> LoginApp:
    """The application, with each backend in turn."""
    cache: Cache | None = None
    site = LoginApp()
    match request.param:
        case "cachelib":
            cache = SimpleCache()
        case "files":
            cache = FileSystemCache(str(tmp_path))
        case "flask-caching":
            cache = FlaskCache(site.app, config={"CACHE_TYPE": "SimpleCache"})
        case "redis":
            client = request.getfixturevalue("redis_client")
            assert isinstance(client, redis.Redis)
            cache = client
        case _:
            pass
    site.oauth.init_app(site.app, cache=cache)
    return site


@pytest.fixture(params=["authlib_oauth1", "authlib_oauth2", "oidc_provider"])
def register(request: pytest.FixtureRequest) -> _Register:
    """Registers each of the servers in turn."""
    server: object = request.getfixturevalue(request.param)
    if isinstance(server, OAuth1Server):
        return lambda site: site.register_oauth1(server, HMAC, {"signature_method": "HMAC-SHA1"})
    assert isinstance(server, OAuth2Server)
    return lambda site: site.register_oauth2(server, BASIC)


def test_login_ends_with_a_profile(site: LoginApp, register: _Register) -> None:
    """Every backend carries a login with every server from its start to its end."""
    register(site)
    site.log_in()


def test_callback_works_once(site: LoginApp, register: _Register) -> None:
    """Every backend forgets a login that has ended."""
    register(site)
    with site.app.test_client() as http:
        arrival = site.begin(http)
        assert arrival.open_in(http).status_code == 200
        with pytest.raises(StateMismatchError):
            arrival.open_in(http)


def test_stranger_does_not_use_a_login_up(site: LoginApp, register: _Register) -> None:
    """Another browser's callback is refused, and the rightful one still gets in."""
    register(site)
    with site.app.test_client() as http, site.app.test_client() as stranger:
        arrival = site.begin(http)
        with pytest.raises(StateMismatchError):
            arrival.open_in(stranger)
        assert arrival.open_in(http).get_json()["profile"]["sub"] == "ada"


def test_two_tabs_end_in_either_order(site: LoginApp, register: _Register) -> None:
    """Two logins of one browser do not disturb each other."""
    register(site)
    with site.app.test_client() as http:
        arrivals = [site.begin(http), site.begin(http)]
        for arrival in reversed(arrivals):
            assert arrival.open_in(http).get_json()["profile"]["sub"] == "ada"
