"""The tables about Flask-Dance and Flask-OAuthlib name all that users of these use."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from inspect import signature
from typing import Any

import pytest
from flask import Blueprint

from tests.docs.pages import read, table
from tests.packaging.installing import Environment
from typedoauth import providers

DANCE = "docs/migrating-flask-dance.md"
OAUTHLIB = "docs/migrating-flask-oauthlib.md"

_PUBLIC = """
import inspect, json
from flask_oauthlib import client
from flask_oauthlib.contrib import apps
found = {*client.__all__, *apps.__all__}
for one in (client.OAuth, client.OAuthRemoteApp, client.OAuthResponse, apps.RemoteAppFactory):
    found |= {name for name in vars(one) if not name.startswith("_")}
for one in (client.OAuth.remote_app, client.OAuthRemoteApp, client.OAuthRemoteApp.request):
    found |= {*inspect.signature(one).parameters}
print(json.dumps(sorted(found)))
"""


def _words(page: str, name: str) -> set[str]:
    text = " ".join(row[0] for row in table(page, name))
    return set(re.findall(r"\w+", text + read(page).partition("no counterpart for")[2]))


def _module(name: str) -> Any:  # any: it has no types
    return importlib.import_module(f"flask_dance.{name}")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("contrib.github", "make_github_blueprint"),
        ("consumer", "OAuth1ConsumerBlueprint"),
        ("consumer", "OAuth2ConsumerBlueprint"),
        ("consumer.storage.sqla", "SQLAlchemyStorage"),
    ],
)
def test_every_argument_of_flask_dance_has_its_row(module: str, name: str) -> None:
    """Those of Flask's own blueprints stay with them."""
    given = {*signature(getattr(_module(module), name)).parameters}
    own = {*signature(Blueprint).parameters, "kwargs", "storage"}
    assert given - own <= _words(DANCE, "flask-dance names")
    assert name in _words(DANCE, "flask-dance names")


@pytest.mark.parametrize("module", ["consumer", "consumer.storage"])
def test_every_name_of_flask_dance_has_its_row(module: str) -> None:
    """What users import."""
    members: dict[str, object] = _module(module).__dict__
    names = {
        name
        for name, value in members.items()
        if getattr(value, "__module__", "").startswith("flask_dance") or "oauth_" in name
    }
    assert names
    assert names <= _words(DANCE, "flask-dance names")


def test_services_without_a_declaration_are_named() -> None:
    """Its services that are not among the sixty."""
    theirs = {one.name for one in pkgutil.iter_modules(_module("contrib").__path__)}
    ours = {name.lower() for name in providers.__all__} | {"osm"}
    said = read(DANCE).partition("<!-- services without -->")[2].partition("<!-- end -->")[0]
    assert theirs - ours == set(re.findall(r"\w+", said))
    assert len(theirs) == 26


def test_every_name_of_flask_oauthlib_has_its_row(old_environment: Environment) -> None:
    """What it exports, and the methods and arguments of its remote apps."""
    told = old_environment.run("-c", _PUBLIC)
    assert told.returncode == 0, told.stderr
    plain = {"self", "name", "kwargs", "url", "method", "oauth", "app", "remote_apps", "state_key"}
    assert set(json.loads(told.stdout)) - plain <= _words(OAUTHLIB, "flask-oauthlib names")
