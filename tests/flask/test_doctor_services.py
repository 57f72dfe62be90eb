"""The doctor finds nothing wrong with a service that is declared, and finds its callback."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from tests.flask.test_cli import run
from tests.providers.catalogue import CATALOGUE
from tests.providers.replicas import CLIENT_ID, CLIENT_SECRET, Replica
from typedoauth import AnyToken, UserInfo
from typedoauth.flask import OAuth, RemoteApp, create_flask_blueprint
from typedoauth.providers import GitHub, Google, OpenIDProvider, Provider

OPENID = {name: one for name, one in CATALOGUE.items() if isinstance(one, OpenIDProvider)}


def handle_authorize(
    remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """No login ends here."""
    raise NotImplementedError


def application(*providers: Provider, together: bool = True) -> Flask:
    """An application whose login views are those of the blueprint."""
    app = Flask("site")
    app.config.from_mapping(
        SECRET_KEY="of the site, and long enough",
        SERVER_NAME="site.example",
        PREFERRED_URL_SCHEME="https",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    for provider in providers:
        app.config[f"{provider.name.upper()}_CLIENT_ID"] = CLIENT_ID
        app.config[f"{provider.name.upper()}_CLIENT_SECRET"] = CLIENT_SECRET
    oauth = OAuth(app, transport=Replica(providers[0]).stub)
    for backends in [list(providers)] if together else providers:
        blueprint = create_flask_blueprint(backends, oauth, handle_authorize)
        app.register_blueprint(blueprint, url_prefix=f"/{blueprint.name}")
    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


@pytest.mark.parametrize("provider", CATALOGUE.values(), ids=CATALOGUE)
def test_declared_service_has_nothing(provider: Provider) -> None:
    """What it does otherwise than most is declared, and no mistake of the application's."""
    result = run(application(provider), f"check {provider.name} --offline --json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one for one in found if one["severity"] != "ok"] == []
    uri = f"https://site.example/login/auth/{provider.name}"
    assert any(f"the redirect URI is {uri}:" in one["message"] for one in found)


@pytest.mark.parametrize("name", OPENID)
def test_openid_provider_is_looked_up(name: str) -> None:
    """Where its declaration says; what a replica of it answers fits what is declared."""
    provider = OPENID[name]
    result = run(application(provider), f"check {provider.name} --json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one for one in found if one["severity"] != "ok"] == []
    codes = {one["code"] for one in found}
    assert "discovery_ok" in codes
    # LINE signs with the client's secret.
    assert ("jwks_ok" in codes) is (name != "LINE")


@pytest.mark.parametrize("name", ["github", "google"])
def test_each_service_has_its_own_callback(name: str) -> None:
    """Where each has a blueprint of its own."""
    result = run(application(GitHub, Google, together=False), f"check {name} --offline")
    assert f"the redirect URI is https://site.example/login_{name}/auth:" in result.output
