"""Two lines for kept tokens: a store and an owner at start, ``save_token`` after the login."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, session, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from typing_extensions import override

from tests.client.test_stored_tokens import DictStore
from tests.client.world import SteppingClock
from tests.testing.acting import query_of
from typedoauth import (
    ConfigurationError,
    ContextError,
    LoginRequiredError,
    MissingTokenError,
    OAuth1Token,
    OAuth2Token,
    OAuthError,
    StoreError,
    TokenKey,
)
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, token_update
from typedoauth.stores import MemoryTokenStore
from typedoauth.testing import LocalProvider
from typedoauth.transports import WSGITransport

BASE = "https://provider.example"


class Site:
    """An application that keeps its users' tokens, and the provider of both protocols."""

    def __init__(self, **options: object) -> None:
        self.clock = SteppingClock()
        self.provider = LocalProvider(clock=self.clock)
        for user in ("ada", "bob"):
            self.provider.add_user(user, password="pw")
        self.provider.add_client(
            "client",
            "secret",
            redirect_uris=["http://localhost/authorize/one", "http://localhost/authorize/two"],
        )
        self.store = MemoryTokenStore(clock=self.clock)
        self.app = Flask("site")
        self.app.secret_key = "of the test"
        given: dict[str, object] = {
            "token_store": self.store,
            "owner": lambda: session.get("user"),
            **options,
        }
        self.oauth = OAuth(
            self.app,
            transport=WSGITransport(self.provider),
            clock=self.clock,
            **given,  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the tests
        )
        self.one: OAuth1App = self.oauth.register(
            "one",
            client_id="client",
            client_secret="secret",
            request_token_url="http://localhost/oauth1/initiate",
            authorize_url="http://localhost/oauth1/authorize",
            access_token_url="http://localhost/oauth1/token",
            api_base_url="http://localhost/api/",
        )
        self.two: OAuth2App = self.oauth.register(
            "two",
            client_id="client",
            client_secret="secret",
            authorize_url="http://localhost/oauth2/authorize",
            access_token_url="http://localhost/oauth2/token",
            revocation_endpoint="http://localhost/oauth2/revoke",
            api_base_url="http://localhost/api/",
            client_kwargs={"scope": "profile"},
        )
        self.app.add_url_rule("/login/<name>", "login", self._login)
        self.app.add_url_rule("/authorize/<name>", "authorize", self._authorize)
        self.app.add_url_rule("/me/<name>", "me", self._me)
        self.app.register_error_handler(OAuthError, lambda error: (type(error).__name__, 400))

    def _login(self, name: str) -> ResponseReturnValue:
        return self.oauth.create_client(name).authorize_redirect(
            url_for("authorize", name=name, _external=True)
        )

    def _authorize(self, name: str) -> ResponseReturnValue:
        client = self.oauth.create_client(name)
        client.authorize_access_token()
        sub = str(client.get("me").json()["sub"])
        client.save_token(owner=sub)
        session["user"] = sub
        return sub

    def _me(self, name: str) -> ResponseReturnValue:
        return str(self.oauth.create_client(name).get("me").json()["sub"])

    def log_in(self, name: str, user: str = "ada") -> FlaskClient:
        """A browser whose user has logged in."""
        from werkzeug.test import Client

        browser = self.app.test_client()
        page = browser.get(f"/login/{name}").headers["Location"]
        answer = Client(self.provider).post(page, data={"user": user, "decision": "approve"})
        back = answer.headers["Location"]
        assert query_of(back)
        assert browser.get(back).text == user
        return browser


@pytest.mark.parametrize("name", ["one", "two"])
def test_calls_use_the_current_users_token(name: str) -> None:
    """Each browser's own, in later requests, without any function of the application's."""
    site = Site()
    browsers = {user: site.log_in(name, user) for user in ("ada", "bob")}
    for user, browser in browsers.items():
        assert browser.get(f"/me/{name}").text == user
    assert {summary.key for summary in site.store.summaries()} == {
        TokenKey(name, "ada"),
        TokenKey(name, "bob"),
    }


def test_expired_token_is_renewed_saved_and_announced_once() -> None:
    """Later requests find the new one."""
    site = Site()
    browser, seen = site.log_in("two"), list[str]()

    def listen(_: Flask, name: str, **__: object) -> None:
        seen.append(name)

    site.clock.now += 3600
    with token_update.connected_to(listen, site.app):
        assert [browser.get("/me/two").text for _ in range(3)] == ["ada"] * 3
    assert (site.provider.counts["refresh_token"], seen) == (1, ["two"])


def test_revoked_user_is_told_to_log_in() -> None:
    """The first call learns it of the server, later ones of the store."""
    site = Site()
    browser = site.log_in("two")
    with site.app.app_context():
        token = site.two.stored_token(owner="ada")
    assert token is not None
    with site.app.app_context():
        site.two.revoke_token(token)
    site.clock.now += 3600
    shown = [browser.get("/me/two").text for _ in range(2)]
    assert shown == ["InvalidGrantError", "TokenExpiredError"]


