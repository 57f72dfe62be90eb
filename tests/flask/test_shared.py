"""``cache``, ``fetch_token`` and ``update_token`` can be read and assigned."""

from __future__ import annotations

import pytest

from tests.flask.site import Site
from tests.flask.test_applications import TOKEN, two_apps
from tests.flask.test_registering import app_with
from typedoauth import OAuth1Token, OAuth2Token
from typedoauth.errors import ConfigurationError
from typedoauth.flask import OAuth


def test_given_ones_are_read() -> None:
    """What ``init_app`` was given comes first; outside of contexts, what ``OAuth`` was."""

    def general(_: str) -> OAuth2Token | None:
        return None

    def special(_: str) -> OAuth1Token | None:
        return None

    oauth = OAuth(fetch_token=general)
    first, second = app_with(), app_with()
    oauth.init_app(first, fetch_token=special)
    seen: list[object] = [oauth.fetch_token]
    oauth.init_app(second)
    seen.append(oauth.fetch_token)
    with first.app_context():
        seen.append(oauth.fetch_token)
    assert seen == [special, general, special]
    assert (oauth.cache, oauth.update_token) == (None, None)


def test_assigned_one_applies_at_once_and_everywhere() -> None:
    """Also to clients that are in use, and in place of what ``init_app`` was given."""
    site = Site()
    tokens: list[str] = []

    def old(_: str) -> OAuth2Token:
        return {"access_token": "old"}

    def new(name: str) -> OAuth2Token:
        tokens.append(name)
        return {"access_token": "new"}

    site.oauth.init_app(site.app, fetch_token=old, transport=site.transport)
    seen: list[object] = [site.two.token]
    site.oauth.fetch_token = new
    assert site.oauth.fetch_token is new
    seen.append(site.two.token)
    site.oauth.fetch_token = None
    seen.append(site.two.token)
    assert seen == [{"access_token": "old"}, {"access_token": "new"}, None]
    assert tokens == ["two"]


def test_assigned_to_a_view_it_is_for_that_application() -> None:
    """``oauth.bind(app)`` narrows an assignment, too."""
    oauth, first, second = two_apps()

    def fetch(_: str) -> OAuth2Token:
        return TOKEN

    oauth.bind(first).fetch_token = fetch
    assert oauth.bind(first).x.token == TOKEN
    assert oauth.bind(second).x.token is None


def test_wrong_one_is_refused() -> None:
    """A function of the wrong shape is refused when it is assigned, and the old one stays."""
    oauth = OAuth(app_with())

    def nothing() -> None:
        """Takes no name."""

    for attribute in ("fetch_token", "update_token"):
        with pytest.raises(ConfigurationError, match=attribute):
            setattr(oauth, attribute, nothing)
        with pytest.raises(ConfigurationError, match=attribute):
            setattr(OAuth(), attribute, 5)
        assert getattr(oauth, attribute) is None


@pytest.mark.parametrize("attribute", ["fetch_token", "update_token"])
def test_wrong_one_is_refused_by_the_constructor(attribute: str) -> None:
    """Before a refresh token has been spent."""

    def nothing() -> None:
        """Takes no name."""

    wrong: dict[str, object] = {attribute: nothing}
    untyped: type = OAuth
    with pytest.raises(ConfigurationError, match=attribute):
        untyped(**wrong)
    with pytest.raises(ConfigurationError, match=attribute):
        getattr(OAuth(), "init_app")(app_with(), **wrong)  # noqa: B009  its type refuses this
