"""An application with a login, and a list that a receiver fills."""

from __future__ import annotations

from flask import Flask, url_for
from werkzeug import Response

from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
provider = oauth.register(
    "provider",
    client_id="my-client",
    client_secret="my-secret",
    server_metadata_url="https://provider.example/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile"},
)
mismatches: list[str] = []


@app.get("/login")
def login() -> Response:
    return provider.authorize_redirect(url_for("authorize", _external=True))


@app.get("/authorize")
def authorize() -> str:
    return provider.authorize_access_token()["access_token"][:0]
