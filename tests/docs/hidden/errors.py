"""A registered service."""

from __future__ import annotations

from flask import Flask

from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
provider = oauth.register(
    "provider",
    client_id="my-client",
    client_secret="my-secret",
    access_token_url="https://provider.example/oauth2/token",
    api_base_url="https://provider.example/api/",
)
