"""An application with a registry."""

from __future__ import annotations

from flask import Flask

from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
