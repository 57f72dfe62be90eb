"""One registry, several applications: whose settings apply, and nothing leaks."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask, current_app
from typing_extensions import override

from tests.flask.site import PROVIDER, RecordingTransport, Site, register_two
from tests.flask.test_registering import TOKEN_URL, app_with
from typedoauth import OAuth2Token
from typedoauth.errors import ConfigurationError, ContextError
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, RemoteApp
from typedoauth.testing import LocalProvider
from typedoauth.transports import Response, StubTransport

TOKEN: OAuth2Token = {"access_token": "t", "token_type": "Bearer"}


def two_apps() -> tuple[OAuth, Flask, Flask]:
    """A registry with a client whose settings come from the config of two applications."""
    oauth = OAuth()
    oauth.register("x", access_token_url=TOKEN_URL, authorize_url=f"{PROVIDER}/authorize")
    first = app_with(X_CLIENT_ID="first", X_CLIENT_SECRET="of the first")
    second = app_with(X_CLIENT_ID="second", X_CLIENT_SECRET="of the second")
    oauth.init_app(first)
    oauth.init_app(second)
    return oauth, first, second


@pytest.mark.parametrize("early", [True, False])
def test_registering_and_init_app_come_in_any_order(early: bool) -> None:
    """The page's ``oauth = OAuth()`` and ``oauth.init_app(app)``."""
    oauth, app = OAuth(), app_with(X_CLIENT_ID="id")
    if early:
        oauth.init_app(app)
    client = oauth.register("x", access_token_url=TOKEN_URL)
    if not early:
        oauth.init_app(app)
    assert client.client_id == "id"
    assert isinstance(client, OAuth2App)


def test_factory_that_registers_each_time_works() -> None:
    """A module's registry, and an application factory that is called more than once."""
    oauth = OAuth()

    def create_app(client_id: str) -> Flask:
        app = app_with(X_CLIENT_ID=client_id)
        oauth.init_app(app)
        oauth.register("x", access_token_url=TOKEN_URL)
        return app

    apps = [create_app(name) for name in "abc"]
    for app, name in zip(apps, "abc", strict=True):
        with app.app_context():
            assert oauth.x.client_id == name


def test_each_application_has_its_own_settings() -> None:
    """The context decides, and the same object serves both."""
    oauth, first, second = two_apps()
    client = oauth.x
    for _ in range(2):
        with first.app_context():
            assert (client.client_id, client.client_secret) == ("first", "of the first")
        with second.app_context():
            assert (client.client_id, client.client_secret) == ("second", "of the second")


def test_threads_that_alternate_see_their_own_application() -> None:
    """Sixteen threads, two applications, and never the other's secret."""
    oauth, *apps = two_apps()
    start = threading.Barrier(8)

    def look(number: int) -> set[tuple[int, str]]:
        start.wait(10)
        seen: set[tuple[int, str]] = set()
        for turn in range(50):
            which = (number + turn) % 2
            with apps[which].app_context():
                seen.add((which, oauth.x.client_id))
        return seen

    with ThreadPoolExecutor(8) as pool:
        seen = set[tuple[int, str]]().union(*pool.map(look, range(8)))
    assert seen == {(0, "first"), (1, "second")}


def test_client_is_made_once_an_application() -> None:
    """However many threads ask first."""
    made: list[object] = []

    def slow_fix(client: object) -> None:
        made.append(client)
        time.sleep(0.05)  # so that the others come while it is being made

    oauth = OAuth()
    app = app_with()
    oauth.init_app(app)
    client = oauth.register("x", client_id="c", access_token_url=TOKEN_URL, compliance_fix=slow_fix)
    start = threading.Barrier(8)

    def use(_: int) -> str:
        start.wait(10)
        return client.client_id

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(8))) == {"c"}
    assert len(made) == 1


def test_config_may_make_a_client_of_either_protocol() -> None:
    """The same name is OAuth 1.0 in one application and OAuth 2.0 in the other."""
    oauth = OAuth()
    oauth.register("x")
    first, second = app_with(X_REQUEST_TOKEN_URL=TOKEN_URL), app_with(X_ACCESS_TOKEN_URL=TOKEN_URL)
    oauth.init_app(first)
    oauth.init_app(second)
    with first.app_context():
        kinds = [type(oauth.x)]
    with second.app_context():
        kinds.append(type(oauth.x))
    kinds.append(type(oauth.x))
    assert kinds == [OAuth1App, OAuth2App, RemoteApp]


def test_without_application_it_says_so() -> None:
    """Nothing was initialised: the error names what to do."""
    oauth = OAuth()
    client = oauth.register("x", client_id="c", access_token_url=TOKEN_URL)
    with pytest.raises(ContextError, match="init_app") as caught:
        client.get("https://api.example/", token=TOKEN)
    assert isinstance(caught.value, RuntimeError)


def test_only_application_counts_outside_of_contexts() -> None:
    """A script with one application needs no context, and need not hold it."""
    oauth = OAuth(app_with(X_CLIENT_ID="only"))
    gc.collect()
    assert oauth.register("x", access_token_url=TOKEN_URL).client_id == "only"


def test_several_applications_need_a_choice() -> None:
    """The error names ``bind`` and the context."""
    oauth, first, _second = two_apps()
    with pytest.raises(ContextError, match=r"2 applications.*oauth\.bind\(app\)"):
        _ = oauth.x.client_id
    assert oauth.bind(first).x.client_id == "first"


def test_bound_registry_ignores_the_context() -> None:
    """What is bound is bound."""
    oauth, first, second = two_apps()
    with second.app_context():
        bound = oauth.bind(first)
        assert (bound.x.client_id, oauth.x.client_id) == ("first", "second")
        assert bound.create_client("x").client_id == "first"


