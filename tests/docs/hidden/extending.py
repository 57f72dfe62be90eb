"""A registry, and a token endpoint that takes anything."""

from __future__ import annotations

from flask import Flask

from typedoauth.flask import OAuth
from typedoauth.transports import Response as StubResponse
from typedoauth.transports import StubTransport

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
stub = StubTransport(
    {"https://gateway.example/token": StubResponse(200, content=b'{"access_token": "a"}')}
)
