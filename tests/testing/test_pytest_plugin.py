"""The pytest plugin: its fixtures, and what it costs whoever does not use them."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points

import pytest
from flask import Flask

from typedoauth import OAuth2Client, OAuth2Token, TokenEndpointError, TransportError
from typedoauth.testing import FrozenClock, LocalProvider
from typedoauth.transports import Response, StubTransport, WSGITransport

pytest_plugins = ["pytester"]

# As in tests/conftest.py.
_INSTALLED = bool(entry_points(group="pytest11", name="typedoauth"))
_PLUGIN = [] if _INSTALLED else ["-p", "typedoauth.testing.pytest_plugin"]
_OPTIONS = ["-p", "no:cacheprovider", *_PLUGIN]


@pytest.fixture
def client(oauth_provider: LocalProvider, oauth_clock: FrozenClock) -> OAuth2Client:
    """A client that shares its clock with the provider."""
    client = OAuth2Client(
        "tool",
        "tool-secret",
        access_token_url="https://as.example/token",
        authorize_url="https://as.example/authorize",
        api_base_url="https://as.example/api/",
        scope="profile",
        transport=WSGITransport(oauth_provider),
        clock=oauth_clock,
    )
    oauth_provider.add_registered(client)
    oauth_provider.login_as("ada")
    return client


def _log_in(client: OAuth2Client, provider: LocalProvider) -> OAuth2Token:
    begun = client.start_authorization("http://localhost/")
    return client.finish_authorization(provider.visit(begun.url), begun)


def test_token_expires_by_the_frozen_clock(
    client: OAuth2Client,
    oauth_provider: LocalProvider,
    oauth_clock: FrozenClock,
    assert_one_refresh: Callable[[], None],
) -> None:
    """Time passes when the test says so, for both sides; a refresh is counted."""
    client.token = _log_in(client, oauth_provider)
    assert client.get("me").ok
    with pytest.raises(pytest.fail.Exception, match="refreshed 0 times, not once"):
        assert_one_refresh()
    oauth_clock.advance(3600)
    assert client.get("me").ok
    assert_one_refresh()


def test_reuse_is_no_refresh(
    client: OAuth2Client, oauth_provider: LocalProvider, assert_one_refresh: Callable[[], None]
) -> None:
    """A race that sends an old refresh token is noticed."""
    token = _log_in(client, oauth_provider)
    other = OAuth2Client(
        "tool",
        "tool-secret",
        access_token_url="https://as.example/token",
        transport=WSGITransport(oauth_provider),
    )
    client.refresh_token(token)
    with pytest.raises(TokenEndpointError, match="invalid_grant"):
        other.refresh_token(token)
    with pytest.raises(pytest.fail.Exception, match="1 times by a refresh token that was used"):
        assert_one_refresh()


def test_login_logs_no_secret(
    client: OAuth2Client,
    oauth_provider: LocalProvider,
    assert_no_secret_logged: Callable[[], None],
) -> None:
    """Not at any level, from whichever library."""
    _log_in(client, oauth_provider)
    assert_no_secret_logged()


def _in_argument(logger: logging.Logger, secret: str) -> None:
    logger.debug("token %s", secret)


def _in_extra(logger: logging.Logger, secret: str) -> None:
    logger.info("a token", extra={"token": secret})


def _in_exception(logger: logging.Logger, secret: str) -> None:
    logger.error("it failed", exc_info=ValueError(secret))


@pytest.mark.parametrize("log", [_in_argument, _in_extra, _in_exception])
def test_logged_secret_is_noticed(
    client: OAuth2Client,
    oauth_provider: LocalProvider,
    assert_no_secret_logged: Callable[[], None],
    log: Callable[[logging.Logger, str], None],
) -> None:
    """Wherever it stands; the message says what and who, and does not repeat it."""
    token = _log_in(client, oauth_provider)["access_token"]
    log(logging.getLogger("my.app"), token)
    with pytest.raises(AssertionError, match=r"an access token was logged by my\.app") as caught:
        assert_no_secret_logged()
    assert token not in str(caught.value)


def test_every_kind_of_secret_is_known(client: OAuth2Client, oauth_provider: LocalProvider) -> None:
    """The client's own, and those of a login."""
    oauth_provider.add_user("grace", password="nanoseconds")
    _log_in(client, oauth_provider)
    assert set(oauth_provider.secrets.values()) == {
        "a client secret",
        "a password",
        "an authorization code",
        "a code verifier",
        "an access token",
        "a refresh token",
    }