def test_nobody_logged_in_has_no_token() -> None:
    """``owner`` answers ``None``: no look-up, no call."""
    assert Site().app.test_client().get("/me/two").text == "MissingTokenError"
    assert issubclass(MissingTokenError, LoginRequiredError)


@pytest.mark.parametrize("owner", [object(), False, True, b"ada", 1.5, ["ada"]])
def test_owner_that_identifies_nobody_is_refused(owner: object) -> None:
    """The text of an object is its address, and another user's object comes to lie there."""
    site = Site(owner=lambda: owner)
    with site.app.app_context():
        for use in (site.two.stored_token, site.two.delete_token, site.two.revoke_token):
            with pytest.raises(ConfigurationError, match=type(owner).__name__):
                use()
        with pytest.raises(ConfigurationError, match="identifies a user"):
            site.oauth.delete_owner(owner)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] the point
        with pytest.raises(ConfigurationError, match="identify a user"):
            site.oauth.delete_owner("")


def test_owner_that_needs_a_request_is_told_outside_one() -> None:
    """It names what to give instead of Flask's general advice."""
    site = Site()
    for use in (site.two.stored_token, lambda: site.two.get("me")):
        with site.app.app_context(), pytest.raises(ContextError, match="owner="):
            use()


def test_owner_that_fails_within_a_request_fails() -> None:
    """With its own error."""

    def owner() -> str:
        raise RuntimeError("of the application")

    site = Site(owner=owner)
    with site.app.test_request_context(), pytest.raises(RuntimeError, match="of the application"):
        site.two.stored_token()


def test_login_that_was_not_saved_is_told() -> None:
    """Somebody is logged in, and the store knows nothing of it."""
    site = Site(owner=lambda: "ada")
    with site.app.test_request_context(), pytest.raises(MissingTokenError, match="save_token"):
        site.two.get("me")


@pytest.mark.parametrize("account", [None, "work"])
def test_expired_token_is_revoked_without_being_renewed(account: str | None) -> None:
    """Unlinking works for those, too, whose tokens cannot be renewed any more."""
    site = Site()
    browser = site.log_in("two")
    with site.app.app_context():
        token = site.two.stored_token(owner="ada")
        assert token is not None
        site.two.save_token(token, owner="ada", account=account)
    site.clock.now += 3600
    with site.app.test_request_context():
        session["user"] = "ada"
        site.two.revoke_token(account=account)
        site.two.delete_token(account=account)
    assert (site.provider.counts["refresh_token"], site.provider.counts["revocation"]) == (0, 1)
    assert browser.get("/me/two").text == (
        "MissingTokenError" if account is None else "InvalidGrantError"
    )


def test_nothing_to_revoke_is_told() -> None:
    """Without a token of that account, and without a store."""
    site, bare = Site(), Site(token_store=None)
    with site.app.app_context(), pytest.raises(MissingTokenError, match="no token at hand"):
        site.two.revoke_token(owner="ada", account="work")
    with bare.app.app_context(), pytest.raises(ConfigurationError, match="no token store"):
        bare.two.revoke_token(owner="ada")


def test_token_functions_come_before_the_store() -> None:
    """An application that moves over keeps the tokens of its own table."""

    def fetch_token(_: str) -> None:
        return None

    site = Site(fetch_token=fetch_token)
    browser = site.log_in("two")
    assert browser.get("/me/two").text == "ada"
    other = site.two.fetch_access_token(username="bob", password="pw")
    site.oauth.fetch_token = lambda _: other
    assert browser.get("/me/two").text == "bob"


def test_owner_may_be_a_number() -> None:
    """As most tables have it; it is kept as its digits."""
    site = Site(owner=lambda: 7)
    token = site.two.fetch_access_token(username="ada", password="pw")
    with site.app.app_context():
        site.two.save_token(token, owner=7)
        assert site.two.stored_token() == token
        assert site.two.get("me").json()["sub"] == "ada"
    assert site.store.get(TokenKey("two", "7")) == token


def test_second_account_is_kept_beside_the_first() -> None:
    """A user may link several accounts of one service."""
    site = Site()
    tokens = {
        user: site.two.fetch_access_token(username=user, password="pw") for user in ("ada", "bob")
    }
    with site.app.app_context():
        site.two.save_token(tokens["ada"], owner="u")
        site.two.save_token(tokens["bob"], owner="u", account="work")
        work = site.two.stored_token(owner="u", account="work")
        assert site.two.get("me", token=work).json()["sub"] == "bob"
        site.two.delete_token(owner="u", account="work")
        assert site.two.stored_token(owner="u", account="work") is None
        assert site.two.stored_token(owner="u") == tokens["ada"]


