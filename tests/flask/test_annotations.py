"""Subclasses of the registry whose annotated attributes tell the class of an app."""

from __future__ import annotations

import pytest

from tests.flask.test_registering import TOKEN_URL, app_with
from typedoauth.errors import ConfigurationError
from typedoauth.flask import OAuth, OAuth1App, OAuth2App


class Mine(OAuth2App):
    """A class of the application's own."""


class Services(OAuth):
    """What people write down of their services."""

    github: Mine
    twitter: "OAuth1App"  # noqa: UP037  a text within a text
    number: int


def test_annotated_attribute_keeps_its_class() -> None:
    """A subclass with an annotation gives the exact kind, also where only config tells."""
    services = Services(app_with(GITHUB_CLIENT_ID="g", TWITTER_REQUEST_TOKEN_URL=TOKEN_URL))
    for name in ("github", "twitter", "number"):
        OAuth.register(services, name)
    assert type(services.github) is Mine
    assert type(services.twitter) is OAuth1App
    assert type(services.create_client("number")) is OAuth2App


def test_annotation_is_read_before_there_is_an_application() -> None:
    """The attribute is of its class from the start."""
    services = Services()
    services.register("github")
    assert type(services.github) is Mine


def test_annotation_that_cannot_be_evaluated_does_no_harm() -> None:
    """A class of a function's own scope is out of reach; ``client_cls`` names it."""

    class Local(OAuth2App):
        """Known in this function only."""

    class Inner(OAuth):
        first: Local
        second: Mine

    inner = Inner(app_with(FIRST_CLIENT_ID="id"))
    inner.register("first", access_token_url=TOKEN_URL)
    assert type(inner.first) is OAuth2App
    inner.register("second")
    assert type(inner.second) is Mine
    inner.register("first", client_cls=Local, access_token_url=TOKEN_URL)
    assert type(inner.first) is Local
    assert inner.first.client_id == "id"


def test_annotation_against_the_keywords_is_refused() -> None:
    """The annotated type is a promise."""
    with pytest.raises(ConfigurationError, match="registered for OAuth 2"):
        Services().register("github", request_token_url=TOKEN_URL)


def test_annotation_of_a_base_counts() -> None:
    """A registry may be derived from another."""

    class More(Services):
        other: OAuth1App

    more = More()
    more.register("github")
    assert type(more.github) is Mine
