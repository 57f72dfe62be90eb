"""An application that keeps its open logins in a cache, or with functions of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from cachelib import FileSystemCache, NullCache, SimpleCache
from flask import Flask, session
from flask_caching import Cache as FlaskCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.flask.caches import AtomicMemory, Forgetful
from tests.flask.site import CLIENT_SECRET, PROVIDER, Site, as_text, query_of, session_of
from tests.services import redis_client
from typedoauth import OAuth1Token
from typedoauth.errors import (
    ConfigurationError,
    InvalidTokenError,
    MissingRequestTokenError,
    OAuthError,
    StoreError,
)
from typedoauth.flask import OAuth
from typedoauth.protocols import Cache

KINDS: dict[str, Callable[[Path], Cache]] = {
    "simple": lambda _: SimpleCache(),
    "files": lambda path: FileSystemCache(str(path)),
    "flask-caching": lambda _: FlaskCache(config={"CACHE_TYPE": "SimpleCache"}),
    "page": lambda _: Forgetful(),
    "getdel": lambda _: AtomicMemory(),
}


@pytest.fixture(params=[*KINDS, "redis", "redis text"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cache]:
    """Each cache that people have."""
    kind = str(request.param)
    if kind in KINDS:
        yield KINDS[kind](tmp_path)
        return
    with redis_client(decode_responses=kind == "redis text") as client:
        yield client


@pytest.mark.parametrize("name", ["one", "two"])
def test_login_through_a_cache(cache: Cache, name: str) -> None:
    """The session holds no more than what binds the login to the browser."""
    app = Flask("site")
    app.secret_key = "key"
    if isinstance(cache, FlaskCache):
        cache.init_app(app)
    site = Site(cache, app)
    browser = app.test_client()
    location = site.begin(browser, name, data={"next": "/x"})
    kept = session_of(app, browser)["_typedoauth"]
    assert set(kept) == {"p", "b"}
    assert [len(entry) for entry in kept["p"]] == [3]
    answer = site.arrive(browser, site.decide(location))
    assert answer.get_json()["data"] == {"next": "/x"}


def test_flask_caching_may_be_initialised_later(caplog: pytest.LogCaptureFixture) -> None:
    """``oauth.init_app(app, cache=cache)`` comes before ``cache.init_app(app)``."""
    cache = FlaskCache(config={"CACHE_TYPE": "SimpleCache"})
    app = Flask("site")
    app.secret_key = "key"
    with caplog.at_level(logging.WARNING, "typedoauth"):
        site = Site(cache, app)
    assert "could not be tried" in caplog.text
    cache.init_app(app)
    site.log_in(app.test_client(), "two")


def test_null_cache_is_refused() -> None:
    """Wherever it is given, as soon as there is an application; nothing changes then."""
    app = Flask("x")
    oauth = OAuth(cache=NullCache())
    with pytest.raises(ConfigurationError, match="does not keep"):
        oauth.init_app(app)
    oauth.cache = None
    with pytest.raises(ConfigurationError, match="does not keep"):
        oauth.init_app(app, cache=NullCache())
    assert app.extensions == {}
    oauth.init_app(app)
    with pytest.raises(ConfigurationError, match="does not keep"):
        oauth.cache = NullCache()
    assert oauth.cache is None


def test_cache_of_init_app_comes_first() -> None:
    """It is that application's own."""
    general, special = SimpleCache(), SimpleCache()
    oauth = OAuth(cache=general)
    first, second = Flask("1"), Flask("2")
    oauth.init_app(first, cache=special)
    oauth.init_app(second)
    assert oauth.bind(first).cache is special
    assert oauth.bind(second).cache is general


def test_unreachable_cache_is_told_and_the_login_can_be_tried_again() -> None:
    """Nothing is used up by an outage."""
    site = Site(SimpleCache())
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, "two"))
    working, broken = site.oauth.cache, redis.Redis("127.0.0.1", 1, retry=Retry(NoBackoff(), 0))
    site.oauth.cache = broken
    assert isinstance(site.refused(browser, callback), StoreError)
    assert browser.get("/login/two").status_code == 400
    site.oauth.cache = working
    assert site.arrive(browser, callback).status_code == 200


