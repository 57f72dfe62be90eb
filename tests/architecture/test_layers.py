"""The layers of the house hold (DESIGN: rules 1 to 4)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT, Import, imports_of, modules
from tests.architecture.rules import breaches

SOURCES = modules()


@pytest.mark.parametrize("module", SOURCES)
def test_module_keeps_to_the_rules_of_its_room(module: str) -> None:
    """No module imports what its room may not."""
    package = (ROOT.parent / module.replace(".", "/")).is_dir()
    assert breaches(SOURCES[module], module, package=package) == []


LAZY_SOCKET = "def f():\n    import socket"
UNDER_TYPE_CHECKING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}"


@pytest.mark.parametrize(
    ("module", "source"),
    [
        # 1. Values: the standard library, typing-extensions and each other.
        ("typedoauth.errors", "import flask"),
        ("typedoauth.errors", "import cryptography"),
        ("typedoauth.tokens", "from typedoauth.oauth2 import pkce"),
        ("typedoauth.messages", "from typedoauth.transports.urllib3 import Urllib3Transport"),
        ("typedoauth.messages", "import time"),
        ("typedoauth.protocols", "import time"),
        ("typedoauth.protocols", UNDER_TYPE_CHECKING.format("import flask")),
        ("typedoauth._urls", "import urllib.request"),
        ("typedoauth._urls", "from urllib import request"),
        ("typedoauth.messages", "import http.client"),
        ("typedoauth.messages", "from http import client"),
        # 2. Protocol rooms: values and cryptography; nothing from the air.
        ("typedoauth.oauth1.signing", "import socket"),
        ("typedoauth.oauth1.signing", "import time"),
        ("typedoauth.oauth1.signing", "from time import time"),
        ("typedoauth.oauth1.signing", "import secrets"),
        ("typedoauth.oauth1.signing", "import random"),
        ("typedoauth.oauth1.signing", "import uuid"),
        ("typedoauth.oauth1.signing", "import os"),
        ("typedoauth.oauth1.signing", "from os import urandom"),
        ("typedoauth.oauth1.signing", LAZY_SOCKET),
        ("typedoauth.oauth1.signing", "class A:\n    def f(self):\n        import secrets"),
        ("typedoauth.oauth1.signing", "import importlib\nimportlib.import_module('json')"),
        ("typedoauth.oauth1.signing", "__import__('socket')"),
        ("typedoauth.oauth1.signing", "import email.utils"),
        ("typedoauth.oauth1.signing", "import datetime\ndatetime.datetime.now()"),
        ("typedoauth.oauth1.rsa", "open('key.pem')"),
        ("typedoauth.oauth2.pkce", "import flask"),
        ("typedoauth.oauth2.pkce", "import urllib3"),
        ("typedoauth.oauth2.pkce", "from typedoauth.client import OAuth2Client"),
        ("typedoauth.oauth2.pkce", "from typedoauth.transports import StubTransport"),
        ("typedoauth.oauth2.pkce", "from typedoauth.stores import Cache"),
        ("typedoauth.oauth2.pkce", "from typedoauth import oauth1"),
        ("typedoauth.oauth2.pkce", "from typedoauth import OAuthError"),
        ("typedoauth.oauth2.pkce", "from .. import flask"),
        ("typedoauth.oauth2.pkce", "from ..oidc import id_token"),
        ("typedoauth.oauth1.rsa", "from typedoauth.oauth2.pkce import code_challenge"),
        # 3. Transports and stores: values and one third party.
        ("typedoauth.transports.urllib3", "from typedoauth.stores.cache import check_cache"),
        ("typedoauth.transports.urllib3", "from typedoauth.oauth2 import pkce"),
        ("typedoauth.transports.urllib3", "from typedoauth.transports.stub import StubTransport"),
        ("typedoauth.transports.urllib3", "import requests"),
        ("typedoauth.transports.stub", "import urllib3"),
        ("typedoauth.transports.wsgi", "import werkzeug"),
        ("typedoauth.stores.cache", "from typedoauth.transports.stub import StubTransport"),
        ("typedoauth.stores.cache", "from typedoauth.oauth1 import sign_request"),
        ("typedoauth.stores.cache", "from typedoauth.stores.sql import SQLTokenStore"),
        ("typedoauth.stores.cache", "import sqlalchemy"),
        ("typedoauth.stores.cache", "import redis"),
        # 4. The client knows Protocols, not adapters; with two exceptions, when called.
        (
            "typedoauth.client.exchange",
            "from typedoauth.transports.urllib3 import Urllib3Transport",
        ),
        ("typedoauth.client.exchange", "def f():\n    from typedoauth.transports import stub"),
        ("typedoauth.client.exchange", "def f():\n    import urllib3"),
        ("typedoauth.client.bodies", "from urllib3.filepost import encode_multipart_formdata"),
        ("typedoauth.client.oauth2", "def f():\n    from urllib3.filepost import choose_boundary"),
        ("typedoauth.client.options", "from cryptography import x509"),
        ("typedoauth.client.oauth2", "from typedoauth.stores.cache import CacheCredentialStore"),
        ("typedoauth.client.oauth2", "from typedoauth.flask import OAuth"),
        ("typedoauth.client.oauth2", UNDER_TYPE_CHECKING.format("from flask import Flask")),
        ("typedoauth.flask.state", "from typedoauth.transports._pool import Pool"),
        ("typedoauth.flask.state", "from typedoauth.testing import LocalProvider"),
        ("typedoauth.flask.state", "import sqlalchemy"),
        ("typedoauth", "from typedoauth.flask import OAuth"),
        ("typedoauth", "from typedoauth.stores import Cache"),
        # The provider that tests hold the client against shares nothing with it.
        ("typedoauth.testing.web", "from typedoauth.oauth1 import sign_request"),
        ("typedoauth.testing.web", "from typedoauth.oauth2 import pkce"),
        ("typedoauth.testing.web", "from typedoauth.client import OAuth2Client"),
        ("typedoauth.testing.web", "from typedoauth._urls import percent_encode"),
        ("typedoauth.testing.web", "from typedoauth.flask import OAuth"),
        # And a new room needs rules before it has modules.
        ("typedoauth.attic.box", "import json"),
    ],
)
def test_breach_is_found(module: str, source: str) -> None:
    """A module that breaks a rule is reported, wherever the import stands."""
    assert breaches(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("typedoauth.errors", "from typing_extensions import override"),
        ("typedoauth.messages", "from typedoauth.errors import OAuthError"),
        ("typedoauth.messages", "from http import HTTPStatus"),
        ("typedoauth.oauth1.rsa", "def f():\n    from cryptography import exceptions"),
        ("typedoauth.oidc.claims", "from typedoauth.oauth2 import pkce"),
        ("typedoauth.oauth1.rsa", "from .problems import x"),
        ("typedoauth.transports._pool", "import urllib3"),
        ("typedoauth.client.bodies", "def f():\n    from urllib3.filepost import "
         "encode_multipart_formdata"),
        ("typedoauth.client.options", UNDER_TYPE_CHECKING.format("from cryptography import x509")),
        ("typedoauth.flask.cli", "import click"),
        ("typedoauth.testing.web", "from typedoauth.errors import ConfigurationError"),
    ],
)  # fmt: skip
def test_allowed_import_is_let_pass(module: str, source: str) -> None:
    """The rules refuse no more than they say."""
    assert breaches(source, module) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b as c", Import("a.b", 1)),
        ("from a import b as c", Import("a.b", 1)),
        ("from . import b", Import("typedoauth.x.b", 1)),
        ("from .b import c", Import("typedoauth.x.b.c", 1)),
        ("from ..b import c", Import("typedoauth.b.c", 1)),
        ("f = lambda: __import__('a')", Import("a", 1, lazy=True)),
        ("try:\n    import a\nexcept ImportError:\n    pass", Import("a", 2)),
        ("if TYPE_CHECKING:\n    import a", Import("a", 2, typing_only=True)),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import a", Import("a", 4)),
        ("async def f():\n    import a", Import("a", 2, lazy=True)),
    ],
)
def test_import_is_read(source: str, expected: Import) -> None:
    """Every form of import gives its absolute name and says when it happens."""
    assert imports_of(source, "typedoauth.x.y") == [expected]


HEAVY = ("flask", "werkzeug", "sqlalchemy", "urllib3", "cryptography", "jinja2", "requests")


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import typedoauth", HEAVY),
        ("import typedoauth.oauth1, typedoauth.oauth2", HEAVY),
        ("from typedoauth.transports import Urllib3Transport", HEAVY),
        ("from typedoauth.stores import CacheCredentialStore", HEAVY),
        ("from typedoauth.flask import OAuth", ("urllib3", "cryptography", "sqlalchemy")),
    ],
)
def test_import_loads_no_heavy_third_party(statement: str, unwanted: tuple[str, ...]) -> None:
    """What an application does not use costs it no start-up time."""
    assert loaded(statement, unwanted) == []


def test_heavy_import_is_noticed() -> None:
    """A module that was imported, eagerly or by another, is named."""
    assert loaded("import flask", HEAVY) == ["flask", "werkzeug", "jinja2"]


def loaded(statement: str, names: tuple[str, ...]) -> list[str]:
    """Which of *names* a fresh interpreter has imported after *statement*."""
    code = f"{statement}\nimport sys\nprint(*(n for n in {names!r} if n in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.split()
