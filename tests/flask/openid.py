"""The site of the tests with a client ``op`` of an OpenID Provider, and posts across sites."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from typing_extensions import override
from werkzeug.test import Client, TestResponse

from tests.flask.site import CLIENT_SECRET, PROVIDER, Site
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth, OAuth2App
from typedoauth.protocols import Cache

DISCOVERY = f"{PROVIDER}/.well-known/openid-configuration"
CALLBACK = "http://localhost/authorize/op"
BYE = "http://localhost/bye"
SCOPE: OAuth2Options = {"scope": "openid profile email"}


class Page(HTMLParser):
    """The form of a page, and its script.

    Attributes:
        fields: Names and values of the hidden fields, in order.
        tags: Every tag, in order.
        scripts: What stands in ``<script>``.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        members = dict(attrs)
        if tag == "input" and members.get("type") == "hidden":
            self.fields.append((members["name"] or "", members["value"] or ""))

    @override
    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and data.strip():
            self.scripts.append(data)


class OpenIDSite(Site):
    """A site with one client more.

    Attributes:
        op: The client ``op``, which discovers the provider.
        finish: Keywords of ``authorize_access_token`` in its callback.
    """

    def __init__(
        self,
        cache: Cache | None = None,
        app: Flask | None = None,
        **registered: Any,  # any: of add_client
    ) -> None:
        super().__init__(cache, app)
        self.provider.add_client(
            "client",
            CLIENT_SECRET,
            redirect_uris=[CALLBACK.replace("/op", f"/{name}") for name in ("op", "one", "two")],
            post_logout_redirect_uris=[BYE],
            **registered,
        )
        self.provider.add_user("ada", name="Ada", email="ada@provider.example")
        self.op: OAuth2App = register_op(self.oauth)
        self.finish: dict[str, Any] = {}  # any: keywords, wrong ones too

    @override
    def _authorize(self, name: str) -> ResponseReturnValue:
        client = self.oauth.create_client(name)
        token = client.authorize_access_token(**self.finish)
        return {"token": dict(token), "data": client.authorization_data}

    def callback(self, browser: FlaskClient, **parameters: Any) -> str:  # any: JSON
        """Log in as far as the provider's redirect back."""
        return self.decide(self.begin(browser, "op", **parameters))

    def posted(self, browser: FlaskClient, decision: str = "approve") -> list[tuple[str, str]]:
        """Log in as far as the page that posts the answer; tell what it posts."""
        location = self.begin(browser, "op", response_mode="form_post")
        form = {"user": "ada", "decision": decision}
        answer = Client(self.provider).post(location, base_url=PROVIDER, data=form)
        assert answer.status_code == 200
        return Page(answer.text).fields


def register_op(oauth: OAuth, name: str = "op") -> OAuth2App:
    """Register the provider as most people register theirs."""
    return oauth.register(
        name,
        client_id="client",
        client_secret=CLIENT_SECRET,
        server_metadata_url=DISCOVERY,
        api_base_url=f"{PROVIDER}/api/",
        client_kwargs=SCOPE,
    )


def post(browser: FlaskClient, fields: list[tuple[str, str]], to: str = CALLBACK) -> TestResponse:
    """Post a form, with whatever cookies the browser has."""
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return browser.post(to, data=form)