class Temporary:
    """``save_request_token`` and ``fetch_request_token`` as the page has them."""

    def __init__(self, site: Site) -> None:
        self.kept: dict[str, object] = {}
        site.oauth.register(
            "one",
            client_id="client",
            client_secret=CLIENT_SECRET,
            request_token_url=f"{PROVIDER}/oauth1/initiate",
            authorize_url=f"{PROVIDER}/oauth1/authorize",
            access_token_url=f"{PROVIDER}/oauth1/token",
            api_base_url=f"{PROVIDER}/api/",
            save_request_token=self.save,
            fetch_request_token=self.fetch,
        )

    def save(self, token: OAuth1Token) -> None:
        self.kept[str(session.get("user"))] = token

    def fetch(self) -> OAuth1Token | None:
        found: object = self.kept.get(str(session.get("user")))
        return found  # type: ignore[return-value]  # pyright: ignore[reportReturnType] wrong ones too


@pytest.mark.parametrize("cache", [None, SimpleCache()])
def test_functions_keep_the_temporary_credentials(cache: SimpleCache | None) -> None:
    """They get and give a dict; the session holds the rest, and no secret."""
    site = Site(cache)
    temporary = Temporary(site)
    browser = site.app.test_client()
    location = site.begin(browser, "one", data={"next": "/x"})
    (token,) = temporary.kept.values()
    assert isinstance(token, dict)
    assert set(token) == {"oauth_token", "oauth_token_secret"}  # pyright: ignore[reportUnknownArgumentType] as saved
    assert "'s'" not in as_text(session_of(site.app, browser))
    answer = site.arrive(browser, site.decide(location))
    assert answer.get_json()["data"] == {"next": "/x"}


@pytest.mark.parametrize(
    ("found", "error"),
    [
        (None, MissingRequestTokenError),
        ({"oauth_token": "another", "oauth_token_secret": "s"}, MissingRequestTokenError),
        ("text", InvalidTokenError),
        ({}, InvalidTokenError),
    ],
)
def test_wrong_temporary_credentials_are_refused(found: object, error: type[OAuthError]) -> None:
    """The callback's token has to be the one that was saved (RFC 5849 2.2)."""
    site = Site()
    temporary = Temporary(site)
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, "one"))
    temporary.kept["None"] = found
    assert type(site.refused(browser, callback)) is error
    assert not site.transport.forms("/oauth1/token")


def test_functions_do_not_loosen_the_binding() -> None:
    """Another browser is refused before the function is asked."""
    site = Site()
    temporary = Temporary(site)
    callback = site.decide(site.begin(site.app.test_client(), "one"))
    asked = list(temporary.kept)
    error = site.refused(site.app.test_client(), callback)
    assert error.code == "mismatching_state"
    assert list(temporary.kept) == asked


def test_functions_are_not_used_by_oauth2_logins() -> None:
    """They are of OAuth 1.0."""
    site = Site()
    temporary = Temporary(site)
    site.log_in(site.app.test_client(), "two")
    assert temporary.kept == {}


def test_functions_are_not_given_what_there_is_not() -> None:
    """Code that keeps the temporary credentials itself need not hand them over."""
    site = Site()
    temporary = Temporary(site)
    with site.app.test_request_context():
        site.oauth.one.save_authorize_data(state="token", url=f"{PROVIDER}/oauth1/authorize")
    assert temporary.kept == {}


def test_state_of_oauth1_is_not_kept_in_full() -> None:
    """A server's token may be long; the session has its hash."""
    site = Site()
    browser = site.app.test_client()
    state = query_of(site.begin(browser, "one"))["oauth_token"]
    kept = session_of(site.app, browser)["_typedoauth"]["p"][0][0]
    assert kept == state if len(state) <= 43 else kept.startswith("~")