def test_everything_about_one_owner_goes_in_one_call() -> None:
    """All services, all accounts; nobody else's."""
    site = Site()
    token = site.two.fetch_access_token(username="ada", password="pw")
    with site.app.app_context():
        for owner in ("ada", "bob"):
            site.two.save_token(token, owner=owner)
            site.two.save_token(token, owner=owner, account="2")
        assert site.oauth.delete_owner("ada") == 2
        assert [one.key.owner for one in site.store.summaries()] == ["bob", "bob"]


def test_refresh_now_renews_the_stored_token() -> None:
    """Without a token at hand it is that of the store, which has the new one."""
    site = Site(owner=lambda: "ada")
    old = site.two.fetch_access_token(username="ada", password="pw")
    with site.app.app_context():
        site.two.save_token(old)
        new = site.two.refresh_token()
        assert new["access_token"] != old["access_token"]
        assert site.two.stored_token() == new


@pytest.mark.parametrize(
    "store",
    [DictStore(), MemoryTokenStore()],
    ids=["dict", "memory"],
)
def test_any_store_will_do(store: DictStore | MemoryTokenStore) -> None:
    """Ten lines around a dict are one."""
    site = Site(token_store=store)
    assert site.log_in("two").get("/me/two").text == "ada"


def test_store_of_one_application_is_not_that_of_another() -> None:
    """``init_app`` gives each its own."""
    oauth, stores = OAuth(owner=lambda: "ada"), [MemoryTokenStore(), MemoryTokenStore()]
    app: OAuth2App = oauth.register("two", client_id="id", access_token_url=f"{BASE}/token")
    token: OAuth2Token = {"access_token": "a"}
    flasks = [Flask("first"), Flask("second")]
    for flask, store in zip(flasks, stores, strict=True):
        oauth.init_app(flask, token_store=store)
    with flasks[0].app_context():
        app.save_token(token)
    with flasks[1].app_context():
        assert app.stored_token() is None
    assert stores[0].get(TokenKey("two", "ada")) == token


def test_mistakes_are_told() -> None:
    """Nothing to save, nobody to save it for, nowhere to save it."""
    site = Site(owner=lambda: None)
    with site.app.app_context():
        with pytest.raises(MissingTokenError, match="no token to save"):
            site.two.save_token(owner="ada")
        calls: list[Callable[[], object]] = [
            lambda: site.two.save_token({"access_token": "a"}),
            site.two.stored_token,
            site.two.delete_token,
        ]
        for call in calls:
            with pytest.raises(MissingTokenError, match="nobody is logged in"):
                call()
        with pytest.raises(ConfigurationError, match="owner= is an empty text"):
            site.two.stored_token(owner="")
    alone = Site(owner=None)
    with alone.app.app_context():
        with pytest.raises(ConfigurationError, match="give owner="):
            alone.two.stored_token()
        with pytest.raises(ConfigurationError, match="no owner= that tells whose"):
            alone.two.get("me")
    bare = Site(token_store=None)
    with bare.app.app_context():
        with pytest.raises(ConfigurationError, match="token_store="):
            bare.two.save_token({"access_token": "a"}, owner="ada")
        with pytest.raises(ConfigurationError, match="SQLTokenStore"):
            bare.oauth.delete_owner("ada")
        with pytest.raises(MissingTokenError):
            bare.two.get("me")


def test_what_is_no_store_is_refused_at_once() -> None:
    """When the registry is made, and not at the first login."""
    with pytest.raises(ConfigurationError, match="a dict has no method set"):
        Site(token_store={})
    with pytest.raises(ConfigurationError, match="token_store is a class, MemoryTokenStore"):
        Site(token_store=MemoryTokenStore)
    with pytest.raises(ConfigurationError, match=r"an? int has no method get\(name, tenant\)"):
        Site(client_store=5)
    with pytest.raises(ConfigurationError, match="owner is to be"):
        Site(owner="ada")


def test_wrong_kind_of_token_is_refused() -> None:
    """By whichever way it comes."""
    site = Site(owner=lambda: "ada")
    wrong: OAuth1Token = {"oauth_token": "t", "oauth_token_secret": "s"}
    with site.app.app_context():
        site.store.set(TokenKey("two", "ada"), wrong)
        with pytest.raises(OAuthError, match=r"this is an OAuth 1\.0 token"):
            site.two.get("me")


def test_failing_store_is_a_store_error() -> None:
    """A view sees one error class, whatever the store raises."""

    class Broken(DictStore):
        @override
        def get(self, key: TokenKey, /) -> OAuth2Token | None:
            raise OSError("down")

    site = Site(token_store=Broken(), owner=lambda: "ada")
    with site.app.app_context(), pytest.raises(StoreError, match="a Broken"):
        site.two.get("me")


def test_own_error_of_the_owner_function_is_its_own() -> None:
    """Outside a request, too: only Flask's plain RuntimeError says that there is none."""

    def owner() -> str:
        raise NotImplementedError("whose?")

    with pytest.raises(NotImplementedError, match="whose"):
        Site(owner=owner).two.stored_token()
