"""A login with OpenID Connect, in one process, with nothing but the package."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, url_for
from werkzeug import Response
from werkzeug.test import Client

from typedoauth.flask import OAuth, OpenIDApp
from typedoauth.testing import LocalProvider
from typedoauth.transports import WSGITransport

HOST = "login.example"

fake = LocalProvider()
fake.add_user("ada", name="Ada Lovelace")
fake.add_client("my-client", "my-secret", redirect_uris=["http://localhost/authorize"])

app = Flask(__name__)
app.secret_key = "of the example"
provider = OAuth(app, transport=WSGITransport({HOST: fake})).register(
    "provider",
    client_cls=OpenIDApp,
    client_id="my-client",
    client_secret="my-secret",
    server_metadata_url=f"https://{HOST}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile"},
)


@app.get("/login")
def login() -> Response:
    """Lead the browser to the provider."""
    return provider.authorize_redirect(url_for("authorize", _external=True))


@app.get("/authorize")
def authorize() -> str:
    """End the login."""
    claims = provider.authorize_access_token()["userinfo"]
    return f"Hello, {claims.get('name')}"


if __name__ == "__main__":
    browser = app.test_client()
    away = urlsplit(browser.get("/login").headers["Location"])
    there = f"{away.path}?{away.query}"
    consent = Client(fake)
    assert "Ada Lovelace" in consent.get(there, base_url=f"https://{HOST}").text
    page = consent.post(
        there, base_url=f"https://{HOST}", data={"user": "ada", "decision": "approve"}
    )
    back = urlsplit(page.headers["Location"])
    print(browser.get(f"{back.path}?{back.query}").text)
