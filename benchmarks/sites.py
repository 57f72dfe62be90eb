"""Flask applications that log users in with the same service: by hand, with ours, with others.

Each has ``/login``, which sends the browser to the service, and ``/authorize``, which
trades the code for a token and says whose it is. The service's token endpoint gives
everybody the same answer: in the same process, or over HTTP where it has a URL.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from functools import partial
from secrets import token_urlsafe
from time import time
from typing import Any, Final
from urllib.parse import quote, urlencode

import requests
import urllib3
from authlib.integrations import flask_client as authlib_flask
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session
from typing_extensions import override

from benchmarks.serving import LOGIN_TOKEN
from typedoauth.flask import OAuth
from typedoauth.messages import Headers, Request, Response

__all__ = ["ACCESS_TOKEN", "CLIENT_ID", "SITES", "TokenEndpoint"]

SECRET_KEY: Final = "9b1f0a6c5d4e3f2a1b0c9d8e7f6a5b4c"
CLIENT_ID: Final = "Iv1.8a61f9b3a7aba766"
CLIENT_SECRET: Final = "3584d83530557fdd1f46af8289938c8ef79f9dc5"
AUTHORIZE_URL: Final = "https://provider.example/oauth2/authorize"
TOKEN_URL: Final = "https://provider.example/oauth2/token"
SCOPE: Final = str(LOGIN_TOKEN["scope"])
ACCESS_TOKEN: Final = str(LOGIN_TOKEN["access_token"])
_ANSWER: Final = json.dumps(LOGIN_TOKEN).encode()
_ANSWER_HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class TokenEndpoint:
    """The service's token endpoint.

    Args:
        url: Where it is, if it is not here.

    Attributes:
        url: The same.
        form: The form of the last request, where it is here.
        authorization: Its ``Authorization`` header.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url: str | None = url
        self.form: str = ""
        self.authorization: str = ""

    @override
    def __str__(self) -> str:
        return self.url or TOKEN_URL

    def answer(self, form: str, authorization: str) -> bytes:
        """Give a token."""
        self.form, self.authorization = form, authorization
        return _ANSWER


def _post(pool: urllib3.PoolManager, url: str, form: str, authorization: str) -> bytes:
    response = pool.request(
        "POST",
        url,
        body=form.encode(),
        headers={
            "Accept": "application/json",
            "Authorization": authorization,
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "by-hand/1",
        },
        redirect=False,
        retries=False,
        timeout=10.0,
    )
    if response.status != 200:
        abort(502)
    return response.data


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(endpoint: TokenEndpoint) -> Flask:
    """The same redirect, the same cookie and the same checks, written out for this service."""
    app = Flask("by_hand")
    app.secret_key = SECRET_KEY
    key = hmac.digest(SECRET_KEY.encode(), b"logins", "sha256")
    key_id = _b64(hmac.digest(key, b"key", "sha256"))[:4]
    post: Callable[[str, str], bytes] = endpoint.answer
    if endpoint.url is not None:
        post = partial(_post, urllib3.PoolManager(maxsize=8), endpoint.url)

    def verifier_of(state: str) -> str:
        return _b64(hmac.digest(key, f"verifier {state}".encode(), "sha256"))

    @app.get("/login")
    def login() -> ResponseReturnValue:
        redirect_uri = url_for("authorize", _external=True)
        state, now = token_urlsafe(21), int(time())
        challenge = _b64(hashlib.sha256(verifier_of(state).encode()).digest())
        kept: dict[str, Any] = session.get("_logins") or {}  # any: our own JSON
        entry = [state, "service", now + 3600, {"r": redirect_uri, "f": "v", "k": key_id}]
        session["_logins"] = {**kept, "p": [*kept.get("p", ()), entry][-5:]}
        parameters = [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", redirect_uri),
            ("scope", SCOPE),
            ("state", state),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]
        response = redirect(f"{AUTHORIZE_URL}?{urlencode(parameters, quote_via=quote, safe='~')}")
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        given = request.args
        if any(len(given.getlist(name)) > 1 for name in ("code", "state", "error")):
            abort(400)
        state, code = given.get("state", ""), given.get("code", "")
        kept: dict[str, Any] = session.get("_logins") or {}  # any: as above
        found = [one for one in kept.get("p", ()) if hmac.compare_digest(one[0], state)]
        if not found or "error" in given or not code or found[0][2] <= time():
            abort(400)
        _, _, _, details = found[0]
        if details["k"] != key_id:
            abort(400)
        used = hashlib.sha256(state.encode()).hexdigest()[:8]
        session["_logins"] = {
            "p": [one for one in kept["p"] if one is not found[0]],
            "u": [*kept.get("u", ()), used][-3:],
        }
        form = urlencode(
            [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", details["r"]),
                ("code_verifier", verifier_of(state)),
            ]
        )
        credentials = f"{quote(CLIENT_ID, safe='')}:{quote(CLIENT_SECRET, safe='')}"
        basic = f"Basic {b64encode(credentials.encode()).decode()}"
        token: dict[str, Any] = json.loads(post(form, basic))  # any: as above
        if type(token) is not dict or not isinstance(token.get("access_token"), str):
            abort(502)
        if str(token.get("token_type")).lower() != "bearer":
            abort(502)
        token["expires_at"] = int(time()) + int(token["expires_in"])
        return str(token["access_token"])

    return app


