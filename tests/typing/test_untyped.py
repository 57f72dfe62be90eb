"""Programs without annotations, as the documentation page prints them, check as well."""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# pyright: basic

from __future__ import annotations

import json

from tests.typing.services import AUTHORIZE, BASE, OAUTH2_TOKEN, TOKEN, answer, new_app
from typedoauth import OAuth2Token
from typedoauth.flask import OAuth
from typedoauth.transports import StubTransport


def test_page_of_examples_checks():
    """Cache, callbacks, compliance fix and views; one type, where a token is made."""
    app = new_app()
    saved = {}

    class Cache:
        """As the page describes one."""

        def __init__(self):
            self.values = {}

        def get(self, key):
            return self.values.get(key)

        def set(self, key, value, expires=None):
            self.values[key] = value

    class Row:
        """As a model of Flask-SQLAlchemy."""

        def to_token(self) -> OAuth2Token:  # pyright would infer a dict from what it returns
            return {
                "access_token": "t2",
                "token_type": "Bearer",
                "refresh_token": "r",
                "expires_at": 1,
            }

    def fetch_token(name):
        if name == "slack":
            return Row().to_token()
        return None

    def update_token(name, token):
        saved[name] = token.get("access_token")
        return token

    def slack_compliance_fix(session):
        def _fix(resp):
            token = resp.json()
            token["token_type"] = "Bearer"
            resp._content = json.dumps(token).encode("utf-8")
            return resp

        session.register_compliance_hook("access_token_response", _fix)
        session.register_compliance_hook("refresh_token_response", _fix)

    oauth = OAuth(app, cache=Cache(), fetch_token=fetch_token, update_token=update_token)
    oauth.init_app(app, transport=StubTransport(answer))
    oauth.register(
        "slack",
        client_id="...",
        client_secret="...",
        access_token_url=TOKEN,
        authorize_url=AUTHORIZE,
        api_base_url=BASE,
        compliance_fix=slack_compliance_fix,
        code_challenge_method="S256",
        client_kwargs=None,
    )

    @app.route("/login/<name>")
    def login(name):
        client = oauth.create_client(name)
        return client.authorize_redirect("https://app.example/back")

    @app.route("/profile")
    def profile():
        resp = oauth.slack.get("account/verify_credentials.json")
        return resp.json()

    @app.route("/explicit")
    def explicit():
        return oauth.slack.get("user", token=OAUTH2_TOKEN).json()

    browser = app.test_client()
    assert browser.get("/login/slack").status_code == 302
    assert browser.get("/profile").get_json() == {"login": "ada"}
    assert browser.get("/explicit").get_json() == {"login": "ada"}
    assert saved == {"slack": "t3"}