def test_bound_registry_is_a_view() -> None:
    """What is registered in one is registered in the other, in either direction."""
    oauth, first, second = two_apps()
    bound = oauth.bind(first)
    bound.register("y", access_token_url=TOKEN_URL, client_id="y")
    oauth.register("z", access_token_url=TOKEN_URL, client_id="z")
    assert list(oauth) == list(bound) == ["x", "y", "z"]
    assert oauth.bind(second).y.client_id == "y"
    assert bound.z.client_id == "z"
    assert type(bound) is OAuth


def test_application_that_is_not_served_is_refused() -> None:
    """In a context, and when it is bound."""
    oauth, _first, _second = two_apps()
    stranger = Flask("stranger")
    with stranger.app_context(), pytest.raises(ContextError, match="'stranger' is not served"):
        _ = oauth.x.client_id
    with pytest.raises(ContextError, match="'stranger' is not served"):
        oauth.bind(stranger)


def test_two_registries_share_an_application() -> None:
    """Each finds its own in the application's ``extensions``."""
    app = app_with()
    registries = [OAuth(app), OAuth(app)]
    for number, oauth in enumerate(registries):
        oauth.register("x", client_id=str(number), access_token_url=TOKEN_URL)
    assert [oauth.x.client_id for oauth in registries] == ["0", "1"]


def test_registry_does_not_keep_old_applications() -> None:
    """The law of Flask's extensions; the latest one is held for scripts."""
    oauth, first, second = two_apps()
    gone, kept = weakref.ref(first), weakref.ref(second)
    del first, second
    gc.collect()
    assert (gone(), kept() is not None) == (None, True)
    assert oauth.x.client_id == "second"


def test_proxy_of_an_application_stands_for_it() -> None:
    """``init_app(current_app)`` in a blueprint or factory."""
    oauth, app = OAuth(), app_with(X_CLIENT_ID="id")
    with app.app_context():
        oauth.init_app(current_app)
    oauth.register("x", access_token_url=TOKEN_URL)
    assert oauth.x.client_id == "id"
    assert oauth.bind(app).x.client_id == "id"


def test_init_app_that_is_refused_changes_nothing() -> None:
    """An application with a wrong config is not served, the others are."""
    oauth = OAuth(app_with(X_CLIENT_ID="good"))
    oauth.register("x", access_token_url=TOKEN_URL)
    bad = app_with(X_CLIENT_ID=5)
    with pytest.raises(ConfigurationError):
        oauth.init_app(bad)
    assert oauth.x.client_id == "good"
    with pytest.raises(ContextError):
        oauth.bind(bad)


def test_each_application_has_a_transport_of_its_own() -> None:
    """What ``init_app`` is given counts for that application."""
    oauth = OAuth(transport=StubTransport({}))
    stubs = [StubTransport(lambda _: Response(204)) for _ in range(2)]
    apps = [app_with(), app_with()]
    for app, stub in zip(apps, stubs, strict=True):
        oauth.init_app(app, transport=stub)
    oauth.register("x", client_id="c", access_token_url=TOKEN_URL)
    oauth.bind(apps[1]).x.get("https://api.example/", token=TOKEN)
    assert [len(stub.requests) for stub in stubs] == [0, 1]


def test_clients_of_an_application_share_one_connection() -> None:
    """One pool, made when it is first needed, for the clients of one application."""
    connections: set[object] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            connections.add(self.client_address)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        oauth = OAuth(app_with())
        for name in ("one", "two"):
            oauth.register(name, client_id="c", access_token_url=TOKEN_URL)
        url = f"http://127.0.0.1:{server.server_port}/"
        for name in ("one", "two") * 3:
            oauth.create_client(name).get(url, token=TOKEN)
        server.shutdown()
    assert len(connections) == 1


def test_tokens_of_one_application_are_not_the_others() -> None:
    """A context inside another one has tokens of its own."""
    oauth, first, second = two_apps()
    with first.app_context():
        oauth.x.token = TOKEN
        with second.app_context():
            others: list[object] = [oauth.x.token]
        others.append(oauth.bind(second).x.token)
        assert (others, oauth.x.token) == ([None, None], TOKEN)


def test_logins_of_two_applications_do_not_mix() -> None:
    """Two sites with one registry and different credentials, answering in turn."""
    provider = LocalProvider()
    provider.add_user("ada", name="Ada")
    transport = RecordingTransport(provider)
    oauth = OAuth(transport=transport)
    sites: list[Site] = []
    for number in range(2):
        site = Site()
        site.oauth, site.provider = oauth, provider
        site.app.config.from_mapping(T_CLIENT_ID=f"c{number}", T_CLIENT_SECRET=f"secret-{number}")
        provider.add_client(
            f"c{number}", f"secret-{number}", redirect_uris=["http://localhost/authorize/t"]
        )
        oauth.init_app(site.app)
        sites.append(site)
    oauth.register(
        "t",
        authorize_url=f"{PROVIDER}/oauth2/authorize",
        access_token_url=TOKEN_URL,
        api_base_url=f"{PROVIDER}/api/",
        client_kwargs={"scope": "profile"},
    )
    browsers = [site.app.test_client() for site in sites]
    locations = [site.begin(one, "t") for site, one in zip(sites, browsers, strict=True)]
    for site, browser, location in zip(sites, browsers, locations, strict=True):
        assert site.arrive(browser, site.decide(location)).status_code == 200


def test_site_registers_twice_without_harm() -> None:
    """A client that is in use is replaced together with its hooks."""
    site = Site()
    before = site.two
    assert register_two(site.oauth) is not before
    assert before.client_id == "client"