class _Transport:
    def __init__(self, endpoint: TokenEndpoint) -> None:
        self._endpoint = endpoint

    def send(self, request: Request, /) -> Response:
        """Answer with a token."""
        form = (request.body or b"").decode()
        content = self._endpoint.answer(form, request.headers["authorization"])
        return Response(200, Headers(_ANSWER_HEADERS), content)


def ours(endpoint: TokenEndpoint) -> Flask:
    """This package."""
    app = Flask("ours")
    app.secret_key = SECRET_KEY
    oauth = OAuth(app, transport=_Transport(endpoint) if endpoint.url is None else None)
    service = oauth.register(
        "service",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        access_token_url=str(endpoint),
        authorize_url=AUTHORIZE_URL,
        client_kwargs={"scope": SCOPE},
    )

    @app.get("/login")
    def login() -> ResponseReturnValue:
        return service.authorize_redirect(url_for("authorize", _external=True))

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        return service.authorize_access_token()["access_token"]

    return app


class _Adapter(BaseAdapter):
    def __init__(self, endpoint: TokenEndpoint) -> None:
        super().__init__()
        self._endpoint = endpoint

    @override
    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Answer with a token."""
        body = request.body or ""
        form = body.decode() if isinstance(body, bytes) else body
        response = requests.Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.headers.update(_ANSWER_HEADERS)
        response._content = self._endpoint.answer(form, str(request.headers["Authorization"]))
        return response

    @override
    def close(self) -> None:
        """There is nothing to close."""


def with_authlib(endpoint: TokenEndpoint) -> Flask:
    """Authlib's Flask client, with PKCE switched on."""
    app = Flask("authlib")
    app.secret_key = SECRET_KEY
    adapter = _Adapter(endpoint)

    class Session(AuthlibSession):
        def __init__(self, *arguments: Any, **keywords: Any) -> None:  # any: passed on
            super().__init__(*arguments, **keywords)
            self.mount("https://", adapter)  # the endpoint that is here

    oauth = authlib_flask.OAuth(app)
    service = oauth.register(
        "service",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        access_token_url=str(endpoint),
        authorize_url=AUTHORIZE_URL,
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
    )
    service.client_cls = Session

    @app.get("/login")
    def login() -> ResponseReturnValue:
        return service.authorize_redirect(url_for("authorize", _external=True))

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        return str(service.authorize_access_token()["access_token"])

    return app


def with_requests_oauthlib(endpoint: TokenEndpoint) -> Flask:
    """requests-oauthlib, in views as its documentation writes them, with PKCE by hand."""
    app = Flask("requests_oauthlib")
    app.secret_key = SECRET_KEY
    adapter = _Adapter(endpoint)

    @app.get("/login")
    def login() -> ResponseReturnValue:
        redirect_uri = url_for("authorize", _external=True)
        service = OAuth2Session(CLIENT_ID, redirect_uri=redirect_uri, scope=[SCOPE])
        session["code_verifier"] = verifier = token_urlsafe(32)
        location, session["oauth_state"] = service.authorization_url(
            AUTHORIZE_URL,
            code_challenge=_b64(hashlib.sha256(verifier.encode()).digest()),
            code_challenge_method="S256",
        )
        return redirect(location)

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        service = OAuth2Session(
            CLIENT_ID,
            redirect_uri=url_for("authorize", _external=True),
            scope=[SCOPE],
            state=session.pop("oauth_state"),
        )
        service.mount("https://", adapter)  # as above
        token = service.fetch_token(
            str(endpoint),
            client_secret=CLIENT_SECRET,
            authorization_response=request.url,
            code_verifier=session.pop("code_verifier"),
        )
        return str(token["access_token"])

    return app


SITES: Final[Mapping[str, Callable[[TokenEndpoint], Flask]]] = {
    "by hand": by_hand,
    "typedoauth": ours,
    "Authlib": with_authlib,
    "requests-oauthlib": with_requests_oauthlib,
}