def test_stub_is_filled_by_the_test(oauth_transport: StubTransport) -> None:
    """Its table is empty at first."""
    client = OAuth2Client("tool", api_base_url="https://api.example/", transport=oauth_transport)
    with pytest.raises(TransportError, match="expected: none at all"):
        client.get("things", withhold_token=True)
    oauth_transport.unexpected.clear()  # it was meant; otherwise it would be told again at the end
    oauth_transport.add("GET https://api.example/things", Response(200, content=b"[1]"))
    assert client.get("things", withhold_token=True).json() == [1]


def test_clock_stands_still(oauth_clock: FrozenClock) -> None:
    """At a whole second, until it is moved."""
    now = oauth_clock()
    assert (now, now) == (oauth_clock.now, int(now))
    oauth_clock.advance(1.5)
    assert oauth_clock() == now + 1.5
    assert repr(FrozenClock(5.0)) == "<FrozenClock 5.0>"


def test_reply_that_nobody_wants_fails_the_test(pytester: pytest.Pytester) -> None:
    """A stub's table is a list of what is expected."""
    pytester.makepyfile(
        """
        from typedoauth.transports import Response

        def test_nothing(oauth_transport):
            oauth_transport.add("https://api.example/", Response(200))
        """
    )
    result = pytester.runpytest_subprocess(*_OPTIONS)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*no request came for https://api.example/*"])


def test_application_is_left_when_the_test_ends(pytester: pytest.Pytester) -> None:
    """A later test meets the application as it was."""
    pytester.makepyfile(
        """
        from flask import Flask
        from typedoauth.flask import OAuth

        app = Flask("app")
        oauth = OAuth(app)
        before = app.wsgi_app

        def test_with(oauth_provider):
            oauth_provider.stand_in(app)
            assert app.wsgi_app != before

        def test_without():
            assert app.wsgi_app == before
        """
    )
    pytester.runpytest_subprocess(*_OPTIONS).assert_outcomes(passed=2)


def test_collection_imports_no_flask(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that uses no fixture of the plugin loads next to nothing of the package."""
    pytester.makeconftest(
        """
        import json, sys

        def pytest_collection_finish(session):
            names = sorted(sys.modules)
            print("MODULES", json.dumps(names))
        """
    )
    pytester.makepyfile("def test_nothing(): pass")
    # Plugins of others, such as Flask-Dance's, may import what they like.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "typedoauth.testing.pytest_plugin"]
    result = subprocess.run(
        command, cwd=pytester.path, capture_output=True, text=True, check=True, timeout=60
    )
    (line,) = (one for one in result.stdout.splitlines() if "MODULES " in one)
    names: list[str] = json.loads(line.partition("MODULES ")[2])
    loaded = {name for name in names if name.startswith("typedoauth")}
    assert loaded == {
        "typedoauth",
        "typedoauth._lazy",
        "typedoauth.testing",
        "typedoauth.testing.pytest_plugin",
    }
    assert not {"flask", "werkzeug", "urllib3", "cryptography", "jinja2"}.intersection(names)


def test_registry_works_with_another_transport_for_a_while() -> None:
    """The seam that the fixture stands on: an application's own transport comes back."""
    from typedoauth.flask import OAuth

    app = Flask("app")
    first, second = StubTransport({}), StubTransport({})
    oauth = OAuth(app, transport=first)
    client = oauth.register("one", client_id="x", access_token_url="https://as.example/token")
    for transport in (second, first):
        transport.add("https://api.example/", Response(200))
    with app.app_context():
        with oauth.override(transport=second, clock=lambda: 5.0):
            client.get("https://api.example/", withhold_token=True)
        assert (len(first.requests), len(second.requests)) == (0, 1)
        client.get("https://api.example/", withhold_token=True)
    assert (len(first.requests), len(second.requests)) == (1, 1)
