"""A Flask application that keeps its users' tokens, as gunicorn serves it in the tests.

``FLEET_SITE`` tells it, as JSON, where its provider and its tokens are.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

from flask import Flask, request, session, url_for
from flask.typing import ResponseReturnValue

from tests.fleet.places import CLIENT_NAME, Place
from tests.fleet.provider import CLIENT, TOKEN
from typedoauth import (
    CallbackError,
    LoginRequiredError,
    OAuthError,
    StoreError,
    Timeout,
    TransportError,
)
from typedoauth.flask import OAuth, OAuth2App

STATUS: dict[type[OAuthError], int] = {
    LoginRequiredError: 401,
    StoreError: 503,
    TransportError: 504,
    CallbackError: 400,
}
"""What an application may answer for each kind of error."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a site has to know.

    Attributes:
        provider: The provider's address.
        place: Where tokens are kept.
        logins: The address of a Redis for open logins; they are in the session where it is empty.
        used_by: Whose token the application uses as soon as it is made, if anybody's.
    """

    provider: str
    place: Place
    logins: str = ""
    used_by: str = ""

    def environment(self) -> dict[str, str]:
        """How a process is told."""
        return {"FLEET_SITE": json.dumps(asdict(self))}


def status_of(error: OAuthError) -> int:
    """The status of the answer for an error."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)


def make_site(setting: Setting) -> Flask:
    """Make the application."""
    app = Flask("site")
    app.secret_key = "of the fleet"
    cache = Place("redis", setting.logins).redis() if setting.logins else None
    oauth = OAuth(
        app,
        token_store=setting.place.open(),
        owner=lambda: request.args.get("user") or session.get("user"),
        cache=cache,
    )
    service: OAuth2App = oauth.register(
        CLIENT_NAME,
        client_id=CLIENT[0],
        client_secret=CLIENT[1],
        authorize_url=f"{setting.provider}/oauth2/authorize",
        access_token_url=f"{setting.provider}{TOKEN}",
        api_base_url=f"{setting.provider}/api/",
        client_kwargs={"scope": "profile", "default_timeout": Timeout(5, 30, 30)},
        code_challenge_method="S256",
    )

    @app.get("/me")
    def me() -> ResponseReturnValue:
        answer = service.get("me")
        answer.raise_for_status()
        token = service.stored_token()
        access = "" if token is None else token["access_token"]
        return {"sub": answer.json()["sub"], "access": access, "process": os.getpid()}

    @app.get("/login")
    def login() -> ResponseReturnValue:
        answer = service.authorize_redirect(url_for("authorize", _external=True))
        answer.headers["X-Process"] = str(os.getpid())
        return answer

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        service.authorize_access_token()
        user = str(service.get("me").json()["sub"])
        service.save_token(owner=user)
        session["user"] = user
        return {"sub": user, "process": os.getpid()}

    @app.errorhandler(OAuthError)
    def failed(error: OAuthError) -> ResponseReturnValue:
        return {"error": type(error).__name__}, status_of(error)

    return app


def create_app() -> Flask:
    """Make the application as the environment says: what gunicorn calls."""
    given = json.loads(os.environ["FLEET_SITE"])
    place = Place(**given["place"])
    setting = Setting(given["provider"], place, given["logins"], given["used_by"])
    app = make_site(setting)
    if setting.used_by:
        answer = app.test_client().get("/me", query_string={"user": setting.used_by})
        assert answer.status_code == 200, answer.text
    return app
