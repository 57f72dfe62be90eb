"""People who log in, one after another, without a network."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.typing import ResponseReturnValue

from typedoauth.flask import OAuth
from typedoauth.transports import Request, Response, StubTransport

__all__ = ["Logins"]

_PROVIDER: Final = "https://provider.example"


class Logins:
    """An application, and a provider that lets everybody in and keeps nothing."""

    def __init__(self) -> None:
        self._app: Flask = Flask("people")
        self._app.secret_key = "a key for signing cookies"
        self._number: int = 0
        self._transport: StubTransport = StubTransport(self._answer)
        oauth = OAuth(self._app, transport=self._transport)
        self._client = oauth.register(
            "provider",
            client_id="s6BhdRkqt3",
            client_secret="gX1fBat3bV",
            access_token_url=f"{_PROVIDER}/token",
            authorize_url=f"{_PROVIDER}/authorize",
            api_base_url=f"{_PROVIDER}/",
            client_kwargs={"scope": "profile"},
        )
        self._app.add_url_rule("/login", view_func=self._login)
        self._app.add_url_rule("/authorize", view_func=self._authorize)

    def one(self) -> None:
        """Let one person log in, with a browser of their own."""
        self._number += 1
        browser = self._app.test_client()
        sent = urlsplit(browser.get("/login").headers["Location"])
        (state,) = parse_qs(sent.query)["state"]
        answer = browser.get("/authorize", query_string={"code": "a code", "state": state})
        assert answer.get_json() == {"user": self._number}, answer.text
        self._transport.requests.clear()

    def _login(self) -> ResponseReturnValue:
        return self._client.authorize_redirect("http://localhost/authorize")

    def _authorize(self) -> ResponseReturnValue:
        token = self._client.authorize_access_token()
        answer: ResponseReturnValue = self._client.get("me", token=token).json()
        return answer

    def _answer(self, request: Request) -> Response:
        members: dict[str, object] = {"user": self._number}
        if request.method == "POST":
            members = {"access_token": f"access-{self._number}", "token_type": "Bearer"}
        return Response(200, {"Content-Type": "application/json"}, json.dumps(members).encode())
